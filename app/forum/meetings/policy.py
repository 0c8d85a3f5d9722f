"""Who may read and change a meeting."""

from typing import Any

from app.accounts import policy as accounts
from app.forum.meetings.models import Meeting


def can_read(viewer: Any, meeting: Meeting) -> bool:
    return meeting.is_announced or accounts.is_secretariat(viewer)


def can_edit(viewer: Any, _meeting: Meeting | None = None) -> bool:
    return accounts.is_secretariat(viewer)


def can_attach(viewer: Any, _meeting: Meeting | None = None) -> bool:
    """Add, describe, replace, move and remove the documents of a meeting."""
    return accounts.is_secretariat(viewer)


def can_read_agenda(viewer: Any, meeting: Meeting) -> bool:
    """An announced meeting shows its agenda once it is published."""
    return meeting.agenda_is_public or accounts.is_secretariat(viewer)


def can_prepare(viewer: Any, _meeting: Meeting | None = None) -> bool:
    """Its checklist, its hours, its phase: announced, held, postponed, cancelled."""
    return accounts.is_secretariat(viewer)
