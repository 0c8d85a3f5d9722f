"""A working copy as plain data: the shape of an agenda file, what each part is made of, and what its editor saw.

No database, no Flask. `EXTRA` is what a meeting's head has beyond the file.
"""

import hashlib
import json
from datetime import date, time
from typing import Any

from app.forum.agendas.states import PartKind
from app.forum.meetings import agenda_data

Data = dict[str, Any]
HEAD_PAIRS = ("title", "theme", "date_label", "place", "introduction")
PAIRS = {
    PartKind.HEAD: HEAD_PAIRS,
    PartKind.VENUE: ("room", "building", "access"),
    PartKind.SLOT: ("title", "description", "note"),
}
EXTRA = ("body", "mode", "languages", "introduction")
UNITS = {
    PartKind.HEAD: (
        "title.fr", "title.en", "theme.fr", "theme.en", "body", "series_number", "first_day", "last_day",
        "date_label.fr", "date_label.en", "timezone", "mode", "place.fr", "place.en", "languages", "organisers",
        "meeting_chair", "contact", "introduction.fr", "introduction.en",
    ),
    PartKind.VENUE: (
        "room.fr", "room.en", "building.fr", "building.en", "access.fr", "access.en", "address", "as_printed",
    ),
    PartKind.SLOT: (
        "kind", "number", "start", "end", "title.fr", "title.en", "description.fr", "description.en", "venue",
        "optional", "format", "speaking_time_minutes", "host", "chair", "speakers", "questions", "references",
        "note.fr", "note.en",
    ),
}  # fmt: skip
"""The smallest things that two editors can write differently, in the order of the form."""
EMPTY_SLOT: Data = {
    "kind": "session", "number": None, "start": None, "end": None, "title": None, "description": None, "venue": None,
    "optional": False, "format": None, "speaking_time_minutes": None, "host": None, "chair": None, "speakers": [],
    "questions": [], "references": [], "note": None,
}  # fmt: skip


def plain(value: Any) -> Any:
    """As JSON holds it: dates in ISO form, hours as HH:MM."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else value


def slot_of(key: str, data: Data) -> Data:
    """A stored slot in the shape of the file."""
    hours = {name: time.fromisoformat(data[name]) if data[name] else None for name in ("start", "end")}
    return {"id": key, **data, **hours}


def head_of(data: Data) -> Data:
    """A stored head in the shape of the file."""
    days = {name: date.fromisoformat(data[name]) for name in ("first_day", "last_day")}
    return {**{name: value for name, value in data.items() if name not in EXTRA}, **days, "document_status": "draft"}


def agenda(copy: Any) -> Data:
    """The whole working copy in the shape of the file."""
    days: dict[str, list[Data]] = {day: [] for day in copy.days}
    for slot in copy.slots:
        days[slot.day.isoformat()].append(slot_of(slot.key, slot.data))
    return {
        "meeting": head_of(copy.head.data),
        "venues": {venue.key: venue.data for venue in copy.venues},
        "days": [{"date": date.fromisoformat(day), "slots": slots} for day, slots in days.items()],
    }


def of_meeting(meeting: Any) -> tuple[Data, Data, list[tuple[str, list[Data]]]]:
    """(head, venues by key, [(ISO date, slots)]) of a stored meeting, as a working copy holds them."""
    stored = plain(agenda_data.of(meeting))
    head = stored["meeting"] | {
        "body": meeting.body_id,
        "mode": meeting.mode.value,
        "languages": list(meeting.languages),
        "introduction": agenda_data.pair(meeting, "introduction"),
    }
    del head["document_status"]
    return head, stored["venues"], [(day["date"], day["slots"]) for day in stored["days"]]


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def base_of(meeting: Any) -> str:
    """The digest of everything that a working copy replaces when it is published."""
    return digest(of_meeting(meeting))


def unit(data: Data, name: str) -> Any:
    """`title.fr` of {"title": {"fr": …}}; None and empty values are the same."""
    key, _dot, lang = name.partition(".")
    value = (data[key] or {}).get(lang) if lang else data[key]
    return value or None


def with_units(data: Data, values: Data) -> Data:
    """`data` with other values of some units."""
    made = dict(data)
    for name, value in values.items():
        key, _dot, lang = name.partition(".")
        if lang:
            made[key] = {"fr": None, "en": None, **(made[key] or {}), lang: value}
        else:
            made[key] = value
    for key, value in made.items():
        if isinstance(value, dict) and value.keys() == {"fr", "en"} and not any(value.values()):
            made[key] = None
    return made


def seen(kind: PartKind, data: Data) -> str:
    """What an editor saw, unit by unit: a save is stale when one of them is no longer so."""
    return "-".join(_mark(unit(data, name)) for name in UNITS[kind])


def _mark(value: Any) -> str:
    return digest(value)[:10]


def changed_since(kind: PartKind, data: Data, token: str | None) -> list[str]:
    """The units of `data` that are not as they were seen; all of them when the token is not one of ours."""
    marks = (token or "").split("-")
    if len(marks) != len(UNITS[kind]):
        return list(UNITS[kind])
    return [name for name, mark in zip(UNITS[kind], marks, strict=True) if _mark(unit(data, name)) != mark]


def differing(kind: PartKind, one: Data, other: Data) -> list[str]:
    return [name for name in UNITS[kind] if unit(one, name) != unit(other, name)]


def order(copy: Any) -> str:
    """What an editor saw of the order: a move is stale when it is no longer so."""
    return digest([[day, [part.id for part in copy.slots_of(day)]] for day in copy.days])[:16]


def of_copy(copy: Any) -> tuple[Data, Data, list[tuple[str, list[Data]]]]:
    """As `of_meeting`, for the working copy."""
    days = [(day, [{"id": slot.key, **slot.data} for slot in copy.slots_of(day)]) for day in copy.days]
    return copy.head.data, {venue.key: venue.data for venue in copy.venues}, days


def shown_of(copy: Any) -> tuple[Data, Data, list[tuple[str, list[Data]]]]:
    """As `of_copy`, without the notes that the secretariat keeps for itself: what readers would get."""
    head, venues, days = of_copy(copy)
    return head, venues, [(day, [{**slot, "note": None} for slot in slots]) for day, slots in days]


def shown_digest(copy: Any) -> str:
    """SHA-256 of `shown_of`: the same for the same text, and for no other."""
    return digest(shown_of(copy))
