"""The forms of minutes in preparation: their head, one text, a section, a vote, the circulation."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import TextInput

from app.core import text
from app.core.editing import EditForm, choices
from app.core.forms import Form, OnceForm, day, line, paragraph
from app.forum.counting.resolutions import Side

SHORT, LONG = 500, 5000


class HeadForm(EditForm):
    chair = line(_l("Chaired by"), limit=300)
    secretary = line(_l("Minutes taken by"), limit=300)
    summary_fr = paragraph(_l("Summary in French"), limit=LONG)
    summary_en = paragraph(_l("Summary in English"), limit=LONG)
    plain_fr = paragraph(_l("In plain language, in French"), limit=LONG)
    plain_en = paragraph(_l("In plain language, in English"), limit=LONG)
    recording_url = line(_l("Address of the recording"), limit=500)
    english_due = day(_l("Day by which the English will be there"))

    def validate_summary_en(self, field: Any) -> None:
        if field.data and not self.summary_fr.data:
            raise ValidationError(_("Write the French text first."))

    def validate_plain_en(self, field: Any) -> None:
        if field.data and not self.plain_fr.data:
            raise ValidationError(_("Write the French text first."))


class TextForm(Form):
    """`base`: the version of the text that its writer read, 0 when there was none."""

    base = HiddenField()
    source = paragraph(_l("Text"), limit=text.MAX_SOURCE)
    is_reviewed = BooleanField(_l("This text has been read again: it can leave the secretariat"))

    @property
    def base_number(self) -> int:
        typed = self.base.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else 0


class SectionForm(OnceForm):
    title_fr = line(_l("Title in French"), limit=SHORT, required=_l("Give the section a title in French."))
    title_en = line(_l("Title in English"), limit=SHORT)


class RenameForm(EditForm):
    title_fr = line(_l("Title in French"), limit=SHORT, required=_l("Give the section a title in French."))
    title_en = line(_l("Title in English"), limit=SHORT)


class CountField(IntegerField):
    """A whole number of votes; what was typed stays when it is not one."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else None
        if typed and self.data is None:
            raise ValueError(_("Enter a whole number of votes."))


def _count(label: Any, *, required: bool = True) -> CountField:
    asked = InputRequired(_l("Enter a whole number of votes.")) if required else Optional()
    return CountField(label, validators=[asked])


class VoteForm(OnceForm):
    question_fr = line(_l("Question, in French"), limit=SHORT, required=_l("Write the question that was put."))
    question_en = line(_l("Question, in English"), limit=SHORT)
    in_favour = _count(_l("Votes for"))
    against = _count(_l("Votes against"))
    abstaining = _count(_l("Abstentions"))
    silent = _count(_l("Present or represented, who did not vote"))
    members = _count(_l("Members who could vote"))
    casting = RadioField(
        _l("Casting vote of the chair"),
        choices=choices(
            {
                "": _l("No casting vote"),
                Side.FOR.value: _l("For the resolution"),
                Side.AGAINST.value: _l("Against the resolution"),
            }
        ),
        default="",
    )


class CirculateForm(OnceForm):
    until = day(_l("Last day to propose a correction"), required=_l("Give the last day to propose a correction."))


class ActForm(Form):
    """A button alone."""
