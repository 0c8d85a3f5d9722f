"""A stored agenda as plain data, in the shape that the agenda file's readers and writers share."""

from typing import Any

from app.forum.meetings.states import PersonRole

Data = dict[str, Any]


def pair(thing: Any, name: str) -> Data | None:
    fr = getattr(thing, name + "_fr")
    return None if fr is None else {"fr": fr, "en": getattr(thing, name + "_en")}


def of(meeting: Any) -> Data:
    """Everything that an agenda file holds of a meeting."""
    keys = {venue.id: venue.key for venue in meeting.venues}
    people: dict[int | None, list[Any]] = {}
    for person in meeting.people:
        people.setdefault(person.slot_id, []).append(person)
    return {
        "meeting": meeting_part(meeting, people.get(None, [])),
        "venues": {venue.key: _venue(venue) for venue in meeting.venues},
        "days": [
            {"date": day.day, "slots": [_slot(slot, keys, people.get(slot.id, [])) for slot in day.slots]}
            for day in meeting.days
        ],
    }


def meeting_part(meeting: Any, people: list[Any]) -> Data:
    chair = next((one for one in people if one.role == PersonRole.MEETING_CHAIR), None)
    return {
        "title": pair(meeting, "title"),
        "theme": pair(meeting, "theme"),
        "series_number": meeting.series_number,
        "date_label": pair(meeting, "date_label"),
        "first_day": meeting.first_day,
        "last_day": meeting.last_day,
        "timezone": meeting.timezone,
        "place": pair(meeting, "place"),
        "organisers": [{"fr": one["fr"], "en": one.get("en")} for one in meeting.organisers],
        "document_status": meeting.status.value,
        "meeting_chair": {**_person(chair), "scope": pair(chair, "scope")} if chair else None,
        "contact": meeting.contact,
    }


def _venue(venue: Any) -> Data:
    return {
        "room": pair(venue, "room"),
        "building": pair(venue, "building"),
        "access": pair(venue, "access"),
        "address": venue.address,
        "as_printed": venue.as_printed,
    }


def _slot(slot: Any, venue_keys: dict[int, str], people: list[Any]) -> Data:
    def one(role: PersonRole) -> Data | None:
        return next((_person(person) for person in people if person.role == role), None)

    return {
        "id": slot.key,
        "start": slot.starts,
        "end": slot.ends,
        "kind": slot.kind.value,
        "number": slot.number,
        "title": pair(slot, "title"),
        "description": pair(slot, "description"),
        "venue": venue_keys.get(slot.venue_id),
        "optional": slot.is_optional,
        "format": slot.format,
        "speaking_time_minutes": slot.speaking_time,
        "host": one(PersonRole.HOST),
        "chair": one(PersonRole.CHAIR),
        "speakers": [
            {"role": person.role.value, **_person(person)}
            for person in people
            if person.role in (PersonRole.SPEAKER, PersonRole.WELCOME)
        ],
        "questions": [{"fr": one["fr"], "en": one.get("en")} for one in slot.questions],
        "references": [{"title": one["title"], "url": one.get("url")} for one in slot.references],
        "note": pair(slot, "note"),
    }


def _person(person: Any) -> Data:
    return {"name": person.name, "honorific": person.honorific, "function": pair(person, "function")}
