"""Reads of meetings: lists take the viewer, are ordered and paged; a draft does not exist for the public."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload, undefer_group

from app.accounts.policy import is_secretariat
from app.core import clock, paging
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.meetings import policy
from app.forum.meetings.models import AgendaDay, Meeting
from app.forum.meetings.states import MeetingPhase

PAGE_SIZE = 20
UPCOMING, PAST = "upcoming", "past"
KNOWN = Meeting.announced_at.is_not(None)
"""What the public may know of: announced, and since then whatever became of it."""


@dataclass(frozen=True)
class Filters:
    """What the reader asked of the list. `body_id` 0: outside meetings that the Forum follows."""

    when: str = UPCOMING
    body_id: int | None = None
    year: int | None = None


def visible_to(viewer: Any) -> list[ColumnElement[bool]]:
    return [] if is_secretariat(viewer) else [KNOWN]


def _conditions(viewer: Any, filters: Filters) -> list[ColumnElement[bool]]:
    today = clock.today()
    found = [*visible_to(viewer), Meeting.last_day >= today if filters.when == UPCOMING else Meeting.last_day < today]
    if filters.body_id is not None:
        found.append(Meeting.body_id == filters.body_id if filters.body_id else Meeting.body_id.is_(None))
    if filters.year is not None:
        found += [Meeting.last_day >= date(filters.year, 1, 1), Meeting.last_day <= date(filters.year, 12, 31)]
    return found


def _in_order(statement: Select[Any], when: str) -> Select[Any]:
    """What comes next first; what is over, the latest first."""
    if when == UPCOMING:
        return statement.order_by(Meeting.last_day, Meeting.id)
    return statement.order_by(Meeting.last_day.desc(), Meeting.id.desc())


def page(viewer: Any, filters: Filters, number: int) -> paging.Page:
    conditions = _conditions(viewer, filters)
    total = db.session.scalar(select(func.count()).select_from(Meeting).where(*conditions)) or 0
    statement = _in_order(select(Meeting).where(*conditions), filters.when).options(joinedload(Meeting.body))
    items = db.session.scalars(statement.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return paging.checked(paging.Page(items, number, PAGE_SIZE, total))


def some(viewer: Any, when: str, limit: int, *, body_id: int | None = None) -> Sequence[Meeting]:
    """The first meetings of a list, for a page that shows a few."""
    statement = select(Meeting).where(*_conditions(viewer, Filters(when, body_id)))
    return db.session.scalars(_in_order(statement, when).options(joinedload(Meeting.body)).limit(limit)).all()


def coming(viewer: Any, until: date, limit: int, body_ids: Iterable[int] | None = None) -> Sequence[Meeting]:
    """What takes place from today to a day, the soonest first: of some bodies, or (None) every meeting."""
    conditions = [
        *visible_to(viewer),
        Meeting.last_day >= clock.today(),
        Meeting.first_day <= until,
        Meeting.phase.not_in((MeetingPhase.POSTPONED, MeetingPhase.CANCELLED)),
    ]
    if body_ids is not None:
        conditions.append(Meeting.body_id.in_(sorted(body_ids)))
    statement = select(Meeting).where(*conditions).order_by(Meeting.first_day, Meeting.id)
    return db.session.scalars(statement.options(joinedload(Meeting.body)).limit(limit)).all()


def next_of(viewer: Any, body_ids: Iterable[int]) -> dict[int, Meeting]:
    """The next meeting of each body, in one statement."""
    ranked = (
        select(
            Meeting.id,
            func.row_number().over(partition_by=Meeting.body_id, order_by=(Meeting.last_day, Meeting.id)).label("rank"),
        )
        .where(*visible_to(viewer), Meeting.last_day >= clock.today(), Meeting.body_id.in_(list(body_ids)))
        .subquery()
    )
    rows = db.session.scalars(select(Meeting).join(ranked, ranked.c.id == Meeting.id).where(ranked.c.rank == 1))
    return {row.body_id: row for row in rows if row.body_id is not None}


def years(viewer: Any, when: str) -> range:
    """The years that the list can hold: from this one to the last meeting's, or from the first's to this one."""
    first_or_last = Meeting.last_day.desc() if when == UPCOMING else Meeting.last_day
    edge = db.session.scalar(select(Meeting.last_day).where(*visible_to(viewer)).order_by(first_or_last).limit(1))
    years = sorted((clock.today().year, edge.year if edge else clock.today().year))
    return range(years[0], years[1] + 1)


def get(meeting_id: int, viewer: Any) -> Meeting:
    """One meeting with its whole agenda, in five statements. Raises `NotFound` when it is not for them."""
    meeting = db.session.scalar(
        select(Meeting)
        .where(Meeting.id == meeting_id, *visible_to(viewer))
        .options(
            joinedload(Meeting.body),
            undefer_group("introduction"),
            selectinload(Meeting.days).joinedload(AgendaDay.slots),
            selectinload(Meeting.people),
            selectinload(Meeting.venues),
        )
    )
    if meeting is None or not policy.can_read(viewer, meeting):
        raise NotFound
    return meeting


def not_closed(limit: int = 20) -> Sequence[Meeting]:
    """Meetings that should have taken place and of which nobody said so, the oldest first."""
    expected = (MeetingPhase.ANNOUNCED, MeetingPhase.CONVENED)
    return db.session.scalars(
        select(Meeting)
        .where(Meeting.last_day < clock.today(), Meeting.phase.in_(expected), Meeting.body_id.is_not(None))
        .order_by(Meeting.last_day, Meeting.id)
        .limit(limit)
    ).all()


def titles(ids: list[int]) -> dict[int, tuple[Any, str, dict[str, Any]]]:
    """{id: (title, endpoint, arguments)} of meetings, for lists of what belongs to them."""
    rows = db.session.scalars(select(Meeting).where(Meeting.id.in_(ids)))
    return {row.id: (row.title, "meetings.show", {"meeting_id": row.id, "slug": row.slug}) for row in rows}


def public_addresses() -> list[tuple[int, str, datetime]]:
    """(id, French title, date of the version shown) of each public meeting, for the site map of machines."""
    rows = db.session.execute(
        select(
            Meeting.id,
            Meeting.title_fr,
            func.coalesce(Meeting.revised_at, Meeting.published_at, Meeting.created_at),
        )
        .where(KNOWN)
        .order_by(Meeting.id.desc())
        .limit(20_000)
    )
    return [(meeting_id, title, at) for meeting_id, title, at in rows]


def public_meetings() -> Sequence[Meeting]:
    """Every public meeting with what is said of it, for the search index."""
    whole = (
        undefer_group("introduction"),
        selectinload(Meeting.days).selectinload(AgendaDay.slots),
        selectinload(Meeting.people),
        selectinload(Meeting.venues),
    )
    return db.session.scalars(select(Meeting).where(KNOWN).order_by(Meeting.id).options(*whole)).all()


def when_of(value: str | None) -> str:
    if value in (None, "", UPCOMING):
        return UPCOMING
    if value == PAST:
        return PAST
    raise NotFound


def number_of(value: str | None, low: int, high: int) -> int | None:
    """A number of the address within bounds; None when absent. Raises `NotFound` for anything else."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 10 and low <= int(value) <= high):
        raise NotFound
    return int(value)
