"""What every form shares: text that both engines accept, and the key that makes a submission happen once."""

from datetime import date, datetime, time
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError
from wtforms.widgets import FileInput, TextInput

from app.core import entry, i18n, once, text
from app.core.errors import MESSAGES, Refused, undo

LANGUAGES = [SelectChoice(lang, i18n.own_name(lang)) for lang in i18n.LANGUAGES]
"""The choice of a language, each in its own words, for radio buttons."""


class CleanText:
    """Refuses control characters and direction overrides with a message; the field keeps the rest of what was typed."""

    def __call__(self, _form: Any, field: Any) -> None:
        found = text.fault(field.data or "")
        if found is None:
            return
        field.data = text.BIDI.sub("", text.CONTROL.sub("", field.data))
        if found == "control":
            raise ValidationError(
                _l("This text holds characters that cannot be stored. They were removed: check and send again.")
            )
        raise ValidationError(
            _l(
                "This text holds characters that reverse the reading direction. "
                "They were removed: check and send again."
            )
        )


class OneLine:
    """Refuses a line break where one line is expected: it would forge lines in a mail or a list (H19)."""

    def __call__(self, _form: Any, field: Any) -> None:
        if "\n" in (field.data or ""):
            field.data = field.data.replace("\n", " ")
            raise ValidationError(
                _l("This text must be on one line. The line breaks were removed: check and send again.")
            )


class AtMost:
    """A limit in characters, printed as the page's language writes numbers."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, _form: Any, field: Any) -> None:
        if len(field.data or "") > self.limit:
            raise ValidationError(_("Use %(limit)s characters or fewer.", limit=i18n.number(self.limit)))


class MailAddress:
    """An address that ordinary mail can reach; a domain with accents is kept in its ASCII form."""

    def __call__(self, _form: Any, field: Any) -> None:
        try:
            found = validate_email(field.data or "", check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError as fault:
            raise ValidationError(_l("Enter an address such as name@example.org.")) from fault
        field.data = found.ascii_email


def line(label: Any, *, limit: int, required: Any = None, checks: tuple[Any, ...] = (), **options: Any) -> StringField:
    """One line of text. `required`: the message when it is empty; `checks`: what else it must satisfy."""
    rules = [*_rules(limit, required), OneLine(), *checks]
    return StringField(label, filters=[text.tidy], validators=rules, **options)


def paragraph(label: Any, *, limit: int, required: Any = None, **options: Any) -> TextAreaField:
    return TextAreaField(label, filters=[text.tidy], validators=_rules(limit, required), **options)


def _rules(limit: int, required: Any) -> list[Any]:
    presence = [DataRequired(required)] if required else []
    return [CleanText(), *presence, AtMost(limit)]


class DayField(DateField):
    """A day from 1990 to 2100, sent by a browser as 2027-03-28 or typed as 28/03/2027 (H24); `data` is a date."""

    FORMATS = ("%Y-%m-%d", "%d/%m/%Y")

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = _day(typed, self.FORMATS) if typed else None
        if typed and self.data is None:
            raise ValueError(_("Enter a day between 1990 and 2100, such as 28/03/2027."))


def _day(typed: str, formats: tuple[str, ...]) -> date | None:
    for pattern in formats if typed.isascii() and len(typed) <= 10 else ():
        try:
            found = datetime.strptime(typed, pattern).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
        return found if 1990 <= found.year <= 2100 else None
    return None


def day(label: Any, *, required: Any = None, **options: Any) -> DayField:
    """One day. `required`: the message when it is empty."""
    return DayField(label, validators=[InputRequired(required)] if required else [Optional()], **options)


class HourField(StringField):
    """A local hour, typed as 14:30, 14 h 30 or 2.30 pm; `data` is a time. What was typed stays when it is not one."""

    widget = TextInput()
    data: Any

    def _value(self) -> str:
        return f"{self.data:%H:%M}" if isinstance(self.data, time) else str(self.data or "")

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        found = entry.hour(typed) if len(typed) <= 12 else None
        self.data = time.fromisoformat(found) if found else (text.CONTROL.sub("", typed)[:40] or None)
        if typed and found is None:
            raise ValueError(_("Enter an hour such as 14:30."))


def hour(label: Any, *, required: Any = None, **options: Any) -> HourField:
    """One hour. `required`: the message when it is empty."""
    return HourField(label, validators=[InputRequired(required)] if required else [Optional()], **options)


class ChosenFile(FileField):
    """One file; what it may be is said and checked by `core.files`. A browser never keeps it for a second try."""

    widget = FileInput()
    errors: Any

    def ask_again(self) -> None:
        """Say, beside the other errors of a form, that the file must be chosen anew."""
        if self.data and not self.errors:
            self.errors = [_("Choose the file again: a browser does not keep it from one try to the next.")]


class OwnKey:
    """A key that we did not make is refused and replaced, so that the form can be sent again."""

    def __call__(self, _form: Any, field: Any) -> None:
        if not once.KEY.fullmatch(field.data or ""):
            field.data = once.new_key()
            raise ValidationError(MESSAGES[400][1])


WORDS = {
    "Not a valid choice.": _l("Choose one of the answers of the list."),
    "Invalid Choice: could not coerce.": _l("Choose one of the answers of the list."),
    "'%(value)s' is not a valid choice for this field.": _l("Choose one of the answers of the list."),
    "This field is required.": _l("This answer is needed."),
}
"""What the library of forms says by itself, in words that tell what to do."""


class Words:
    """Our words for the messages of the library; its own translations for the rest."""

    def __init__(self, others: Any) -> None:
        self.others = others

    def gettext(self, message: str) -> str:
        return str(WORDS[message]) if message in WORDS else str(self.others.gettext(message))

    def ngettext(self, one: str, several: str, number: int) -> str:
        return str(self.others.ngettext(one, several, number))


class Form(FlaskForm):
    """A form of the portal."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return Words(super().get_translations(form))

    def refuse(self, refusal: Refused) -> None:
        """Show a service's refusal at its field, or above the form. What the service had begun is undone."""
        undo()
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors.append(refusal.message)
        else:
            field.errors = [*field.errors, refusal.message]


class OnceForm(Form):
    """A form that creates something: the same submission twice is one thing."""

    once = HiddenField(default=once.new_key, validators=[OwnKey()])
