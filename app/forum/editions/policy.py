"""Who publishes editions of minutes, and who reads the whole text where the public reads less."""

from typing import Any

from app.accounts.policy import is_secretariat
from app.forum.members import policy as members
from app.forum.minutes.models import Minutes


def can_publish(viewer: Any, _minutes: Minutes | None = None) -> bool:
    """Publish, correct, keep something back: the secretariat, which answers for the record (A6-1)."""
    return is_secretariat(viewer)


def can_read_whole(viewer: Any, minutes: Minutes) -> bool:
    """Those who adopted the text, and the secretariat; for anyone else what is withheld does not exist."""
    if is_secretariat(viewer):
        return True
    body = minutes.meeting.body
    return bool(viewer.is_authenticated and body is not None and members.sits_in(viewer, body))
