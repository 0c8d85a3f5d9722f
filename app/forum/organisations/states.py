"""The colleges of the Forum (A.2, E.1)."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class College(StrEnum):
    """Government and civil society count and vote; observers and experts speak in an advisory capacity."""

    GOVERNMENT = "government"
    CIVIL_SOCIETY = "civil_society"
    OBSERVER = "observer"
    EXPERT = "expert"

    @property
    def label(self) -> Any:
        return LABELS[self]

    @property
    def has_vote(self) -> bool:
        return self in VOTING


VOTING = (College.GOVERNMENT, College.CIVIL_SOCIETY)
LABELS = {
    College.GOVERNMENT: _l("Government actors"),
    College.CIVIL_SOCIETY: _l("Organised civil society"),
    College.OBSERVER: _l("Observers"),
    College.EXPERT: _l("Experts"),
}
