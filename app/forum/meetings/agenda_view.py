"""An agenda as a reader meets it: day by day, each slot with its venue and its people. No database, no Flask."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.forum.meetings.states import PersonRole

PAIRS = {
    "meeting": ("title", "theme", "place", "date_label", "introduction"),
    "venue": ("room", "building", "access"),
    "slot": ("title", "description"),
    "person": ("function", "scope"),
}


@dataclass(frozen=True)
class SlotView:
    """`with_address`: the slot is not where the one before was, so its address is printed."""

    slot: Any
    venue: Any
    chair: Any
    host: Any
    speakers: list[Any]
    with_address: bool


@dataclass(frozen=True)
class DayView:
    """`is_extra`: every slot of the day is optional, or the day lies outside the announced range (A.20 #27)."""

    day: date
    slots: list[SlotView]
    is_extra: bool


def days(meeting: Any) -> list[DayView]:
    venues = {venue.id: venue for venue in meeting.venues}
    people: dict[int | None, list[Any]] = {}
    for person in meeting.people:
        people.setdefault(person.slot_id, []).append(person)
    return [
        DayView(
            agenda_day.day,
            _slots(agenda_day.slots, venues, people),
            is_extra=not meeting.first_day <= agenda_day.day <= meeting.last_day
            or bool(agenda_day.slots)
            and all(slot.is_optional for slot in agenda_day.slots),
        )
        for agenda_day in meeting.days
    ]


def _slots(slots: list[Any], venues: dict[int, Any], people: dict[int | None, list[Any]]) -> list[SlotView]:
    views, address = [], None
    for slot in slots:
        venue = venues.get(slot.venue_id)
        views.append(
            _slot(slot, venue, people.get(slot.id, []), with_address=venue is not None and venue.address != address)
        )
        address = venue.address if venue is not None else address
    return views


def _slot(slot: Any, venue: Any, people: list[Any], *, with_address: bool) -> SlotView:
    def first(role: PersonRole) -> Any:
        return next((person for person in people if person.role == role), None)

    return SlotView(
        slot,
        venue,
        first(PersonRole.CHAIR),
        first(PersonRole.HOST),
        [person for person in people if person.role in (PersonRole.SPEAKER, PersonRole.WELCOME)],
        with_address,
    )


def _texts(meeting: Any) -> Iterator[tuple[Any, str]]:
    for kind, things in (
        ("meeting", [meeting]),
        ("venue", meeting.venues),
        ("person", meeting.people),
        ("slot", [slot for day in meeting.days for slot in day.slots]),
    ):
        for thing in things:
            for name in PAIRS[kind]:
                yield thing, name


def translation(meeting: Any) -> tuple[bool, bool]:
    """(some English missing, some English older than its French)."""
    missing = any(getattr(t, n + "_fr") and not getattr(t, n + "_en") for t, n in _texts(meeting)) or any(
        question["fr"] and not question.get("en")
        for day in meeting.days
        for slot in day.slots
        for question in slot.questions
    )
    things = {id(thing): thing for thing, _name in _texts(meeting)}.values()
    return missing, any(thing.outdated for thing in things)


def span(meeting: Any, *, reads_agenda: bool = True) -> tuple[datetime, datetime] | None:
    """First start and last end, aware in the meeting's zone; None when no time is known.

    Those of the official programme, for whoever reads it; otherwise the announced hours.
    """
    zone = ZoneInfo(meeting.timezone)
    return (_of_programme(meeting, zone) if reads_agenda else None) or _announced(meeting, zone)


def _announced(meeting: Any, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    if meeting.starts is None:
        return None
    starts = datetime.combine(meeting.first_day, meeting.starts, zone)
    return starts, datetime.combine(meeting.last_day, meeting.ends, zone) if meeting.ends else starts


def _of_programme(meeting: Any, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    moments = [
        datetime.combine(day.day, moment, zone)
        for day in meeting.days
        if meeting.first_day <= day.day <= meeting.last_day
        for slot in day.slots
        if not slot.is_optional
        for moment in (slot.starts, slot.ends)
        if moment is not None
    ]
    starts = [
        datetime.combine(day.day, slot.starts, zone)
        for day in meeting.days
        if meeting.first_day <= day.day <= meeting.last_day
        for slot in day.slots
        if not slot.is_optional and slot.starts is not None
    ]
    if not starts:
        return None
    return min(starts), max(moments)


def expected_hours(meeting: Any, *, reads_agenda: bool = True) -> tuple[time, time] | None:
    """Those announced for as long as the agenda is not public: what is being written does not say when it ends."""
    return hours(meeting, reads_agenda=meeting.agenda_is_public) or hours(meeting, reads_agenda=reads_agenda)


def hours(meeting: Any, *, reads_agenda: bool = True) -> tuple[time, time] | None:
    """Opening and closing hour of a one-day meeting; None when only its start is printed."""
    found = span(meeting, reads_agenda=reads_agenda)
    if found is None or found[0] == found[1] or meeting.first_day != meeting.last_day:
        return None
    return found[0].timetz(), found[1].timetz()
