"""The forms of corrections and of the adoption."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from app.core import text
from app.core.editing import choices
from app.core.forms import Form, OnceForm, paragraph
from app.forum.members.forms import LONG, SeatAnswerForm

NO_REASON = _l("Say why you object: the members of the body and the secretariat read it.")
ACCEPT, AS_IS, REFUSE = "accept", "as_is", "refuse"
DECISIONS = {
    ACCEPT: _l("Accept: put the text below instead of the paragraph"),
    AS_IS: _l("Accept without replacing anything: I have changed the text myself"),
    REFUSE: _l("Refuse the correction"),
}


class ProposeForm(OnceForm):
    """`quoted`: the paragraph as it was when the form was shown."""

    quoted = StringField(widget=HiddenInput(), filters=[text.tidy])
    proposed = paragraph(_l("The paragraph as you propose it"), limit=text.MAX_SOURCE)
    reason = paragraph(_l("Why it should be corrected"), limit=LONG, required=_l("Say why: it is read with the text."))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.proposed.flags.required = True  # left empty, it says something too

    def is_stale(self, source: str) -> bool:
        """True when the paragraph was changed since; the next submission then knows how it reads now."""
        now = text.tidy(source)
        if self.quoted.data == now:
            return False
        self.quoted.data = now
        self.form_errors.append(
            _("This paragraph was changed while you were writing. Nothing of yours is lost: read it again below.")
        )
        return True

    def close(self) -> None:
        """Nothing is taken any more: what was typed is given back."""
        self.form_errors.append(
            _("Corrections to these minutes are closed: nothing was recorded. What you typed is still below.")
        )


class DecideForm(Form):
    """`decision`: what becomes of the correction; `text`: what is written in the end, if the paragraph is replaced."""

    decision = RadioField(
        _l("Your decision"), choices=choices(DECISIONS), validators=[InputRequired(_l("Choose one."))]
    )
    text = paragraph(_l("The text to put"), limit=text.MAX_SOURCE)
    answer = paragraph(_l("What the person who proposed it will read"), limit=LONG)


class ConsentForm(SeatAnswerForm):
    """`procedure`: the number of the procedure that is answered, so that no other is meant."""

    procedure = HiddenField()
    approves = _l("I approve these minutes")
    unreasoned = NO_REASON


class StopForm(Form):
    procedure = HiddenField()


class AdoptForm(Form):
    """`meeting`: the number of the meeting that adopted; `seen`: the digest of the French that was on the page."""

    seen = HiddenField()
    meeting = RadioField(
        _l("The meeting that adopted these minutes"), validators=[InputRequired(_l("Choose the meeting."))]
    )
