"""The forms of the agreement and of requests for items."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import AnyOf, InputRequired, NumberRange
from wtforms.widgets import TextInput

from app.core.editing import choices
from app.core.forms import LANGUAGES, Form, OnceForm, line, paragraph
from app.forum.meetings.agenda_value import LIMITS
from app.forum.members.forms import SeatAnswerForm

MOST_MINUTES = 240
TITLE, LONG = 300, LIMITS["long"]
NO_REASON = _l("Say why you object: the committee and the secretariat read it.")


class ActForm(Form):
    """A button on a page that shows one version: the number of that version, so that no other is meant."""

    version = HiddenField()


class AnswerForm(ActForm, SeatAnswerForm):
    approves = _l("I approve this agenda")
    unreasoned = NO_REASON


class MinutesField(IntegerField):
    """A whole number; what was typed stays when it is not one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else None
        if self.data is None:
            raise ValueError(_("Enter a whole number of minutes."))


class AskForm(OnceForm):
    language = RadioField(_l("You write in"), choices=LANGUAGES, validators=[AnyOf(["fr", "en"], _l("Choose one."))])
    title = line(_l("Title of the item"), limit=TITLE, required=_l("Give the item a title."))
    text = paragraph(_l("What it is about"), limit=2000)
    reason = paragraph(
        _l("Why it should be on the agenda"), limit=2000, required=_l("Say why: the secretariat decides on it.")
    )
    minutes = MinutesField(
        _l("Minutes needed"),
        widget=TextInput(),
        validators=[
            InputRequired(_l("Enter a whole number of minutes.")),
            NumberRange(1, MOST_MINUTES, _l("Enter a number of minutes from 1 to 240.")),
        ],
    )


class DecideForm(Form):
    """`decision`: accept or refuse; the texts are those of the slot that an accepted item becomes."""

    decision = RadioField(
        _l("Your decision"),
        choices=choices({"accept": _l("Accept: it goes into the working copy"), "refuse": _l("Refuse")}),
        validators=[InputRequired(_l("Choose one."))],
    )
    title_fr = line(_l("Title in French"), limit=TITLE)
    title_en = line(_l("Title in English"), limit=TITLE)
    text_fr = paragraph(_l("Description in French"), limit=LONG)
    text_en = paragraph(_l("Description in English"), limit=LONG)
    day = SelectField(_l("Day of the agenda"), validate_choice=True)
    reason = paragraph(_l("What the person who asked will read"), limit=2000)
