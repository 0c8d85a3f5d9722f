"""Kinds of documents (A.17), as each room comes to publish them; who may read one; the language it is in."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class DocumentKind(Labelled):
    AGENDA = "agenda", _l("Agenda")
    MINUTES = "minutes", _l("Minutes of a meeting")
    BACKGROUND_PAPER = "background_paper", _l("Background paper")
    REPORT_BACK = "report_back", _l("Report-back")
    BOOKLET = "booklet", _l("Participant’s booklet")
    DATASET = "dataset", _l("Dataset")
    DECISION = "decision", _l("Decision")

    @property
    def plural(self) -> Any:
        return PLURALS[self]


class AccessLevel(Labelled):
    """Each level includes the secretariat. `body`: those who sit today in the body that the document belongs to."""

    PUBLIC = "public", _l("Everyone")
    MEMBERS = "members", _l("Members of the Forum")
    BODY = "body", _l("Those who sit in the body that meets")
    SECRETARIAT = "secretariat", _l("The secretariat only")


class DocumentLanguage(Labelled):
    """The one language of a file; a translation is a second file, linked to the first."""

    FRENCH = "fr", _l("French")
    ENGLISH = "en", _l("English")
    BOTH = "mul", _l("French and English")


PLURALS = {
    DocumentKind.AGENDA: _l("Agendas"),
    DocumentKind.MINUTES: _l("Minutes of meetings"),
    DocumentKind.BACKGROUND_PAPER: _l("Background papers"),
    DocumentKind.REPORT_BACK: _l("Report-backs"),
    DocumentKind.BOOKLET: _l("Participant’s booklets"),
    DocumentKind.DATASET: _l("Datasets"),
    DocumentKind.DECISION: _l("Decisions"),
}
