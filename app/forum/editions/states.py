"""Why minutes were published once more, and on what ground something of them is kept from the public (D.11)."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class EditionKind(Labelled):
    """First; erratum: the adopted text was wrong; translation: only the English changed; redaction: the public reads
    less, or more, of the same adopted text."""

    FIRST = "first", _l("First publication")
    ERRATUM = "erratum", _l("Erratum")
    TRANSLATION = "translation", _l("English version")
    REDACTION = "redaction", _l("Public text changed")


class NamesGround(Labelled):
    """On what ground the published text names somebody (CRPA L312-1-2 and D312-1-3)."""

    FUNCTION = "function", _l("They spoke in their function")
    CONSENT = "consent", _l("They agreed in writing")
    CATEGORY = "category", _l("The law lists this kind of document")


@dataclass(frozen=True)
class Choices:
    """What the secretariat chooses when it publishes. `seen`: the digest of what it read, None when nobody read it.

    `english_due`: the day by which English follows, when French goes first.
    """

    names_ground: NamesGround | None = None
    english_due: date | None = None
    seen: str | None = None
