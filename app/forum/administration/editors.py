"""How each kind of rule is typed in a form: its fields, what they show first, the value they make."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.core import forms, i18n, text
from app.core.rule_kinds import Choice, Day, Kind, Line, Mail, Number, Pair, Seats, Several, YesNo

BLANKS = str.maketrans("", "", f" {i18n.NBSP}{i18n.NARROW}")
YES, NO = "yes", "no"
LIST_FIELD = "value_several"


class Whole:
    """A whole number within bounds, as people type it: 1 000 is a thousand, 1.5 and NaN are refused (H23)."""

    def __init__(self, kind: Number) -> None:
        self.kind = kind

    def __call__(self, _form: Any, field: Any) -> None:
        number = whole(field.data)
        if number is None or not self.kind.least <= number <= self.kind.most:
            raise ValidationError(
                _(
                    "Enter a whole number from %(least)s to %(most)s.",
                    least=i18n.number(self.kind.least),
                    most=i18n.number(self.kind.most),
                )
            )


def whole(typed: str | None) -> int | None:
    digits = (typed or "").translate(BLANKS)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None


def _number(label: Any, kind: Number) -> StringField:
    checks = [forms.CleanText(), InputRequired(_l("Enter a number.")), Whole(kind)]
    return StringField(label, filters=[text.tidy], validators=checks)


def _radios(label: Any, words: dict[str, Any]) -> RadioField:
    choices = [SelectChoice(value, word) for value, word in words.items()]
    return RadioField(label, choices=choices, validators=[InputRequired(_l("Choose one of the answers."))])


def _checkboxes(label: Any, words: dict[str, Any]) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        choices=[SelectChoice(value, word) for value, word in words.items()],
        option_widget=CheckboxInput(),
        widget=ListWidget(),
        validators=[InputRequired(_l("Choose one answer or more."))],
    )


def fields(kind: Kind, label: Any) -> dict[str, Any]:
    """The fields of a value, by name; every name begins with `value`."""
    match kind:
        case Number():
            return {"value": _number(label, kind)}
        case Choice():
            return {"value": _radios(label, dict(kind.words))}
        case YesNo():
            return {"value": _radios(label, {YES: _l("Yes"), NO: _l("No")})}
        case Several():
            return {LIST_FIELD: _checkboxes(label, dict(kind.words))}
        case Seats():
            bounds = Number(kind.least, kind.most)
            return {f"value_{side}": _number(word, bounds) for side, word in kind.words.items()}
        case Day():
            return {"value": forms.day(label)}
        case Mail():
            return {"value": forms.line(label, limit=320, checks=(PerhapsAddress(),))}
        case Line():
            return {"value": forms.line(label, limit=kind.limit)}
        case Pair():
            make = forms.paragraph if kind.lines else forms.line
            required = {"required": _l("Write the French text.")}
            return {
                "value_fr": make(_l("In French"), limit=kind.limit, **required),
                "value_en": make(_l("In English"), limit=kind.limit),
            }
    raise TypeError(type(kind))


class PerhapsAddress(forms.MailAddress):
    """An address, or nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data:
            super().__call__(form, field)


def shown(kind: Kind, value: Any) -> dict[str, Any]:
    """What the fields hold when the form is opened."""
    match kind:
        case YesNo():
            return {"value": YES if value else NO}
        case Several():
            return {LIST_FIELD: value}
        case Seats():
            return {f"value_{side}": str(value[side]) for side in kind.words}
        case Day():
            return {"value": date.fromisoformat(value) if value else None}
        case Pair():
            return {"value_fr": value["fr"], "value_en": value["en"]}
    return {"value": str(value)}


def typed(kind: Kind, form: Any) -> Any:
    """The value of a form that was checked, in the shape that the rule stores."""
    match kind:
        case Number():
            return whole(form.value.data)
        case YesNo():
            return form.value.data == YES
        case Several():
            return form[LIST_FIELD].data
        case Seats():
            return {side: whole(form[f"value_{side}"].data) for side in kind.words}
        case Day():
            return form.value.data.isoformat() if form.value.data else ""
        case Pair():
            return {"fr": form.value_fr.data, "en": form.value_en.data or None}
    return form.value.data or ""
