"""The rhythm of each body, from its public meetings and the dated rules: the same few statements whatever they hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from app.core import clock, rules
from app.core.clock import PARIS
from app.core.extensions import db
from app.forum.meetings import rhythm, rhythm_words
from app.forum.meetings.models import Meeting
from app.forum.meetings.queries import KNOWN
from app.forum.meetings.rhythm import Reading, Sitting
from app.forum.meetings.rhythm_words import BETWEEN, GROUPS, PLENARIES
from app.forum.meetings.states import MeetingPhase
from app.forum.members import queries as members
from app.forum.members.models import Body
from app.forum.members.states import BodyKind

YEARS, MOST = 3, 2000
RULES = {BodyKind.PLENARY: PLENARIES, BodyKind.WORKING_GROUP: GROUPS}
WHOLE_FORUM = (BodyKind.PLENARY, BodyKind.MANAGEMENT_COMMITTEE)
"""Where government and civil society sit for the whole Forum: a working group speaks for its theme alone."""


@dataclass(frozen=True)
class Indicator:
    """One obligation. `body` None: of the Forum as a whole. `past`: (year, reading) of the last years, latest first.

    `rule_since`: the day since which the rule has its value, None for the default.
    """

    body: Body | None
    rule: rules.Rule
    value: int
    rule_since: date | None
    reading: Reading
    past: Sequence[tuple[int, Reading]] = ()

    @property
    def obligation(self) -> str:
        return rhythm_words.obligation(self.rule.key, self.value)

    @property
    def anchor(self) -> str:
        return f"body-{self.body.id}" if self.body else "forum"


@dataclass(frozen=True)
class Known:
    """`meetings` of a body, and the first day that it is answerable for."""

    meetings: list[Sitting]
    since: date


def indicators() -> list[Indicator]:
    """Every obligation: of the Forum, of the plenary, of each working group; with the last three years."""
    bodies = members.bodies()
    known = _known(bodies)
    found = [_indicator(body, known[body.id], past=True) for body in bodies if body.kind in RULES]
    whole = _whole_forum(bodies, known)
    return ([_indicator(None, whole, past=True)] if whole else []) + found


def without_rule() -> list[Body]:
    """Bodies whose rhythm no rule sets."""
    return [body for body in members.bodies() if body.kind not in RULES]


def of_body(body: Body) -> Indicator:
    """Where a body that has a rule stands today."""
    return _indicator(body, _known([body])[body.id])


def current(bodies: Sequence[Body]) -> list[Indicator]:
    """Where the bodies that have a rule stand today."""
    wanted = [body for body in bodies if body.kind in RULES]
    known = _known(wanted)
    return [_indicator(body, known[body.id]) for body in wanted]


def _known(bodies: Iterable[Body]) -> dict[int, Known]:
    """The public meetings of the years shown. What was held before them only says since when the body meets."""
    bodies = list(bodies)
    start, ids = date(clock.today().year - YEARS - 2, 1, 1), [body.id for body in bodies]
    meetings: dict[int, list[Sitting]] = {number: [] for number in ids}
    wanted = select(Meeting).where(KNOWN, Meeting.body_id.in_(ids), Meeting.first_day >= start)
    for one in db.session.scalars(wanted.order_by(Meeting.first_day.desc(), Meeting.id.desc()).limit(MOST)):
        meetings[one.body_id or 0].append(Sitting(one.id, one.first_day, one.phase, one, one.second_notice_of_id))
    held = _held(ids, start)
    return {body.id: Known(meetings[body.id], _since(body, *held.get(body.id, (None, None)))) for body in bodies}


def _since(body: Body, last_before: date | None, first: date | None) -> date:
    """The last meeting held before the years shown; or else the day when the body began, known by its first meeting or
    by its entry in the register, whichever is older: what it missed before it first met counts."""
    begun = body.created_at.astimezone(PARIS).date()
    return last_before or min(first or begun, begun)


def _held(ids: list[int], start: date) -> dict[int, tuple[date | None, date]]:
    """Of each body that met: the last meeting held before the years shown, and the first one of all."""
    before = func.max(case((Meeting.first_day < start, Meeting.first_day)))
    rows = db.session.execute(
        select(Meeting.body_id, before, func.min(Meeting.first_day))
        .where(Meeting.body_id.in_(ids), Meeting.phase == MeetingPhase.HELD)
        .group_by(Meeting.body_id)
    )
    return {number: (last, first) for number, last, first in rows}


def _whole_forum(bodies: Sequence[Body], known: dict[int, Known]) -> Known | None:
    found = [known[body.id] for body in bodies if body.kind in WHOLE_FORUM]
    if not found:
        return None
    return Known([one for each in found for one in each.meetings], min(each.since for each in found))


def _indicator(body: Body | None, known: Known, *, past: bool = False) -> Indicator:
    key, scope, today = RULES[body.kind] if body else BETWEEN, body.id if body else None, clock.today()
    value = rules.value(key, scope=scope)
    years = range(today.year - 1, max(today.year - YEARS, known.since.year) - 1, -1) if past else ()
    return Indicator(
        body, rules.RULES[key], value, rules.since(key, scope=scope),
        _now(key, scope, value, known, today),
        [(year, _then(key, scope, year, known, today)) for year in years],
    )  # fmt: skip


def _now(key: str, scope: int | None, value: int, known: Known, today: date) -> Reading:
    """By the rule of today: what comes into force later in the period is not known to the reader yet."""
    if key == PLENARIES:
        return rhythm.yearly(known.meetings, value, today.year, today=today, since=known.since)
    ruled = rules.since(key, scope=scope)
    return rhythm.rolling(known.meetings, value, today=today, since=known.since, rule_since=ruled)


def _then(key: str, scope: int | None, year: int, known: Known, today: date) -> Reading:
    """A past year, by the rule in force on its last day."""
    value: Any = rules.value(key, scope=scope, on=date(year, 12, 31))
    if key == PLENARIES:
        return rhythm.yearly(known.meetings, value, year, today=today, since=known.since)
    ruled = rules.since(key, scope=scope, on=date(year, 12, 31))
    return rhythm.rolling_year(known.meetings, value, year, today=today, since=known.since, rule_since=ruled)
