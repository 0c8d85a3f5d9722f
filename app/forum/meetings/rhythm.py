"""How often a body meets, against what it must: pure computing on days, no database.

Only a meeting that was held keeps an obligation; one that is announced says when the next is expected; one that is
postponed or cancelled is listed and never counted. A meeting of several days counts on its first.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.forum.meetings.states import MeetingPhase

OFF = (MeetingPhase.POSTPONED, MeetingPhase.CANCELLED)
DAY = timedelta(days=1)


class State(StrEnum):
    KEPT = "kept"
    RUNNING = "running"
    LATE = "late"
    NOT_DUE = "not_due"


@dataclass(frozen=True)
class Sitting:
    """A meeting of the body. `thing`: what the reader is led to as evidence. `resumes`: the number of the meeting that
    lacked its quorum and that this one takes up again: both are one session (F.6)."""

    number: int
    day: date
    phase: MeetingPhase
    thing: Any = None
    resumes: int | None = None


@dataclass(frozen=True)
class Reading:
    """An obligation over a period, both days included. `wanted`: meetings asked for in the period.

    `due`: the last day on which the next meeting keeps it; `late_since`: the first day past it; `next`: the first
    announced meeting. `unconfirmed`: announced, the day is past, nobody has said that it was held.
    """

    first: date
    last: date
    wanted: int
    state: State
    due: date
    held: list[Sitting] = field(default_factory=list)
    coming: list[Sitting] = field(default_factory=list)
    unconfirmed: list[Sitting] = field(default_factory=list)
    off: list[Sitting] = field(default_factory=list)
    late_since: date | None = None
    is_yearly: bool = True

    @property
    def next(self) -> date | None:
        return self.coming[0].day if self.coming else None

    @property
    def lacks(self) -> int:
        """Meetings still to announce for the obligation to be kept on its last day."""
        if self.is_yearly and self.state == State.NOT_DUE:
            return 0
        in_time = sum(one.day <= self.due for one in self.coming)
        return max(0, self.wanted - in_time - (len(self.held) if self.is_yearly else 0))


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last day of a shorter month: 31 August and 6 make 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def counted(sittings: Sequence[Sitting], until: date) -> list[Sitting]:
    """What was held up to a day, in order; a session that resumed for want of a quorum counts once."""
    held = [one for one in sittings if one.phase == MeetingPhase.HELD and one.day <= until]
    numbers = {one.number for one in held}
    return sorted((one for one in held if one.resumes not in numbers), key=lambda one: (one.day, one.number))


def yearly(sittings: Sequence[Sitting], wanted: int, year: int, *, today: date, since: date) -> Reading:
    """`wanted` meetings in a calendar year. The year in which the body began asks for nothing yet."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    held = [one for one in counted(sittings, today) if one.day.year == year]
    state, late = State.RUNNING, None
    if len(held) >= wanted:
        state = State.KEPT
    elif since > first:
        state = State.NOT_DUE
    elif today > last:
        state, late = State.LATE, last + DAY
    return Reading(
        first, last, wanted, state, last, held=held, late_since=late, **_others(sittings, first, last, today)
    )


def rolling(
    sittings: Sequence[Sitting], months: int, *, today: date, since: date, rule_since: date | None = None
) -> Reading:
    """A meeting at least every so many months, as it stands today: the last one opens the term of the next.

    `rule_since`: the first day of the rule; nobody was late before it.
    """
    held = counted(sittings, today)
    anchor = held[-1].day if held else since
    due = add_months(anchor, months)
    late = max(due + DAY, rule_since or since) if today > due else None
    state = State.LATE if late else State.KEPT if held else State.NOT_DUE
    first = max(since, add_months(today, -months) + DAY)
    recent = [one for one in held if one.day >= first] or held[-1:]
    others = _others(sittings, min(first, anchor), date.max, today)
    return Reading(min(first, anchor), due, 1, state, due, held=recent, late_since=late, is_yearly=False, **others)


def rolling_year(
    sittings: Sequence[Sitting], months: int, year: int, *, today: date, since: date, rule_since: date | None = None
) -> Reading:
    """The same obligation over a past year: late when one of its days came too long after the last meeting."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    spans = _overdue(counted(sittings, today), months, since, today)
    ruled = [(max(begins, rule_since or begins), ends) for begins, ends in spans]
    overdue = [(begins, ends) for begins, ends in ruled if begins <= min(ends, last)]
    late = next((begins for begins, ends in overdue if ends >= first), None)
    held = [one for one in counted(sittings, today) if one.day.year == year]
    state = State.LATE if late else State.KEPT if held or since < first else State.NOT_DUE
    return Reading(
        first, last, 1, state, last, held=held, late_since=late, is_yearly=False,
        **_others(sittings, first, last, today),
    )  # fmt: skip


def _overdue(held: Sequence[Sitting], months: int, since: date, today: date) -> list[tuple[date, date]]:
    """The stretches of days without a meeting in time, both ends included; each meeting ends one."""
    starts = [since, *(one.day for one in held)]
    ends = [*(one.day for one in held), today + DAY]
    spans = [(add_months(start, months) + DAY, end - DAY) for start, end in zip(starts, ends, strict=True)]
    return [(begins, ends) for begins, ends in spans if begins <= ends]


def _others(sittings: Sequence[Sitting], first: date, last: date, today: date) -> dict[str, Any]:
    """What is announced, called off, or not yet confirmed, in the period."""
    inside = sorted((one for one in sittings if first <= one.day <= last), key=lambda one: (one.day, one.number))
    known = [one for one in inside if one.phase in (MeetingPhase.ANNOUNCED, MeetingPhase.CONVENED)]
    return {
        "coming": [one for one in known if one.day >= today],
        "unconfirmed": [one for one in known if one.day < today],
        "off": [one for one in inside if one.phase in OFF],
    }
