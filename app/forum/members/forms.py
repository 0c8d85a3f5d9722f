"""What the forms share by which a seat answers a text."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired, ValidationError

from app.core.editing import choices
from app.core.forms import Form, paragraph
from app.forum.members.states import Consent

LONG = 2000


class SeatAnswerForm(Form):
    """`approves`: the words of the first choice. `unreasoned`: what is said of an objection without a reason."""

    approves: Any
    unreasoned: Any

    answer = RadioField(_l("Your answer"), validators=[InputRequired(_l("Choose an answer."))])
    reason = paragraph(_l("Reason of an objection"), limit=LONG)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.answer.choices = choices(
            {Consent.APPROVE.value: self.approves, Consent.OBJECT.value: _l("I object, for the reason below")}
        )

    def validate_reason(self, field: Any) -> None:
        if self.answer.data == Consent.OBJECT and not field.data:
            raise ValidationError(self.unreasoned)
