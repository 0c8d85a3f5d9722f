"""The functions an account may hold, where an account stands, and what a link sent by mail is good for."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class FunctionKind(StrEnum):
    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"
    ELECTORAL_BOARD = "electoral_board"

    @property
    def label(self) -> Any:
        return LABELS[self]


LABELS = {
    FunctionKind.SECRETARIAT: _l("Secretariat"),
    FunctionKind.ADMINISTRATOR: _l("Administrator"),
    FunctionKind.ELECTORAL_BOARD: _l("Electoral board"),
}


class AccountState(StrEnum):
    """Told by the account's own columns, never stored."""

    INVITED = "invited"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> Any:
        return STATE_LABELS[self]


STATE_LABELS = {
    AccountState.INVITED: _l("Invited"),
    AccountState.OPEN: _l("Open account"),
    AccountState.CLOSED: _l("Closed account"),
}


class TokenPurpose(StrEnum):
    """What the link of a mail lets its reader do, once (S25)."""

    VERIFICATION = "verification"
    RESET = "reset"
    INVITATION = "invitation"
    EMAIL_CHANGE = "email_change"
    EMAIL_UNDO = "email_undo"

    @property
    def life(self) -> timedelta:
        """How long the link works, from the moment its mail is written."""
        return LIVES[self]


LIVES = {
    TokenPurpose.VERIFICATION: timedelta(hours=24),
    TokenPurpose.RESET: timedelta(hours=1),
    TokenPurpose.INVITATION: timedelta(days=7),
    TokenPurpose.EMAIL_CHANGE: timedelta(hours=24),
    TokenPurpose.EMAIL_UNDO: timedelta(days=7),
}
