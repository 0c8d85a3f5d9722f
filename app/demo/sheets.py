"""The attendance of the demo: two meetings that were held, and the one of today if there is one."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.policy import OPERATOR
from app.core import clock
from app.core.extensions import db
from app.forum.meetings import agenda_view
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.sheets import hours, items, marking, queries, service
from app.forum.sheets.correction import Correction, Hours
from app.forum.sheets.models import AttendanceLine, AttendanceSheet
from app.forum.sheets.states import LineState, Mode

BEGINS, ENDS = time(9, 30), time(12, 30)
"""Of a meeting whose agenda says no hours."""


def fill() -> None:
    """Through the services, with the hours of those days."""
    known = select(Meeting).where(Meeting.body_id.is_not(None), Meeting.last_day < clock.today())
    held = known.where(Meeting.phase == MeetingPhase.HELD).order_by(Meeting.last_day.desc(), Meeting.id)
    for place, meeting in enumerate(db.session.scalars(held.limit(2)).all()):
        past(meeting, leaves=place == 0)
    _today()


def _at(meeting: Meeting, hour: time, on: date | None = None) -> datetime:
    return hours.instant(on or meeting.first_day, hour, meeting.timezone)


def past(meeting: Meeting, *, leaves: bool) -> None:
    """`leaves`: most go before the last item, which loses its quorum."""
    sheet = service.open_sheet(OPERATOR, meeting)
    begins, ends = agenda_view.span(meeting) or (_at(meeting, BEGINS), _at(meeting, ENDS, meeting.last_day))
    for place, line in enumerate(queries.lines(sheet)):
        _say(sheet, line, place, begins, leaves=leaves)
    slots = [slot for slot in queries.slots(meeting.id) if slot.kind.is_work and slot.day.day == meeting.first_day]
    minutes = (ends - begins).seconds // 60 - 10
    for place, slot in enumerate(slots):
        item = items.known(sheet, slot)
        start = begins + timedelta(minutes=5 + place * minutes // len(slots))
        end = begins + timedelta(minutes=5 + (place + 1) * minutes // len(slots))
        items.correct_item(OPERATOR, sheet, item, opened_at=start, closed_at=end)
    service.count_guests(OPERATOR, sheet, 6)
    service.close(OPERATOR, sheet, ends)


def _say(sheet: AttendanceSheet, line: AttendanceLine, place: int, begins: datetime, *, leaves: bool) -> None:
    """One in seven is excused, one in eleven does not come, one in five is remote."""
    if place % 7 == 6 or place % 11 == 10:
        away = LineState.EXCUSED if place % 7 == 6 else LineState.ABSENT
        _write(sheet, line, Correction(away, [], frozenset()))
        return
    early = leaves and place % 4 != 0
    left = begins + timedelta(minutes=60 + place % 3) if early else None
    mode = Mode.REMOTE if place % 5 == 4 else Mode.IN_PERSON
    arrived = begins - timedelta(minutes=10 - place % 8)
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
