"""What a sheet once said stays true on both engines: who sat, the day, the proxies, the hours, the quorum needed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.errors import Refused
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.attendance.models import Answer, Proxy
from app.forum.attendance.states import Choice, ProxyEnd
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.sheets import counts, items, keeping, marking, queries, reading, service
from app.forum.sheets.correction import Correction, Hours
from app.forum.sheets.models import AttendanceLine, AttendanceSheet, Stay
from app.forum.sheets.states import MOST_STAYS, LineState, Mark, Mode
from tests import make
from tests.forum.sheets.test_service import DAY, actor, opened, slot, tap, utc


def write(sheet, place, *stays, state=LineState.EXPECTED):
    line = queries.lines(sheet)[place]
    with writing():
        marking.correct(actor(), sheet, line.id, Correction(state, list(stays), frozenset()), seen=line.version)
    return line


def proxy(meeting, principal, holder, **values):
    with writing():
        made = Proxy(meeting_id=meeting.id, principal_id=principal, holder_id=holder, day=meeting.first_day, **values)
        db.session.add(made)
    return made


def test_undoing_a_substitute_tapped_by_mistake_leaves_the_member_alone_on_the_line(group, at):
    make.substitute(group)
    sheet = opened(group)
    tap(sheet.id, 0, Mark.PRESENT)
    at(f"{DAY}T10:00")
    tap(sheet.id, 0, Mark.LEFT)
    at(f"{DAY}T10:05")
    assert tap(sheet.id, 0, Mark.SUBSTITUTE).attended_by_id is not None
    line = tap(sheet.id, 0, Mark.UNDO)
    assert (line.state, line.attended_by_id) == (LineState.LEFT, None)


def test_the_substitute_named_in_the_answer_is_the_one_who_is_marked(group):
    make.substitute(group)
    named, seat = make.substitute(group), queries.drawn(group.id)
    assert seat is None
    with writing():
        db.session.add(
            Answer(meeting_id=group.id, day=group.first_day, mandate_id=named.titular_id, choice=Choice.SUBSTITUTE,
                   substitute_id=named.id)
        )  # fmt: skip
    sheet = opened(group)
    facts = counts.facts(sheet, queries.meeting(group.id, actor()))
    assert reading.rows(queries.lines(sheet), facts)[0].substitute == reading.name_of(named)
    assert tap(sheet.id, 0, Mark.SUBSTITUTE).attended_by_id == named.id


def test_a_substitute_whose_mandate_does_not_cover_the_day_is_refused(group):
    late = make.substitute(group)
    with writing():
        late.starts_on = group.first_day + timedelta(1)
    sheet = opened(group)
    with pytest.raises(Refused):
        write(sheet, 0, Hours(Mode.IN_PERSON, utc(9), None, late.id))


def test_an_arrival_ends_the_proxy_and_taking_it_back_gives_it_again(group, at):
    sheet = opened(group)
    people = [one.mandate_id for one in queries.lines(sheet)]
    given = proxy(group, people[1], people[0], given_at=utc(8)).id
    at(f"{DAY}T10:00")
    tap(sheet.id, 1, Mark.PRESENT)
    found = db.session.get_one(Proxy, given)
    assert (found.revoked_at, found.voided_reason) == (utc(10), ProxyEnd.PRINCIPAL_CAME)
    tap(sheet.id, 1, Mark.UNDO)
    assert db.session.get_one(Proxy, given).is_live
    write(sheet, 1, Hours(Mode.IN_PERSON, utc(9, 30), utc(9, 45)))
    assert db.session.get_one(Proxy, given).revoked_at == utc(9, 30)


def test_a_proxy_given_after_a_departure_stands(group, at):
    sheet = opened(group)
    people = [one.mandate_id for one in queries.lines(sheet)]
    tap(sheet.id, 0, Mark.PRESENT)
    write(sheet, 1, Hours(Mode.IN_PERSON, utc(8), utc(9)))
    given = proxy(group, people[1], people[0], given_at=utc(9)).id
    write(sheet, 1, Hours(Mode.REMOTE, utc(8), utc(9)))
    assert db.session.get_one(Proxy, given).is_live
    outcomes = counts.facts(sheet, group).quorum(clock.now()).groups["members"].tally
    assert (outcomes.present, outcomes.represented) == (1, 1)


def test_after_a_reopening_now_is_now(group, at):
    sheet = opened(group)
    tap(sheet.id, 0, Mark.PRESENT)
    at(f"{DAY}T18:00")
    with writing():
        service.close(actor(), sheet, utc(17))
        service.reopen(actor(), sheet, "Un oubli")
    tap(sheet.id, 1, Mark.PRESENT)
    facts = counts.facts(sheet, queries.meeting(group.id, actor()))
    assert (facts.instant, sum(one.present for one in facts.tallies().values())) == (utc(18), 2)


def test_a_sheet_closes_at_the_minute_that_is_proposed_whatever_the_seconds(group, at):
    sheet = opened(group)
    at(f"{DAY}T11:00:20")
    tap(sheet.id, 0, Mark.PRESENT)
    with writing():
        items.open_item(actor(), sheet, slot(group, 0))
    at(f"{DAY}T11:00:50")
    with writing():
        service.close(actor(), sheet, utc(11))
    assert (sheet.ended_at, queries.items(sheet.id)[0].closed_at) == (clock.now(), clock.now())


def test_a_sheet_does_not_close_before_its_last_item_was_opened(group, at):
    sheet = opened(group)
    at(f"{DAY}T11:00")
    with writing():
        items.open_item(actor(), sheet, slot(group, 0))
    at(f"{DAY}T12:00")
    with pytest.raises(Refused), writing():
        service.close(actor(), sheet, utc(10))


def test_a_meeting_moved_to_another_day_gets_another_sheet(group, at):
    former = opened(group)
    tap(former.id, 0, Mark.PRESENT)
    at("2027-03-20T09:00")
    with writing():
        meeting = db.session.get_one(Meeting, group.id)
        meeting.first_day = meeting.last_day = clock.today()
    assert (queries.sheet_of(group.id), queries.unclosed(clock.today() + timedelta(1))) == (None, [])
    again = opened(group)
    assert (again.day, make.count(AttendanceSheet), make.count(Stay)) == (clock.today(), 1, 0)
    assert {one.state for one in queries.lines(again)} == {LineState.EXPECTED}


def test_the_sheet_of_a_meeting_called_off_is_not_closed_nor_asked_for(group, at):
    sheet = opened(group)
    with writing():
        db.session.get_one(Meeting, group.id).phase = MeetingPhase.POSTPONED
    at("2027-03-16T09:00")
    assert queries.unclosed(clock.today()) == []
    with pytest.raises(Refused), writing():
        service.close(actor(), sheet, utc(10))


def test_whether_a_quorum_was_needed_is_that_of_the_day(group):
    first = make.meeting("Première", in_days=0, body=group.body, slots=make.two_items())
    lacking_id = opened(first).id
    with writing():
        service.close(actor(), db.session.get_one(AttendanceSheet, lacking_id), clock.now())
        db.session.get_one(Meeting, group.id).second_notice_of_id = first.id
    sheet = opened(group)
    with writing():
        db.session.get_one(Meeting, group.id).second_notice_of_id = None
    assert counts.facts(sheet, queries.meeting(group.id, actor())).no_quorum


def test_an_item_forgotten_on_the_day_takes_its_hours_afterwards(group, at):
    sheet = opened(group)
    at("2027-03-16T09:00")
    with writing():
        item = items.open_item(actor(), sheet, slot(group, 0))
        assert item.opened_at is None
        items.correct_item(actor(), sheet, item, opened_at=utc(10), closed_at=utc(11))
    assert [one.item.opened_at for one in counts.facts(sheet, group).by_item()] == [utc(10)]


def test_a_seat_registered_late_comes_on_the_sheet_and_one_that_left_goes_unless_it_was_marked(group):
    late = make.substitute(group)
    sheet = opened(group)
    tap(sheet.id, 2, Mark.PRESENT)
    with writing():
        for one in queries.lines(sheet)[2:]:
            one.mandate.sits_until = group.first_day - timedelta(1)
        late.titular_id = None
    with writing():
        assert service.refresh_seats(actor(), sheet) == (1, 1)
    db.session.expire_all()
    assert len(queries.lines(sheet)) == 4
    assert late.id in {one.mandate_id for one in db.session.scalars(select(AttendanceLine))}


def test_a_line_takes_twenty_stays_and_no_more(group, at):
    sheet = opened(group)
    stays = [Hours(Mode.IN_PERSON, utc(8, n), utc(8, n + 1)) for n in range(MOST_STAYS)]
    write(sheet, 0, *stays)
    with pytest.raises(Refused):
        tap(sheet.id, 0, Mark.PRESENT)
    with pytest.raises(Refused):
        write(sheet, 0, *stays, Hours(Mode.IN_PERSON, utc(8, 40), None))


def test_who_asks_what_is_kept_reads_their_hours_modes_and_recusals_and_no_line_of_others(group):
    substitute = make.substitute(group)
    sheet = opened(group)
    with writing():
        substitute.person.contact_email = "dominique@example.org"
    write(sheet, 0, Hours(Mode.REMOTE, utc(8), utc(8, 30)), Hours(Mode.IN_PERSON, utc(8, 30), None, substitute.id))
    told = keeping._export_lines("dominique@example.org", [substitute.person_id])
    assert [[(one["mode"], one["arrived"][11:16]) for one in row["hours"]] for row in told] == [
        [("in_person", "07:30")]
    ]
    keyed = keeping._export_lines(actor().email, [])
    assert {tuple(sorted(one)) for one in keyed} == {("keyed_at", "meeting")}
