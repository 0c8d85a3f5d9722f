"""Who may edit agendas: whoever may edit the meeting."""

from typing import Any

from app.forum.meetings.models import Meeting
from app.forum.meetings.policy import can_edit

__all__ = ["can_edit", "needs_reason"]


def needs_reason(meeting: Meeting, today: Any) -> bool:
    """A past agenda that is public is corrected only with a reason that readers see."""
    return meeting.agenda_is_public and meeting.last_day < today
