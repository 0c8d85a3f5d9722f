"""What differs between two states of an agenda, unit by unit, in words for a person. No database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from difflib import SequenceMatcher
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import diff, i18n
from app.forum.agendas import working
from app.forum.agendas.states import PartKind
from app.forum.meetings.states import MeetingMode, PersonRole, SlotKind

Data = dict[str, Any]
Names = dict[Any, str]
ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
NAMES = {
    "title": _l("Title"), "theme": _l("Theme"), "date_label": _l("Dates as printed"), "place": _l("Place"),
    "introduction": _l("Introduction"), "body": _l("Body"), "series_number": _l("Number in the series"),
    "first_day": _l("First day"), "last_day": _l("Last day"), "timezone": _l("Time zone"), "mode": _l("Mode"),
    "languages": _l("Working languages"), "organisers": _l("Organisers"), "meeting_chair": _l("Meeting chair"),
    "contact": _l("Contact"), "room": _l("Room"), "building": _l("Building"), "access": _l("How to get in"),
    "address": _l("Address"), "as_printed": _l("Address as printed in the original"), "kind": _l("Kind"),
    "number": _l("Number"), "start": _l("Start time"), "end": _l("End time"), "description": _l("Description"),
    "venue": _l("Venue"), "optional": _l("This slot is optional"), "format": _l("Form of the discussion"),
    "speaking_time_minutes": _l("Speaking time for each, in minutes"), "host": _l("Host"),
    "chair": _l("Session chair"), "speakers": _l("Speakers"), "questions": _l("Questions for the discussion"),
    "references": _l("Documents to read"), "note": _l("Note"),
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One unit: its name, what was there, what is there now."""

    unit: str
    before: str
    after: str

    @property
    def label(self) -> str:
        return label(self.unit)

    @property
    def lines(self) -> list[list[diff.Piece]]:
        return diff.lines(self.before, self.after)


@dataclass(frozen=True)
class Change:
    """One part that was added, removed, changed or moved. `title`: as the reader reads it, or a word for the head."""

    kind: PartKind
    how: str
    title: str
    differences: list[Difference]


def label(unit: str) -> str:
    """The name of a unit for a person."""
    name, _dot, lang = unit.partition(".")
    if not lang:
        return str(NAMES[name])
    if lang == "fr":
        return _("%(text)s in French", text=NAMES[name])
    return _("%(text)s in English", text=NAMES[name])


def shown(unit: str, value: Any, names: Names | None = None) -> str:
    """A value as a person reads it, several things on several lines, "" for none.

    `names`: of bodies by their ids, of venues by their keys.
    """
    if value in (None, "", [], False):
        return ""
    if isinstance(value, list):
        return "\n".join(_entry(unit, one) for one in value)
    return _single(unit, value, names or {})


def _single(unit: str, value: Any, names: Names) -> str:
    if isinstance(value, dict):
        return _contact(value) if unit == "contact" else _person(value)
    if unit in ("first_day", "last_day"):
        return i18n.day(date.fromisoformat(value))
    if unit in ("start", "end"):
        return i18n.clock_time(time.fromisoformat(value))
    if unit in ("body", "venue"):
        return names.get(value, str(value))
    words: dict[str, Any] = {"kind": SlotKind, "mode": MeetingMode}
    if unit in words:
        return str(words[unit](value).label)
    if unit == "format":
        return _("Round of statements")
    return _("Yes") if value is True else str(value)


def _entry(unit: str, value: Any) -> str:
    if unit == "languages":
        return i18n.languages([value])
    if "name" in value:
        return f"{PersonRole(value['role']).label} – {_person(value)}"
    if "title" in value:
        return " – ".join(part for part in (value["title"], value["url"]) if part)
    return " / ".join(part for part in (value["fr"], value["en"]) if part)


def _person(value: Data) -> str:
    texts = [value["function"]["fr"], value["function"]["en"]]
    scope = value.get("scope") or {}
    named = " ".join(part for part in (value["honorific"], value["name"]) if part)
    return ", ".join([named, " / ".join(t for t in texts if t), *[s for s in scope.values() if s]])


def _contact(value: Data) -> str:
    return ", ".join([*value["channels"], *([value["attached_to"]] if value["attached_to"] else [])])


def differences(kind: PartKind, before: Data, after: Data, names: Names | None = None) -> list[Difference]:
    return [
        Difference(name, shown(name, working.unit(before, name), names), shown(name, working.unit(after, name), names))
        for name in working.differing(kind, before, after)
    ]


def between(before: Any, after: Any, names: Names) -> list[Change]:
    """From one (head, venues, days) of `working` to another; the head first, then venues, then slots in their order."""
    found = []
    if differing := differences(PartKind.HEAD, before[0], after[0], names):
        found.append(Change(PartKind.HEAD, CHANGED, _("The meeting itself"), differing))
    venues = before[1], after[1]
    found += _parts(PartKind.VENUE, *venues, _moved(list(before[1]), list(after[1])), names)
    old, new = _slots(before[2]), _slots(after[2])
    moved = _moved(_stays(before[2], new), _stays(after[2], old)) | _on_another_day(before[2], after[2])
    return found + _parts(PartKind.SLOT, old, new, moved, names)


def _slots(days: Iterable[tuple[str, list[Data]]]) -> dict[str, Data]:
    return {slot["id"]: slot for _day, slots in days for slot in slots}


def _on_another_day(before: Iterable[tuple[str, list[Data]]], after: Iterable[tuple[str, list[Data]]]) -> set[str]:
    """The slots of a day that goes whole keep their order, and yet readers see them on another day."""
    former, now = ({slot["id"]: day for day, slots in days for slot in slots} for days in (before, after))
    return {key for key, day in now.items() if former.get(key, day) != day}


def _stays(days: Iterable[tuple[str, list[Data]]], other: Data) -> list[str]:
    """Days and slots that both have, in their order."""
    return [name for day, slots in days for name in (f"day {day}", *[s["id"] for s in slots if s["id"] in other])]


def _parts(kind: PartKind, old: Data, new: Data, moved: set[str], names: Names) -> list[Change]:
    found = []
    for key, data in new.items():
        if key not in old:
            found.append(Change(kind, ADDED, _title(kind, data), []))
        elif differing := differences(kind, old[key], data, names):
            found.append(Change(kind, CHANGED, _title(kind, data), differing))
        elif key in moved:
            found.append(Change(kind, MOVED, _title(kind, data), []))
    return found + [Change(kind, REMOVED, _title(kind, data), []) for key, data in old.items() if key not in new]


def _moved(old: list[str], new: list[str]) -> set[str]:
    """Those that are not in their old place among the others: as few as tell the story."""
    kept: set[str] = set()
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        kept |= set(new[block.b : block.b + block.size])
    return {name for name in new if name in old and name not in kept}


def _title(kind: PartKind, data: Data) -> str:
    if kind == PartKind.VENUE:
        return ", ".join(i18n.in_language_of(pair).text for pair in (data["room"], data["building"]) if pair)
    return str(i18n.in_language_of(data["title"]).text)
