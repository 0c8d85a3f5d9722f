"""The forms of a working copy. Single values are checked by the rules of the agenda file (`reading`)."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
)
from wtforms import Form as Row
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.core import entry, i18n, text
from app.core.forms import Form, OnceForm, line, paragraph
from app.forum.meetings.agenda_value import LIMITS
from app.forum.meetings.states import MeetingMode, PersonRole, SlotKind

Data = dict[str, Any]
MOST_PEOPLE = 30  # in one form: a form may not send more than five hundred fields
NO = _l("Not specified")
ROLES = (PersonRole.SPEAKER, PersonRole.WELCOME, PersonRole.CHAIR, PersonRole.HOST)


def french(label: Any, limit: int, *, required: Any = None, long: bool = False) -> Any:
    make = paragraph if long else line
    return make(_l("%(text)s in French", text=label), limit=limit, required=required)


def english(label: Any, limit: int, *, long: bool = False) -> Any:
    return (paragraph if long else line)(_l("%(text)s in English", text=label), limit=limit)


def offers(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """The choices of a list: (value, label)."""
    return [SelectChoice(value, label) for value, label in pairs]


FORMATS = offers([("", NO), ("tour_de_table", _l("Round of statements"))])
MODES = offers((mode.value, mode.label) for mode in MeetingMode)


def several(label: Any, choices: list[tuple[str, Any]]) -> SelectMultipleField:
    return SelectMultipleField(
        label, choices=offers(choices), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class PersonRow(Row):
    role = SelectField(
        _l("Role"), validators=[InputRequired()], choices=offers((role.value, role.label) for role in ROLES)
    )
    name = line(_l("Name"), limit=LIMITS["name"])
    honorific = line(_l("Title before the name"), limit=LIMITS["name"])
    function_fr = french(_l("Function"), LIMITS["name"])
    function_en = english(_l("Function"), LIMITS["name"])
    place = line(_l("Place in the list"), limit=3)
    PROOF = ("name", "honorific", "function_fr", "function_en")


class QuestionRow(Row):
    fr = french(_l("Question"), LIMITS["long"], long=True)
    en = english(_l("Question"), LIMITS["long"], long=True)
    place = line(_l("Place in the list"), limit=3)
    PROOF = ("fr", "en")


class ReferenceRow(Row):
    title = line(_l("Title of the document"), limit=LIMITS["title"])
    url = line(_l("Web address"), limit=LIMITS["url"])
    PROOF = ("title", "url")


class OrganiserRow(Row):
    fr = french(_l("Organiser"), LIMITS["name"])
    en = english(_l("Organiser"), LIMITS["name"])
    PROOF = ("fr", "en")


class PartForm(Form):
    """`seen`: what the editor read, so that a change made meanwhile is noticed."""

    seen = HiddenField()

    def has_errors(self) -> bool:
        """Also those told to a row after the form was checked, which a list of rows does not see by itself."""
        for field in self:
            if isinstance(field, FieldList):
                field.errors = [row.errors for row in field if row.errors]
        return bool(self.errors)

    def with_room(self) -> "PartForm":
        """Each list with blank rows at its end for what is to be added."""
        for field in self:
            if isinstance(field, FieldList):
                for _row in range(2):
                    if len(field) < (field.max_entries or 0):
                        field.append_entry()
        return self

    @staticmethod
    def in_order(rows: Any) -> Iterable[Any]:
        """The rows that say something, by the place typed beside each; a place that is no number stays where it is."""
        filled = [row.form for row in rows if any(row.form[name].data for name in row.form.PROOF)]
        if not filled or "place" not in filled[0]:
            return filled
        return sorted(filled, key=lambda row: _place(row["place"].data))


def _place(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdigit() else 1000


class SlotForm(PartForm):
    kind = SelectField(
        _l("Kind"), validators=[InputRequired()], choices=offers((kind.value, kind.label) for kind in SlotKind)
    )
    number = line(_l("Number"), limit=6)
    start = line(_l("Start time"), limit=12)
    end = line(_l("End time"), limit=12)
    title_fr = french(_l("Title"), LIMITS["title"], required=_l("Enter the title in French."))
    title_en = english(_l("Title"), LIMITS["title"])
    description_fr = french(_l("Description"), LIMITS["long"], long=True)
    description_en = english(_l("Description"), LIMITS["long"], long=True)
    venue = SelectField(_l("Venue"))
    optional = BooleanField(_l("This slot is optional"))
    format = SelectField(
        _l("Form of the discussion"), choices=offers([("", NO), ("tour_de_table", _l("Round of statements"))])
    )
    speaking_time_minutes = line(_l("Speaking time for each, in minutes"), limit=6)
    people = FieldList(FormField(PersonRow), max_entries=MOST_PEOPLE + 2)
    questions = FieldList(FormField(QuestionRow), max_entries=LIMITS["list"] + 2)
    references = FieldList(FormField(ReferenceRow), max_entries=LIMITS["list"] + 2)
    note_fr = french(_l("Note"), LIMITS["long"], long=True)
    note_en = english(_l("Note"), LIMITS["long"], long=True)


class VenueForm(PartForm):
    room_fr = french(_l("Room"), LIMITS["name"])
    room_en = english(_l("Room"), LIMITS["name"])
    building_fr = french(_l("Building"), LIMITS["name"], required=_l("Enter the building in French."))
    building_en = english(_l("Building"), LIMITS["name"])
    address = line(_l("Address"), limit=LIMITS["name"], required=_l("Enter the address."))
    as_printed = line(_l("Address as printed in the original"), limit=LIMITS["name"])
    access_fr = french(_l("How to get in"), LIMITS["name"])
    access_en = english(_l("How to get in"), LIMITS["name"])


class HeadForm(PartForm):
    title_fr = french(_l("Title"), LIMITS["title"], required=_l("Enter the title in French."))
    title_en = english(_l("Title"), LIMITS["title"])
    theme_fr = french(_l("Theme"), LIMITS["title"])
    theme_en = english(_l("Theme"), LIMITS["title"])
    body = SelectField(_l("Body"))
    series_number = line(_l("Number in the series"), limit=6)
    first_day = line(_l("First day"), limit=20, required=_l("Enter the first day."))
    last_day = line(_l("Last day"), limit=20, required=_l("Enter the last day."))
    date_label_fr = french(_l("Dates as printed"), LIMITS["name"])
    date_label_en = english(_l("Dates as printed"), LIMITS["name"])
    timezone = line(_l("Time zone"), limit=60, required=_l("Enter a time zone, such as Europe/Paris."))
    mode = SelectField(_l("Mode"), validators=[InputRequired()], choices=MODES)
    place_fr = french(_l("Place"), LIMITS["name"])
    place_en = english(_l("Place"), LIMITS["name"])
    languages = several(_l("Working languages"), [])
    organisers = FieldList(FormField(OrganiserRow), max_entries=LIMITS["list"] + 2)
    chair_name = line(_l("Name"), limit=LIMITS["name"])
    chair_honorific = line(_l("Title before the name"), limit=LIMITS["name"])
    chair_function_fr = french(_l("Function"), LIMITS["name"])
    chair_function_en = english(_l("Function"), LIMITS["name"])
    chair_scope_fr = french(_l("What the chair covers"), LIMITS["name"])
    chair_scope_en = english(_l("What the chair covers"), LIMITS["name"])
    channels = several(
        _l("How to reach the organisers"),
        [("email", _l("by e-mail")), ("phone", _l("by telephone")), ("form", _l("by the contact form"))],
    )
    attached_to = SelectField(_l("Slot beside which the contact is printed"))
    introduction_fr = french(_l("Introduction"), text.MAX_SOURCE, long=True)
    introduction_en = english(_l("Introduction"), text.MAX_SOURCE, long=True)


class SplitForm(Form):
    seen = HiddenField()
    at = line(_l("Time at which the second half begins"), limit=12, required=_l("Enter a time."))


class DayForm(Form):
    day = line(_l("Day to add"), limit=20, required=_l("Enter a day."))


class FileForm(Form):
    file = FileField(_l("File of the agenda (.yaml, .yml or .csv)"), validators=[FileRequired(_l("Choose a file."))])


class TokenForm(Form):
    """A button whose effect is what the person saw: `shown` is a digest of it."""

    shown = HiddenField(validators=[DataRequired()])


class PublishForm(Form):
    """`reviewed`: the digest of what was read before the button; what changed since must be read again."""

    reviewed = HiddenField()
    reason_fr = french(_l("Reason shown to readers"), 500)
    reason_en = english(_l("Reason shown to readers"), 500)


class NewMeetingForm(OnceForm):
    title_fr = french(_l("Title"), LIMITS["title"], required=_l("Enter the title in French."))
    title_en = english(_l("Title"), LIMITS["title"])
    body = SelectField(_l("Body"))
    series_number = line(_l("Number in the series"), limit=6)
    first_day = line(_l("First day"), limit=20, required=_l("Enter the first day."))
    last_day = line(_l("Last day"), limit=20)
    mode = RadioField(
        _l("Mode"),
        choices=MODES,
        default=MeetingMode.IN_PERSON.value,
    )
    like = SelectField(_l("Take the agenda of a previous meeting"))


# -- what a form is filled with --------------------------------------------------------------------------------------


def _two(data: Data, *names: str) -> dict[str, str]:
    return {f"{name}_{lang}": (data[name] or {}).get(lang) or "" for name in names for lang in ("fr", "en")}


def _person(data: Data, role: str) -> dict[str, str]:
    return {"role": role, "name": data["name"], "honorific": data["honorific"] or "", **_two(data, "function")}


def slot_values(data: Data) -> Data:
    """The texts of a slot's form."""
    people = [_person(data[role], role) for role in ("chair", "host") if data[role]]
    people += [_person(one, one["role"]) for one in data["speakers"]]
    rows = {"people": people, "questions": [_texts(one) for one in data["questions"]]}
    placed = {name: [{**one, "place": str(n)} for n, one in enumerate(held, 1)] for name, held in rows.items()}
    single = ("kind", "number", "start", "end", "venue", "format", "speaking_time_minutes")
    return {
        **{name: str(data[name] or "") for name in single},
        **_two(data, "title", "description", "note"),
        "optional": data["optional"],
        **placed,
        "references": [_texts(one) for one in data["references"]],
    }


def _texts(data: Data) -> dict[str, str]:
    return {name: value or "" for name, value in data.items()}


def venue_values(data: Data) -> Data:
    return {**_two(data, "room", "building", "access"), "address": data["address"], "as_printed": data["as_printed"]}


def head_values(data: Data) -> Data:
    chair, contact = data["meeting_chair"], data["contact"] or {}
    values = {
        **_two(data, "title", "theme", "date_label", "place", "introduction"),
        **{name: str(data[name] or "") for name in ("body", "series_number", "timezone", "mode")},
        **{name: entry.shown(data[name]) for name in ("first_day", "last_day")},
        "languages": data["languages"],
        "organisers": [_texts(one) for one in data["organisers"]],
        "channels": contact.get("channels", []),
        "attached_to": contact.get("attached_to") or "",
    }
    if chair:
        named = {"name": chair["name"], "honorific": chair["honorific"] or "", **_two(chair, "function", "scope")}
        values |= {f"chair_{name}": value for name, value in named.items()}
    return values


def flat(values: Data) -> "MultiDict[str, str]":
    """Values as a browser would send them, for a form that is filled by us and checked as if typed."""
    sent: MultiDict[str, str] = MultiDict()
    for name, value in values.items():
        if isinstance(value, bool):
            if value:
                sent.add(name, "y")
        elif isinstance(value, list):
            for number, one in enumerate(value):
                if isinstance(one, dict):
                    for key, inner in one.items():
                        sent.add(f"{name}-{number}-{key}", inner)
                else:
                    sent.add(name, one)
        else:
            sent.add(name, value or "")
    return sent


def body_choices(bodies: Iterable[Any]) -> list[SelectChoice]:
    outside = ("", _l("An outside meeting that the Forum follows"))
    return offers([outside, *((str(one.id), one.name.text) for one in bodies)])


def language_choices(held: Iterable[str]) -> list[SelectChoice]:
    codes = dict.fromkeys(["fr", "en", "de", "es", "it", "pt", *held])
    return offers((code, i18n.languages([code])) for code in codes)
