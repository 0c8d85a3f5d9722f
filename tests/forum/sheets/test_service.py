"""The sheet's life on both engines: lines, marks, two people keying at once, items, closing."""

import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from app.accounts import queries as accounts
from app.core import clock
from app.core.audit import AuditEntry
from app.core.errors import IllegalMove, NotAllowed, Refused
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.attendance.models import Answer, Proxy
from app.forum.attendance.states import Choice
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.sheets import counts, items, marking, queries, service
from app.forum.sheets.correction import Correction, Hours
from app.forum.sheets.models import AttendanceLine, AttendanceSheet, Stay
from app.forum.sheets.states import LineState, Mark, Mode
from tests import make

DAY = "2027-03-15"


def utc(hour: int, minute: int = 0) -> datetime:
    """An hour of the day, in Paris, where winter time runs."""
    return datetime(2027, 3, 15, hour - 1, minute, tzinfo=UTC)


def actor() -> Any:
    return make.cast("secretariat")


def opened(meeting: Meeting) -> AttendanceSheet:
    with writing():
        service.open_sheet(actor(), queries.meeting(meeting.id, actor()))
    return queries.sheet(meeting.id)


def tap(sheet_id: int, place: int, mark: Mark, seen: int | None = None) -> AttendanceLine:
    sheet = db.session.get_one(AttendanceSheet, sheet_id)
    line = queries.lines(sheet)[place]
    with writing():
        return marking.mark(actor(), sheet, line.id, mark, seen=line.version if seen is None else seen)


def test_opening_makes_one_line_for_each_seat_and_marks_nobody_as_present(group):
    people = [one.mandate_id for one in queries.lines(opened(group))]
    with writing():
        db.session.delete(queries.sheet(group.id))
        answer = {"meeting_id": group.id, "day": group.first_day}
        db.session.add(Answer(mandate_id=people[0], choice=Choice.EXCUSED, **answer))
        db.session.add(Answer(mandate_id=people[1], choice=Choice.PRESENT, **answer))
        db.session.add(Proxy(meeting_id=group.id, principal_id=people[2], holder_id=people[1], day=group.first_day))
    states = [one.state for one in queries.lines(opened(group))]
    assert states == [LineState.EXCUSED, LineState.EXPECTED, LineState.EXCUSED, LineState.EXPECTED]
    assert make.count(Stay) == 0


def test_opening_twice_is_one_sheet_and_not_before_the_day(group, at):
    first = opened(group)
    assert opened(group).id == first.id
    at("2027-03-14T23:00")
    other = make.sheet_meeting(1, "Autre groupe", first_day=date(2027, 3, 15))
    with pytest.raises(Refused):
        service.open_sheet(actor(), queries.meeting(other.id, actor()))
    with pytest.raises(NotAllowed):
        service.open_sheet(make.cast("member"), other)


def test_marks_follow_each_other_and_each_can_be_undone(group, at):
    sheet = opened(group)
    assert tap(sheet.id, 0, Mark.REMOTE).state == LineState.REMOTE
    at(f"{DAY}T10:00")
    assert tap(sheet.id, 0, Mark.PRESENT).state == LineState.PRESENT
    assert tap(sheet.id, 0, Mark.UNDO).state == LineState.REMOTE
    assert tap(sheet.id, 0, Mark.LEFT).state == LineState.LEFT
    assert tap(sheet.id, 0, Mark.UNDO).state == LineState.REMOTE
    assert [(one.mode, one.arrived_at, one.left_at) for one in db.session.scalars(select(Stay))] == [
        (Mode.REMOTE, utc(9), None)
    ]
    assert tap(sheet.id, 0, Mark.UNDO).state == LineState.EXPECTED
    assert make.count(Stay) == 0


def test_the_same_mark_twice_is_one_and_another_one_is_told_of_the_first(group):
    sheet = opened(group)
    seen = queries.lines(sheet)[0].version
    tap(sheet.id, 0, Mark.PRESENT, seen)
    again = tap(sheet.id, 0, Mark.PRESENT, seen)
    assert (again.state, again.version, make.count(Stay)) == (LineState.PRESENT, seen + 1, 1)
    with pytest.raises(marking.Conflict):
        tap(sheet.id, 0, Mark.ABSENT, seen)
    assert queries.lines(sheet)[0].state == LineState.PRESENT
    with pytest.raises(IllegalMove):
        tap(sheet.id, 0, Mark.ABSENT)


def test_the_substitute_sits_in_the_seat(group, at):
    make.substitute(group)
    sheet = opened(group)
    line = tap(sheet.id, 0, Mark.SUBSTITUTE)
    assert line.attended_by_id == line.mandate.alternates[0].id
    with pytest.raises(Refused):
        tap(sheet.id, 1, Mark.SUBSTITUTE)


def in_threads(app: Any, acts: list[Any]) -> list[Any]:
    """Each act at the same moment, in a transaction of its own; what each returned or raised."""
    barrier, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        with app.app_context():
            barrier.wait(20)
            try:
                found[place] = acts[place]()
            except Exception as fault:  # the test looks at it
                found[place] = fault
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def keyed(sheet_id: int, line_id: int, mark: Mark, user_id: int, seen: int = 1) -> str:
    with writing():
        sheet = db.session.get_one(AttendanceSheet, sheet_id)
        return marking.mark(accounts.get(user_id), sheet, line_id, mark, seen=seen).state.value


def test_five_keyers_mark_forty_lines_each_and_none_is_lost(app, at):
    at(f"{DAY}T09:00")
    sheet, user = opened(make.sheet_meeting(200)), actor().id
    ids, sheet_id = [one.id for one in queries.seats(sheet.id)], sheet.id
    db.session.remove()

    def keyer(number: int) -> Any:
        return lambda: [keyed(sheet_id, one, Mark.PRESENT, user) for one in ids[number * 40 : number * 40 + 40]]

    assert in_threads(app, [keyer(number) for number in range(5)]) == [["present"] * 40] * 5
    states = db.session.execute(select(AttendanceLine.state, func.count()).group_by(AttendanceLine.state)).all()
    assert [tuple(one) for one in states] == [(LineState.PRESENT, 200)]
    assert (make.count(Stay), queries.sheet_of(sheet.meeting_id).version) == (200, 201)
    versions = db.session.scalars(select(AttendanceLine.version)).all()
    assert sorted(versions) == list(range(2, 202))
    assert db.session.scalar(select(func.count()).where(AuditEntry.word == "sheet.marked")) == 200


def test_of_two_who_mark_one_line_at_once_nobody_is_lost_in_silence(app, group):
    sheet, user = opened(group), actor().id
    first, second = (one.id for one in queries.lines(sheet)[:2])
    sheet_id = sheet.id
    db.session.remove()
    same = in_threads(app, [lambda: keyed(sheet_id, first, Mark.PRESENT, user) for _ in range(2)])
    assert (same, make.count(Stay)) == (["present", "present"], 1)
    db.session.remove()
    other = in_threads(app, [lambda m=m: keyed(sheet_id, second, m, user) for m in (Mark.PRESENT, Mark.EXCUSED)])
    kinds = sorted("conflict" if isinstance(one, marking.Conflict) else "kept" for one in other)
    assert kinds == ["conflict", "kept"]
    kept = next(one for one in other if isinstance(one, str))
    assert db.session.get_one(AttendanceLine, second).state == kept


def slot(meeting: Meeting, place: int) -> Any:
    return queries.slots(meeting.id)[place]


def test_the_quorum_of_an_item_is_that_of_its_opening_and_a_corrected_hour_changes_it(group, at):
    sheet = opened(group)
    tap(sheet.id, 0, Mark.PRESENT)
    tap(sheet.id, 1, Mark.REMOTE)
    with writing():
        items.open_item(actor(), sheet, slot(group, 0))
    at(f"{DAY}T11:00")
    tap(sheet.id, 1, Mark.LEFT)
    with writing():
        items.open_item(actor(), sheet, slot(group, 1))
    meeting = queries.meeting(group.id, actor())
    found = counts.facts(sheet, meeting).by_item()
    assert [one.quorum.is_reached for one in found] == [True, False]
    assert (found[0].item.closed_at, found[1].item.opened_at) == (utc(11), utc(11))
    line = queries.lines(sheet)[1]
    with writing():
        late = Correction(LineState.EXPECTED, [Hours(Mode.REMOTE, utc(9, 30), None)], frozenset())
        marking.correct(actor(), sheet, line.id, late, seen=line.version)
    assert [one.quorum.is_reached for one in counts.facts(sheet, meeting).by_item()] == [False, True]


def test_a_recusal_counts_for_its_item_alone(group):
    sheet = opened(group)
    tap(sheet.id, 0, Mark.PRESENT)
    line = tap(sheet.id, 1, Mark.PRESENT)
    with writing():
        first = items.open_item(actor(), sheet, slot(group, 0)).id
        items.open_item(actor(), sheet, slot(group, 1))
        hours = [Hours(Mode.IN_PERSON, line.stays[0].arrived_at, None)]
        wanted = Correction(LineState.EXPECTED, hours, frozenset({first}))
        marking.correct(actor(), sheet, line.id, wanted, seen=line.version)
    found = counts.facts(sheet, queries.meeting(group.id, actor())).by_item()
    assert [(one.quorum.is_reached, one.recused) for one in found] == [(False, 1), (True, 0)]


@pytest.mark.parametrize(
    "hours",
    [
        [(9, 10), (9, 11)],
        [(9, None), (9, 11)],
        [(9, 8)],
        [(13, None)],
    ],
)
def test_hours_that_cannot_be_are_refused(group, at, hours):
    sheet = opened(group)
    at(f"{DAY}T12:00")
    line = queries.lines(sheet)[0]
    stays = [Hours(Mode.IN_PERSON, utc(a), utc(b) if b else None) for a, b in hours]
    with pytest.raises(Refused):
        marking.correct(actor(), sheet, line.id, Correction(LineState.EXPECTED, stays, frozenset()), seen=1)


def test_closing_says_who_is_absent_ends_the_stays_and_holds_the_meeting(group, at):
    sheet = opened(group)
    people = [one.mandate_id for one in queries.lines(sheet)]
    with writing():
        db.session.add(Proxy(meeting_id=group.id, principal_id=people[2], holder_id=people[0], day=group.first_day))
    tap(sheet.id, 0, Mark.PRESENT)
    tap(sheet.id, 1, Mark.EXCUSED)
    at(f"{DAY}T18:00")
    with pytest.raises(Refused), writing():
        service.close(actor(), sheet, utc(8))
    with writing():
        service.close(actor(), queries.sheet(group.id), utc(17))
    db.session.expire_all()
    sheet = queries.sheet(group.id)
    states = [one.state for one in queries.lines(sheet)]
    assert states == [LineState.PRESENT, LineState.EXCUSED, LineState.EXCUSED, LineState.ABSENT]
    assert db.session.scalars(select(Stay.left_at)).all() == [utc(17)]
    assert sheet.meeting.phase == MeetingPhase.HELD
    outcomes = counts.facts(sheet, sheet.meeting).outcomes()
    total = {name: sum(row[name] for row in outcomes.values()) for name in counts.OUTCOMES}
    assert total == {"present": 1, "remote": 0, "represented": 1, "excused": 1, "absent": 1}
    with pytest.raises(service.SheetClosed):
        tap(sheet.id, 1, Mark.PRESENT)


def test_a_closed_sheet_is_opened_again_with_a_reason_as_it_stood(group, at):
    sheet = opened(group)
    tap(sheet.id, 0, Mark.PRESENT)
    at(f"{DAY}T18:00")
    with writing():
        service.close(actor(), sheet, utc(17))
    with pytest.raises(Refused), writing():
        service.reopen(actor(), queries.sheet(group.id), "")
    with writing():
        service.reopen(actor(), queries.sheet(group.id), "Un départ oublié")
    db.session.expire_all()
    assert tap(sheet.id, 0, Mark.LEFT).state == LineState.LEFT
    assert db.session.scalars(select(Stay.left_at)).all() == [clock.now()]
    with pytest.raises(IllegalMove):
        service.reopen(actor(), queries.sheet(group.id), "Encore")


def test_once_the_meeting_is_over_only_hours_are_typed(group, at):
    sheet = opened(group)
    at("2027-03-16T09:00")
    with pytest.raises(Refused):
        tap(sheet.id, 0, Mark.PRESENT)
    assert tap(sheet.id, 0, Mark.EXCUSED).state == LineState.EXCUSED


def test_several_acts_in_one_transaction_keep_each_other(group):
    sheet = opened(group)
    with writing():
        service.count_guests(actor(), sheet, 12)
        marking.mark(actor(), sheet, queries.lines(sheet)[0].id, Mark.PRESENT, seen=1)
        service.count_guests(actor(), sheet, 13)
    assert (sheet.guests, sheet.version) == (13, 4)


def test_after_a_second_notice_no_quorum_is_needed(group):
    first = make.meeting("Première", in_days=0, body=group.body, slots=make.two_items())
    sheet_id = opened(first).id
    with writing():
        service.close(actor(), db.session.get_one(AttendanceSheet, sheet_id), clock.now())
        db.session.get_one(Meeting, group.id).second_notice_of_id = first.id
    facts = counts.facts(opened(group), queries.meeting(group.id, actor()))
    assert (facts.no_quorum, facts.quorum(clock.now()).is_reached) == (True, True)
