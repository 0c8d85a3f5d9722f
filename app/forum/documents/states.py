"""Kinds of documents (A.17), as each room comes to publish them; who may read one; the language it is in."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class DocumentKind(StrEnum):
    AGENDA = "agenda"
    MINUTES = "minutes"
    BACKGROUND_PAPER = "background_paper"
    REPORT_BACK = "report_back"
    BOOKLET = "booklet"
    DATASET = "dataset"
    DECISION = "decision"

    @property
    def label(self) -> Any:
        return LABELS[self]

    @property
    def plural(self) -> Any:
        return PLURALS[self]


class AccessLevel(StrEnum):
    """Each level includes the secretariat. `body`: those who sit today in the body that the document belongs to."""

    PUBLIC = "public"
    MEMBERS = "members"
    BODY = "body"
    SECRETARIAT = "secretariat"

    @property
    def label(self) -> Any:
        return LEVEL_LABELS[self]


class DocumentLanguage(StrEnum):
    """The one language of a file; a translation is a second file, linked to the first."""

    FRENCH = "fr"
    ENGLISH = "en"
    BOTH = "mul"

    @property
    def label(self) -> Any:
        return LANGUAGE_LABELS[self]


LABELS = {
    DocumentKind.AGENDA: _l("Agenda"),
    DocumentKind.MINUTES: _l("Minutes of a meeting"),
    DocumentKind.BACKGROUND_PAPER: _l("Background paper"),
    DocumentKind.REPORT_BACK: _l("Report-back"),
    DocumentKind.BOOKLET: _l("Participant’s booklet"),
    DocumentKind.DATASET: _l("Dataset"),
    DocumentKind.DECISION: _l("Decision"),
}
PLURALS = {
    DocumentKind.AGENDA: _l("Agendas"),
    DocumentKind.MINUTES: _l("Minutes of meetings"),
    DocumentKind.BACKGROUND_PAPER: _l("Background papers"),
    DocumentKind.REPORT_BACK: _l("Report-backs"),
    DocumentKind.BOOKLET: _l("Participant’s booklets"),
    DocumentKind.DATASET: _l("Datasets"),
    DocumentKind.DECISION: _l("Decisions"),
}
LEVEL_LABELS = {
    AccessLevel.PUBLIC: _l("Everyone"),
    AccessLevel.MEMBERS: _l("Members of the Forum"),
    AccessLevel.BODY: _l("Those who sit in the body that meets"),
    AccessLevel.SECRETARIAT: _l("The secretariat only"),
}
LANGUAGE_LABELS = {
    DocumentLanguage.FRENCH: _l("French"),
    DocumentLanguage.ENGLISH: _l("English"),
    DocumentLanguage.BOTH: _l("French and English"),
}
