"""What is kept of the people on attendance sheets: those whose seat it was, and those who keyed."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts import queries as accounts
from app.core.registry import PersonColumns, Retention
from app.forum.members import keeping as members
from app.forum.sheets import queries
from app.forum.sheets.models import AttendanceLine, AttendanceSheet, Stay


def _keyed(model: Any, email: str, *columns: Any) -> list[Any]:
    user = accounts.by_email(email)
    return list(queries.keyed_by(model, columns, user.id)) if user is not None else []


def _export_sheets(email: str) -> list[dict[str, Any]]:
    """The sheets that somebody opened or closed in a public function."""
    rows = _keyed(AttendanceSheet, email, AttendanceSheet.opened_by_id, AttendanceSheet.closed_by_id)
    return [{"meeting": row.meeting.title_fr, "opened_at": row.opened_at.isoformat()} for row in rows]


def _export_lines(email: str, people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    """Where the holder of a seat was, when; and the lines that somebody keyed last."""
    chosen = None if people is None else set(people)
    known = members.sure(email) if chosen is None else [one for one in members.behind(email) if one.id in chosen]
    mandates = [mandate.id for person in known for mandate in person.mandates]
    seats = [_own(line, set(mandates)) for line in (queries.of_mandates(mandates) if mandates else [])]
    keyed = [
        {"meeting": line.sheet.meeting.title_fr, "keyed_at": line.updated_at.isoformat()}
        for line in _keyed(AttendanceLine, email, AttendanceLine.updated_by_id)
    ]
    return [*seats, *keyed]


def _own(line: AttendanceLine, mandates: set[int]) -> dict[str, Any]:
    """Of the member's seat, all that its line says; of a seat where they were the substitute, their own hours alone."""
    if line.mandate_id not in mandates:
        mine = [stay for stay in line.stays if stay.attended_by_id in mandates]
        return {"meeting": line.sheet.meeting.title_fr, "as_substitute": True, "hours": [_stay(one) for one in mine]}
    return {
        "meeting": line.sheet.meeting.title_fr,
        "state": line.state.value,
        "hours": [_stay(one) | {"by_substitute": one.attended_by_id is not None} for one in line.stays],
        "recused_for": [one.item.title_fr for one in line.recusals],
    }


def _stay(stay: Stay) -> dict[str, Any]:
    left = stay.left_at.isoformat() if stay.left_at else None
    return {"mode": stay.mode.value, "arrived": stay.arrived_at.isoformat(), "left": left}


PERSONS = [
    PersonColumns(
        "attendance_sheet",
        frozenset({"opened_by_id", "closed_by_id"}),
        _export_sheets,
        lambda _email: 0,
        _l("Kept under the number of the account: it says who answers for the record of a meeting."),
    ),
    PersonColumns(
        "attendance_line",
        frozenset({"updated_by_id"}),
        _export_lines,
        lambda _email, _people=None: 0,
        _l("Kept without the name, which leaves with the person: seat, hours and quorum are the record of a meeting."),
        by_people=True,
    ),
]
RETENTIONS = [
    Retention(
        "attendance_sheet",
        None,
        None,
        label=_l("Attendance sheets of meetings"),
        data=_l("Number of guests, dates, numbers of the accounts of the secretariat, reason for opening it again"),
        recipients=_l("The secretariat and the co-chairs; everyone for the numbers, without names"),
        then=_l("As long as the minutes of the meeting, whose quorum they prove"),
    ),
    Retention(
        "attendance_line",
        None,
        None,
        label=_l("Who was at a meeting"),
        data=_l("Seat, present, remote, represented, excused or absent, hours of arrival and departure, recusals"),
        recipients=_l("The secretariat and the co-chairs; nobody else reads who was absent"),
        then=_l("As long as the minutes of the meeting; the name itself goes when the register lets go of it"),
    ),
]
