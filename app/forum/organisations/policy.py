"""Who may change the list of organisations; everyone may read it."""

from typing import Any

from app.accounts import policy as accounts


def can_edit(viewer: Any) -> bool:
    return accounts.is_secretariat(viewer)
