"""The lines that come back at each meeting of a body: what this room gives, and their copies in an agenda.

A copy is a slot like any other, known by its identifier: what the secretariat made of it stays, and one that it
removed does not come back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import audit, i18n, registry
from app.core.access import authorize
from app.core.errors import IllegalMove
from app.core.registry import StandingLine
from app.forum.agendas import ordering, working
from app.forum.agendas.models import WorkingCopy
from app.forum.agendas.states import PartKind
from app.forum.meetings.models import Meeting
from app.forum.members import directory
from app.forum.members.states import BodyKind
from app.forum.planning import layout, policy, queries

NAMED = 20  # organisations in one description

audit.declare("meeting.standing_lines", "lines")


def lines(meeting: Meeting) -> list[StandingLine]:
    """What every room gives to the agenda of a meeting; an outside meeting has none of it."""
    if meeting.body_id is None:
        return []
    found: dict[str, StandingLine] = {}
    for give in registry.current().standing_lines:
        for line in give(meeting):
            found.setdefault(layout.key_of(line), line)
    return list(found.values())


@dataclass(frozen=True)
class Refreshed:
    """French titles. `added`: the new copies; `stale`: the copies that no room gives any more, left as they are."""

    added: list[str]
    stale: list[str]


def refresh(actor: Any, copy: WorkingCopy) -> Refreshed:
    """Copy the lines that the agenda has not had yet. Raises `IllegalMove` while the agenda is frozen.

    The copy is held by the caller (`agendas.queries.copy(…, lock=True)`), so that two at once add each line once.
    """
    authorize(policy.can_plan(actor))
    if registry.current().is_frozen(copy.meeting):
        raise IllegalMove("the agenda is frozen")
    known = {part.key for part in copy.parts if part.kind == PartKind.SLOT}
    given = {layout.key_of(line): line for line in lines(copy.meeting)}
    new = {key: line for key, line in given.items() if key not in known}
    for key, line in new.items():
        _add(actor, copy, key, line)
    if new:
        audit.record(actor, "meeting.standing_lines", copy.meeting, lines=len(new))
    stale = [slot for slot in copy.slots if slot.key.startswith(layout.PREFIX) and slot.key not in given]
    return Refreshed([str(line.title["fr"]) for line in new.values()], [slot.data["title"]["fr"] for slot in stale])


def _add(actor: Any, copy: WorkingCopy, key: str, line: StandingLine) -> None:
    """Near the beginning of the first day, or the end of the last one; the hours of the others are not touched."""
    day = copy.meeting.first_day if line.first else copy.meeting.last_day
    held = copy.slots_of(day.isoformat())
    place = layout.place([(slot.key, slot.data["kind"]) for slot in held], first=line.first)
    slot = layout.standing_slot(line)
    data = {name: value for name, value in slot.items() if name != "id"}
    ordering.add(actor, copy, day, working.plain(data), place=place, key=key)


# -- what this room gives ----------------------------------------------------------------------------------------------
def _both(write: Any) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for lang in i18n.LANGUAGES:
        with i18n.in_language(lang):
            found[lang] = str(write())
    return found


def adoption(_meeting: Meeting) -> Iterator[StandingLine]:
    yield StandingLine("agenda-adoption", _both(lambda: _("Adoption of the agenda")), minutes=5)


def new_members(meeting: Meeting) -> Iterator[StandingLine]:
    """Who has joined the body since it last met; nothing before its first meeting, where everyone is new."""
    before = queries.previous_held(meeting)
    if before is None or meeting.body_id is None:
        return
    homes = queries.joined(meeting.body_id, before, meeting.first_day)
    if homes:
        title = _both(lambda: _("Welcome of the new members"))
        yield StandingLine("new-members", title, _both(lambda: _welcome(homes, i18n.day(before))), minutes=10)


def _welcome(homes: list[str | None], since: str) -> str:
    names = list(dict.fromkeys(name for name in homes if name))
    text = ngettext(
        "%(num)d new member since the meeting of %(day)s.", "%(num)d new members since the meeting of %(day)s.",
        len(homes), day=since,
    )  # fmt: skip
    if not names:
        return text
    listed = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return f"{text} " + _("Organisations: %(names)s.", names=listed)


def vacant_seats(meeting: Meeting) -> Iterator[StandingLine]:
    """The plenary hears which seats of co-chairs and of the committee nobody holds."""
    if meeting.body is None or meeting.body.kind != BodyKind.PLENARY:
        return
    vacancies = directory.vacancies(meeting.first_day)
    if vacancies:
        title = _both(lambda: _("Seats to be filled"))
        yield StandingLine("vacant-seats", title, _both(lambda: _vacant(vacancies)), minutes=10, first=False)


def _vacant(vacancies: list[directory.Vacancy]) -> str:
    counted: dict[str, int] = {}
    for one in vacancies:
        name = _("%(seat)s, %(college)s", seat=one.seat.label, college=one.college.label)
        counted[name] = counted.get(name, 0) + 1
    return "; ".join(_("%(name)s: %(count)s", name=name, count=count) for name, count in counted.items())
