"""Who keys the attendance sheet, and who reads it: names of people who did not come are nobody else's."""

from typing import Any

from app.accounts import policy as accounts
from app.forum.meetings.models import Meeting
from app.forum.members import policy as members
from app.forum.members.states import SeatKind


def can_key(viewer: Any, _meeting: Meeting | None = None) -> bool:
    """Open and close the sheet, mark, correct: the secretariat, which answers for the record."""
    return accounts.is_secretariat(viewer)


def may_read(viewer: Any) -> bool:
    """Reads at least one body's sheets."""
    leads = (SeatKind.CO_CHAIR, SeatKind.CO_LEAD)
    return can_key(viewer) or any(one.seat in leads for one in members.in_office(viewer))


def can_read(viewer: Any, meeting: Meeting) -> bool:
    """The co-chairs read every sheet; the co-leads of a working group, that of its meetings: they chair them."""
    if can_key(viewer):
        return True
    leads = meeting.body is not None and members.is_co_lead(viewer, meeting.body)
    return meeting.is_announced and (members.is_co_chair(viewer) or leads)
