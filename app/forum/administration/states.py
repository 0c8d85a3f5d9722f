"""Who decides on a rule, and what has become of a dated value."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class Decider(StrEnum):
    """The function printed beside a change; never a name (D.4)."""

    PLENARY = "plenary"
    COMMITTEE = "management_committee"
    COCHAIRS = "co_chairs"
    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> Any:
        return DECIDERS[self]


class ValueState(StrEnum):
    """Derived from the dates; nothing of it is stored."""

    TO_COME = "to_come"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Any:
        return VALUES[self]

    @property
    def tone(self) -> str:
        return {"to_come": "ochre", "in_force": "green"}.get(self.value, "neutral")


DECIDERS = {
    Decider.PLENARY: _l("Plenary assembly"),
    Decider.COMMITTEE: _l("Management committee"),
    Decider.COCHAIRS: _l("Co-chairs"),
    Decider.SECRETARIAT: _l("Secretariat"),
    Decider.ADMINISTRATOR: _l("Administrator"),
}
VALUES = {
    ValueState.TO_COME: _l("to come"),
    ValueState.IN_FORCE: _l("in force"),
    ValueState.REPLACED: _l("replaced"),
    ValueState.WITHDRAWN: _l("withdrawn"),
}
