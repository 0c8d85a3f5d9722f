"""Answers and proxies by the rules of F.10: what each act does, what is refused, and in which words."""

import threading
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.policy import OPERATOR
from app.core import clock, i18n, mail, registry
from app.core.audit import AuditEntry
from app.core.errors import IllegalMove, NotAllowed, Refused
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.attendance import queries, reminders, service
from app.forum.attendance.book import Said
from app.forum.attendance.models import Answer
from app.forum.attendance.states import Choice, ProxyEnd
from app.forum.meetings import phases
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingMode
from app.forum.members.models import Mandate
from app.forum.members.states import SeatKind
from app.forum.organisations.states import College
from tests import make
from tests.forum.attendance.acts import leave, live, proxy_of, said, say


@pytest.fixture(autouse=True)
def english(app: Flask) -> Iterator[None]:
    """The words of a refusal are those of the reader."""
    with i18n.in_language("en"):
        yield


def refused(*what: Any, **values: Any) -> str:
    with pytest.raises(Refused) as refusal:
        say(*what, **values)
    return f"{refusal.value.field}: {refusal.value.message}"


def messages(template: str) -> list[str]:
    rows = select(mail.OutgoingMail.address).where(mail.OutgoingMail.template == f"attendance/{template}")
    return list(db.session.scalars(rows.order_by(mail.OutgoingMail.id)))


def test_the_last_answer_is_the_one_that_counts(app: Flask) -> None:
    one, _two = make.seats()
    meeting = make.plenary()
    say(meeting, one, "present")
    say(meeting, one, "remote")
    assert (said(meeting), make.count(Answer)) == ({one.id: "remote"}, 1)


def test_a_proxy_is_given_told_and_revoked_by_another_answer(app: Flask) -> None:
    one, two = make.seats()
    meeting = make.plenary()
    say(meeting, one, "represented", two)
    assert (live(meeting), said(meeting)) == ([(one.id, two.id)], {one.id: "represented"})
    assert messages("proxy_received") == ["civil_society.member.2@example.org"]
    say(meeting, one, "present")
    assert (live(meeting), said(meeting)) == ([], {one.id: "present"})
    assert proxy_of(meeting, one).voided_reason == ProxyEnd.REVOKED
    assert messages("proxy_ended") == ["civil_society.member.2@example.org"]


def test_the_journal_says_which_seat_answered_and_never_what(app: Flask) -> None:
    one, two = make.seats()
    meeting = make.plenary()
    say(meeting, one, "represented", two)
    say(meeting, one, "present")
    words = ("attendance_answer.given", "proxy.given", "proxy.ended")
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.word.in_(words)).order_by(AuditEntry.id))
    assert [row.details for row in rows] == [{"meeting": meeting.id, "mandate": one.id}] * 4


def test_another_holder_replaces_the_first(app: Flask) -> None:
    one, two, three = make.seats(3)
    meeting = make.plenary()
    say(meeting, one, "represented", two)
    say(meeting, one, "represented", three)
    assert live(meeting) == [(one.id, three.id)]


def test_a_holder_takes_no_second_proxy_unless_the_rule_says_so(app: Flask) -> None:
    one, two, three = make.seats(3)
    meeting, officer = make.plenary(), make.cast("secretariat")
    say(meeting, one, "represented", three)
    assert "already holds as many proxies" in refused(meeting, two, "represented", three, actor=officer)
    assert said(meeting) == {one.id: "represented"}
    make.rule("max_proxies_per_holder", 2, scope=meeting.body_id)
    say(meeting, two, "represented", three)
    assert live(meeting) == [(one.id, three.id), (two.id, three.id)]


def test_no_proxy_at_all_when_the_rule_says_none(app: Flask) -> None:
    one, two = make.seats()
    meeting = make.plenary()
    make.rule("max_proxies_per_holder", 0)
    assert "allow no proxy" in refused(meeting, one, "represented", two)


def test_a_proxy_stays_in_the_college_unless_the_rule_says_otherwise(app: Flask) -> None:
    (one,), (other,) = make.seats(1), make.seats(1, College.GOVERNMENT)
    meeting = make.plenary()
    assert "the other college" in refused(meeting, one, "represented", other)
    make.rule("proxies_same_college", False)
    say(meeting, one, "represented", other)
    assert live(meeting) == [(one.id, other.id)]


def test_no_chain_at_either_end(app: Flask) -> None:
    one, two, three = make.seats(3)
    meeting, officer = make.plenary(), make.cast("secretariat")
    say(meeting, one, "represented", two)
    assert "holds the proxy of Membre civil_society.member.1" in refused(meeting, two, "represented", three)
    words = refused(meeting, three, "represented", one, actor=officer)
    assert "is represented by Membre civil_society.member.2" in words
    assert live(meeting) == [(one.id, two.id)]


@pytest.mark.parametrize(
    ("answered", "words"), [("excused", "is excused from this meeting"), ("substitute", "a substitute does")]
)
def test_whoever_does_not_come_holds_no_proxy(app: Flask, answered: str, words: str) -> None:
    one, two = make.seats()
    make.mandate(make.person("Suppléante"), titular=two, organisation=two.organisation, starts_on=two.starts_on)
    meeting = make.plenary()
    say(meeting, two, answered)
    assert words in refused(meeting, one, "represented", two, actor=make.cast("secretariat"))


def test_no_proxy_to_oneself_to_nobody_to_a_stranger_or_to_an_observer(app: Flask) -> None:
    (one,), (watching,) = make.seats(1), make.seats(1, College.OBSERVER, seat=SeatKind.OBSERVER)
    meeting = make.plenary()
    stranger = make.mandate(make.person("Ailleurs"), SeatKind.COMMITTEE_SEAT, organisation=one.organisation)
    assert "to themselves" in refused(meeting, one, "represented", one)
    assert "Choose the member" in refused(meeting, one, "represented", None)
    assert "Choose a name of the list" in refused(meeting, one, "represented", 999_999)
    assert "is not a full member of this body" in refused(meeting, one, "represented", stranger)
    assert "does not vote in this body" in refused(meeting, one, "represented", watching)
    assert "Only a member who votes" in refused(meeting, watching, "represented", one)
    say(meeting, watching, "present")
    assert (live(meeting), said(meeting)) == ([], {watching.id: "present"})


def test_a_mandate_that_ends_before_the_day_neither_gives_nor_holds(app: Flask) -> None:
    one, two, three = make.seats(3)
    meeting = make.plenary()
    leave(two, meeting.first_day - timedelta(days=1))
    assert "does not cover the day" in refused(meeting, one, "represented", two)
    assert "does not sit in this body on the day" in refused(meeting, two, "represented", three)


def test_a_proxy_ends_with_a_mandate_and_both_are_told(app: Flask) -> None:
    one, two = make.seats()
    meeting = make.plenary()
    say(meeting, one, "represented", two)
    leave(two, meeting.first_day - timedelta(days=1))
    with writing(public=False):
        assert reminders.keep_up(clock.now()) == 1
    assert (live(meeting), said(meeting)) == ([], {})
    assert proxy_of(meeting, one).voided_reason == ProxyEnd.MANDATE_ENDED
    assert len(messages("proxy_ended")) == 2


def test_answers_and_proxies_are_for_a_day(app: Flask) -> None:
    one, two = make.seats()
    meeting = make.plenary()
    say(meeting, one, "represented", two)
    say(meeting, two, "present")
    with writing():
        phases.put_on(OPERATOR, db.session.get_one(Meeting, meeting.id), meeting.first_day + timedelta(days=7))
    with writing(public=False):
        reminders.keep_up(clock.now())
    assert (live(meeting), said(meeting)) == ([], {})
    assert proxy_of(meeting, one).voided_reason == ProxyEnd.MOVED
    say(meeting, one, "excused")
    assert (said(meeting), make.count(Answer)) == ({one.id: "excused"}, 2)


def test_a_substitute_excludes_a_proxy(app: Flask) -> None:
    one, two = make.seats()
    make.mandate(make.person("Suppléante"), titular=one, organisation=one.organisation, starts_on=one.starts_on)
    meeting = make.plenary()
    say(meeting, one, "represented", two)
    say(meeting, one, "substitute")
    assert live(meeting) == []
    assert "which excludes a proxy" in refused(meeting, one, "represented", two)
    assert "Nobody is the substitute" in refused(meeting, two, "substitute")


def test_a_substitute_says_that_they_come_and_undoes_nothing(app: Flask) -> None:
    one, two = make.seats()
    account = make.user("suppleante@example.org", "Suppléante")
    make.mandate(
        make.person("Suppléante", account=account), titular=one, organisation=one.organisation, starts_on=one.starts_on
    )
    meeting = make.plenary()
    assert "Only Membre" in refused(meeting, one, "excused", actor=account)
    say(meeting, one, "substitute", actor=account)
    assert said(meeting) == {one.id: "substitute"}
    with writing(public=False):
        service.withdraw(db.session.merge(account), db.session.get_one(Meeting, meeting.id), db.session.merge(one))
    assert said(meeting) == {}
    say(meeting, one, "represented", two)
    assert "has answered: Represented" in refused(meeting, one, "substitute", actor=account)
    assert live(meeting) == [(one.id, two.id)]


def test_of_two_substitutes_each_says_that_they_come_and_neither_undoes_the_other(app: Flask) -> None:
    one, _two = make.seats()
    held = {}
    for name in ("une", "deux"):
        held[name] = make.user(f"{name}@example.org", name)
        make.mandate(
            make.person(name, account=held[name]), titular=one, organisation=one.organisation, starts_on=one.starts_on
        )
    meeting = make.plenary()
    say(meeting, one, "substitute", actor=held["une"])
    row = queries.answers(db.session.get_one(Meeting, meeting.id))[one.id]
    assert db.session.get_one(Mandate, row.substitute_id).person.name == "une"
    assert "Another substitute of Membre" in refused(meeting, one, "substitute", actor=held["deux"])
    with pytest.raises(Refused, match="Another substitute"), writing(public=False):
        meeting = db.session.get_one(Meeting, meeting.id)
        service.withdraw(db.session.merge(held["deux"]), meeting, db.session.get_one(Mandate, one.id))
    assert said(meeting) == {one.id: "substitute"}


def test_trying_holders_teaches_a_member_nothing_of_their_answers(app: Flask) -> None:
    one, two, three, four, five = make.seats(5)
    meeting, officer = make.plenary(), make.cast("secretariat")
    say(meeting, two, "excused")
    say(meeting, three, "represented", four)
    told = {refused(meeting, one, "represented", other).replace(other.person.name, "X") for other in (two, three, four)}
    assert told == {"holder: X cannot hold your proxy: choose a name of the list."}
    assert "is excused from this meeting" in refused(meeting, one, "represented", two, actor=officer)
    say(meeting, one, "represented", five)


def test_a_holder_who_leaves_frees_whoever_they_represented(app: Flask) -> None:
    one, two = make.seats()
    meeting = make.plenary()
    say(meeting, one, "represented", two)
    say(meeting, two, "excused")
    assert (live(meeting), said(meeting)) == ([], {two.id: "excused"})
    assert proxy_of(meeting, one).voided_reason == ProxyEnd.HOLDER_LEFT
    assert messages("proxy_ended") == ["civil_society.member.1@example.org"]


def test_a_holder_declines_and_the_principal_answers_again(app: Flask) -> None:
    one, two = make.seats()
    meeting = make.plenary()
    say(meeting, one, "represented", two)
    with writing(public=False):
        found = proxy_of(meeting, one)
        with pytest.raises(NotAllowed):
            service.decline(found.principal.person.user, found)
        service.decline(found.holder.person.user, found)
    assert (live(meeting), said(meeting)) == ([], {})
    with pytest.raises(IllegalMove), writing(public=False):
        service.revoke(proxy_of(meeting, one).principal.person.user, proxy_of(meeting, one))


def test_remote_only_when_the_meeting_is_and_nothing_for_a_written_consultation(app: Flask) -> None:
    (one,) = make.seats(1)
    here, afar = make.plenary(mode=MeetingMode.IN_PERSON), make.plenary(mode=MeetingMode.REMOTE)
    assert "not open for this meeting" in refused(here, one, "remote")
    assert "not open for this meeting" in refused(afar, one, "present")
    assert "not asked for" in refused(make.plenary(mode=MeetingMode.WRITTEN), one, "present")


def test_answers_close_when_the_meeting_begins_and_the_secretariat_may_still_write(app: Flask, at: Any) -> None:
    at("2027-03-01T10:00")
    (one,) = make.seats(1)
    meeting = make.plenary(in_days=10, slots=[make.slot(start=time(14), end=time(15))])
    secretariat = make.cast("secretariat")
    at("2027-03-11T13:59")
    say(meeting, one, "present")
    at("2027-03-11T14:00")
    with pytest.raises(service.Closed, match="begun"):
        say(meeting, one, "excused")
    say(meeting, one, "excused", actor=secretariat)
    row = queries.answers(db.session.get_one(Meeting, meeting.id))[one.id]
    assert (row.choice, row.on_behalf, row.by_user_id) == (Choice.EXCUSED, True, secretariat.id)
    at("2027-03-12T00:01")
    with pytest.raises(service.Closed, match="begun"):
        say(meeting, one, "present", actor=secretariat)


def test_nobody_answers_before_the_announcement_nor_once_it_is_called_off(app: Flask) -> None:
    (one,) = make.seats(1)
    with pytest.raises(service.Closed):
        say(make.plenary(published=False), one, "present")
    off = make.plenary()
    with writing():
        phases.cancel(OPERATOR, db.session.get_one(Meeting, off.id), reason=("Grève", None))
    with pytest.raises(service.Closed, match="cancelled or postponed"):
        say(off, one, "present")


def test_nobody_answers_for_the_seat_of_somebody_else(app: Flask) -> None:
    one, two = make.seats()
    with pytest.raises(NotAllowed):
        say(make.plenary(), one, "present", actor=two.person.user)


def test_on_the_day_who_is_in_the_room_goes_before_what_was_answered(app: Flask, monkeypatch: Any) -> None:
    one, two, three = make.seats(3)
    came = make.mandate(make.person("Suppléante"), titular=three, organisation=three.organisation)
    there: set[int] = set()
    monkeypatch.setattr(registry.of(app), "people_there", [lambda _meeting: there])
    meeting, officer = make.plenary(in_days=0), make.cast("secretariat")
    say(meeting, two, "excused", actor=officer)
    assert "is excused" in refused(meeting, one, "represented", two, actor=officer)
    there |= {two.id, came.id}
    assert "is there: no proxy" in refused(meeting, two, "represented", one, actor=officer)
    assert "is there: no proxy" in refused(meeting, three, "represented", one, actor=officer)
    say(meeting, one, "represented", two, actor=officer)
    assert (live(meeting), said(meeting)[one.id]) == ([(one.id, two.id)], "represented")


def test_a_paper_proxy_is_in_force_since_the_hour_that_the_secretariat_types(app: Flask, at: Any) -> None:
    at("2027-03-11T09:20")
    one, two, three, four = make.seats(4)
    meeting, officer = make.plenary(in_days=0), make.cast("secretariat")
    say(meeting, one, "represented", two, actor=officer)
    say(meeting, one, "represented", two, actor=officer, since=time(9))
    assert f"{proxy_of(meeting, one).given_at.astimezone(clock.PARIS):%H:%M}" == "09:00"
    assert "still to come" in refused(meeting, three, "represented", four, actor=officer, since=time(9, 21))
    at("2027-03-11T09:40")
    say(meeting, one, "excused", actor=officer)
    assert "at that hour" in refused(meeting, one, "represented", three, actor=officer, since=time(9, 30))
    say(meeting, one, "represented", three, actor=officer, since=time(9, 40))
    assert [one.given_at.minute for one in queries.proxies(db.session.get_one(Meeting, meeting.id))] == [0, 40]


def test_a_void_proxy_is_kept_for_the_votes_held_before(app: Flask) -> None:
    one, two = make.seats()
    meeting = make.plenary()
    say(meeting, one, "represented", two)
    came = clock.now() + timedelta(minutes=30)
    with writing(public=False):
        assert service.void(proxy_of(meeting, one), ProxyEnd.PRINCIPAL_CAME, came)
        assert not service.void(proxy_of(meeting, one), ProxyEnd.HOLDER_LEFT, came)
    found = proxy_of(meeting, one)
    assert (found.holds_at(came - timedelta(minutes=1)), found.holds_at(came)) == (True, False)
    assert found.voided_reason == ProxyEnd.PRINCIPAL_CAME


def test_two_who_choose_the_same_holder_at_the_same_instant_make_one_proxy(app: Flask) -> None:
    one, two, three = make.seats(3)
    meeting = make.plenary()
    meeting_id, holder_id = meeting.id, three.id
    ready, faults = threading.Barrier(2), []

    def give(seat_id: int) -> None:
        with app.app_context(), i18n.in_language("en"):
            try:
                with writing(public=False):
                    seat = db.session.get_one(Mandate, seat_id)
                    ready.wait(10)
                    found = db.session.get_one(Meeting, meeting_id)
                    service.answer(seat.person.user, found, seat, Said(Choice.REPRESENTED, holder_id))
            except Refused as fault:
                faults.append(str(fault.message))
            finally:
                db.session.remove()

    ids = [one.id, two.id]
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":  # a writer waits for the other before it has read anything
        ready = threading.Barrier(1)
    threads = [threading.Thread(target=give, args=(number,)) for number in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(live(meeting)) == 1
    assert len(faults) == 1 and "cannot hold your proxy" in faults[0]
    assert len(said(meeting)) == 1
