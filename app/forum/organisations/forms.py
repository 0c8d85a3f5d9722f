"""Forms of organisations."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired, ValidationError

from app.core import names
from app.core.days import DayField
from app.core.editing import EditForm, choices
from app.core.forms import OnceForm, line
from app.forum.organisations import identifiers
from app.forum.organisations.details import Details
from app.forum.organisations.states import College


class Readable:
    """A name has letters or figures, and no letter under a heap of signs (H08, H11)."""

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data and not names.key(field.data):
            raise ValidationError(_l("Enter a name with letters or figures."))
        if field.data and names.is_overloaded(field.data):
            raise ValidationError(_l("This name has letters with too many signs on them: write it plainly."))


class Identifier:
    """A SIREN, RNA or web address is checked when it is given, and stored in one form."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.data:
            return
        found = getattr(identifiers, self.kind)(field.data)
        if found is None:
            raise ValidationError(identifiers.wrong(self.kind))
        field.data = found


class OrganisationForm(OnceForm, EditForm):
    name_fr = line(_l("Name in French"), limit=300, required=_l("Enter the name in French."), checks=(Readable(),))
    name_en = line(_l("Name in English"), limit=300, checks=(Readable(),))
    acronym = line(_l("Acronym"), limit=40, checks=(Readable(),))
    college = RadioField(
        _l("College"),
        choices=choices({one.value: one.label for one in College}),
        validators=[InputRequired(_l("Choose a college."))],
    )
    siren = line(_l("SIREN"), limit=40, checks=(Identifier("siren"),))
    rna = line(_l("RNA"), limit=40, checks=(Identifier("rna"),))
    website = line(_l("Web site"), limit=500, checks=(Identifier("website"),))
    distinct = BooleanField(_l("It is another organisation: save it all the same"))

    @property
    def details(self) -> Details:
        return Details(
            name=(self.name_fr.data, self.name_en.data or None),
            college=College(self.college.data),
            acronym=self.acronym.data or None,
            siren=self.siren.data or None,
            rna=self.rna.data or None,
            website=self.website.data or None,
        )


class AliasForm(OnceForm):
    label = line(_l("Other name"), limit=300, required=_l("Enter the other name."), checks=(Readable(),))
    lang = RadioField(
        _l("Language of this name"), choices=choices({"fr": _l("French"), "en": _l("English")}), default="fr"
    )
    valid_from = DayField(_l("First day"))
    valid_until = DayField(_l("Last day"))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.valid_from.day and self.valid_until.day and self.valid_until.day < self.valid_from.day:
            self.valid_until.errors = [_l("The last day comes before the first.")]
            return False
        return True


class MergeForm(EditForm):
    """`version` is that of the organisation that will be merged."""

    into = line(
        _l("Organisation that is kept"),
        limit=300,
        required=_l("Enter the name of the organisation that is kept."),
        render_kw={"list": "organisation-names"},
    )
    confirmed = BooleanField(_l("I have read what moves: merge"))
