"""The attendance of the demo: two meetings that were held, and the one of today if there is one."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.policy import OPERATOR
from app.core import clock
from app.core.extensions import db
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.sheets import hours, items, marking, queries, service
from app.forum.sheets.correction import Correction, Hours
from app.forum.sheets.models import AttendanceLine, AttendanceSheet
from app.forum.sheets.states import LineState, Mode

BEGINS, ENDS = time(9, 30), time(12, 30)


def fill() -> None:
    """Through the services, with the hours of those days."""
    known = select(Meeting).where(Meeting.body_id.is_not(None), Meeting.last_day < clock.today())
    held = known.where(Meeting.phase == MeetingPhase.HELD).order_by(Meeting.last_day.desc(), Meeting.id)
    for place, meeting in enumerate(db.session.scalars(held.limit(2)).all()):
        _past(meeting, leaves=place == 0)
    _today()


def _at(meeting: Meeting, hour: time, on: date | None = None) -> datetime:
    return hours.instant(on or meeting.first_day, hour, meeting.timezone)


def _past(meeting: Meeting, *, leaves: bool) -> None:
    """`leaves`: most go before the last item, which loses its quorum."""
    sheet = service.open_sheet(OPERATOR, meeting)
    lines = queries.lines(sheet)
    for place, line in enumerate(lines):
        _say(meeting, sheet, line, place, leaves=leaves)
    slots = [slot for slot in queries.slots(meeting.id) if slot.kind.is_work and slot.day.day == meeting.first_day]
    minutes = 150 // max(1, len(slots))
    for place, slot in enumerate(slots):
        item = items.known(sheet, slot)
        start = _at(meeting, BEGINS) + timedelta(minutes=5 + place * minutes)
        end = start + timedelta(minutes=minutes)
        items.correct_item(OPERATOR, sheet, item, opened_at=start, closed_at=end)
    service.count_guests(OPERATOR, sheet, 6)
    service.close(OPERATOR, sheet, _at(meeting, ENDS, meeting.last_day))


def _say(meeting: Meeting, sheet: AttendanceSheet, line: AttendanceLine, place: int, *, leaves: bool) -> None:
    """One in seven is excused, one in eleven does not come, one in five is remote."""
    if place % 7 == 6 or place % 11 == 10:
        away = LineState.EXCUSED if place % 7 == 6 else LineState.ABSENT
        _write(sheet, line, Correction(away, [], frozenset()))
        return
    early = leaves and place % 4 != 0
    left = _at(meeting, BEGINS) + timedelta(minutes=60 + place % 3) if early else None
    mode = Mode.REMOTE if place % 5 == 4 else Mode.IN_PERSON
    arrived = _at(meeting, BEGINS) - timedelta(minutes=10 - place % 8)
    _write(sheet, line, Correction(LineState.EXPECTED, [Hours(mode, arrived, left)], frozenset()))


def _write(sheet: AttendanceSheet, line: AttendanceLine, said: Correction) -> None:
    marking.correct(OPERATOR, sheet, line.id, said, seen=line.version)


def _today() -> None:
    """Opened, and nobody marked yet."""
    convened = (MeetingPhase.ANNOUNCED, MeetingPhase.CONVENED)
    running: Any = select(Meeting).where(
        Meeting.body_id.is_not(None), Meeting.first_day == clock.today(), Meeting.phase.in_(convened)
    )
    for meeting in db.session.scalars(running.order_by(Meeting.id).limit(1)).all():
        service.open_sheet(OPERATOR, meeting)
