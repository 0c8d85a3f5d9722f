"""The rules between the values of an agenda file: order, repetition, references, and hours that the zone skips.

Slots without hours or venue, days outside the announced range and gaps between slots are all allowed.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.forum.meetings.agenda_node import Faults
from app.forum.meetings.agenda_value import LIMITS, Invalid

Slots = list[tuple[str, Any]]


def check(data: Any, zone: str | None, faults: Faults) -> None:
    """Add the faults of read `data` (may hold INVALID). Without `zone` (IANA name) no hour is compared to it."""
    slots = list(_slots(data["days"]))
    _order_of_days(data["days"], faults)
    _size(slots, faults)
    _repetitions(slots, faults)
    _venues(slots, data["venues"], faults)
    for where, slot in slots:
        _hours(where, slot, faults)
    if zone is not None:
        _zone(data["days"], ZoneInfo(zone), faults)


def check_meeting(meeting: Any, days: Any, faults: Faults) -> None:
    """The announced range, and the slot beside which the contact is printed."""
    if isinstance(meeting, Invalid):
        return
    _range(meeting["first_day"], meeting["last_day"], faults)
    attached = (meeting["contact"] or {}).get("attached_to")
    unsaid = not isinstance(attached, str) or isinstance(days, Invalid)
    if not unsaid and attached not in {slot["id"] for _, slot in _slots(days)}:
        faults.at("meeting.contact.attached_to", _l("No slot has the identifier “%(id)s”.", id=attached))


def _slots(days: Any) -> Iterator[tuple[str, Any]]:
    for number, day in enumerate(days or []):
        yield from _slots_of(number, day)


def _slots_of(number: int, day: Any) -> Iterator[tuple[str, Any]]:
    for index, slot in enumerate((day and day["slots"]) or []):
        if not isinstance(slot, Invalid):
            yield f"days[{number}].slots[{index}]", slot


def _range(first: Any, last: Any, faults: Faults) -> None:
    if not (isinstance(first, date) and isinstance(last, date)):
        return
    if last < first:
        faults.at("meeting.last_day", _l("The last day is before the first day."))
    elif (last - first).days >= LIMITS["days"]:
        faults.at("meeting.last_day", _l("The meeting is longer than %(most)s days.", most=LIMITS["days"]))


def _order_of_days(days: Any, faults: Faults) -> None:
    before: list[date] = []
    for number, day in enumerate(days or []):
        own = day and day["date"]
        if not isinstance(own, date):
            continue
        if own in before:
            faults.at(f"days[{number}].date", _l("The day %(day)s is written twice.", day=own.isoformat()))
        elif before and own < max(before):
            faults.at(f"days[{number}].date", _l("The days must be in the order of the dates."))
        before.append(own)


def _size(slots: Slots, faults: Faults) -> None:
    if len(slots) > LIMITS["slots"]:
        message = _l("There are %(length)s slots; the limit is %(most)s.", length=len(slots), most=LIMITS["slots"])
        faults.at("days", message)
    for where, slot in slots:
        people = bool(slot["host"]) + bool(slot["chair"]) + len(slot["speakers"] or [])
        if people > LIMITS["people"]:
            message = _l("There are %(length)s people; the limit is %(most)s.", length=people, most=LIMITS["people"])
            faults.at(f"{where}.speakers", message)


def _repetitions(slots: Slots, faults: Faults) -> None:
    ids, numbers = set(), set()
    for where, slot in slots:
        identity, number = slot["id"], (slot["kind"], slot["number"])
        if identity in ids:
            faults.at(f"{where}.id", _l("Another slot has the identifier “%(id)s”.", id=identity))
        if number in numbers:
            faults.at(f"{where}.number", _l("Another slot of this kind has the number %(number)s.", number=number[1]))
        ids |= {identity} if identity else set()
        numbers |= {number} if all(number) else set()


def _venues(slots: Slots, venues: Any, faults: Faults) -> None:
    for where, slot in slots:
        key = slot["venue"]
        if isinstance(key, str) and not isinstance(venues, Invalid) and key not in venues:
            faults.at(f"{where}.venue", _l("The venue “%(venue)s” is not among the venues of this file.", venue=key))


def _hours(where: str, slot: Any, faults: Faults) -> None:
    start, end = slot["start"], slot["end"]
    if not isinstance(end, time):
        return
    if start is None:
        faults.at(f"{where}.end", _l("There is an end without a start."))
    elif isinstance(start, time) and end <= start:
        faults.at(f"{where}.end", _l("The end must be after the start; a slot may not go past midnight."))


def _zone(days: Any, zone: ZoneInfo, faults: Faults) -> None:
    dated = [(number, day) for number, day in enumerate(days or []) if day and isinstance(day["date"], date)]
    for number, day in dated:
        for where, slot in _slots_of(number, day):
            for key in ("start", "end"):
                if isinstance(slot[key], time) and _is_skipped(day["date"], slot[key], zone):
                    _add_skipped(f"{where}.{key}", slot[key], zone, faults)


def _is_skipped(day: date, hour: time, zone: ZoneInfo) -> bool:
    """Whether the clocks jump over this hour. An hour that comes twice is accepted: the first one is meant (fold=0)."""
    local = datetime.combine(day, hour, zone)
    return local.astimezone(UTC).astimezone(zone).time() != hour


def _add_skipped(where: str, hour: time, zone: ZoneInfo, faults: Faults) -> None:
    message = _l(
        "%(hour)s does not exist on that day: the clocks of %(zone)s go forward over it.",
        hour=f"{hour:%H:%M}",
        zone=zone.key,
    )
    faults.at(where, message)
