"""What each reader sees of the answers to a meeting, what the forms keep of what was typed, what the mails say."""

from datetime import time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.policy import OPERATOR
from app.core import clock, mail, work
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.attendance import hanging, keeping, reminders, service
from app.forum.attendance.models import Answer, Proxy, Reminder
from app.forum.meetings import phases
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate
from tests import make
from tests.forum.attendance.acts import leave, live, proxy_of, said, say
from tests.support.client import Client


def client(app: Flask, seat: Mandate, **options: Any) -> Client:
    return Client(app, _user(seat.id), **options)


def _user(number: int) -> Any:
    person = db.session.get_one(Mandate, number).person
    return person.user if person is not None else None


def seated(count: int = 2) -> list[Any]:
    """The numbers of some members of the plenary: requests end the session that made them."""
    return [SimpleNamespace(id=one.id) for one in make.seats(count)]


def announced(**values: Any) -> Any:
    made = make.plenary(**values)
    return SimpleNamespace(id=made.id, slug=made.slug, first_day=made.first_day)


def here(meeting: Meeting) -> dict[str, Any]:
    return {"meeting_id": meeting.id, "slug": meeting.slug}


def test_a_member_gives_a_proxy_on_the_page_and_reads_it_back(app: Flask) -> None:
    one, two = seated()
    meeting = announced()
    where, number = here(meeting), str(two.id)
    reader = client(app, one)
    assert "Répondez avant le" in reader.get("meetings.show", **where).words
    page = reader.get("attendance.answer", **where)
    assert [option.get("value") for option in page.css("//select[@name='holder']/option")] == ["", number]
    answer = reader.post("attendance.answer", {"choice": "represented", "holder": number}, seat=one.id, **where)
    assert answer.headers["Location"] == f"/fr/meetings/{where['meeting_id']}-{where['slug']}"
    assert "Vous avez répondu\u00a0: Pouvoir donné" in reader.get("meetings.show", **where).words
    assert live(meeting) == [(one.id, two.id)]


def test_what_was_typed_stays_and_nothing_is_kept_of_a_refusal(app: Flask) -> None:
    one, two, three = seated(3)
    meeting = announced()
    where = here(meeting)
    say(meeting, two, "represented", three)
    reader = client(app, one)
    typed = {"choice": "represented", "holder": str(three.id)}
    page = reader.post("attendance.answer", typed, status=422, seat=one.id, **where)
    assert "ne peut pas détenir votre pouvoir" in page.words
    assert page.css("//input[@value='represented']/@checked") == ["checked"] or page.css(
        "//input[@value='represented' and @checked]"
    )
    assert page.css("//select[@name='holder']/option[@selected]/@value") == [str(three.id)]
    assert (live(meeting), said(meeting)) == ([(two.id, three.id)], {two.id: "represented"})


def test_two_who_answer_for_one_seat_see_each_other(app: Flask) -> None:
    (one,) = seated(1)
    meeting = announced()
    where, reader = here(meeting), client(app, one)
    address = reader.path("attendance.answer", seat=one.id, **where)
    fields = {**reader.get(address).form(address), "choice": "excused"}
    say(meeting, one, "present", actor=make.cast("secretariat"))
    page = reader.open("POST", address, status=409, data=fields)
    assert "Présence" in page.words and page.css("//input[@value='excused' and @checked]")
    reader.open("POST", address, status=303, data={**page.form(address)})
    assert said(meeting) == {one.id: "excused"}


def test_after_the_beginning_the_page_says_what_to_do(app: Flask, at: Any) -> None:
    at("2027-03-01T10:00")
    (one,) = seated(1)
    meeting = announced(in_days=0, slots=[make.slot(start=time(10, 30), end=time(11))])
    where, reader = here(meeting), client(app, one)
    address = reader.path("attendance.answer", seat=one.id, **where)
    fields = {**reader.get(address).form(address), "choice": "present"}
    at("2027-03-01T10:30")
    page = reader.open("POST", address, status=409, data=fields)
    assert "Prévenez le secrétariat" in page.words and page.css("//input[@value='present' and @checked]")
    assert "Prévenez le secrétariat" in reader.get(address).words
    assert said(meeting) == {}


def test_the_public_and_other_members_read_no_individual_answer(as_: Any, app: Flask) -> None:
    one, two = seated()
    meeting = announced()
    say(meeting, one, "represented", two)
    number = proxy_of(meeting, one).id
    where = here(meeting)
    for who in ("visitor", "account", "member"):
        page = as_(who).get("meetings.show", **where)
        assert "civil_society" not in page.text and "Pouvoir donné" not in page.words and "quorum" not in page.words
    as_("account").get("attendance.proxy", proxy_id=number, status=404, **where)
    as_("account").get("attendance.answer", status=403, **where)
    as_("member").get("attendance.answers", status=403, **where)


def test_a_member_reads_whom_they_gave_their_proxy_to_also_once_the_meeting_has_begun(app: Flask, at: Any) -> None:
    at("2027-03-11T08:00")
    one, two = seated()
    meeting = announced(in_days=0, slots=[make.slot(start=time(9), end=time(12))])
    say(meeting, one, "represented", two)
    at("2027-03-11T09:30")
    page = client(app, one).get("meetings.show", **here(meeting))
    assert "Vous avez donné votre pouvoir à Membre civil_society.member.2." in page.words
    assert page.css("//a[contains(@href, '/proxies/')]") and not page.css("//a[contains(@href, '/answer')]")
    with writing(public=False):
        service.decline(_user(two.id), proxy_of(meeting, one))
    row = db.session.scalars(select(mail.OutgoingMail).order_by(mail.OutgoingMail.id.desc())).first()
    assert row is not None and "Les réponses sont closes" in _text(row)[1] and "/answer" not in _text(row)[1]


def test_the_secretariat_types_on_the_day_since_when_a_paper_is_in_force(as_: Any, app: Flask, at: Any) -> None:
    at("2027-03-11T09:20")
    one, two = seated()
    meeting, desk = announced(in_days=0), as_("secretariat")
    typed = {"choice": "represented", "holder": str(two.id), "since": "9:30"}
    page = desk.post("attendance.key", typed, mandate_id=one.id, status=422, **here(meeting))
    assert "Cette heure est encore à venir" in page.words and page.css("//input[@name='since']/@value") == ["09:30"]
    desk.post("attendance.key", {**typed, "since": "9:05"}, mandate_id=one.id, **here(meeting))
    assert f"{proxy_of(meeting, one).given_at.astimezone(clock.PARIS):%H:%M}" == "09:05"


def test_the_holder_declines_by_a_button(app: Flask) -> None:
    one, two = seated()
    meeting = announced()
    say(meeting, one, "represented", two)
    where, number = here(meeting), proxy_of(meeting, one).id
    reader = client(app, two, lang="en")
    assert "You hold the proxy of Membre civil_society.member.1" in reader.get("meetings.show", **where).words
    reader.post("attendance.proxy", proxy_id=number, **where)
    assert live(meeting) == []


def test_a_mandate_that_ends_before_the_day_is_told_so(app: Flask) -> None:
    (one,) = seated(1)
    meeting = announced()
    leave(one, meeting.first_day - timedelta(days=1))
    page = client(app, one).get("attendance.answer", status=403, **here(meeting))
    assert "Votre mandat ne couvre pas le jour de cette réunion" in page.words


def test_the_secretariat_reads_the_forecast_and_writes_an_answer_down(as_: Any, app: Flask) -> None:
    one, two, three = seated(3)
    meeting = announced()
    say(meeting, one, "represented", two)
    where, desk = here(meeting), as_("secretariat")
    page = desk.get("attendance.answers", **where)
    assert "1 réponse sur 3\u202f; quorum prévu\u00a0: il manque encore 2 membres." in page.words
    assert "2 nécessaires, 0 acquis, 3 si" in page.words
    desk.post("attendance.key", {"choice": "present"}, mandate_id=two.id, **where)
    assert "2 réponses sur 3\u202f; quorum prévu\u00a0: atteint." in desk.get("attendance.answers", **where).words
    assert "2 réponses sur 3" in desk.get("meetings.preparation", **where).words
    assert "quorum prévu\u00a0: atteint" in desk.get("meetings.show", **where).words
    assert said(meeting) == {one.id: "represented", two.id: "present"} and three.id not in said(meeting)


def test_a_reminder_is_sent_once_a_day_to_those_who_have_not_answered(as_: Any, app: Flask) -> None:
    one, _two, three = make.seats(3)
    with writing():
        three = db.session.get_one(Mandate, three.id)
        three.person.user_id = None  # type: ignore[union-attr]
    meeting = make.plenary()
    say(meeting, one, "present")
    where, desk = here(meeting), as_("secretariat")
    for words in ("1 rappel est en cours d’envoi. 1 personne n’a pas d’adresse", "1 personne a déjà reçu un rappel"):
        desk.post("attendance.remind", page=desk.path("attendance.answers", **where), **where)
        assert words in desk.get("attendance.answers", **where).words
    rows = db.session.scalars(select(mail.OutgoingMail).where(mail.OutgoingMail.template == "attendance/reminder"))
    assert [(row.address, row.lang) for row in rows] == [("civil_society.member.2@example.org", "en")]


@pytest.mark.parametrize(("days", "expected"), [(4, 1), (0, 0), (3, 0)])
def test_the_portal_reminds_once_some_days_before(app: Flask, at: Any, days: int, expected: int) -> None:
    at("2027-03-01T10:00")
    make.seats(1)
    make.rule("answer_reminder_days", days)
    meeting = make.plenary(in_days=10)
    with writing():
        phases.convene(OPERATOR, db.session.get_one(Meeting, meeting.id))
    at("2027-03-07T10:00")
    for _again in range(2):
        with writing(public=False):
            reminders.keep_up(clock.now())
    assert make.count(Reminder) == expected


def test_the_desk_says_who_waits(app: Flask) -> None:
    one, _two = make.seats()
    meeting = make.plenary(fr="Plénière proche", in_days=6)
    with writing():
        phases.convene(OPERATOR, db.session.get_one(Meeting, meeting.id))
    say(meeting, _two, "present")

    def todos(viewer: Any) -> list[str]:
        with app.test_request_context("/fr/"):
            return [str(todo.label) for todo in hanging.todos(db.session.merge(viewer))]

    assert todos(one.person.user) == ["Répondez à la convocation\u00a0: Plénière proche"]  # type: ignore[union-attr]
    assert todos(make.cast("secretariat")) == ["1 personne n’a pas répondu\u00a0: Plénière proche"]


def test_messages_are_written_in_the_language_of_their_reader(app: Flask) -> None:
    one, two = make.seats()
    meeting = make.plenary(fr="Quatrième plénière", en="Fourth plenary")
    say(meeting, one, "represented", two)
    say(meeting, two, "excused")
    work.run_due()
    told = {row.template: _text(row) for row in db.session.scalars(select(mail.OutgoingMail))}
    assert told["attendance/proxy_received"][0] == "A proxy for you: Fourth plenary"
    assert "Membre civil_society.member.1 gives you their proxy" in told["attendance/proxy_received"][1]
    assert told["attendance/proxy_ended"][0] == "Un pouvoir a pris fin\u00a0: Quatrième plénière"
    assert "Motif\u00a0: Le membre qui le détenait n’est pas là" in told["attendance/proxy_ended"][1]


def test_answers_go_a_year_after_the_meeting_and_the_proxies_that_prove_its_quorum_stay(app: Flask) -> None:
    one, two = make.seats()
    meeting = make.plenary()
    say(meeting, one, "represented", two)
    end = clock.now() + timedelta(days=10 + 365)
    for when, left in ((end, True), (end + timedelta(days=2), False)):
        with writing(public=False):
            keeping.sweep_answers(when), keeping.sweep_proxies(when), keeping.sweep_reminders(when)
        assert (make.count(Answer), proxy_of(meeting, one).given_by_user_id is not None) == (left, left)
    assert (live(meeting), make.count(Proxy)) == ([(one.id, two.id)], 1)


def test_one_is_given_back_what_was_said_of_one_s_seats_and_not_what_one_wrote_down_for_others(app: Flask) -> None:
    one, two, three = make.seats(3)
    substitute = make.person("Suppléante", contact_email="suppleante@example.org")
    make.mandate(substitute, titular=one, organisation=one.organisation, starts_on=one.starts_on)
    meeting, officer = make.plenary(), make.cast("secretariat")
    say(meeting, one, "substitute", actor=officer)
    say(meeting, two, "represented", three, actor=officer)
    answers, proxies = keeping.PERSONS[:2]
    assert [set(row) for row in answers.export(officer.email)] == [{"meeting", "at"}] * 2
    assert [set(row) for row in proxies.export(officer.email)] == [{"meeting", "given", "ended"}]
    assert [row["choice"] for row in answers.export("suppleante@example.org")] == ["substitute"]
    assert answers.by_people and answers.export("suppleante@example.org", []) == []
    assert [row["choice"] for row in answers.export("suppleante@example.org", [substitute.id])] == ["substitute"]
    assert [row["principal"] for row in proxies.export("civil_society.member.2@example.org")] == [two.id]


def _text(row: mail.OutgoingMail) -> tuple[str, str]:
    message = mail.compose(row)
    return str(message["Subject"]), message.get_content()
