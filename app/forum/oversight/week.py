"""The desk's week: what waits, by when; and the meetings that come, each with what is to be done next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.policy import is_secretariat
from app.core import clock, registry
from app.core.registry import Step, Todo
from app.forum.meetings import checklist
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting

AHEAD, MOST, STEPPED = timedelta(weeks=6), 12, 1
"""How far the coming meetings are shown, how many, and for how many each room is asked for its lines (statements)."""


class When(StrEnum):
    LATE = "late"
    WEEK = "week"
    LATER = "later"
    UNDATED = "undated"

    @property
    def label(self) -> Any:
        return LABELS[self]


LABELS = {
    When.LATE: _l("Late"),
    When.WEEK: _l("This week"),
    When.LATER: _l("Later"),
    When.UNDATED: _l("Without a date"),
}


def when_of(due: date | None, today: date) -> When:
    """The week ends on Sunday."""
    if due is None:
        return When.UNDATED
    if due < today:
        return When.LATE
    return When.WEEK if due <= today + timedelta(days=6 - today.weekday()) else When.LATER


def grouped(todos: Sequence[Todo], today: date) -> list[tuple[When, list[Todo]]]:
    """What waits under its heading, in the order given; a heading without any line is left out."""
    groups = [(when, [one for one in todos if when_of(one.due, today) == when]) for when in When]
    return [(when, found) for when, found in groups if found]


@dataclass(frozen=True)
class Coming:
    """`step`: what is to be done next, None when nothing is, or when the viewer does not prepare the meeting."""

    meeting: Meeting
    step: Step | None = None


def coming(viewer: Any) -> list[Coming]:
    """The meetings of the next six weeks: every one for the secretariat, those of their bodies for whoever sits."""
    prepares = is_secretariat(viewer)
    bodies = None if prepares else registry.current().seats(viewer).bodies
    if bodies is not None and not bodies:
        return []
    found = meetings.coming(viewer, clock.today() + AHEAD, MOST, bodies)
    return [
        Coming(one, checklist.next_undone(viewer, one) if prepares and number < STEPPED else None)
        for number, one in enumerate(found)
    ]
