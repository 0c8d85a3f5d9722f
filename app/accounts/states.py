"""The functions an account may hold, each between two dates."""

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
