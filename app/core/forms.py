"""What every form shares: text that both engines accept, and the key that makes a submission happen once."""
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from app.core import once, text
from app.core.errors import MESSAGES


class CleanText:
    """Refuses control characters and direction overrides with a message; the field keeps what was typed without them."""

    def __call__(self, _form: Any, field: Any) -> None:
        found = text.fault(field.data or "")
        if found is None:
            return
        field.data = text.BIDI.sub("", text.CONTROL.sub("", field.data))
        if found == "control":
            raise ValidationError(_l("This text holds characters that cannot be stored. They were removed: check and send again."))
        raise ValidationError(_l("This text holds characters that reverse the reading direction. They were removed: check and send again."))


def line(label: Any, *, limit: int, required: Any = None, **options: Any) -> StringField:
    """One line of text. `required`: the message when it is empty."""
    return StringField(label, filters=[text.tidy], validators=_rules(limit, required), **options)


def paragraph(label: Any, *, limit: int, required: Any = None, **options: Any) -> TextAreaField:
    return TextAreaField(label, filters=[text.tidy], validators=_rules(limit, required), **options)


def _rules(limit: int, required: Any) -> list[Any]:
    presence = [DataRequired(required)] if required else []
    return [CleanText(), *presence, Length(max=limit, message=_l("Use %(max)d characters or fewer."))]


class OwnKey:
    """A key that we did not make is refused and replaced, so that the form can be sent again."""

    def __call__(self, _form: Any, field: Any) -> None:
        if not once.KEY.fullmatch(field.data or ""):
            field.data = once.new_key()
            raise ValidationError(MESSAGES[400][1])


class Form(FlaskForm):
    """A form of the portal."""


class OnceForm(Form):
    """A form that creates something: the same submission twice is one thing."""

    once = HiddenField(default=once.new_key, validators=[OwnKey()])
