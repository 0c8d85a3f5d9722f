"""Who cuts decisions out of minutes and follows them; who reads them before their minutes are public (D.11)."""

from typing import Any

from app.accounts.policy import is_secretariat
from app.forum.decisions.models import Action, Decision
from app.forum.minutes import policy as minutes


def can_write(viewer: Any) -> bool:
    """Cut out, follow, withdraw: the secretariat, which writes the minutes."""
    return is_secretariat(viewer)


def can_read(viewer: Any, one: Decision | Action) -> bool:
    """Everyone once published; before, whoever reads its minutes. What was withdrawn stays with the secretariat."""
    if can_write(viewer):
        return True
    if one.status == "withdrawn":
        return False
    return one.is_public or minutes.can_read(viewer, one.minutes)


def is_sealed(one: Decision | Action) -> bool:
    """Whether its French can no longer change: its minutes are being adopted, adopted or public, or it is withdrawn."""
    return one.status == "withdrawn" or one.minutes.is_public or not one.minutes.french_is_open


def can_withhold(one: Decision | Action) -> bool:
    """Whether it is adopted: before, the wording itself is changed."""
    return one.status != "withdrawn" and (one.minutes.is_public or one.minutes.adopted_on is not None)
