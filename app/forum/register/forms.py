"""Forms of the register: people, mandates, needs, import."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.core.days import DayField
from app.core.editing import EditForm, choices
from app.core.forms import Form, MailAddress, OnceForm, line, paragraph
from app.forum.members import queries as members
from app.forum.members.states import EndReason, Origin, SeatKind
from app.forum.organisations import queries as organisations
from app.forum.organisations.forms import Readable
from app.forum.organisations.models import Organisation
from app.forum.organisations.states import VOTING, College
from app.forum.register import queries


def _optional_id(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class PersonForm(OnceForm, EditForm):
    name = line(_l("Name"), limit=200, required=_l("Enter the name."), checks=(Readable(),))
    function_fr = line(_l("Function in French"), limit=300)
    function_en = line(_l("Function in English"), limit=300)
    contact_email = line(_l("Private e-mail address"), limit=320, checks=(Optional(), MailAddress()))


class AccountForm(Form):
    email = line(_l("Address of the account"), limit=320, required=_l("Enter the address of the account."))


class OrganisationName:
    """A name of the register, whatever the capitals and accents; `field.organisation` is the one it means."""

    def __call__(self, _form: Any, field: Any) -> None:
        field.organisation = None
        if not field.data:
            return
        found = organisations.named(field.data)
        if len(found) != 1:
            raise ValidationError(
                _("Several organisations have this name: write the one you mean in full.")
                if found
                else _("No organisation of the register has this name. Add it first.")
            )
        field.organisation = found[0]


class Count:
    """A small whole number, when one is given."""

    def __call__(self, _form: Any, field: Any) -> None:
        written = field.data or ""
        if written and not (written.isascii() and written.isdigit() and len(written) <= 3 and int(written) > 0):
            raise ValidationError(_l("Write a whole number, for example 2."))


def organisation_field() -> Any:
    return line(_l("Organisation"), limit=300, checks=(OrganisationName(),), render_kw={"list": "organisation-names"})


class TitleFields:
    """By what right somebody sits."""

    origin = SelectField(
        _l("How the seat was reached"),
        choices=choices({one.value: one.label for one in Origin}),
        validators=[InputRequired(_l("Choose how the seat was reached."))],
    )
    need = SelectField(_l("Need it answers"), coerce=_optional_id)
    reference = line(_l("Act or decision"), limit=500)

    def offer_needs(self) -> None:
        stated = {str(need.id): need.theme.text for need in members.needs()}
        self.need.choices = choices({"": _l("No need"), **stated})


class MandateForm(OnceForm, TitleFields):
    titular = SelectField(_l("Substitute of"), coerce=_optional_id)
    body = SelectField(_l("Body"), coerce=_optional_id)
    seat = SelectField(
        _l("Seat"),
        choices=choices({one.value: one.label for one in SeatKind}),
        default="member",
        validators=[InputRequired(_l("Choose a seat."))],
    )
    organisation = organisation_field()
    college = SelectField(
        _l("College"),
        choices=choices({"": _l("That of the organisation"), **{one.value: one.label for one in College}}),
    )
    seat_number = line(_l("Number of the seat"), limit=3, checks=(Count(),))
    starts_on = DayField(_l("First day"), required=_l("Enter the first day."))
    ends_on = DayField(_l("Last day of the term"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer_needs()
        bodies = {str(one.id): one.name.text for one in members.bodies()}
        self.body.choices = choices({"": _l("Choose a body"), **bodies})
        self.titulars = {one.id: one for one in queries.with_substitutes()}
        titulars = {str(one.id): _titular_label(one) for one in self.titulars.values()}
        self.titular.choices = choices({"": _l("Nobody: this is a full member"), **titulars})

    def validate_body(self, field: Any) -> None:
        if field.data is None and self.titular.data is None:
            raise ValidationError(_l("Choose a body."))

    def college_of(self, organisation: Organisation | None) -> College:
        if self.college.data:
            return College(self.college.data)
        return organisation.college if organisation is not None else College.EXPERT


def _titular_label(mandate: Any) -> str:
    who = [mandate.person.name if mandate.person else "—"]
    who += [mandate.organisation.name.text] if mandate.organisation else []
    return f"{', '.join(who)} ({mandate.body.name.text})"


class ReplaceForm(OnceForm, TitleFields):
    person = SelectField(
        _l("Who takes the seat over"), coerce=_optional_id, validators=[InputRequired(_l("Choose a person."))]
    )
    organisation = organisation_field()
    starts_on = DayField(_l("First day of the successor"), required=_l("Enter the first day."))
    ends_on = DayField(_l("Last day of the term"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer_needs()
        people = {str(one.id): one.name for one in queries.offered_people()}
        self.person.choices = choices({"": _l("Choose a person"), **people})


class EndForm(EditForm):
    last_day = DayField(_l("Last day in office"), required=_l("Enter the last day in office."))
    reason = RadioField(
        _l("Reason"),
        choices=choices({one.value: one.label for one in EndReason if one != EndReason.REPLACED}),
        validators=[InputRequired(_l("Choose a reason."))],
    )


class ExtendForm(EditForm):
    ends_on = DayField(_l("New last day of the term"), required=_l("Enter the new last day."))


class CorrectForm(EditForm, TitleFields):
    organisation = organisation_field()
    seat_number = line(_l("Number of the seat"), limit=3, checks=(Count(),))
    starts_on = DayField(_l("First day"), required=_l("Enter the first day."))
    ends_on = DayField(_l("Last day of the term"))
    sits_until = DayField(_l("Last day in office"))
    correction = line(_l("Why it is corrected"), limit=500, required=_l("Say why the mandate is corrected."))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer_needs()


class NeedForm(OnceForm, EditForm):
    body = SelectField(_l("Working group"), coerce=_optional_id)
    college = SelectField(
        _l("College"), choices=choices({one.value: one.label for one in College}), default=VOTING[1].value
    )
    theme_fr = line(_l("Theme in French"), limit=300, required=_l("Enter the theme in French."))
    theme_en = line(_l("Theme in English"), limit=300)
    profile_fr = paragraph(
        _l("Profile looked for, in French"), limit=5000, required=_l("Describe the profile in French.")
    )
    profile_en = paragraph(_l("Profile looked for, in English"), limit=5000)
    reason_fr = paragraph(_l("Why, in French"), limit=5000, required=_l("Say why in French."))
    reason_en = paragraph(_l("Why, in English"), limit=5000)

    def offer(self, bodies: Any, *, none: bool) -> None:
        """The bodies for which this person may speak."""
        free = {"": _l("No group: the secretariat states it")} if none else {}
        self.body.choices = choices({**free, **{str(one.id): one.name.text for one in bodies}})


class ImportForm(Form):
    file = FileField(_l("CSV file"), validators=[FileRequired(_l("Choose a file."))])


class ConfirmImportForm(OnceForm):
    """What was checked comes back with the button that stores it."""

    content = TextAreaField()
    confirmed = BooleanField()
