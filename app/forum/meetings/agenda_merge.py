"""Give a meeting the agenda of a file, keeping the rows of what stays: slots by id, days by date, venues by key.

Rows that stay keep their numbers, so that what refers to them still does, and each text knows whether its English has
become older than its French.
"""

from typing import Any

from app.core import text
from app.core.extensions import db
from app.core.i18n import set_pair
from app.forum.meetings import agenda_data, phases
from app.forum.meetings.models import AgendaDay, AgendaPerson, Meeting, Slot, Venue
from app.forum.meetings.states import PersonRole, SlotKind

Data = dict[str, Any]
EMPTY = {"fr": None, "en": None}


def merge(meeting: Meeting, data: Data) -> bool:
    """Apply; returns whether anything but the status changed. The caller's session holds the meeting.

    Raises `Refused` when an announced hour does not exist on the day that the agenda gives.
    """
    present = agenda_data.of(meeting)
    present["meeting"]["document_status"] = data["meeting"]["document_status"]
    if present == data:
        return False
    _merge_meeting(meeting, data["meeting"])
    venues = _merge_venues(meeting, data["venues"])
    slots = _merge_days(meeting, data["days"], venues)
    _merge_people(meeting, data, slots)
    db.session.flush()
    return True


def _pairs(thing: Any, data: Data, *names: str) -> None:
    for name in names:
        value = data[name] or EMPTY
        set_pair(thing, name, value["fr"], value["en"])


def _follow_list(thing: Any, name: str, new: list[Data]) -> None:
    """The entries {fr, en} of a list: an English that is still there translates the French that stood beside it."""
    known = dict(thing.outdated) if isinstance(thing.outdated, dict) else dict.fromkeys(thing.outdated or ())
    beside = {
        one["en"]: known.get(f"{name}.{place}") or one["fr"]
        for place, one in enumerate(getattr(thing, name) or ())
        if one.get("en")
    }
    older = {
        f"{name}.{place}": beside[one["en"]]
        for place, one in enumerate(new)
        if one["en"] in beside and beside[one["en"]] != one["fr"]
    }
    thing.outdated = {key: one for key, one in known.items() if not key.startswith(f"{name}.")} | older
    setattr(thing, name, new)


def _merge_meeting(meeting: Meeting, data: Data) -> None:
    _pairs(meeting, data, "title", "theme", "date_label", "place")
    _follow_list(meeting, "organisers", data["organisers"])
    for name in ("series_number", "first_day", "last_day", "timezone", "contact"):
        setattr(meeting, name, data[name])
    phases.check_announced_hours(meeting)


def _merge_venues(meeting: Meeting, data: Data) -> dict[str, Venue]:
    known = {venue.key: venue for venue in meeting.venues}
    kept = {}
    for position, (key, value) in enumerate(data.items()):
        venue = kept[key] = known.get(key) or Venue(key=key, outdated=[])
        venue.position = position
        _pairs(venue, value, "room", "building", "access")
        venue.address, venue.as_printed = value["address"], value["as_printed"]
    meeting.venues = list(kept.values())
    return kept


def _merge_days(meeting: Meeting, data: list[Data], venues: dict[str, Venue]) -> dict[str, Slot]:
    """Days and slots; returns the slots by their id in the file. A slot may have moved to another day."""
    days = {day.day: day for day in meeting.days}
    slots = {slot.key: slot for day in meeting.days for slot in day.slots}
    db.session.flush()  # venues need their numbers
    merged: dict[str, Slot] = {}
    new_days = []
    for day_data in data:
        day = days.get(day_data["date"]) or AgendaDay(day=day_data["date"])
        new_days.append(
            (
                day,
                [
                    _merge_slot(slots.get(slot["id"]), position, slot, venues, merged)
                    for position, slot in enumerate(day_data["slots"])
                ],
            )
        )
    for day, kept in new_days:
        day.slots = kept
    meeting.days = [day for day, _kept in new_days]
    return merged


def _merge_slot(
    slot: Slot | None, position: int, data: Data, venues: dict[str, Venue], merged: dict[str, Slot]
) -> Slot:
    slot = slot or Slot(key=data["id"], outdated=[])
    slot.position, slot.kind, slot.starts, slot.ends = position, SlotKind(data["kind"]), data["start"], data["end"]
    slot.number, slot.is_optional, slot.format = data["number"], data["optional"], data["format"]
    slot.speaking_time, slot.references = data["speaking_time_minutes"], data["references"]
    _follow_list(slot, "questions", data["questions"])
    slot.venue_id = venues[data["venue"]].id if data["venue"] else None
    _pairs(slot, data, "title", "description", "note")
    slot.description_html_fr, slot.description_html_en = (
        text.to_html(slot.description_fr),
        text.to_html(slot.description_en),
    )
    merged[data["id"]] = slot
    return slot


def _merge_people(meeting: Meeting, data: Data, slots: dict[str, Slot]) -> None:
    """People are matched by place, role and name; the order is that of the file."""
    db.session.flush()  # slots need their numbers
    known = {(person.slot_id, person.role, person.name): person for person in meeting.people}
    people: list[AgendaPerson] = []
    for slot_id, role, value in _named(data, slots):
        person = known.pop((slot_id, role, value["name"]), None) or AgendaPerson(
            slot_id=slot_id, role=role, name=value["name"], outdated=[]
        )
        person.position, person.honorific = len(people), value["honorific"]
        _pairs(person, value, "function")
        if role == PersonRole.MEETING_CHAIR:
            _pairs(person, value, "scope")
        people.append(person)
    meeting.people = people


def _named(data: Data, slots: dict[str, Slot]) -> list[tuple[int | None, PersonRole, Data]]:
    found: list[tuple[int | None, PersonRole, Data]] = []
    if data["meeting"]["meeting_chair"]:
        found.append((None, PersonRole.MEETING_CHAIR, data["meeting"]["meeting_chair"]))
    for day in data["days"]:
        for value in day["slots"]:
            slot_id = slots[value["id"]].id
            found += [
                (slot_id, role, value[role.value]) for role in (PersonRole.HOST, PersonRole.CHAIR) if value[role.value]
            ]
            found += [(slot_id, PersonRole(speaker["role"]), speaker) for speaker in value["speakers"]]
    return found
