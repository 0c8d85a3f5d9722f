"""Reads of the attendance sheet: its lines with their names for a page, its bare facts for counting."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.attendance.models import Answer, Proxy
from app.forum.attendance.states import Choice
from app.forum.meetings.models import AgendaDay, Meeting, Slot
from app.forum.meetings.states import MeetingPhase
from app.forum.members.models import Mandate, Person
from app.forum.sheets import policy
from app.forum.sheets.models import AttendanceLine, AttendanceSheet, Recusal, SheetItem, Stay
from app.forum.sheets.states import LineState

OFF = (MeetingPhase.POSTPONED, MeetingPhase.CANCELLED)
MOST = 1000  # lines of a sheet


def meeting(meeting_id: int, viewer: Any) -> Meeting:
    """A meeting of a body, without its agenda. Raises `NotFound` when its sheet is not for them."""
    found = db.session.scalar(
        select(Meeting).where(Meeting.id == meeting_id, Meeting.body_id.is_not(None)).options(joinedload(Meeting.body))
    )
    if found is None or not policy.can_read(viewer, found):
        raise NotFound
    return found


def sheet_of(meeting_id: int) -> AttendanceSheet | None:
    """None also when it was drawn for a day on which the meeting does not take place any more; a record stays one."""
    stands = or_(AttendanceSheet.day == Meeting.first_day, AttendanceSheet.ended_at.is_not(None))
    return db.session.scalar(
        select(AttendanceSheet).join(AttendanceSheet.meeting).where(AttendanceSheet.meeting_id == meeting_id, stands)
    )


def drawn(meeting_id: int) -> AttendanceSheet | None:
    """The sheet of a meeting, whichever day it was drawn for."""
    return db.session.scalar(select(AttendanceSheet).where(AttendanceSheet.meeting_id == meeting_id))


def sheet(meeting_id: int) -> AttendanceSheet:
    """Raises `NotFound` before it is opened."""
    found = sheet_of(meeting_id)
    if found is None:
        raise NotFound
    return found


def _named(sheet: AttendanceSheet) -> Select[Any]:
    """The lines with all that a page says of them, in five statements whatever their number."""
    seats = joinedload(AttendanceLine.mandate)
    return (
        select(AttendanceLine)
        .where(AttendanceLine.sheet_id == sheet.id)
        .order_by(AttendanceLine.position, AttendanceLine.id)
        .limit(MOST)
        .options(
            seats.joinedload(Mandate.person),
            seats.joinedload(Mandate.organisation),
            seats.selectinload(Mandate.alternates).joinedload(Mandate.person),
            selectinload(AttendanceLine.stays),
            selectinload(AttendanceLine.recusals),
        )
    )


def lines(sheet: AttendanceSheet) -> Sequence[AttendanceLine]:
    return db.session.scalars(_named(sheet)).all()


def line(sheet: AttendanceSheet, line_id: int) -> AttendanceLine:
    """As it is stored at this moment. Raises `NotFound`."""
    wanted = _named(sheet).where(AttendanceLine.id == line_id)
    found = db.session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def changed(sheet: AttendanceSheet, since: int, *, proxies: bool) -> Sequence[AttendanceLine]:
    """The lines that changed after a version of the sheet, and those whom their members represent.

    `proxies`: one of them changed; all those who ever gave one, since an end may be written for an hour that has gone.
    """
    later = select(AttendanceLine.mandate_id).where(AttendanceLine.sheet_id == sheet.id, AttendanceLine.version > since)
    given = select(Proxy.principal_id).where(Proxy.meeting_id == sheet.meeting_id)
    hanging = AttendanceLine.mandate_id.in_(given if proxies else _given_to(sheet, later))
    return db.session.scalars(_named(sheet).where(or_(AttendanceLine.version > since, hanging))).all()


def proxy_changes(meeting_id: int) -> int:
    """Grows with each proxy of a meeting given or ended."""
    return db.session.scalar(select(func.sum(Proxy.version)).where(Proxy.meeting_id == meeting_id)) or 0


def proxies_of(meeting_id: int, mandate_id: int) -> Sequence[Proxy]:
    """Those that one member gave for a meeting, as they are stored at this moment."""
    return db.session.scalars(
        select(Proxy)
        .where(Proxy.meeting_id == meeting_id, Proxy.principal_id == mandate_id)
        .order_by(Proxy.given_at, Proxy.id)
        .execution_options(populate_existing=True)
    ).all()


def represented_by(sheet: AttendanceSheet, line: AttendanceLine) -> Sequence[AttendanceLine]:
    """The lines of those who gave their proxy to the member of a line: what it says, they hang on."""
    return db.session.scalars(
        _named(sheet).where(AttendanceLine.mandate_id.in_(_given_to(sheet, [line.mandate_id])))
    ).all()


def _given_to(sheet: AttendanceSheet, holders: Any) -> Select[Any]:
    return select(Proxy.principal_id).where(Proxy.meeting_id == sheet.meeting_id, Proxy.holder_id.in_(holders))


def seats(sheet_id: int) -> Sequence[Any]:
    """(id, mandate, college, votes, state) of each line, in order: no names."""
    one = AttendanceLine
    return db.session.execute(
        select(one.id, one.mandate_id, one.college, one.votes, one.state)
        .where(one.sheet_id == sheet_id)
        .order_by(one.position, one.id)
        .limit(MOST)
    ).all()


def stays(sheet_id: int) -> Sequence[Any]:
    """(line, mode, arrival, departure, the substitute who came), in order."""
    return db.session.execute(
        select(Stay.line_id, Stay.mode, Stay.arrived_at, Stay.left_at, Stay.attended_by_id)
        .join(AttendanceLine, AttendanceLine.id == Stay.line_id)
        .where(AttendanceLine.sheet_id == sheet_id)
        .order_by(Stay.arrived_at, Stay.id)
    ).all()


def recusals(sheet_id: int) -> Sequence[Any]:
    """(line, item)."""
    return db.session.execute(
        select(Recusal.line_id, Recusal.item_id)
        .join(SheetItem, SheetItem.id == Recusal.item_id)
        .where(SheetItem.sheet_id == sheet_id)
        .order_by(Recusal.id)
    ).all()


def items(sheet_id: int) -> Sequence[SheetItem]:
    """In the order in which they were opened, those not opened yet last."""
    waits = SheetItem.opened_at.is_(None)
    return db.session.scalars(
        select(SheetItem).where(SheetItem.sheet_id == sheet_id).order_by(waits, SheetItem.opened_at, SheetItem.id)
    ).all()


def proxies(meeting_id: int) -> Sequence[Any]:
    """(principal, holder, given, ended, version, name of the holder), the latest last."""
    return db.session.execute(
        select(Proxy.principal_id, Proxy.holder_id, Proxy.given_at, Proxy.revoked_at, Proxy.version, Person.name)
        .join(Mandate, Mandate.id == Proxy.holder_id)
        .outerjoin(Person, Person.id == Mandate.person_id)
        .where(Proxy.meeting_id == meeting_id)
        .order_by(Proxy.given_at, Proxy.id)
    ).all()


def answers(meeting: Meeting) -> dict[int, Any]:
    """What each seat answered for the day of the meeting, by mandate."""
    rows = db.session.execute(
        select(Answer.mandate_id, Answer.choice).where(Answer.meeting_id == meeting.id, Answer.day == meeting.first_day)
    )
    return {row.mandate_id: row.choice for row in rows}


def announced(meeting: Meeting) -> dict[int, int]:
    """By seat, the substitute whom its answer for the day of the meeting names."""
    rows = db.session.execute(
        select(Answer.mandate_id, Answer.substitute_id)
        .where(Answer.meeting_id == meeting.id, Answer.day == meeting.first_day)
        .where(Answer.choice == Choice.SUBSTITUTE, Answer.substitute_id.is_not(None))
    )
    return {row.mandate_id: row.substitute_id for row in rows}


def slots(meeting_id: int) -> Sequence[Slot]:
    """The agenda in order, with the day of each."""
    return db.session.scalars(
        select(Slot)
        .join(Slot.day)
        .where(AgendaDay.meeting_id == meeting_id)
        .order_by(AgendaDay.day, Slot.position, Slot.id)
        .options(joinedload(Slot.day))
    ).all()


def slot(meeting_id: int, slot_id: int) -> Slot:
    """Raises `NotFound`."""
    found = next((one for one in slots(meeting_id) if one.id == slot_id and one.kind.is_work), None)
    if found is None:
        raise NotFound
    return found


def expected(sheet: AttendanceSheet) -> int:
    """How many seats nothing was said of."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(AttendanceLine)
            .where(AttendanceLine.sheet_id == sheet.id, AttendanceLine.state == LineState.EXPECTED)
        )
        or 0
    )


def latest_hour(sheet: AttendanceSheet) -> datetime | None:
    """The last hour on the sheet, of a person or of an item: the meeting did not end before."""
    arrived = (
        select(func.max(func.coalesce(Stay.left_at, Stay.arrived_at)))
        .join(AttendanceLine, AttendanceLine.id == Stay.line_id)
        .where(AttendanceLine.sheet_id == sheet.id)
    )
    opened = select(func.max(func.coalesce(SheetItem.closed_at, SheetItem.opened_at))).where(
        SheetItem.sheet_id == sheet.id
    )
    return max(filter(None, (db.session.scalar(arrived), db.session.scalar(opened))), default=None)


def unclosed(before: Any, limit: int = 50) -> Sequence[AttendanceSheet]:
    """Sheets still open of meetings that took place and ended before a day, the oldest first."""
    return db.session.scalars(
        select(AttendanceSheet)
        .join(AttendanceSheet.meeting)
        .where(AttendanceSheet.closed_at.is_(None), Meeting.last_day < before, Meeting.phase.not_in(OFF))
        .where(or_(AttendanceSheet.day == Meeting.first_day, AttendanceSheet.ended_at.is_not(None)))
        .order_by(Meeting.last_day, Meeting.id)
        .limit(limit)
        .options(joinedload(AttendanceSheet.meeting))
    ).all()


def of_mandates(mandates: Collection[int]) -> Sequence[AttendanceLine]:
    """The lines of some seats or substitutes, for whoever asks what is kept of them."""
    one = AttendanceLine
    sat = select(Stay.line_id).where(Stay.attended_by_id.in_(mandates))
    return db.session.scalars(
        select(one)
        .where(or_(one.mandate_id.in_(mandates), one.id.in_(sat)))
        .order_by(one.id)
        .options(
            joinedload(one.sheet).joinedload(AttendanceSheet.meeting),
            selectinload(one.stays),
            selectinload(one.recusals).joinedload(Recusal.item),
        )
    ).all()


def keyed_by(model: Any, columns: Iterable[Any], user_id: int) -> Sequence[Any]:
    """Rows of a sheet, or sheets, that an account keyed, with their meeting."""
    meeting = model.meeting if model is AttendanceSheet else model.sheet
    options = (
        joinedload(meeting) if model is AttendanceSheet else joinedload(meeting).joinedload(AttendanceSheet.meeting)
    )
    return db.session.scalars(
        select(model).options(options).where(or_(*(column == user_id for column in columns))).order_by(model.id)
    ).all()


def people_there(meeting_id: int) -> set[int]:
    """The mandates of those who have come and not left: a substitute by their own."""
    one = AttendanceLine
    rows = db.session.scalars(
        select(func.coalesce(Stay.attended_by_id, one.mandate_id))
        .select_from(one)
        .join(Stay, Stay.line_id == one.id)
        .join(AttendanceSheet, AttendanceSheet.id == one.sheet_id)
        .where(AttendanceSheet.meeting_id == meeting_id, Stay.left_at.is_(None))
        .order_by(one.id)
        .limit(MOST)
    )
    return set(rows)
