"""From the lines of a template, with those that come back, to the slots of an agenda file. No database, no Flask."""

import re
from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any

from app.core.registry import StandingLine
from app.forum.meetings.states import SlotKind

Data = dict[str, Any]
PREFIX = "standing-"
LEADING = {SlotKind.REGISTRATION, SlotKind.ARRIVAL, SlotKind.OPENING}
BLANK: Data = {
    "start": None, "end": None, "number": None, "description": None, "venue": None, "optional": False, "format": None,
    "speaking_time_minutes": None, "host": None, "chair": None, "note": None,
}  # fmt: skip
LONGEST_KEY, LONGEST_TEXT, LONGEST_TITLE = 80, 5000, 500
DAY = 24 * 60


def key_of(line: StandingLine) -> str:
    """The identifier of its slot, the same at each refresh."""
    return (PREFIX + re.sub(r"[^A-Za-z0-9._-]", "-", line.key))[:LONGEST_KEY]


def standing_slot(line: StandingLine) -> Data:
    """A line that comes back as a slot without hours."""
    description = _pair(line.description, LONGEST_TEXT) if line.description and line.description.get("fr") else None
    return _slot(key_of(line), SlotKind.SESSION, _pair(line.title, LONGEST_TITLE), description)


def _pair(texts: dict[str, str | None], limit: int) -> Data:
    return {lang: (texts.get(lang) or "")[:limit] or None for lang in ("fr", "en")}


def _slot(key: str, kind: SlotKind, title: Data, description: Data | None = None) -> Data:
    lists: Data = {"speakers": [], "questions": [], "references": []}
    return {**BLANK, **lists, "id": key, "kind": kind.value, "title": title, "description": description}


def place(kinds: Sequence[tuple[str, str]], *, first: bool) -> int:
    """Where a line that comes back goes among slots (key, kind): after the opening and those before it, or before the
    closing."""
    if first:
        leading = 0
        while leading < len(kinds) and (kinds[leading][0].startswith(PREFIX) or kinds[leading][1] in LEADING):
            leading += 1
        return leading
    closing = [number for number, (_key, kind) in enumerate(kinds) if kind == SlotKind.CLOSING]
    return closing[-1] if closing else len(kinds)


def slots(fixed: Iterable[Data], standing: Iterable[StandingLine], starts: time | None) -> list[Data]:
    """The slots of one day, their hours one after the other from `starts` (local).

    A line without minutes, or past midnight, has no hours.
    """
    made = [(_slot(f"slot-{n}", SlotKind(one["kind"]), one["title"]), one["minutes"]) for n, one in enumerate(fixed, 1)]
    for line in standing:
        kinds = [(slot["id"], slot["kind"]) for slot, _minutes in made]
        made.insert(place(kinds, first=line.first), (standing_slot(line), line.minutes))
    return _timed(made, starts)


def _timed(made: list[tuple[Data, int | None]], starts: time | None) -> list[Data]:
    reached = starts.hour * 60 + starts.minute if starts is not None else DAY
    for slot, minutes in made:
        if minutes and reached + minutes < DAY:
            slot["start"], slot["end"] = _hour(reached), _hour(reached + minutes)
            reached += minutes
    return [slot for slot, _minutes in made]


def _hour(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def lasts(fixed: Iterable[Data]) -> int:
    """Minutes."""
    return sum(one["minutes"] or 0 for one in fixed)
