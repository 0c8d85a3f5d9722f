"""The lines of a sheet as its pages show them: names, hours of the meeting's zone, the marks that each one takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from app.core import clock, i18n, names
from app.forum.meetings.models import Meeting, Slot
from app.forum.members.models import Mandate
from app.forum.sheets import hours, queries, sitting
from app.forum.sheets.counts import Facts
from app.forum.sheets.models import AttendanceLine, SheetItem, Stay
from app.forum.sheets.presence import Standing
from app.forum.sheets.states import HERE, MARKS, ON_THE_DAY, LineState, Mark

ORDER = tuple(Mark)


@dataclass(frozen=True)
class Row:
    """One line as it is read. `note`: hours, who came, by whom it is represented, recusals."""

    line: AttendanceLine
    name: str
    organisation: str
    label: Any
    tone: str
    note: str
    marks: list[Mark]
    substitute: str | None

    @property
    def is_here(self) -> bool:
        return self.line.state in HERE


def name_of(mandate: Mandate) -> str:
    """The name, while it may be kept; then the seat alone says who it was."""
    return mandate.person.name if mandate.person is not None else _("name no longer kept")


def organisation_of(mandate: Mandate) -> str:
    return str(mandate.organisation.name) if mandate.organisation else ""


def clock_of(moment: Any, meeting: Meeting) -> str:
    return i18n.clock_time(hours.local(moment, meeting.timezone).time())


def rows(lines: Iterable[AttendanceLine], facts: Facts) -> list[Row]:
    standings = facts.standings(facts.instant)
    return [_row(line, facts, standings.get(line.mandate_id, Standing.AWAY)) for line in lines]


def _row(line: AttendanceLine, facts: Facts, standing: Standing) -> Row:
    represented = standing == Standing.REPRESENTED
    day = sitting.today(facts.meeting, clock.now())
    substitute = sitting.substitute(line.mandate, day, facts.announced)
    return Row(
        line=line,
        name=name_of(line.mandate),
        organisation=organisation_of(line.mandate),
        label=_("Represented") if represented else line.state.label,
        tone="green" if represented else line.state.tone,
        note=" · ".join(_notes(line, facts, represented=represented)),
        marks=[one for one in ORDER if one in MARKS[line.state] and _offered(one, line, substitute, facts.meeting)],
        substitute=name_of(substitute) if substitute else None,
    )


def _offered(mark: Mark, line: AttendanceLine, substitute: Mandate | None, meeting: Meeting) -> bool:
    """Nothing to undo: no button. A meeting that is over takes hours, no marks of this moment."""
    if mark in ON_THE_DAY and hours.is_over(meeting.last_day, meeting.timezone, clock.now()):
        return False
    if mark == Mark.SUBSTITUTE:
        return substitute is not None
    return mark != Mark.UNDO or bool(line.stays) or line.state != line.foreseen


def _notes(line: AttendanceLine, facts: Facts, *, represented: bool) -> Iterable[str]:
    for stay, before in zip(line.stays, [None, *line.stays], strict=False):
        sat, former = stay.attended_by_id, before.attended_by_id if before is not None else None
        if sat is not None and sat != former:
            came = next((one for one in line.mandate.alternates if one.id == sat), None)
            yield _("by the substitute, %(name)s", name=name_of(came)) if came else _("by the substitute")
        elif sat is None and former is not None:
            yield _("by %(name)s", name=name_of(line.mandate))
        yield _hours(stay, facts.meeting)
    holder = facts.holders.get(line.mandate_id)
    if represented and holder:
        yield _("by proxy to %(name)s", name=holder)
    elif holder and not line.stays and line.mandate_id in {one.principal for one in facts.proxies if one.until is None}:
        yield _("proxy to %(name)s, who is not there", name=holder)
    if line.recusals:
        titles = {item.id: str(item.title) for item in facts.items}
        yield _("recused for: %(items)s", items=", ".join(titles.get(one.item_id, "") for one in line.recusals))


def stay_words(stay: Stay, line: AttendanceLine, meeting: Meeting) -> str:
    """A stay with its day, where there are several, who came when it is a substitute, and how."""
    came = next((one for one in line.mandate.alternates if one.id == stay.attended_by_id), None)
    several = meeting.first_day != meeting.last_day
    parts = [
        i18n.day(hours.local(stay.arrived_at, meeting.timezone).date()) if several else "",
        _hours(stay, meeting),
        _("by the substitute, %(name)s", name=name_of(came)) if came is not None else "",
        str(stay.mode.label),
    ]
    return ", ".join(one for one in parts if one)


def _hours(stay: Stay, meeting: Meeting) -> str:
    arrived = clock_of(stay.arrived_at, meeting)
    if stay.left_at is None:
        return _("since %(hour)s", hour=arrived)
    return f"{arrived}{i18n.NBSP}– {clock_of(stay.left_at, meeting)}"


def matching(rows: Sequence[Row], asked: str) -> list[Row]:
    """Those with a word of their name, or of their organisation's, that begins like this."""
    return [row for row in rows if _begins(asked, row.name, row.organisation)]


def found(lines: Iterable[AttendanceLine], asked: str) -> list[AttendanceLine]:
    """The same of lines, of which nothing but the names is needed."""
    return [line for line in lines if _begins(asked, name_of(line.mandate), organisation_of(line.mandate))]


def _begins(asked: str, *words: str) -> bool:
    return f" {names.key(asked)}" in f" {' '.join(names.key(one) for one in words)}"


def by_college(rows: Sequence[Row]) -> list[tuple[Any, list[Row]]]:
    """Under the name of each college, the letters in order: whoever comes to the door says their name."""
    ranked = [(college, list(run)) for college, run in groupby(rows, key=lambda row: row.line.college)]
    return [(college, sorted(run, key=lambda row: names.key(row.name))) for college, run in ranked]


@dataclass(frozen=True)
class AgendaItem:
    """A line of work of the agenda, with its place, and its row of the sheet when there is one."""

    number: int
    slot: Slot
    item: SheetItem | None

    @property
    def is_open(self) -> bool:
        return self.item is not None and self.item.opened_at is not None


def agenda(meeting: Meeting, items: Iterable[SheetItem]) -> list[AgendaItem]:
    """What the meeting takes one after the other: pauses and meals are left out."""
    known = {item.slot_id: item for item in items}
    work = [slot for slot in queries.slots(meeting.id) if slot.kind.is_work]
    return [AgendaItem(number, slot, known.get(slot.id)) for number, slot in enumerate(work, 1)]


def state_words(line: AttendanceLine) -> str:
    """What a line says, in a sentence, for whoever said something else."""
    return str(line.state.label) if line.state != LineState.LEFT else _("Present, then left")
