"""Who may handle what concerns one person."""

from typing import Any

from app.accounts.policy import is_administrator, is_secretariat


def can_handle(viewer: Any) -> bool:
    """The secretariat answers people; the administrators stand in for it. A command on the server may too."""
    return is_secretariat(viewer) or is_administrator(viewer)
