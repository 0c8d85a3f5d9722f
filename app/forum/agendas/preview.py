"""The public page before it is public: the same templates on a meeting that is never stored."""

from datetime import date
from typing import Any

from app.core import text
from app.forum.agendas import working
from app.forum.meetings.models import AgendaDay, AgendaPerson, Meeting, Slot, Venue
from app.forum.meetings.states import MeetingMode, PersonRole, SlotKind

Data = dict[str, Any]


def meeting_of(copy: Any, body: Any) -> Meeting:
    """A meeting outside the session, with what `agenda_view` and the templates of meetings read of it.

    `copy`: a working copy, or what stands for one with the same `meeting`, head, venues, days and slots.
    """
    head, stored = copy.head.data, copy.meeting
    made = Meeting(
        id=stored.id, series_number=head["series_number"], timezone=head["timezone"],
        first_day=date.fromisoformat(head["first_day"]), last_day=date.fromisoformat(head["last_day"]),
        mode=MeetingMode(head["mode"]), languages=head["languages"], organisers=head["organisers"],
        contact=head["contact"], sequence=stored.sequence, published_at=stored.published_at,
        revised_at=stored.revised_at, outdated=copy.head.outdated, body_id=head["body"], body=body,
        status=stored.status, phase=stored.phase, starts=stored.starts, ends=stored.ends,
    )  # fmt: skip
    _pairs(made, head, "title", "theme", "date_label", "place", "introduction")
    _html(made, "introduction")
    made.venues = [_venue(number, part) for number, part in enumerate(copy.venues, 1)]
    venues = {venue.key: venue.id for venue in made.venues}
    if head["meeting_chair"]:
        made.people.append(_person(None, PersonRole.MEETING_CHAIR, head["meeting_chair"]))
    number = 0
    for day in copy.days:
        agenda_day = AgendaDay(day=date.fromisoformat(day))
        for part in copy.slots_of(day):
            number += 1
            agenda_day.slots.append(_slot(number, part, venues))
            made.people += _people(number, part.data)
        made.days.append(agenda_day)
    return made


def _pairs(thing: Any, data: Data, *names: str) -> None:
    for name in names:
        for lang in ("fr", "en"):
            setattr(thing, f"{name}_{lang}", (data[name] or {}).get(lang))


def _html(thing: Any, name: str) -> None:
    for lang in ("fr", "en"):
        setattr(thing, f"{name}_html_{lang}", text.to_html(getattr(thing, f"{name}_{lang}")))


def _venue(number: int, part: Any) -> Venue:
    venue = Venue(id=number, key=part.key, position=number, address=part.data["address"], outdated=part.outdated)
    _pairs(venue, part.data, "room", "building", "access")
    return venue


def _slot(number: int, part: Any, venues: dict[str, int]) -> Slot:
    data = working.slot_of(part.key, part.data)
    slot = Slot(
        id=number, key=part.key, position=number, kind=SlotKind(data["kind"]), number=data["number"],
        starts=data["start"], ends=data["end"], is_optional=data["optional"], format=data["format"],
        speaking_time=data["speaking_time_minutes"], questions=data["questions"], references=data["references"],
        venue_id=venues.get(data["venue"]), outdated=part.outdated,
    )  # fmt: skip
    _pairs(slot, data, "title", "description")
    _html(slot, "description")
    return slot


def _people(slot_id: int, data: Data) -> list[AgendaPerson]:
    named = [(role, data[role.value]) for role in (PersonRole.HOST, PersonRole.CHAIR) if data[role.value]]
    named += [(PersonRole(one["role"]), one) for one in data["speakers"]]
    return [_person(slot_id, role, one) for role, one in named]


def _person(slot_id: int | None, role: PersonRole, data: Data) -> AgendaPerson:
    person = AgendaPerson(slot_id=slot_id, role=role, name=data["name"], honorific=data["honorific"], outdated={})
    _pairs(person, data, "function")
    if "scope" in data:
        _pairs(person, data, "scope")
    return person
