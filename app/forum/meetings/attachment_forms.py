"""The forms of a meeting's documents."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from app.core.forms import ChosenFile, OnceForm, line, paragraph
from app.forum.documents.states import AccessLevel, DocumentKind, DocumentLanguage
from app.forum.meetings import attachment_queries as queries
from app.forum.meetings.attachment_service import Description
from app.forum.meetings.models import Attachment, Meeting

TITLE, REASON = 300, 500
PAGES = (DocumentKind.AGENDA, DocumentKind.MINUTES, DocumentKind.DECISION)
KINDS = [kind for kind in DocumentKind if kind not in PAGES]


class FileForm(OnceForm):
    """Declared first: errors are listed in the order of the page."""

    file = ChosenFile(_l("File"), validators=[InputRequired(_l("Choose a file."))])


class DescriptionForm(OnceForm):
    """What is said of a document. `version`: of the text that was on the page when it was opened."""

    title_fr = line(_l("Title in French"), limit=TITLE, required=_l("Enter a title in French."))
    title_en = line(_l("Title in English"), limit=TITLE)
    kind = SelectField(_l("Kind of document"), validators=[InputRequired()])
    language = SelectField(_l("Language of the file"), validators=[InputRequired(_l("Choose a language."))])
    access = SelectField(_l("Who may read it"), validators=[InputRequired(_l("Choose who may read it."))])
    place = SelectField(_l("Where it is shown"))
    translation_of = SelectField(_l("It is the translation of"))
    version = HiddenField()

    def __init__(self, meeting: Meeting, attachment: Attachment | None = None, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [SelectChoice(one.value, one.label) for one in KINDS]
        self.language.choices = [SelectChoice("", _("Choose a language")), *_labels(DocumentLanguage)]
        levels = [one for one in AccessLevel if one != AccessLevel.BODY or meeting.body_id is not None]
        self.access.choices = [SelectChoice("", _("Choose who may read it")), *_labels(levels)]
        slots = [slot for day in meeting.days for slot in day.slots]
        self.place.choices = [SelectChoice("", _("With the whole meeting"))] + [
            SelectChoice(str(slot.id), slot.title.text) for slot in slots
        ]
        self.translation_of.choices = [SelectChoice("", _("It is not a translation"))] + [
            SelectChoice(str(one.document_id), one.document.title.text)
            for one in queries.of_meeting(meeting)
            if one is not attachment and one.document.translation_of_id is None and one.document.withdrawn_at is None
        ]

    @property
    def said(self) -> Description:
        return Description(
            title=(self.title_fr.data, self.title_en.data or None),
            kind=DocumentKind(self.kind.data),
            language=DocumentLanguage(self.language.data),
            access=AccessLevel(self.access.data),
            slot_id=int(self.place.data) if self.place.data else None,
            translation_of_id=int(self.translation_of.data) if self.translation_of.data else None,
        )


def _labels(values: Any) -> list[SelectChoice]:
    return [SelectChoice(one.value, one.label) for one in values]


class AttachmentForm(FileForm, DescriptionForm):
    """A new document: its file, then what is said of it."""


class EditionForm(OnceForm):
    file = ChosenFile(_l("New version of the file"), validators=[InputRequired(_l("Choose a file."))])


class RemovalForm(OnceForm):
    reason_fr = paragraph(_l("Reason in French"), limit=REASON, required=_l("Say why, in French."))
    reason_en = paragraph(_l("Reason in English"), limit=REASON)


def values_of(attachment: Attachment) -> dict[str, Any]:
    """A document as its form shows it."""
    document = attachment.document
    return {
        "title_fr": document.title_fr,
        "title_en": document.title_en,
        "kind": document.kind.value,
        "language": document.language.value if document.language else "",
        "access": document.access.value,
        "place": str(attachment.slot_id or ""),
        "translation_of": str(document.translation_of_id or ""),
        "version": str(document.version),
    }
