"""The bodies of the Forum (A.2, A.5)."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class BodyKind(StrEnum):
    PLENARY = "plenary"
    MANAGEMENT_COMMITTEE = "management_committee"
    WORKING_GROUP = "working_group"

    @property
    def label(self) -> Any:
        return LABELS[self]


LABELS = {
    BodyKind.PLENARY: _l("Plenary assembly"),
    BodyKind.MANAGEMENT_COMMITTEE: _l("Management committee"),
    BodyKind.WORKING_GROUP: _l("Working group"),
}
