"""Writes of the order of slots: add, move, split, renumber. Few rows change: positions leave room between them."""

from datetime import date, time
from typing import Any

from flask_babel import gettext as _

from app.core import audit
from app.core.access import authorize
from app.core.errors import NotFound, Refused
from app.core.extensions import db
from app.forum.agendas import policy, working
from app.forum.agendas.models import WorkingCopy, WorkingPart
from app.forum.agendas.service import STEP, Conflict, mirror, new_part
from app.forum.agendas.states import PartKind, Step
from app.forum.meetings.agenda_value import LIMITS
from app.forum.meetings.states import SlotKind

NUMBERED = (SlotKind.SESSION, SlotKind.WORKSHOP)

audit.declare("agenda.moved", "part", "day", "place")
audit.declare("agenda.renumbered", "slots")


class OrderChanged(Exception):
    """The order is no longer the one that the actor saw."""


def add(
    actor: Any,
    copy: WorkingCopy,
    day: date,
    data: dict[str, Any],
    *,
    after: WorkingPart | None = None,
    place: int | None = None,
    key: str | None = None,
) -> WorkingPart:
    """A slot at the end of a day, or just after another of that day, or at a `place` (from 0).

    `key`: the identifier of a slot that is known elsewhere; made when it is not given.
    """
    authorize(policy.can_edit(actor, copy.meeting))
    if len(copy.slots) >= LIMITS["slots"]:
        raise Refused("title_fr", _("There are %(most)s slots already: the most an agenda can hold.", most=500))
    others = copy.slots_of(day.isoformat())
    if place is None:
        place = others.index(after) + 1 if after in others else len(others)
    if day.isoformat() not in copy.days:
        copy.days = sorted([*copy.days, day.isoformat()])
    part = new_part(actor, copy, PartKind.SLOT, "slot", data, position=_room(others, place), day=day, key=key)
    mirror(actor, copy)
    return part


def _room(others: list[WorkingPart], place: int) -> int:
    """A position between two neighbours; when there is no room left, the day's slots are spread again."""
    before = others[place - 1].position if place > 0 else None
    after = others[place].position if place < len(others) else None
    if before is None:
        return after - STEP if after is not None else STEP
    if after is None:
        return before + STEP
    if after - before > 1:
        return (before + after) // 2
    for number, part in enumerate(others, 1):
        part.position = number * STEP
    return place * STEP + STEP // 2


def move(actor: Any, part: WorkingPart, step: Step, order: str) -> int:
    """Within its day; returns its place there, from 1. Raises `OrderChanged`."""
    others = part.copy.slots_of(_day(part))
    here = others.index(part) if part in others else 0
    places = {Step.UP: here - 1, Step.DOWN: here + 1, Step.FIRST: 0, Step.LAST: len(others) - 1}
    return move_to(actor, part, _date(part), places[step], order)


def move_to(actor: Any, part: WorkingPart, day: date, place: int | None, order: str) -> int:
    """To a place (from 0, None for the last) of a day of the agenda; returns the place from 1.

    Raises `OrderChanged`, and `NotFound` for a day that the agenda does not have.
    """
    copy = part.copy
    authorize(policy.can_edit(actor, copy.meeting))
    if order != working.order(copy) or part.removed_at is not None:
        raise OrderChanged
    if day.isoformat() not in copy.days or part.kind != PartKind.SLOT:
        raise NotFound
    others = [one for one in copy.slots_of(day.isoformat()) if one is not part]
    place = len(others) if place is None else max(0, min(place, len(others)))
    present = [*copy.slots_of(day.isoformat())]
    if not (part in present and present.index(part) == place):
        part.position, part.day, part.updated_by_id = _room(others, place), day, actor.id
        audit.record(actor, "agenda.moved", copy.meeting, part=part.id, day=day.isoformat(), place=place + 1)
        mirror(actor, copy)
    return place + 1


def _date(part: WorkingPart) -> date:
    if part.day is None:
        raise NotFound
    return part.day


def _day(part: WorkingPart) -> str:
    return _date(part).isoformat()


def split(actor: Any, part: WorkingPart, at: time, seen: str) -> WorkingPart:
    """In two at an hour inside the slot; the second half comes after, with the same titles, place and kind.

    People, questions, references and the note stay with the first half. Raises `Refused`, `Conflict`.
    """
    authorize(policy.can_edit(actor, part.copy.meeting))
    if part.removed_at is not None or working.changed_since(part.kind, part.data, seen):
        raise Conflict(part, part.data)
    first = working.slot_of(part.key, part.data)
    if not (first["start"] and first["end"] and first["start"] < at < first["end"]):
        raise Refused("at", _("Choose a time after the start of the slot and before its end."))
    emptied = {"number": None, "description": None, "note": None, "host": None, "chair": None}
    lists: dict[str, Any] = {"speakers": [], "questions": [], "references": []}
    second = {**part.data, **emptied, **lists, "start": f"{at:%H:%M}"}
    part.data, part.updated_by_id = {**part.data, "end": f"{at:%H:%M}"}, actor.id
    audit.record(actor, "agenda.saved", part.copy.meeting, kind=part.kind.value, part=part.id)
    return add(actor, part.copy, _date(part), second, after=part)


def renumber(actor: Any, copy: WorkingCopy) -> int:
    """Number the sessions, and apart from them the workshops, from 1 in their order; returns how many changed."""
    authorize(policy.can_edit(actor, copy.meeting))
    reached, changed = dict.fromkeys(NUMBERED, 0), 0
    for slot in (slot for day in copy.days for slot in copy.slots_of(day)):
        kind = SlotKind(slot.data["kind"])
        if kind not in reached:
            continue
        reached[kind] += 1
        if slot.data["number"] != reached[kind]:
            slot.data, slot.updated_by_id = {**slot.data, "number": reached[kind]}, actor.id
            changed += 1
    if changed:
        audit.record(actor, "agenda.renumbered", copy.meeting, slots=changed)
        mirror(actor, copy)
    db.session.flush()
    return changed
