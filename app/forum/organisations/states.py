"""The colleges of the Forum (A.2, E.1)."""

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class College(Labelled):
    """Government and civil society count and vote; observers and experts speak in an advisory capacity."""

    GOVERNMENT = "government", _l("Government actors")
    CIVIL_SOCIETY = "civil_society", _l("Organised civil society")
    OBSERVER = "observer", _l("Observers")
    EXPERT = "expert", _l("Experts")

    @property
    def has_vote(self) -> bool:
        return self in VOTING


VOTING = (College.GOVERNMENT, College.CIVIL_SOCIETY)
