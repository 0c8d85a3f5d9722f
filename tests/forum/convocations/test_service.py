"""Convening: the notice period, who is told, versions, what calendars receive, and the ledger of messages."""

import smtplib  # noqa: F401
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.policy import OPERATOR
from app.core import clock, mail
from app.core.errors import NotAllowed, Refused
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.convocations import second_notice, service
from app.forum.convocations.models import Convocation, ConvocationRecipient
from app.forum.convocations.states import ConvocationKind, Fate, Told
from app.forum.meetings import phases
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.sheets import service as sheets
from tests import make

REASON = ("Grève des transports", "Transport strike")
LINK = "https://visio.example.org/CANARY-LINK"


def done(act: Any, meeting_id: int, **values: Any) -> Any:
    with writing():
        return act(OPERATOR, meetings.get(meeting_id, OPERATOR), **values)


def rows(meeting_id: int) -> list[Convocation]:
    return list(
        db.session.scalars(select(Convocation).where(Convocation.meeting_id == meeting_id).order_by(Convocation.number))
    )


def lines(row: Convocation) -> list[ConvocationRecipient]:
    return list(
        db.session.scalars(
            select(ConvocationRecipient)
            .where(ConvocationRecipient.convocation_id == row.id)
            .order_by(ConvocationRecipient.id)
        )
    )


def told(row: Convocation) -> list[tuple[str | None, str]]:
    return [(line.address, line.told.value) for line in lines(row)]


@pytest.mark.parametrize("who", ["account", "member", "co_chair", "administrator", "electoral_board"])
def test_only_the_secretariat_convenes(app: Flask, who: str) -> None:
    actor, meeting = make.cast(who), make.convened()
    for act in (
        lambda: service.convene(actor, meeting),
        lambda: service.update(actor, meeting),
        lambda: service.put_on(actor, meeting, clock.today()),
        lambda: service.postpone(actor, meeting, reason=REASON),
        lambda: service.cancel(actor, meeting, reason=REASON),
        lambda: service.restore(actor, meeting, day=clock.today()),
        lambda: second_notice.second_notice(actor, meeting, clock.today()),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_convening_tells_each_member_once_and_moves_the_meeting(app: Flask) -> None:
    meeting = make.convened(people=2)
    row = make.convocation(meeting.id)
    assert (row.number, row.kind, row.notice_days, row.required_days) == (1, ConvocationKind.FIRST, 30, 15)
    assert told(row) == [("membre0@example.org", "request"), ("membre1@example.org", "request")]
    assert {line.fate for line in lines(row)} == {Fate.QUEUED}
    assert make.count(mail.OutgoingMail) == 2
    assert db.session.get_one(Meeting, meeting.id).phase == MeetingPhase.CONVENED


def test_whoever_comes_second_is_told_of_the_first(app: Flask) -> None:
    meeting = make.convened()
    row = make.convocation(meeting.id)
    with pytest.raises(service.AlreadyConvened) as known:
        make.convocation(meeting.id)
    assert known.value.row.id == row.id
    assert len(rows(meeting.id)) == 1


def test_a_substitute_is_told_and_a_person_with_two_seats_only_once(app: Flask) -> None:
    from app.forum.members.states import SeatKind

    group, home = make.body(), make.organisation("Maison")
    titular = make.mandate(make.person("Titulaire", contact_email="t@example.org"), body=group, organisation=home)
    both = make.person("Suppléante", contact_email="s@example.org")
    make.mandate(both, body=group, organisation=home, titular=titular)
    make.mandate(both, SeatKind.CO_LEAD, body=group, organisation=home)
    other = make.person("Autre suppléant", contact_email="o@example.org")
    make.mandate(other, body=group, organisation=home, titular=titular)
    row = make.convocation(make.convened(group, people=0).id)
    assert sorted((line.address, line.as_substitute) for line in lines(row)) == [
        ("o@example.org", True), ("s@example.org", False), ("t@example.org", False),
    ]  # fmt: skip


def test_the_account_s_address_and_language_go_before_the_private_contact(app: Flask) -> None:
    group, home = make.body(), make.organisation("Maison")
    user = make.user("camille@example.org", lang="en")
    make.mandate(make.person("Camille", account=user, contact_email="autre@example.org"), body=group, organisation=home)
    make.mandate(make.person("Sans adresse"), body=group, organisation=home)
    row = make.convocation(make.convened(group, people=0).id)
    assert sorted((line.address or "", line.lang, line.fate) for line in lines(row)) == [
        ("", "fr", Fate.NO_ADDRESS), ("camille@example.org", "en", Fate.QUEUED),
    ]  # fmt: skip
    sent = select(mail.OutgoingMail.address).where(mail.OutgoingMail.template == "convocations/notice")
    assert list(db.session.scalars(sent)) == ["camille@example.org"]


@pytest.mark.parametrize(("days", "asks"), [(15, False), (14, True), (4, True)])
def test_a_short_notice_asks_for_the_reason_of_the_urgency(app: Flask, days: int, asks: bool) -> None:
    meeting = make.convened(in_days=days)
    if asks:
        with pytest.raises(Refused) as refused:
            make.convocation(meeting.id)
        assert refused.value.field == "reason_fr"
    row = make.convocation(meeting.id, reason=REASON if asks else (None, None))
    assert (row.is_urgent, row.reason_fr) == (asks, REASON[0] if asks else None)


def test_the_notice_is_that_of_the_body_s_own_rule(app: Flask) -> None:
    group = make.body()
    make.rule("notice_days", 40, scope=group.id)
    with pytest.raises(Refused):
        make.convocation(make.convened(group).id)


@pytest.mark.parametrize("moment", ["2027-03-14T00:30", "2027-03-13T23:30"])
def test_the_notice_counts_days_of_paris_over_the_change_of_hour(app: Flask, at: Any, moment: str) -> None:
    at(moment)
    meeting = make.convened(first_day=date(2027, 3, 29))
    expected = 15 if moment.startswith("2027-03-14") else 16
    assert make.convocation(meeting.id).notice_days == expected


def test_nothing_is_sent_without_a_public_agenda_hours_and_a_day_to_come(app: Flask) -> None:
    group = make.body()
    draft = make.meeting(body=group, published=False, in_days=30)
    with writing():
        phases.announce(OPERATOR, db.session.get_one(Meeting, draft.id))
    hourless = make.meeting(body=group, in_days=30)
    outside = make.meeting(in_days=30)
    past = make.convened(group, in_days=-3)
    for meeting in (draft, hourless, outside, past):
        with pytest.raises(Refused):
            make.convocation(meeting.id, reason=REASON)
    assert make.count(Convocation) == 0


def test_a_body_in_which_nobody_sits_on_that_day_is_not_convened(app: Flask) -> None:
    empty = make.convened(people=0)
    with pytest.raises(Refused) as refusal:
        make.convocation(empty.id)
    assert refusal.value.field == "meeting"
    meeting = db.session.get_one(Meeting, empty.id)
    assert (meeting.phase, make.count(Convocation)) == (MeetingPhase.ANNOUNCED, 0)


def test_an_update_waits_for_a_change_and_tells_who_came_and_who_left(app: Flask) -> None:
    meeting = make.convened(people=2)
    first = make.convocation(meeting.id)
    with pytest.raises(Refused):
        done(service.update, meeting.id)
    meeting = db.session.get_one(Meeting, meeting.id)
    gone = lines(first)[0].person_id
    with writing():
        from app.forum.members.models import Mandate

        mandate = db.session.scalars(select(Mandate).where(Mandate.person_id == gone)).one()
        mandate.sits_until = clock.today()
        body, home = mandate.body, mandate.organisation
    newcomer = make.person("Nouvelle", contact_email="nouvelle@example.org")
    make.mandate(newcomer, body=body, organisation=home)
    row = done(service.update, meeting.id, reason=REASON)
    assert sorted(told(row)) == [
        ("membre0@example.org", "cancel"), ("membre1@example.org", "request"), ("nouvelle@example.org", "request"),
    ]  # fmt: skip
    templates = {
        one.address: one.template
        for one in db.session.scalars(select(mail.OutgoingMail))
        if one.arguments["convocation_id"] == row.id
    }
    assert templates == {
        "membre0@example.org": "convocations/cancelled", "membre1@example.org": "convocations/update",
        "nouvelle@example.org": "convocations/notice",
    }  # fmt: skip


def test_the_sequence_strictly_grows_and_the_identity_stays_over_the_whole_life(app: Flask) -> None:
    meeting = make.convened()
    uid, day = meeting.uid, meeting.first_day + timedelta(days=30)
    make.convocation(meeting.id)
    done(service.put_on, meeting.id, day=day, reason=REASON)
    done(service.postpone, meeting.id, reason=REASON)
    done(service.cancel, meeting.id, reason=REASON)
    done(service.restore, meeting.id, day=day, reason=REASON)
    found = rows(meeting.id)
    assert [row.kind.value for row in found] == ["first", "update", "postponement", "cancellation", "restoration"]
    sequences = [row.sequence for row in found]
    assert sequences == sorted(set(sequences))
    assert [sorted({line.told for line in lines(row)}) for row in found] == [
        [Told.REQUEST], [Told.REQUEST], [Told.CANCEL], [Told.CANCEL], [Told.REQUEST],
    ]  # fmt: skip
    meeting = db.session.get_one(Meeting, meeting.id)
    assert (meeting.uid, meeting.phase, meeting.first_day) == (uid, MeetingPhase.CONVENED, day)


def test_a_meeting_that_was_never_convened_changes_without_a_message(app: Flask) -> None:
    meeting = make.convened()
    done(service.put_on, meeting.id, day=meeting.first_day + timedelta(days=1))
    done(service.postpone, meeting.id, reason=REASON)
    done(service.restore, meeting.id, day=clock.today() + timedelta(days=50))
    done(service.cancel, meeting.id, reason=REASON)
    assert (make.count(Convocation), make.count(mail.OutgoingMail)) == (0, 0)


def test_a_new_day_too_near_must_be_known_to_be_urgent(app: Flask) -> None:
    meeting = make.convened()
    make.convocation(meeting.id)
    near = clock.today() + timedelta(days=6)
    with pytest.raises(Refused) as refused:
        done(service.put_on, meeting.id, day=near, reason=REASON)
    assert refused.value.field == "urgent"
    with pytest.raises(Refused) as refused:
        done(service.put_on, meeting.id, day=near, urgent=True)
    assert refused.value.field == "reason_fr"
    done(service.put_on, meeting.id, day=near, reason=REASON, urgent=True)
    assert (rows(meeting.id)[-1].is_urgent, rows(meeting.id)[-1].notice_days) == (True, 6)


def test_the_content_of_a_version_never_changes_and_never_holds_the_link(app: Flask) -> None:
    meeting = make.convened(remote_link=LINK)
    row = make.convocation(meeting.id)
    before = row.content
    with writing():
        found = meetings.get(meeting.id, OPERATOR)
        phases.arrange(OPERATOR, found, starts=None, ends=None, remote_link=LINK + "2")
        found.place_fr = "Ailleurs"
    row = rows(meeting.id)[0]
    assert row.content == before
    assert "CANARY-LINK" not in str(row.content)
    assert row.remote_link == LINK
    assert service.has_changed(meetings.get(meeting.id, OPERATOR), row, row.content)


def test_a_second_notice_needs_no_quorum_with_the_same_agenda_where_the_rule_says_so(app: Flask) -> None:
    first = make.convened(in_days=0)
    with writing():
        sheet = sheets.open_sheet(OPERATOR, db.session.get_one(Meeting, first.id))
        sheets.close(OPERATOR, sheet, clock.now())
    actor = make.cast("secretariat")
    with writing():
        made = second_notice.second_notice(
            actor, meetings.get(first.id, OPERATOR), clock.today() + timedelta(days=20)
        ).id
    second = meetings.get(made, OPERATOR)
    assert (second.second_notice_of_id, second.title_fr, second.body_id) == (first.id, first.title_fr, first.body_id)
    assert second_notice.needs_no_quorum(second)
    second.days[0].slots[0].title_fr = "Un autre point"
    assert not second_notice.needs_no_quorum(second)
    db.session.rollback()
    second = meetings.get(made, OPERATOR)
    make.rule("second_notice_without_quorum", False, scope=second.body_id)
    assert not second_notice.needs_no_quorum(meetings.get(made, OPERATOR))
    assert not second_notice.needs_no_quorum(meetings.get(first.id, OPERATOR))
