"""The forms of the attendance sheet."""

from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, HiddenField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from app.core import forms
from app.core.editing import EditForm, choices
from app.core.forms import day, hour, line
from app.forum.meetings.models import Meeting
from app.forum.sheets import hours, reading, sitting
from app.forum.sheets.correction import Correction, Hours
from app.forum.sheets.models import AttendanceLine
from app.forum.sheets.states import MOST_GUESTS, MOST_STAYS, LineState, Mode


def typed_instant(field: Any, on: date, at: time, zone: str, known: list[datetime] | None = None) -> datetime | None:
    """The instant of a typed hour; an hour that the clocks jumped over is an error of the field.

    `known`: those stored, of which one that shows the same hour stays as it is, with its seconds.
    """
    try:
        return hours.stored(on, at, zone, known or []) or hours.instant(on, at, zone)
    except hours.NoSuchHour:
        field.errors = [*field.errors, _("This hour does not exist on that day: the clocks go forward.")]
        return None


class StayForm(Form):
    """One stay; all its fields empty, it is none."""

    day = day(_l("Day"))
    substitute = SelectField(_l("Who came"))
    mode = SelectField(_l("How"), choices=choices({one.value: one.label for one in Mode}))
    arrived = hour(_l("Arrival time"))
    left_day = forms.day(_l("Day of departure"))
    left = hour(_l("Departure time"))

    def read(self, meeting: Meeting, arrivals: list[datetime], departures: list[datetime]) -> Hours | None:
        """None when it is empty or wrong: `errors` tells which. `arrivals`, `departures`: the instants stored."""
        if self.arrived.data is None and self.left.data is None:
            return None
        if self.arrived.data is None:
            self.arrived.errors = [*self.arrived.errors, _("Give the arrival too.")]
            return None
        on = self.day.data or meeting.first_day
        until = self.left_day.data or on
        for field, one in ((self.day, on), (self.left_day, until)):
            if not meeting.first_day <= one <= meeting.last_day:
                field.errors = [*field.errors, _("This day is not one of the days of the meeting.")]
                return None
        zone = meeting.timezone
        arrived = typed_instant(self.arrived, on, self.arrived.data, zone, arrivals)
        left = typed_instant(self.left, until, self.left.data, zone, departures) if self.left.data else None
        if arrived is None or self.left.errors:
            return None
        who = int(self.substitute.data) if self.substitute.data else None
        return Hours(Mode(self.mode.data), arrived, left, who)


class TimesForm(EditForm):
    """Everything that a line says."""

    state = SelectField(_l("If the person did not come"))
    stays = FieldList(FormField(StayForm), max_entries=MOST_STAYS + 1)  # an empty one to add one
    recused = SelectMultipleField(
        _l("Recused for"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False), coerce=int
    )

    def offer(self, row: AttendanceLine, items: dict[int, str]) -> None:
        """What can be chosen for this line."""
        away = (LineState.EXPECTED, LineState.EXCUSED, LineState.ABSENT)
        self.state.choices = choices({one.value: one.label for one in away})
        known = {one.attended_by_id for one in row.stays}
        offered = {one.id for one in sitting.substitutes(row.mandate, row.sheet.meeting)} | known
        people = {"": reading.name_of(row.mandate)}
        for one in row.mandate.alternates:
            if one.id in offered:
                people[str(one.id)] = _("%(name)s, substitute", name=reading.name_of(one))
        for stay in self.stays:
            stay.form.substitute.choices = choices(people)
        self.recused.choices = choices({str(key): title for key, title in items.items()})

    def read(self, meeting: Meeting, row: AttendanceLine) -> Correction | None:
        """None when a row of hours is wrong. Hours that were not changed keep their seconds."""
        arrivals = [one.arrived_at for one in row.stays]
        departures = [one.left_at for one in row.stays if one.left_at is not None]
        found = [one.form.read(meeting, arrivals, departures) for one in self.stays]
        if any(one.form.errors for one in self.stays):
            return None
        return Correction(
            LineState(self.state.data),
            [one for one in found if one is not None],
            frozenset(self.recused.data or ()),
        )


class ItemForm(EditForm):
    day = day(_l("Day"))
    opened = hour(_l("Opened"))
    closed = hour(_l("Ended"))


class CloseForm(forms.Form):
    day = day(_l("Day of the end"), required=_l("Enter the day."))
    ended = hour(_l("End of the meeting"), required=_l("Enter the hour at which the meeting ended."))


class ReopenForm(forms.Form):
    reason = line(_l("Reason"), limit=500, required=_l("Give the reason: it stays with the sheet."))


class GuestsForm(forms.Form):
    guests = IntegerField(
        _l("Guests and public"),
        validators=[InputRequired(_l("Enter a number.")), NumberRange(0, MOST_GUESTS)],
        widget=TextInput(),
    )


class ArriveForm(forms.Form):
    """The keyboard: the beginning of a name, then Enter."""

    q = line(_l("Name or organisation"), limit=100)
    act = HiddenField()
