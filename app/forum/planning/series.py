"""Meetings created ahead: the days of a year, what they will be, and their creation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock, clock_change, i18n
from app.core.access import authorize
from app.core.errors import IllegalMove, Refused
from app.forum.agendas import service as agendas
from app.forum.meetings import agenda_data, phases
from app.forum.meetings import service as meetings
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingMode, MeetingPhase
from app.forum.members.models import Body
from app.forum.planning import layout, policy, queries, standing, title_pattern, working_days
from app.forum.planning.models import MeetingTemplate

Pair = tuple[str, str | None]

audit.declare("meeting_template.used", "year", "meetings")


class Changed(IllegalMove):
    """Somebody planned, moved or cancelled a meeting of the body and year since they were read (409)."""


@dataclass(frozen=True)
class Planned:
    """A meeting that will be created. `doubt`: what speaks against its day."""

    day: date
    number: int
    title: Pair
    doubt: Any = None


def months(template: MeetingTemplate, year: int) -> list[int]:
    """Those of the template, or those that follow the body's last meeting at its rhythm."""
    if template.every_months is None:
        return sorted(template.months)
    last = queries.last_before(template.body_id, year)
    ahead = (last.year - year) * 12 + last.month if last is not None else 1 - template.every_months
    while ahead < 1:
        ahead += template.every_months
    return list(range(ahead, 13, template.every_months))


def proposals(template: MeetingTemplate, year: int) -> list[tuple[int, date | None]]:
    """(month, its best day) for each meeting of the year."""
    return working_days.propose(year, months(template, year), template.weekday)


def outline(template: MeetingTemplate, days: Sequence[date], first_number: int) -> list[Planned]:
    """What would be created, numbered in the order of the days."""
    return [
        Planned(day, number, _title(template, number, day), working_days.why_avoided(day))
        for number, day in enumerate(sorted(days), first_number)
    ]


def _title(template: MeetingTemplate, number: int, day: date) -> Pair:
    french = title_pattern.filled(template.title_fr, number=number, day=day)
    return str(french), title_pattern.filled(template.title_en, number=number, day=day)


def check(template: MeetingTemplate, year: int, days: Sequence[date], first_number: int) -> None:
    """Raises `Refused`, also when the body already meets on one of the days."""
    if not days:
        raise Refused("days", _("Keep at least one meeting, with its day."))
    if len(set(days)) < len(days):
        raise Refused("days", _("The same day comes twice: change one of the two."))
    taken = {one.first_day for one in queries.meetings_of(template.body_id, year) if not _is_cancelled(one)}
    for day in days:
        _check_day(template, year, day, taken)
    if queries.taken_numbers(template.body_id, range(first_number, first_number + len(days))):
        raise Refused("first_number", _("A meeting of this body already has one of these numbers."))


def _is_cancelled(meeting: Meeting) -> bool:
    return meeting.phase == MeetingPhase.CANCELLED


def _check_day(template: MeetingTemplate, year: int, day: date, taken: set[date]) -> None:
    shown = i18n.weekday_day(day)
    if day.year != year:
        raise Refused("days", _("%(day)s is not in %(year)s.", day=shown, year=year))
    if day < clock.today():
        raise Refused("days", _("%(day)s has passed.", day=shown))
    if day in taken:
        raise Refused("days", _("This body already meets on %(day)s.", day=shown))
    if clock_change.is_missing(day, template.starts, clock.PARIS):
        raise Refused("days", _("On %(day)s, the clocks go forward over the start of the meeting.", day=shown))


def create(
    actor: Any, template: MeetingTemplate, year: int, days: Sequence[date], *, first_number: int, seen: str
) -> list[Meeting]:
    """The meetings of a year, each with its working copy. `seen`: what the actor read of those that exist.

    The body is held: of two who plan the same year at once, the second is told of the first one's meetings. Raises
    `Refused`, `Changed`.
    """
    authorize(policy.can_plan(actor))
    queries.hold_body(template.body_id)
    if queries.seen(queries.meetings_of(template.body_id, year)) != seen:
        raise Changed(f"meetings of body {template.body_id} in {year}")
    check(template, year, days, first_number)
    made = [
        from_template(actor, template, one.day, one.number, one.title) for one in outline(template, days, first_number)
    ]
    audit.record(actor, "meeting_template.used", template, year=year, meetings=len(made))
    return made


def from_template(actor: Any, template: MeetingTemplate, day: date, number: int, title: Pair) -> Meeting:
    hours = template.starts, template.ends
    return make(
        actor, template.body, day, number=number, title=title, mode=template.mode, hours=hours,
        languages=tuple(template.languages), place=(template.place_fr, template.place_en), slots=template.slots,
    )  # fmt: skip


def make(
    actor: Any,
    body: Body,
    day: date,
    *,
    number: int,
    title: Pair,
    mode: MeetingMode,
    hours: tuple[time, time | None],
    languages: tuple[str, ...] = ("fr",),
    place: tuple[str | None, str | None] = (None, None),
    slots: Sequence[dict[str, Any]] = (),
) -> Meeting:
    """A planned meeting of one day with its working copy: fixed slots, lines that come back, hours."""
    authorize(policy.can_plan(actor))
    meeting = meetings.create(
        actor, title=title, first_day=day, last_day=day, body=body, series_number=number, mode=mode,
        languages=languages or ("fr",),
    )  # fmt: skip
    data = agenda_data.of(meeting)
    data["meeting"]["place"] = {"fr": place[0], "en": place[1]} if place[0] else None
    data["days"] = [{"date": day, "slots": layout.slots(slots, standing.lines(meeting), hours[0])}]
    meetings.replace_agenda(actor, meeting, data)
    phases.arrange(actor, meeting, starts=hours[0], ends=hours[1], remote_link=None)
    agendas.begin(actor, meeting)
    return meeting
