"""Who proposes a correction to circulated minutes, who answers it, and in whose name the minutes are adopted."""

from typing import Any

from app.accounts.policy import is_secretariat
from app.core import clock
from app.forum.adoptions.models import Correction
from app.forum.adoptions.states import CorrectionStatus
from app.forum.members import policy as members
from app.forum.members.models import Mandate
from app.forum.members.states import VOTING_SEATS
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import MinutesStatus


def can_decide(viewer: Any) -> bool:
    """Answer corrections, record an adoption, open and stop a written procedure."""
    return is_secretariat(viewer)


def can_follow(viewer: Any, minutes: Minutes, *, was_there: bool = False) -> bool:
    """Read the corrections and where the adoption stands, published or not: those who sit in the body, the secretariat,
    and whoever was there and has left since; the public never does."""
    if is_secretariat(viewer):
        return True
    if minutes.status == MinutesStatus.DRAFT or minutes.meeting.body is None:
        return False
    return was_there or members.sits_in(viewer, minutes.meeting.body)


def can_propose(viewer: Any, minutes: Minutes, *, was_there: bool) -> bool:
    """Whoever was there, while the minutes are circulated and until the last day said, in Paris."""
    until = minutes.corrections_until
    if minutes.status != MinutesStatus.CIRCULATED or minutes.is_held or until is None:
        return False
    return bool(viewer.is_authenticated) and was_there and clock.today() <= until


def can_withdraw(viewer: Any, correction: Correction) -> bool:
    """Whoever proposed it, while it waits for an answer."""
    return (
        viewer.is_authenticated
        and correction.user_id == viewer.id
        and correction.status == CorrectionStatus.PROPOSED
    )  # fmt: skip


def seat_of(viewer: Any, minutes: Minutes) -> Mandate | None:
    """The mandate by which the viewer answers a written procedure today, their own seat's first."""
    held = [
        one
        for one in members.in_office(viewer)
        if one.body_id == minutes.meeting.body_id and one.seat in VOTING_SEATS
    ]  # fmt: skip
    return min(held, key=lambda one: (one.is_alternate, one.id), default=None)
