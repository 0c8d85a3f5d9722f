"""Who convenes, who reads what of a convocation."""

from typing import Any

from app.accounts import policy as accounts
from app.forum.meetings.models import Meeting
from app.forum.meetings.policy import can_prepare
from app.forum.meetings.states import MeetingPhase


def can_convene(viewer: Any, meeting: Meeting | None = None) -> bool:
    """Convene, tell what changes, put off, cancel, restore: the secretariat."""
    return can_prepare(viewer, meeting)


def can_read_ledger(viewer: Any) -> bool:
    """Who was told, and where: the recipients of a letter are never public."""
    return accounts.is_secretariat(viewer)


def can_connect(viewer: Any, meeting: Meeting, *, is_told: bool) -> bool:
    """Read where to connect: whoever is convened, while the meeting stands."""
    return bool(viewer.is_authenticated and is_told and not meeting.is_off and meeting.phase == MeetingPhase.CONVENED)
