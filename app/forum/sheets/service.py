"""The life of the attendance sheet: opened with one line for each seat, closed, opened again to be corrected."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, select, update

from app.core import audit, clock
from app.core.access import authorize
from app.core.database import rows_touched
from app.core.errors import IllegalMove, Refused
from app.core.extensions import db
from app.forum.attendance.states import Choice
from app.forum.convocations import second_notice
from app.forum.meetings import phases
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.members import directory
from app.forum.members.states import VOTING_SEATS
from app.forum.sheets import policy, queries
from app.forum.sheets.models import AttendanceLine, AttendanceSheet, SheetItem, Stay
from app.forum.sheets.states import HERE, MOST_GUESTS, LineState

AWAY = (Choice.EXCUSED, Choice.REPRESENTED)

audit.declare("sheet.opened", "lines")
audit.declare("sheet.closed", "absent")
audit.declare("sheet.reopened")
audit.declare("sheet.refreshed", "added", "removed")
audit.declare("sheet.guests", "number")


class SheetClosed(IllegalMove):
    """A mark on a sheet that was closed (409)."""

    message = _l("This attendance sheet is closed: the secretariat can open it again, giving a reason.")


def open_sheet(actor: Any, meeting: Meeting) -> AttendanceSheet:
    """One line for each seat held on the first day, none marked as present. The second of two at once gets the same.

    Raises `Refused` before the day of the meeting, or when it is off.
    """
    authorize(policy.can_key(actor, meeting))
    db.session.execute(select(Meeting.id).where(Meeting.id == meeting.id).with_for_update())
    known = queries.sheet_of(meeting.id)
    if known is not None:
        return known
    _check_opens(meeting)
    former = queries.drawn(meeting.id)
    if former is not None:  # drawn for another day: its seats and marks are not those of this one
        db.session.delete(former)
        db.session.flush()
    sheet = AttendanceSheet(
        meeting=meeting, day=meeting.first_day, no_quorum=second_notice.needs_no_quorum(meeting),
        opened_by_id=getattr(actor, "id", None),
    )  # fmt: skip
    db.session.add(sheet)
    db.session.flush()
    audit.record(actor, "sheet.opened", sheet, lines=_rule(actor, sheet, meeting))
    return sheet


def _check_opens(meeting: Meeting) -> None:
    if meeting.body_id is None or not meeting.is_announced or meeting.is_off:
        raise Refused("sheet", _("A sheet is opened for a meeting of a body of the Forum that takes place."))
    if clock.today() < meeting.first_day:
        raise Refused("sheet", _("The sheet can be opened from the day of the meeting."))


def _rule(actor: Any, sheet: AttendanceSheet, meeting: Meeting, known: Collection[int] = ()) -> int:
    """Draw the lines, in one statement; whoever sent apologies or a proxy is excused until they come after all.

    `known`: the seats that have their line already. Returns how many were drawn.
    """
    seats = directory.seats_of(meeting.body_id or 0, meeting.first_day)
    answers, now = queries.answers(meeting), clock.now()
    given = {one.principal_id for one in queries.proxies(meeting.id) if one.revoked_at is None}
    rows = []
    for position, seat in enumerate(seats):
        if seat.id in known:
            continue
        away = seat.id in given or answers.get(seat.id) in AWAY
        state = LineState.EXCUSED if away else LineState.EXPECTED
        rows.append({
            "sheet_id": sheet.id, "mandate_id": seat.id, "position": position, "college": seat.college,
            "votes": seat.seat in VOTING_SEATS, "state": state, "foreseen": state, "version": sheet.version,
            "updated_by_id": getattr(actor, "id", None), "updated_at": now,
        })  # fmt: skip
    if rows:
        db.session.execute(insert(AttendanceLine), rows)
    return len(rows)


def refresh_seats(actor: Any, sheet: AttendanceSheet) -> tuple[int, int]:
    """Take seats registered since the sheet was opened; leave those that no longer sit and that nothing was said of.

    Returns how many lines came, and how many went. Raises `SheetClosed`.
    """
    authorize(policy.can_key(actor, sheet.meeting))
    hold(sheet)
    sitting = {one.id for one in directory.seats_of(sheet.meeting.body_id or 0, sheet.meeting.first_day)}
    lines = queries.lines(sheet)
    gone = [one for one in lines if one.mandate_id not in sitting and one.is_untouched]
    for one in gone:
        db.session.delete(one)
    db.session.flush()
    sheet.version += 1
    added = _rule(actor, sheet, sheet.meeting, {one.mandate_id for one in lines})
    audit.record(actor, "sheet.refreshed", sheet, added=added, removed=len(gone))
    return added, len(gone)


def hold(sheet: AttendanceSheet) -> None:
    """Make whoever keys at the same time wait: what was read of the sheet is true until the end of the transaction.

    Raises `SheetClosed`.
    """
    db.session.flush()  # reading anew forgets what is not written yet
    db.session.refresh(sheet, with_for_update=True)
    if not sheet.is_open:
        raise SheetClosed


def count_guests(actor: Any, sheet: AttendanceSheet, number: int) -> None:
    """How many people without a seat are there."""
    authorize(policy.can_key(actor, sheet.meeting))
    if not 0 <= number <= MOST_GUESTS:
        raise Refused("guests", _("Enter a number from 0 to %(most)s.", most=MOST_GUESTS))
    if sheet.guests != number:
        hold(sheet)
        sheet.guests, sheet.version = number, sheet.version + 1
        audit.record(actor, "sheet.guests", sheet, number=number)


def close(actor: Any, sheet: AttendanceSheet, ended_at: datetime) -> None:
    """Whoever nothing was said of is absent; whoever is still there leaves at the end; the meeting was held.

    Raises `Refused` when the end comes before an hour of the sheet, or is to come; `SheetClosed` a second time.
    """
    authorize(policy.can_key(actor, sheet.meeting))
    hold(sheet)
    if sheet.meeting.is_off:
        raise Refused("ended", _("This meeting was postponed or cancelled: its sheet is not closed."))
    latest = queries.latest_hour(sheet)
    ended_at = _to_the_second(ended_at, latest)
    if ended_at > clock.now():
        raise Refused("ended", _("This hour is still to come."))
    if latest is not None and ended_at < latest:
        raise Refused(
            "ended", _("Somebody arrived or left, or an item was opened, after this hour: check these times first.")
        )
    sheet.version += 1
    absent = _settle(sheet, ended_at)
    sheet.ended_at, sheet.closed_at, sheet.closed_by_id = ended_at, clock.now(), getattr(actor, "id", None)
    audit.record(actor, "sheet.closed", sheet, absent=absent)
    if sheet.meeting.phase != MeetingPhase.HELD:
        phases.hold(actor, sheet.meeting)


def _to_the_second(ended_at: datetime, latest: datetime | None) -> datetime:
    """Hours are typed to the minute: this very minute is now, and that of the last hour of the sheet is this hour."""
    for known in (clock.now(), latest):
        if known is not None and known.replace(second=0, microsecond=0) == ended_at:
            return known
    return ended_at


def _settle(sheet: AttendanceSheet, ended_at: datetime) -> int:
    """How many are absent; a member whose proxy stands has sent their apologies with it."""
    mine, waits = AttendanceLine.sheet_id == sheet.id, AttendanceLine.state == LineState.EXPECTED
    given = [one.principal_id for one in queries.proxies(sheet.meeting_id) if one.revoked_at is None]
    line = update(AttendanceLine).where(mine, waits)
    for statement, state in (
        (line.where(AttendanceLine.mandate_id.in_(given)), LineState.EXCUSED),
        (line, LineState.ABSENT),
    ):
        done = db.session.execute(statement.values(state=state, version=sheet.version))
    ids = select(AttendanceLine.id).where(mine)
    db.session.execute(update(Stay).where(Stay.line_id.in_(ids), Stay.left_at.is_(None)).values(left_at=ended_at))
    under_way = (SheetItem.sheet_id == sheet.id, SheetItem.opened_at.is_not(None), SheetItem.closed_at.is_(None))
    db.session.execute(update(SheetItem).where(*under_way).values(closed_at=ended_at, version=SheetItem.version + 1))
    return rows_touched(done)


def reopen(actor: Any, sheet: AttendanceSheet, reason: str) -> None:
    """As it stood before it was closed: whoever was there at the end is there again, until the next closing.

    Raises `Refused` without a reason; `IllegalMove` when it is open.
    """
    authorize(policy.can_key(actor, sheet.meeting))
    db.session.refresh(sheet, with_for_update=True)
    if sheet.is_open:
        raise IllegalMove("attendance_sheet: open already")
    if not reason:
        raise Refused("reason", _("Give the reason: it stays with the sheet."))
    there = select(AttendanceLine.id).where(AttendanceLine.sheet_id == sheet.id, AttendanceLine.state.in_(HERE))
    again = (Stay.line_id.in_(there), Stay.left_at == sheet.ended_at)
    db.session.execute(update(Stay).where(*again).values(left_at=None))
    under_way = (SheetItem.sheet_id == sheet.id, SheetItem.closed_at == sheet.ended_at)
    db.session.execute(update(SheetItem).where(*under_way).values(closed_at=None, version=SheetItem.version + 1))
    sheet.closed_at, sheet.closed_by_id, sheet.reason = None, None, reason
    sheet.version += 1
    audit.record(actor, "sheet.reopened", sheet)
