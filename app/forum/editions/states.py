"""Why minutes were published once more, and on what ground something of them is kept from the public (D.11)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class EditionKind(StrEnum):
    """First; erratum: the adopted text was wrong; translation: only the English changed; redaction: the public reads
    less, or more, of the same adopted text."""

    FIRST = "first"
    ERRATUM = "erratum"
    TRANSLATION = "translation"
    REDACTION = "redaction"

    @property
    def label(self) -> Any:
        return KIND_LABELS[self]


KIND_LABELS = {
    EditionKind.FIRST: _l("First publication"),
    EditionKind.ERRATUM: _l("Erratum"),
    EditionKind.TRANSLATION: _l("English version"),
    EditionKind.REDACTION: _l("Public text changed"),
}


class NamesGround(StrEnum):
    """On what ground the published text names somebody (CRPA L312-1-2 and D312-1-3)."""

    FUNCTION = "function"
    CONSENT = "consent"
    CATEGORY = "category"

    @property
    def label(self) -> Any:
        return NAMES_LABELS[self]


NAMES_LABELS = {
    NamesGround.FUNCTION: _l("They spoke in their function"),
    NamesGround.CONSENT: _l("They agreed in writing"),
    NamesGround.CATEGORY: _l("The law lists this kind of document"),
}


@dataclass(frozen=True)
class Choices:
    """What the secretariat chooses when it publishes. `seen`: the digest of what it read, None when nobody read it.

    `english_due`: the day by which English follows, when French goes first.
    """

    names_ground: NamesGround | None = None
    english_due: date | None = None
    seen: str | None = None
