"""A second notice, two secretaries at once, updates: what may be sent, to whom, and in which words."""

import threading
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.policy import OPERATOR
from app.core import clock, i18n, mail, rules
from app.core.errors import IllegalMove, Refused
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.convocations import delivery, keeping, queries, second_notice, service
from app.forum.convocations.models import Convocation, ConvocationRecipient
from app.forum.convocations.states import Fate
from app.forum.documents.states import AccessLevel
from app.forum.meetings import phases
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate
from app.forum.members.states import SeatKind
from app.forum.sheets import queries as sheets
from app.forum.sheets import service as sheet
from tests import make
from tests.forum.convocations.test_delivery import calendar_of, done, outbox
from tests.forum.convocations.test_service import LINK, REASON, rows
from tests.support.client import Client


def here(meeting: Meeting) -> dict[str, Any]:
    return {"meeting_id": meeting.id, "slug": meeting.slug}


def lacking(*, people: int = 2) -> int:
    """A meeting of today to which nobody came, its sheet closed."""
    made = make.convened(in_days=0, people=people).id
    with writing():
        opened = sheet.open_sheet(OPERATOR, sheets.meeting(made, OPERATOR))
        sheet.close(OPERATOR, opened, clock.now())
    return made


def again(meeting_id: int) -> int:
    with writing():
        found = meetings.get(meeting_id, OPERATOR)
        return second_notice.second_notice(make.cast("secretariat"), found, clock.today() + timedelta(days=20)).id


def leave(person_id: int | None, *, days: int = 1) -> None:
    with writing():
        seat = db.session.scalars(select(Mandate).where(Mandate.person_id == person_id)).one()
        seat.sits_until = clock.today() - timedelta(days=days)


def move_the_place(meeting_id: int) -> None:
    with writing():
        found = meetings.get(meeting_id, OPERATOR)
        found.place_fr, found.sequence = "Ailleurs", found.sequence + 1


# -- a second notice -------------------------------------------------------------------------------------------------


def test_a_second_notice_is_refused_without_a_closed_sheet_that_lacked_the_quorum(app: Flask, as_: Any) -> None:
    meeting = make.convened(in_days=0)
    with writing():
        phases.hold(OPERATOR, meetings.get(meeting.id, OPERATOR))
    with pytest.raises(Refused):
        again(meeting.id)
    assert "deuxième convocation" not in as_("secretariat").get("meetings.preparation", **here(meeting)).words.lower()


def test_a_meeting_has_one_second_notice_at_most(app: Flask) -> None:
    first = lacking()
    assert second_notice.obstacle(meetings.get(first, OPERATOR)) is None
    again(first)
    with pytest.raises(Refused):
        again(first)


def test_a_second_notice_says_nothing_of_a_quorum_that_the_sheet_no_longer_lacks(app: Flask) -> None:
    first = lacking()
    second = again(first)
    found = meetings.get(second, OPERATOR)
    assert second_notice.needs_no_quorum(found)
    assert second_notice.said(found) is not None
    with writing():
        sheet.reopen(OPERATOR, sheets.sheet(first), "Une présence oubliée")
    found = meetings.get(second, OPERATOR)
    assert not second_notice.needs_no_quorum(found)
    assert second_notice.said(found) is None
    assert not second_notice.resumes(found)


def test_the_pages_of_a_second_notice_stay_within_their_statements(as_: Any) -> None:
    first = lacking()
    second = again(first)
    desk = as_("secretariat")
    for number in (first, second):
        at = here(meetings.get(number, OPERATOR))
        for page in ("meetings.preparation", "meetings.show"):
            desk.get(page, **at)
    assert "a déjà été préparée" in desk.get("convocations.second_notice", **here(meetings.get(first, OPERATOR))).words


# -- two at once -----------------------------------------------------------------------------------------------------


def test_a_meeting_that_changed_since_it_was_loaded_is_not_moved(app: Flask) -> None:
    meeting_id = make.convened().id
    found = meetings.get(meeting_id, OPERATOR)
    day = found.first_day
    stored = {"version": found.version + 1, "first_day": day + timedelta(days=7), "last_day": day + timedelta(days=7)}
    db.session.execute(update(Meeting).values(stored).execution_options(synchronize_session=False))
    with pytest.raises(IllegalMove):
        service.put_on(OPERATOR, found, day + timedelta(days=14))
    assert found.first_day == day + timedelta(days=7)
    db.session.rollback()


def test_of_two_moves_at_once_the_meeting_and_its_agenda_follow_one(app: Flask) -> None:
    made = make.convened()
    meeting_id, day = made.id, made.first_day
    ready = threading.Barrier(1 if db.engine.dialect.name == "sqlite" else 2)
    outcomes: list[str] = []

    def move(by: int) -> None:
        with app.app_context(), i18n.in_language("en"):
            try:
                with writing():
                    if db.engine.dialect.name == "sqlite":
                        ready.wait(10)
                    found = meetings.get(meeting_id, OPERATOR)
                    if db.engine.dialect.name == "postgresql":
                        ready.wait(10)
                    service.put_on(OPERATOR, found, day + timedelta(days=by))
                outcomes.append("moved")
            except IllegalMove:
                outcomes.append("changed")
            finally:
                db.session.remove()

    db.session.rollback()
    db.session.remove()
    threads = [threading.Thread(target=move, args=(by,)) for by in (7, 14)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    found = meetings.get(meeting_id, OPERATOR)
    assert [one.day for one in found.days] == [found.first_day]
    expected = ["moved", "moved"] if db.engine.dialect.name == "sqlite" else ["changed", "moved"]
    assert sorted(outcomes) == expected


def test_whoever_sends_after_the_meeting_changed_reads_it_again_with_what_was_typed(as_: Any) -> None:
    meeting = make.convened()
    make.convocation(meeting.id)
    desk, at = as_("secretariat"), here(meeting)
    fields = desk.get("convocations.cancel", **at).form(desk.path("convocations.cancel", **at))
    move_the_place(meeting.id)
    sent = {**fields, "reason_fr": "Mots gardés"}
    answer = desk.open("POST", "convocations.cancel", status=409, data=sent, **at)
    assert "Mots gardés" in answer.text
    assert make.count(Convocation) == 1


# -- updates ---------------------------------------------------------------------------------------------------------


def test_an_update_that_leaves_the_day_is_not_urgent_however_near_the_meeting(app: Flask, as_: Any) -> None:
    meeting = make.convened(in_days=15)
    make.convocation(meeting.id)
    with writing():
        db.session.get_one(Convocation, rows(meeting.id)[0].id).notice_days = 21
    move_the_place(meeting.id)
    with writing():
        make.rule("notice_days", 40)
    row = done(service.update, meeting.id)
    assert (row.gives_notice, row.is_urgent, row.notice_days, row.required_days) == (False, False, 21, 15)
    page = as_().get("convocations.show", **here(meeting), number=2).words
    assert "Convocation urgente" not in page
    assert "Les membres ont été convoqués 21 jours avant la réunion" in page
    assert "convoqués 21 jours avant la réunion" in as_().get("meetings.show", **here(meeting)).words


def test_an_update_with_another_day_asks_for_its_reason_and_its_urgency(app: Flask, as_: Any) -> None:
    meeting = make.convened()
    make.convocation(meeting.id)
    with writing():
        phases.shift(meetings.get(meeting.id, OPERATOR), clock.today() + timedelta(days=6))
    with pytest.raises(Refused) as refused:
        done(service.update, meeting.id)
    assert refused.value.field == "reason_fr"
    with pytest.raises(Refused) as refused:
        done(service.update, meeting.id, reason=REASON)
    assert refused.value.field == "urgent"
    db.session.rollback()
    said = {"reason_fr": REASON[0], "urgent": "y"}
    as_("secretariat").post("convocations.update", said, **here(meeting))
    row = rows(meeting.id)[-1]
    assert (row.is_urgent, row.gives_notice, row.notice_days) == (True, True, 6)


def test_no_update_is_sent_nor_asked_for_after_the_meeting(app: Flask, at: Any) -> None:
    meeting = make.convened()
    row = make.convocation(meeting.id)
    move_the_place(meeting.id)
    last = meeting.last_day
    at(f"{last + timedelta(days=1)}T09:00")
    with pytest.raises(Refused):
        done(service.update, meeting.id)
    assert not service.asks_for_update(meetings.get(meeting.id, OPERATOR), row)


def test_whoever_the_first_notice_did_not_reach_is_convened_by_the_next(app: Flask) -> None:
    meeting = make.convened(people=3)
    first = make.convocation(meeting.id)
    with writing():
        lines = db.session.scalars(select(ConvocationRecipient).order_by(ConvocationRecipient.id)).all()
        for line, fate in zip(lines, (Fate.SENT, Fate.FAILED, Fate.SUPERSEDED), strict=True):
            line.fate = fate
    move_the_place(meeting.id)
    row = done(service.update, meeting.id)
    assert first.id != row.id
    sent = {one.address: one.template.split("/")[1] for one in outbox() if one.arguments["convocation_id"] == row.id}
    assert sent == {
        "membre0@example.org": "update", "membre1@example.org": "notice", "membre2@example.org": "update",
    }  # fmt: skip


def test_the_desk_and_the_checklist_ask_for_an_update_when_somebody_joins_or_an_annex_comes(as_: Any) -> None:
    joined, added, still = make.convened(), make.convened(), make.convened()
    for one in (joined, added, still):
        make.convocation(one.id)
    with writing():
        body = meetings.get(joined.id, OPERATOR).body
    make.mandate(make.person("Nouvelle", contact_email="n@example.org"), body=body, organisation=make.organisation("N"))
    make.attachment(added, "Note")
    found = [meetings.get(one.id, OPERATOR) for one in (joined, added, still)]
    assert [one.id for one in service.asking_for_update({one: queries.last(one) for one in found})] == [
        joined.id,
        added.id,
    ]
    desk = as_("secretariat")
    for one, asks in ((joined, True), (added, True), (still, False)):
        words = desk.get("meetings.preparation", **here(one)).words
        assert ("envoyez la mise à jour" in words) is asks


def test_the_people_who_sit_are_found_alike_one_by_one_and_all_at_once(app: Flask) -> None:
    group, home = make.body(), make.organisation("Maison")
    gone = make.mandate(make.person("Partie"), body=group, organisation=home)
    make.mandate(make.person("Suppléant de la partie"), body=group, organisation=home, titular=gone)
    stays = make.mandate(make.person("Restée"), body=group, organisation=home)
    make.mandate(make.person("Suppléant"), body=group, organisation=home, titular=stays)
    make.mandate(make.person("Observateur"), SeatKind.OBSERVER, body=group, organisation=home)
    leave(gone.person_id)
    meeting = make.convened(group, people=0)
    row = make.convocation(meeting.id)
    assert len(queries.seated(meetings.get(meeting.id, OPERATOR))) == 3
    assert queries.with_newcomers([row]) == set()


# -- what each person reads ------------------------------------------------------------------------------------------


def test_a_failed_cancellation_is_on_the_desk(as_: Any) -> None:
    meeting = make.convened(people=1)
    make.convocation(meeting.id)
    done(service.cancel, meeting.id, reason=REASON)
    assert "Messages en échec" not in as_("secretariat").get("oversight.desk").words
    with writing():
        mail.settle(outbox()[-1], refused=True)
    assert "d’une convocation" in as_("secretariat").get("oversight.desk").words


def test_a_paper_of_the_members_is_not_named_to_an_observer(app: Flask) -> None:
    group, home = make.body(), make.organisation("Maison")
    for name, seat in (("membre", SeatKind.MEMBER), ("observateur", SeatKind.OBSERVER)):
        make.mandate(make.person(name, contact_email=f"{name}@example.org"), seat, body=group, organisation=home)
    meeting = make.convened(group, people=0)
    make.attachment(meeting, "Note réservée", access=AccessLevel.MEMBERS)
    make.convocation(meeting.id)
    bodies = {one.address: mail.compose(one).get_body(("plain",)).get_content() for one in outbox()}  # type: ignore[union-attr]
    assert {who: "Note réservée" in body for who, body in bodies.items()} == {
        "membre@example.org": True, "observateur@example.org": False,
    }  # fmt: skip


def test_whoever_is_left_out_reads_no_status_of_a_meeting_that_goes_on(app: Flask) -> None:
    meeting = make.convened(people=2)
    make.convocation(meeting.id)
    leave(db.session.scalars(select(ConvocationRecipient.person_id)).first())
    row = done(service.update, meeting.id)
    (left,) = [
        one for one in outbox() if one.arguments["convocation_id"] == row.id and one.template == delivery.CANCELLED
    ]
    part, raw = calendar_of(mail.compose(left, masked=False))
    assert part.get_param("method") == "CANCEL"
    assert "STATUS" not in icalendar.Calendar.from_ical(raw).events[0]


def test_a_former_member_no_longer_reads_where_to_connect(app: Flask, as_: Any) -> None:
    meeting = make.convened(remote_link=LINK, people=0)
    user = make.user("zoe@example.org", "Zoé")
    person = make.person("Zoé", account=user)
    person_id = person.id
    make.mandate(person, body=db.session.get_one(Meeting, meeting.id).body)
    make.convocation(meeting.id)
    assert LINK in Client(app, user).get("meetings.show", **here(meeting)).text
    leave(person_id)
    assert LINK not in Client(app, user).get("meetings.show", **here(meeting)).text


def test_the_pages_that_call_off_count_the_messages_and_name_those_without_an_address(as_: Any) -> None:
    meeting = make.convened(people=2)
    body = db.session.get_one(Meeting, meeting.id).body
    make.mandate(make.person("Sans Adresse"), body=body, organisation=make.organisation("Ailleurs"))
    make.convocation(meeting.id)
    leave(db.session.scalars(select(ConvocationRecipient.person_id).order_by(ConvocationRecipient.id)).first())
    done(service.update, meeting.id)
    page = as_("secretariat").get("convocations.cancel", **here(meeting)).words
    assert "1 personne reçoit un message" in page
    assert "Sans Adresse" in page


def test_an_erased_person_leaves_neither_account_nor_seat_in_the_ledger(app: Flask) -> None:
    group = make.body()
    user = make.user("camille@example.org", "Camille")
    make.mandate(make.person("Camille", account=user), body=group, organisation=make.organisation("Maison"))
    make.convocation(make.convened(group, people=0).id)
    with writing():
        assert keeping._erase_lines("camille@example.org") == 1
    line = db.session.scalars(select(ConvocationRecipient)).one()
    assert (line.address, line.person_id, line.user_id, line.mandate_id) == (None, None, None, None)
    assert line.fate == Fate.QUEUED
    assert rules.value("notice_days") == line.convocation.required_days
