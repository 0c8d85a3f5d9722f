"""Who decides on a rule, and what has become of a dated value."""

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class Decider(Labelled):
    """The function printed beside a change; never a name (D.4)."""

    PLENARY = "plenary", _l("Plenary assembly")
    COMMITTEE = "management_committee", _l("Management committee")
    COCHAIRS = "co_chairs", _l("Co-chairs")
    SECRETARIAT = "secretariat", _l("Secretariat")
    ADMINISTRATOR = "administrator", _l("Administrator")


class ValueState(Labelled):
    """Derived from the dates; nothing of it is stored."""

    TO_COME = "to_come", _l("to come"), "ochre"
    IN_FORCE = "in_force", _l("in force"), "green"
    REPLACED = "replaced", _l("replaced")
    WITHDRAWN = "withdrawn", _l("withdrawn")
