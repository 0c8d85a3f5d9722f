"""Who reads an agenda that is being agreed, who answers, who approves it, and who asks for an item."""

from typing import Any

from app.accounts.policy import is_secretariat
from app.core import clock
from app.forum.agreements.models import AgendaVersion, ItemRequest
from app.forum.agreements.states import RequestStatus, Threshold, VersionStatus
from app.forum.meetings.models import Meeting
from app.forum.members import policy as members
from app.forum.members.models import Mandate
from app.forum.members.states import VOTING_SEATS, SeatKind

COMMITTEE = (SeatKind.CO_CHAIR, SeatKind.COMMITTEE_SEAT)


def seat_of(viewer: Any, version: AgendaVersion) -> Mandate | None:
    """The mandate by which the viewer answers today, the co-chair's first: nobody answers twice."""
    held = [one for one in members.in_office(viewer) if _agrees(one, version)]
    return min(held, key=lambda one: (one.seat != SeatKind.CO_CHAIR, one.id), default=None)


def _agrees(mandate: Mandate, version: AgendaVersion) -> bool:
    if version.threshold == Threshold.MEMBERS:
        return mandate.body_id == version.meeting.body_id and mandate.seat in VOTING_SEATS
    return version.threshold != Threshold.SECRETARIAT and mandate.seat in COMMITTEE


def can_share(viewer: Any) -> bool:
    """Freeze a version, take it back, approve it once agreed."""
    return is_secretariat(viewer)


def can_follow(viewer: Any, version: AgendaVersion | None) -> bool:
    """Read what is not public yet: the secretariat, and those who agree; before anything is shared, nobody else."""
    if is_secretariat(viewer):
        return True
    return version is not None and (members.is_committee_member(viewer) or seat_of(viewer, version) is not None)


def can_read(viewer: Any, version: AgendaVersion) -> bool:
    return version.status == VersionStatus.PUBLISHED or can_follow(viewer, version)


def can_answer(viewer: Any, version: AgendaVersion) -> bool:
    return seat_of(viewer, version) is not None


def can_ask(viewer: Any, meeting: Meeting, *, frozen: bool) -> bool:
    """Anyone who sits in the body, voting or not, until the agenda is frozen, public, or the meeting has begun."""
    if meeting.body is None or not meeting.is_announced or meeting.is_off or meeting.agenda_is_public or frozen:
        return False
    return meeting.first_day > clock.today() and members.sits_in(viewer, meeting.body)


def can_answer_requests(viewer: Any) -> bool:
    return is_secretariat(viewer)


def can_withdraw(viewer: Any, request: ItemRequest) -> bool:
    return viewer.is_authenticated and request.user_id == viewer.id and request.status == RequestStatus.ASKED
