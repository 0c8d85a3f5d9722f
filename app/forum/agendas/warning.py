"""What may be meant but is worth a look: overlaps in a room, hours out of order, an hour that comes twice.

No database, no Flask beyond lazy messages. A warning never blocks.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

Data = dict[str, Any]
Found = dict[str, list[Any]]


def of(agenda: Data) -> Found:
    """The warnings of a normalised agenda, by the identifier of the slot that they stand beside."""
    found: Found = {}
    zone = ZoneInfo(agenda["meeting"]["timezone"])
    for day in agenda["days"]:
        for key, message in [*_overlaps(day["slots"]), *_disorder(day["slots"]), *_twice(day, zone)]:
            found.setdefault(key, []).append(message)
    return found


def _overlaps(slots: list[Data]) -> Iterator[tuple[str, Any]]:
    """Two slots of one venue at the same time; the second in the list is told of the first."""
    timed = [slot for slot in slots if slot["venue"] and slot["start"] and slot["end"]]
    for number, later in enumerate(timed):
        for earlier in timed[:number]:
            if earlier["venue"] == later["venue"] and _meet(earlier, later):
                yield later["id"], _l("At the same time and in the same venue as “%(title)s”.", title=_title(earlier))


def _meet(one: Data, other: Data) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _disorder(slots: list[Data]) -> Iterator[tuple[str, Any]]:
    latest: time | None = None
    for slot in slots:
        if slot["start"] is None:
            continue
        if latest is not None and slot["start"] < latest:
            yield slot["id"], _l("Begins before the slot placed above it.")
        latest = slot["start"] if latest is None else max(latest, slot["start"])


def _twice(day: Data, zone: ZoneInfo) -> Iterator[tuple[str, Any]]:
    for slot in day["slots"]:
        if any(_comes_twice(day["date"], slot[name], zone) for name in ("start", "end") if slot[name]):
            yield slot["id"], _l("The clocks go back that night and this hour comes twice: the first one is meant.")


def _comes_twice(day: date, hour: time, zone: ZoneInfo) -> bool:
    first, second = (datetime.combine(day, hour, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first < second


def _title(slot: Data) -> str:
    return str(slot["title"]["fr"])
