"""The forms of templates, of series and of polls."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
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
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.core import i18n
from app.core.editing import EditForm
from app.core.forms import Form, OnceForm, day, hour, line
from app.forum.meetings.agenda_value import LIMITS
from app.forum.meetings.states import MeetingMode, SlotKind
from app.forum.planning import layout, title_pattern
from app.forum.planning.models import DatePoll, MeetingTemplate
from app.forum.planning.states import MOST_DATES, Choice

Data = dict[str, Any]
MOST_LINES, MOST_MINUTES, MOST_MEETINGS, BLANK_DATES = 30, 600, 12, 4
LANGUAGES = ("fr", "en")


def offers(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """The choices of a list: (value, label)."""
    return [SelectChoice(value, label) for value, label in pairs]


MODES = offers((mode.value, mode.label) for mode in MeetingMode if mode != MeetingMode.WRITTEN)
KINDS = offers((kind.value, kind.label) for kind in SlotKind)


class Whole:
    """A whole number between two bounds, when something is typed."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, _form: Any, field: Any) -> None:
        typed = field.data or ""
        if typed and not (typed.isascii() and typed.isdigit() and self.least <= int(typed) <= self.most):
            message = _("Enter a whole number from %(least)s to %(most)s.", least=self.least, most=self.most)
            raise ValidationError(message)


def number(field: Any) -> int | None:
    return int(field.data) if field.data else None


def several(label: Any, choices: list[SelectChoice]) -> SelectMultipleField:
    return SelectMultipleField(
        label, choices=choices, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class KnownPlaces:
    def __call__(self, _form: Any, field: Any) -> None:
        if title_pattern.has_unknown_place(field.data or ""):
            raise ValidationError(_("Between braces, write only {number}, {year} or {quarter}."))


class Named:
    """A line that says something has a French title."""

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data and (form.title_en.data or form.minutes.data):
            raise ValidationError(_("Enter the title in French."))


class LineRow(Row):
    """One line of a template."""

    title_fr = line(_l("Title in French"), limit=LIMITS["title"], checks=(Named(),))
    title_en = line(_l("Title in English"), limit=LIMITS["title"])
    kind = SelectField(_l("Kind"), validators=[InputRequired()], choices=KINDS, default=SlotKind.SESSION.value)
    minutes = line(_l("Length in minutes"), limit=4, checks=(Whole(1, MOST_MINUTES),))


class TemplateForm(EditForm):
    body = SelectField(_l("Body"), validators=[InputRequired()])
    title_fr = line(
        _l("Title in French"), limit=title_pattern.LONGEST, required=_l("Enter the title in French."),
        checks=(KnownPlaces(),),
    )  # fmt: skip
    title_en = line(_l("Title in English"), limit=title_pattern.LONGEST, checks=(KnownPlaces(),))
    mode = SelectField(_l("Mode"), validators=[InputRequired()], choices=MODES)
    starts = hour(_l("Start time"), required=_l("Enter the hour at which the meeting starts."))
    ends = hour(_l("End time"))
    place_fr = line(_l("Place in French"), limit=LIMITS["name"])
    place_en = line(_l("Place in English"), limit=LIMITS["name"])
    languages = several(_l("Working languages"), [])
    months = several(_l("Months in which a meeting is held"), [])
    every_months = line(_l("Or else, months from one meeting to the next"), limit=2, checks=(Whole(1, 12),))
    weekday = SelectField(_l("Day of the week"))
    is_active = BooleanField(_l("In use: offered when meetings are planned"), default=True)
    slots = FieldList(FormField(LineRow), max_entries=MOST_LINES)

    def offer(self, bodies: Iterable[Any]) -> None:
        """Choices in the reader's language."""
        self.body.choices = offers((str(one.id), one.name.text) for one in bodies)
        self.languages.choices = offers((code, i18n.languages([code])) for code in LANGUAGES)
        self.months.choices = offers((str(n), i18n.month_name(n)) for n in range(1, 13))
        weekdays = [(str(n), i18n.weekday_name(n)) for n in range(5)]
        self.weekday.choices = offers([("", _l("Tuesday to Thursday")), *weekdays])

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if good and bool(self.months.data) == bool(self.every_months.data):
            self.months.errors = [_("Choose months, or else say how many go from one meeting to the next.")]
            good = False
        if good and self.ends.data is not None and self.ends.data <= self.starts.data:
            self.ends.errors = [_("The end comes after the start.")]
            good = False
        return good and self._fits()

    def _fits(self) -> bool:
        begins = self.starts.data.hour * 60 + self.starts.data.minute
        if begins + layout.lasts(self.lines) < layout.DAY:
            return True
        self.starts.errors = [_("The lines of the agenda would end after midnight.")]
        return False

    @property
    def lines(self) -> list[Data]:
        """What is stored: the lines that say something."""
        rows = [row.form for row in self.slots if row.form.title_fr.data]
        return [
            {
                "kind": row.kind.data,
                "title": {"fr": row.title_fr.data, "en": row.title_en.data or None},
                "minutes": number(row.minutes),
            }
            for row in rows
        ]

    @property
    def values(self) -> Data:
        return {
            "title": (self.title_fr.data, self.title_en.data or None),
            "place": (self.place_fr.data or None, self.place_en.data or None),
            "mode": MeetingMode(self.mode.data),
            "starts": self.starts.data,
            "ends": self.ends.data,
            "languages": list(self.languages.data or []) or ["fr"],
            "months": sorted(int(one) for one in self.months.data or []),
            "every_months": number(self.every_months),
            "weekday": int(self.weekday.data) if self.weekday.data else None,
            "slots": self.lines,
            "is_active": bool(self.is_active.data),
        }

    def rearrange(self, act: str) -> bool:
        """Do what a button of the list says (add, up-2, down-2, remove-2); False when it is none of them."""
        word, _dash, typed = act.partition("-")
        rows = [row.data for row in self.slots]
        if act == "add":
            rows.append({})
        elif word not in ("up", "down", "remove") or not (typed.isascii() and typed.isdigit() and len(typed) < 3):
            return False
        else:
            _shuffle(rows, word, int(typed))
        self._put(rows[:MOST_LINES])
        return True

    def _put(self, rows: Sequence[Data]) -> None:
        while self.slots.entries:
            self.slots.pop_entry()
        for row in rows:
            self.slots.append_entry(row or None)


def _shuffle(rows: list[Data], word: str, place: int) -> None:
    if place >= len(rows):
        return
    row = rows.pop(place)
    if word != "remove":
        rows.insert(max(0, place + (1 if word == "down" else -1)), row)


class NewTemplateForm(TemplateForm, OnceForm):
    """The first time."""


def stored(template: MeetingTemplate) -> Data:
    """A template as its form holds it."""
    return {
        "body": str(template.body_id),
        "title_fr": template.title_fr,
        "title_en": template.title_en or "",
        "mode": template.mode.value,
        "starts": template.starts,
        "ends": template.ends,
        "place_fr": template.place_fr or "",
        "place_en": template.place_en or "",
        "languages": list(template.languages),
        "months": [str(one) for one in template.months],
        "every_months": str(template.every_months or ""),
        "weekday": "" if template.weekday is None else str(template.weekday),
        "is_active": template.is_active,
        "version": str(template.version),
        "slots": [
            {
                "title_fr": one["title"]["fr"],
                "title_en": one["title"]["en"] or "",
                "kind": one["kind"],
                "minutes": str(one["minutes"] or ""),
            }
            for one in template.slots
        ],
    }


# -- series ------------------------------------------------------------------------------------------------------------
class PlanRow(Row):
    keep = BooleanField(_l("Create this meeting"))
    day = day(_l("Day"))


class PlanForm(OnceForm):
    """`seen`: the meetings of the year that the editor read."""

    seen = HiddenField()
    first_number = line(
        _l("Number of the first meeting"), limit=6, required=_l("Enter the number of the first meeting."),
        checks=(Whole(1, LIMITS["number"]),),
    )  # fmt: skip
    rows = FieldList(FormField(PlanRow), max_entries=MOST_MEETINGS)

    @property
    def days(self) -> list[Any]:
        return [row.form.day.data for row in self.rows if row.form.keep.data and row.form.day.data]

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        for row in self.rows:
            if row.form.keep.data and not row.form.day.data and not row.form.day.errors:
                row.form.day.errors = [_("Enter the day of this meeting, or leave it out.")]
                good = False
        self.rows.errors = [row.errors for row in self.rows if row.errors]
        return good


# -- polls -------------------------------------------------------------------------------------------------------------
class DateRow(Row):
    day = day(_l("Day"))
    starts = hour(_l("Start time"))
    ends = hour(_l("End time"))

    @property
    def is_blank(self) -> bool:
        return not any(self[name].data or self[name].errors for name in ("day", "starts", "ends"))


class PollForm(OnceForm):
    body = SelectField(_l("Body"), validators=[InputRequired()])
    title_fr = line(_l("Title in French"), limit=LIMITS["title"])
    title_en = line(_l("Title in English"), limit=LIMITS["title"])
    template = SelectField(_l("Template that fills the agenda"))
    mode = SelectField(_l("Mode"), validators=[InputRequired()], choices=MODES)
    closes_on = day(_l("Last day of answers"), required=_l("Enter the last day of answers."))
    options = FieldList(FormField(DateRow), max_entries=MOST_DATES + 1)  # one too many is refused, not dropped

    def offer(self, bodies: Iterable[Any], templates: Iterable[MeetingTemplate]) -> None:
        self.body.choices = offers((str(one.id), one.name.text) for one in bodies)
        named = [(str(one.id), f"{one.body.name.text} – {one.title.text}") for one in templates]
        self.template.choices = offers([("", _l("Without a template")), *named])

    def with_room(self) -> "PollForm":
        """A few blank rows at the end, for more dates."""
        wanted = sum(not row.form.is_blank for row in self.options) + BLANK_DATES
        while len(self.options) < min(wanted, MOST_DATES):
            self.options.append_entry()
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        for row in self.options:
            for name in ("day", "starts", "ends") if not row.form.is_blank else ():
                if not row.form[name].data and not row.form[name].errors:
                    row.form[name].errors = [_("Say the day, the start and the end of each date.")]
                    good = False
        self.options.errors = [row.errors for row in self.options if row.errors]
        return good

    @property
    def dates(self) -> list[tuple[Any, Any, Any]]:
        rows = [row.form for row in self.options if not row.form.is_blank]
        return [(row.day.data, row.starts.data, row.ends.data) for row in rows]


CHOICES = offers((choice.value, choice.label) for choice in Choice)


class AnswerForm(Form):
    """One group of choices for each date of a poll; made by `answer_form`."""

    def choices(self, mandate_id: int, poll: DatePoll) -> dict[int, Choice]:
        return {option.id: Choice(self[name_of(mandate_id, option.id)].data) for option in poll.options}


def name_of(mandate_id: int, option_id: int) -> str:
    return f"seat_{mandate_id}_date_{option_id}"


def answer_form(poll: DatePoll, mandate_id: int, given: dict[tuple[int, int], Any]) -> AnswerForm:
    """The form of one seat, with what it has answered so far."""

    class Asked(AnswerForm):
        pass

    for option in poll.options:
        known = given.get((mandate_id, option.id))
        required = InputRequired(_l("Answer for this date."))
        default = known.choice.value if known is not None else None
        field = RadioField(when(option), choices=CHOICES, validators=[required], default=default)
        setattr(Asked, name_of(mandate_id, option.id), field)
    return Asked()


def when(option: Any) -> str:
    """A date in words: Tuesday 12 January 2027, 09:30 – 12:00."""
    return f"{i18n.weekday_day(option.day)}, {i18n.clock_range(option.starts, option.ends)}"


class ReasonForm(Form):
    reason_fr = line(_l("Reason in French"), limit=500, required=_l("Give the reason: those who were asked read it."))
    reason_en = line(_l("Reason in English"), limit=500)
