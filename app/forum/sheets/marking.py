"""Marks on the lines of a sheet: one tap, or the hours typed. Two people keying at once never lose a mark."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock
from app.core.access import authorize
from app.core.errors import IllegalMove, Refused
from app.forum.meetings.models import Meeting
from app.forum.sheets import policy, proxies, queries, sitting
from app.forum.sheets.correction import Correction, Hours
from app.forum.sheets.hours import is_over, local
from app.forum.sheets.models import AttendanceLine, AttendanceSheet, Recusal, Stay
from app.forum.sheets.service import hold
from app.forum.sheets.states import COMES, HERE, LEADS_TO, MARKS, MOST_STAYS, ON_THE_DAY, LineState, Mark, Mode

audit.declare("sheet.marked", "line", "mark")
audit.declare("sheet.corrected", "line")


class Conflict(IllegalMove):
    """Somebody said something else of the line since it was read (409)."""


def mark(actor: Any, sheet: AttendanceSheet, line_id: int, wanted: Mark, *, seen: int) -> AttendanceLine:
    """One tap at this instant. `seen`: the version of the line that the keyer had before their eyes.

    The mark that the line already bears changes nothing. Raises `Conflict` when another one came meanwhile,
    `IllegalMove` when it makes no sense, `SheetClosed`.
    """
    authorize(policy.can_key(actor, sheet.meeting))
    hold(sheet)
    line = queries.line(sheet, line_id)
    substitute = _substitute(line, sheet.meeting) if wanted == Mark.SUBSTITUTE else None
    if _says(line, wanted, substitute):
        return line
    if line.version != seen:
        raise Conflict(f"attendance_line: {seen} -> {line.version}")
    if wanted in ON_THE_DAY and is_over(sheet.meeting.last_day, sheet.meeting.timezone, clock.now()):
        raise Refused("mark", _("This meeting is over: type the hours instead."))
    if wanted not in MARKS[line.state]:
        raise IllegalMove(f"attendance_line: {line.state} -> {wanted}")
    if wanted in COMES and len(line.stays) >= MOST_STAYS:
        raise Refused("mark", _("This line holds %(most)s stays: correct its times instead.", most=MOST_STAYS))
    _apply(line, wanted, substitute)
    _sign(actor, line)
    proxies.follow(actor, sheet, line)
    audit.record(actor, "sheet.marked", sheet, line=line.id, mark=wanted.value)
    return line


def _substitute(line: AttendanceLine, meeting: Meeting) -> int:
    day = sitting.today(meeting, clock.now())
    found = sitting.substitute(line.mandate, day, queries.announced(meeting))
    if found is None:
        raise Refused("mark", _("This seat has no substitute on that day."))
    return found.id


def _says(line: AttendanceLine, wanted: Mark, substitute: int | None) -> bool:
    if line.state != LEADS_TO.get(wanted):
        return False
    return wanted not in (Mark.PRESENT, Mark.SUBSTITUTE) or line.attended_by_id == substitute


def _apply(line: AttendanceLine, wanted: Mark, substitute: int | None) -> None:
    now = clock.now()
    if wanted == Mark.UNDO:
        line.state = _undone(line)
        return
    if line.state in HERE or wanted == Mark.REMOTE:
        substitute = line.attended_by_id  # the same person goes on, in another way
    if line.open_stay is not None:
        line.open_stay.left_at = now
    if wanted in COMES:
        mode = Mode.REMOTE if wanted == Mark.REMOTE else Mode.IN_PERSON
        line.stays.append(Stay(mode=mode, arrived_at=now, attended_by_id=substitute))
    line.state = LEADS_TO[wanted]


def _undone(line: AttendanceLine) -> LineState:
    """Take back the last mark: an arrival that was none, a departure, or apologies."""
    last = line.last_stay
    if last is None:
        return line.foreseen if line.foreseen != line.state else LineState.EXPECTED
    if line.state == LineState.LEFT:
        last.left_at = None
        return _there(last)
    line.stays.remove(last)
    before = line.last_stay
    if before is None:
        return line.foreseen
    if before.left_at != last.arrived_at or before.attended_by_id != last.attended_by_id:
        return LineState.LEFT
    before.left_at = None  # from the room to the screen, or back: one mark did both
    return _there(before)


def _there(stay: Stay) -> LineState:
    return LineState.REMOTE if stay.mode == Mode.REMOTE else LineState.PRESENT


def _sign(actor: Any, line: AttendanceLine) -> None:
    line.sheet.version += 1
    line.version = line.sheet.version
    line.updated_by_id, line.updated_at = getattr(actor, "id", None), clock.now()


def correct(actor: Any, sheet: AttendanceSheet, line_id: int, wanted: Correction, *, seen: int) -> None:
    """Write the line anew; what hangs on it is worked out again. Raises `Conflict`, `Refused`, `SheetClosed`."""
    authorize(policy.can_key(actor, sheet.meeting))
    hold(sheet)
    line = queries.line(sheet, line_id)
    if line.version != seen:
        raise Conflict(f"attendance_line: {seen} -> {line.version}")
    hours = sorted(wanted.hours, key=lambda one: one.arrived_at)
    _check(line, wanted, hours)
    line.stays = _stays(line, hours)
    kept = {one.item_id: one for one in line.recusals}
    line.recusals = [kept.get(one) or Recusal(item_id=one) for one in sorted(wanted.items)]
    line.state = wanted.state if not hours else _there(line.stays[-1]) if line.open_stay else LineState.LEFT
    _sign(actor, line)
    proxies.follow(actor, sheet, line)
    audit.record(actor, "sheet.corrected", sheet, line=line.id)


def _stays(line: AttendanceLine, hours: Sequence[Hours]) -> list[Stay]:
    """Those that say what they said are the same rows."""
    former = {(one.mode, one.arrived_at, one.left_at, one.attended_by_id): one for one in line.stays}
    said = ((one.mode, one.arrived_at, one.left_at, one.substitute_id) for one in hours)
    return [
        former.pop(one) if one in former
        else Stay(mode=one[0], arrived_at=one[1], left_at=one[2], attended_by_id=one[3])
        for one in said
    ]  # fmt: skip


def _check(line: AttendanceLine, wanted: Correction, hours: Sequence[Hours]) -> None:
    now = clock.now()
    if len(hours) > MOST_STAYS:
        raise Refused("stays", _("Give %(most)s stays or fewer.", most=MOST_STAYS))
    for place, one in enumerate(hours):
        if max(one.arrived_at, one.left_at or one.arrived_at) > now:
            raise Refused("stays", _("An hour on this line is still to come."))
        if one.left_at is not None and one.left_at < one.arrived_at:
            raise Refused("stays", _("A departure comes before its arrival."))
        before = hours[place - 1].left_at if place else one.arrived_at
        if before is None or before > one.arrived_at:
            raise Refused("stays", _("Two stays overlap: give the departure before the next arrival."))
    for one in hours:
        _check_substitute(line, one)


def _check_substitute(line: AttendanceLine, stay: Hours) -> None:
    """Somebody who was written down while they were the substitute stays so."""
    known = {one.attended_by_id for one in line.stays} | {None}
    day = local(stay.arrived_at, line.sheet.meeting.timezone).date()
    if stay.substitute_id in known | {one.id for one in line.mandate.alternates if one.covers(day)}:
        return
    raise Refused("stays", _("This person is not a substitute of this seat on that day."))
