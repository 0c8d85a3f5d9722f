"""The register as its readers ask for it: filters, one page, counts, the usual time, the whole list for a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_login import AnonymousUserMixin
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.core import paging
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.decisions import policy, queries
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.states import ActionStatus, DecisionKind, DecisionStatus
from app.forum.members import policy as members
from app.forum.members.models import Person
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import MinutesStatus
from app.forum.organisations.models import Organisation

PAGE_SIZE, FEED_SIZE, MOST_ROWS = 20, 50, 5000
PENDING, LATE = "pending", "late"
STATUSES: dict[Any, Any] = {Decision: DecisionStatus, Action: ActionStatus}


@dataclass(frozen=True)
class Filters:
    """`status`: the value of one, or `pending`, or `late`: pending past its deadline. `words`: folded."""

    body_id: int | None = None
    year: int | None = None
    status: str | None = None
    organisation_id: int | None = None
    kind: DecisionKind | None = None
    words: tuple[str, ...] = ()

    @property
    def are_set(self) -> bool:
        return any((self.body_id, self.year, self.status, self.organisation_id, self.kind, self.words))


def visible_to(model: Any, viewer: Any) -> list[ColumnElement[bool]]:
    """`policy.can_read`, in SQL: what is public, and what is in the minutes that the viewer reads before the public."""
    if policy.can_write(viewer):
        return []
    bodies = sorted({one.body_id for one in members.in_office(viewer)})
    if not bodies:
        return [model.published_at.is_not(None)]
    drafts = select(Minutes.id).where(Minutes.status == MinutesStatus.DRAFT)
    own = and_(model.body_id.in_(bodies), model.status != "withdrawn", model.minutes_id.not_in(drafts))
    return [or_(model.published_at.is_not(None), own)]


def _conditions(model: Any, viewer: Any, filters: Filters, *, with_status: bool = True) -> list[ColumnElement[bool]]:
    found = visible_to(model, viewer)
    if filters.body_id is not None:
        found.append(model.body_id == filters.body_id)
    if filters.year is not None:
        found.append(model.year == filters.year)
    if filters.organisation_id is not None:
        found.append(model.organisation_id == filters.organisation_id)
    if filters.kind is not None and model is Decision:
        found.append(Decision.kind == filters.kind)
    if filters.status is not None and with_status:
        found.append(_has(model, filters.status))
    return found + [model.folded.contains(word, autoescape=True) for word in filters.words]


def _has(model: Any, status: str) -> ColumnElement[bool]:
    if status == PENDING:
        return queries.is_pending(model)
    return queries.is_late(model) if status == LATE else model.status == status


def _listed(model: Any, conditions: list[ColumnElement[bool]], filters: Filters) -> Select[Any]:
    """The latest first; of those that are late, the latest deadline last."""
    options = [joinedload(model.body), joinedload(model.organisation)]
    if model is Decision:
        options.append(joinedload(Decision.person).selectinload(Person.mandates))
        options.append(joinedload(Decision.vote))
    wanted = select(model).where(*conditions).options(*options)
    if filters.status == LATE:
        return wanted.order_by(model.deadline, model.id)
    return wanted.order_by(model.year.desc(), model.sequence.desc())


def page(model: Any, viewer: Any, filters: Filters, number: int) -> paging.Page:
    conditions = _conditions(model, viewer, filters)
    total = db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
    rows = db.session.scalars(
        _listed(model, conditions, filters).offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    ).all()
    return paging.checked(paging.Page(rows, number, PAGE_SIZE, total))


def rows(model: Any, viewer: Any, filters: Filters) -> Sequence[Any]:
    """The whole filtered list, for a file."""
    return db.session.scalars(_listed(model, _conditions(model, viewer, filters), filters).limit(MOST_ROWS)).all()


def counts(model: Any, viewer: Any, filters: Filters) -> dict[str, int]:
    """How many are pending, late and done among what the other filters leave, in one statement."""
    conditions = _conditions(model, viewer, filters, with_status=False)
    asked = {name: func.sum(case((_has(model, name), 1), else_=0)) for name in (PENDING, LATE, "done")}
    row = db.session.execute(select(*asked.values()).select_from(model).where(*conditions)).one()
    return {name: int(value or 0) for name, value in zip(asked, row, strict=True)}


def usual_days(model: Any, viewer: Any, filters: Filters) -> tuple[int, int]:
    """(how many are done, the median of the days that they took), 0 without any."""
    done = [*_conditions(model, viewer, filters, with_status=False), model.status == "done", model.took.is_not(None)]
    total = db.session.scalar(select(func.count()).select_from(model).where(*done)) or 0
    if not total:
        return 0, 0
    middle = select(model.took).where(*done).order_by(model.took, model.id).offset((total - 1) // 2)
    held = list(db.session.scalars(middle.limit(2 - total % 2)))
    return total, round(sum(held) / len(held))


def years(model: Any, viewer: Any) -> Sequence[int]:
    wanted = select(model.year).where(*visible_to(model, viewer)).distinct()
    return db.session.scalars(wanted.order_by(model.year.desc()).limit(100)).all()


def organisations(model: Any, viewer: Any) -> Sequence[Organisation]:
    """Those that answer for something in the register."""
    named = select(model.organisation_id).where(*visible_to(model, viewer), model.organisation_id.is_not(None))
    wanted = select(Organisation).where(Organisation.id.in_(named))
    return db.session.scalars(wanted.order_by(Organisation.name_key, Organisation.id).limit(500)).all()


def latest(filters: Filters) -> Sequence[Decision]:
    """What everyone may read, what changed last first; the same for every reader."""
    conditions = _conditions(Decision, AnonymousUserMixin(), filters)
    wanted = select(Decision).where(*conditions).options(joinedload(Decision.body), joinedload(Decision.organisation))
    return db.session.scalars(wanted.order_by(Decision.updated_at.desc(), Decision.id.desc()).limit(FEED_SIZE)).all()


# -- what the address asks for ---------------------------------------------------------------------------------------


def status_of(model: Any, value: str | None) -> str | None:
    """A value of the filter on the status. Raises `NotFound` for another one."""
    return _one_of({*STATUSES[model], PENDING, LATE}, value)


def kind_of(value: str | None) -> DecisionKind | None:
    found = _one_of(set(DecisionKind), value)
    return DecisionKind(found) if found else None


def _one_of(known: set[Any], value: str | None) -> str | None:
    if not value:
        return None
    if value not in known:
        raise NotFound
    return value
