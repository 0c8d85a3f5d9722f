"""The functions an account may hold, where an account stands, and what a link sent by mail is good for."""

from datetime import timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class FunctionKind(Labelled):
    SECRETARIAT = "secretariat", _l("Secretariat")
    ADMINISTRATOR = "administrator", _l("Administrator")
    ELECTORAL_BOARD = "electoral_board", _l("Electoral board")


class AccountState(Labelled):
    """Told by the account's own columns, never stored."""

    INVITED = "invited", _l("Invited")
    OPEN = "open", _l("Open account")
    CLOSED = "closed", _l("Closed account")


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
