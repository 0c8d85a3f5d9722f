"""Who writes minutes, and who reads them before they are public: unfinished documents are nobody else's (D.11)."""

from typing import Any

from app.accounts.policy import is_secretariat
from app.forum.members import policy as members
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import MinutesStatus


def can_write(viewer: Any, _minutes: Minutes | None = None) -> bool:
    """Draft, translate, circulate, publish: the secretariat, which convenes and answers for the record (A6-1)."""
    return is_secretariat(viewer)


def can_read(viewer: Any, minutes: Minutes) -> bool:
    """Everyone once published; from the circulation on, those who sit in the body, who were there and will adopt."""
    if minutes.is_public or can_write(viewer):
        return True
    if minutes.status == MinutesStatus.DRAFT or minutes.meeting.body is None:
        return False
    return members.sits_in(viewer, minutes.meeting.body)
