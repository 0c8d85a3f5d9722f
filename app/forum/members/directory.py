"""Reads of the public directory: who sits, who sat on a day, who no longer sits; what seats are vacant.

A page is bounded, and so is its cost: the list reads one page of titulars and their substitutes, whatever the archive.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.core import clock, names, paging, rules
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.members.models import Body, Mandate, Person, a_year_before
from app.forum.members.queries import ORDER
from app.forum.members.states import BodyKind, SeatKind
from app.forum.organisations import queries as organisations
from app.forum.organisations.models import Organisation
from app.forum.organisations.states import VOTING, College

PAGE_SIZE, MAX_ASKED = 25, 100
COLLEGE_ORDER = case({one.value: rank for rank, one in enumerate(College)}, value=Mandate.college)
SEAT_ORDER = case({one.value: rank for rank, one in enumerate(SeatKind)}, value=Mandate.seat)


@dataclass(frozen=True)
class Filters:
    """What the reader asked. `on`: the day whose members are listed; `past`: those who no longer sit instead."""

    on: date
    past: bool = False
    body_id: int | None = None
    college: College | None = None
    asked: str = ""

    @property
    def is_today(self) -> bool:
        return self.on == clock.today()


def sitting(on: date) -> ColumnElement[bool]:
    """In office on that day, the term being over or not (A.20 #8)."""
    return and_(Mandate.starts_on <= on, or_(Mandate.sits_until.is_(None), Mandate.sits_until >= on))


def _named() -> ColumnElement[bool]:
    """Mandates whose holder's name the public may still read (D.4)."""
    return or_(Mandate.sits_until.is_(None), Mandate.sits_until >= a_year_before(clock.today()))


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Mandate.sits_until < clock.today() if filters.past else sitting(filters.on),
        Mandate.titular_id.is_(None),
    ]
    if filters.body_id is not None:
        found.append(Mandate.body_id == filters.body_id)
    if filters.college is not None:
        found.append(Mandate.college == filters.college)
    if names.key(filters.asked):
        found.append(_asked(filters.asked))
    return found


def _asked(asked: str) -> ColumnElement[bool]:
    """By name of person or organisation; a name that has faded finds nobody. `names.key` leaves no wildcard."""
    people = select(Person.id).where(Person.name_key.like(f"%{names.key(asked)}%"))
    places = select(Organisation.id).where(organisations.matching(asked))
    return or_(Mandate.organisation_id.in_(places), and_(Mandate.person_id.in_(people), _named()))


def _in_order(statement: Select[Any], filters: Filters) -> Select[Any]:
    """Those who sit: by body, college, seat, then organisation. Those who left: the latest first."""
    if filters.past:
        return statement.order_by(Mandate.sits_until.desc(), Mandate.id.desc())
    return (
        statement.join(Body, Body.id == Mandate.body_id)
        .outerjoin(Organisation, Organisation.id == Mandate.organisation_id)
        .order_by(ORDER, Body.id, COLLEGE_ORDER, SEAT_ORDER, Organisation.name_key, Mandate.seat_number, Mandate.id)
    )


def page(filters: Filters, number: int) -> paging.Page:
    """One page of full members, each with their substitutes on that day."""
    first = (number - 1) * PAGE_SIZE
    wanted, total = (_past if filters.past else _sitting)(filters, first)
    if not wanted and number > 1:
        raise NotFound
    found = {one.id: one for one in db.session.scalars(_with_everything(Mandate.id.in_(wanted)))}
    return paging.checked(paging.Page([found[one] for one in wanted], number, PAGE_SIZE, total))


def _past(filters: Filters, first: int) -> tuple[Sequence[int], int]:
    """(the mandates of one page from its first place, how many there are), the latest first."""
    conditions = _conditions(filters)
    total = db.session.scalar(select(func.count()).select_from(Mandate).where(*conditions)) or 0
    listed = _in_order(select(Mandate.id).where(*conditions), filters)
    return db.session.scalars(listed.offset(first).limit(PAGE_SIZE)).all(), total


def _sitting(filters: Filters, first: int) -> tuple[Sequence[int], int]:
    """The same, by body: only those of the bodies that stand on the page are put in order, whoever else sits."""
    conditions = _conditions(filters)
    held = select(Mandate.body_id, func.count().label("held")).where(*conditions).group_by(Mandate.body_id).subquery()
    counted = select(Body.id, held.c.held).join(held, held.c.body_id == Body.id).order_by(ORDER, Body.id)
    shown, before, total = [], 0, 0
    for body_id, count in db.session.execute(counted):
        if total + count <= first:
            before += count
        elif total < first + PAGE_SIZE:
            shown.append(body_id)
        total += count
    listed = _in_order(select(Mandate.id).where(*conditions, Mandate.body_id.in_(shown)), filters)
    return db.session.scalars(listed.offset(first - before).limit(PAGE_SIZE)).all(), total


def by_body(mandates: Sequence[Mandate]) -> list[tuple[Body, list[Mandate]]]:
    """The mandates of a page under the body that they are in, in the order of the page."""
    return [(held[0].body, held) for _id, run in groupby(mandates, lambda one: one.body_id) for held in [list(run)]]


def _with_everything(condition: ColumnElement[bool]) -> Select[Any]:
    return (
        select(Mandate)
        .where(condition)
        .order_by(Mandate.id)
        .options(
            joinedload(Mandate.person),
            joinedload(Mandate.organisation),
            joinedload(Mandate.body),
            joinedload(Mandate.need),
            selectinload(Mandate.alternates).options(joinedload(Mandate.person), joinedload(Mandate.organisation)),
        )
    )


def members_of(body_id: int, on: date | None = None, *, limit: int = 100) -> Sequence[Mandate]:
    """The full members of one body on a day, with their substitutes; a body has some tens of them."""
    on = on or clock.today()
    statement = _with_everything(and_(Mandate.body_id == body_id, Mandate.titular_id.is_(None), sitting(on)))
    organised = statement.outerjoin(Organisation, Organisation.id == Mandate.organisation_id).order_by(None)
    return db.session.scalars(
        organised.order_by(SEAT_ORDER, COLLEGE_ORDER, Mandate.seat_number, Organisation.name_key, Mandate.id).limit(
            limit
        )
    ).all()


def seats_of(body_id: int, on: date, *, limit: int = 1000) -> Sequence[Mandate]:
    """Every seat of a body held on a day, with its substitutes: who is convened, answers and signs the sheet.

    Ordered by college, seat, then name, so that a sheet reads as the public directory does. `seat in VOTING_SEATS` says
    who votes; the others (observers, qualified persons) are convened and do not count in the quorum.
    """
    wanted = and_(Mandate.body_id == body_id, Mandate.titular_id.is_(None), sitting(on))
    statement = _with_everything(wanted).order_by(None).outerjoin(Person, Person.id == Mandate.person_id)
    return db.session.scalars(
        statement.order_by(COLLEGE_ORDER, SEAT_ORDER, Person.name_key, Mandate.seat_number, Mandate.id).limit(limit)
    ).all()


def of_organisation(organisation_id: int, *, limit: int = 200) -> Sequence[Mandate]:
    """Every mandate held for an organisation, the latest first; those to come are left out until their day."""
    statement = _with_everything(
        and_(Mandate.organisation_id == organisation_id, Mandate.starts_on <= clock.today())
    ).order_by(None)
    return db.session.scalars(statement.order_by(Mandate.starts_on.desc(), Mandate.id.desc()).limit(limit)).all()


COUNTED = (SeatKind.CO_CHAIR, SeatKind.COMMITTEE_SEAT)


@dataclass(frozen=True)
class Vacancy:
    """A counted seat that nobody holds."""

    seat: SeatKind
    college: College
    number: int


def vacancies(on: date) -> list[Vacancy]:
    """Co-chairs and committee seats without a full member on a day, by the seats that the rule then gave (A.20 #6)."""
    kind = select(Body.id).where(Body.kind == BodyKind.MANAGEMENT_COMMITTEE)
    if not db.session.scalar(kind.limit(1)):
        return []
    rows = db.session.execute(
        select(Mandate.seat, Mandate.college, Mandate.seat_number)
        .where(Mandate.body_id.in_(kind), Mandate.titular_id.is_(None), Mandate.seat.in_(COUNTED), sitting(on))
        .distinct()
    )
    held = {(seat, college, number) for seat, college, number in rows}
    seats = committee_seats(on)
    expected = [Vacancy(SeatKind.CO_CHAIR, college, 1) for college in VOTING]
    expected += [
        Vacancy(SeatKind.COMMITTEE_SEAT, college, number)
        for college in VOTING
        for number in range(1, seats.get(college.value, 0) + 1)
    ]
    return [one for one in expected if (one.seat, one.college, one.number) not in held]


def committee_seats(on: date) -> dict[str, int]:
    """Seats of each college in the committee, by the rule in force on that day."""
    return dict(rules.value("committee_seats", on=on))


def college_of(value: str | None) -> College | None:
    """A college named in an address; None when there is none. Raises `NotFound` for anything else."""
    if not value:
        return None
    try:
        return College(value)
    except ValueError as fault:
        raise NotFound from fault
