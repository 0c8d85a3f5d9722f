"""Reads of bodies, people and needs; the public directory is in `directory`."""

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.core import clock
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.members.models import Body, Mandate, Need, Person, a_year_before
from app.forum.members.states import STAYS_UNTIL_REPLACED, BodyKind

ORDER = case({kind.value: rank for rank, kind in enumerate(BodyKind)}, value=Body.kind)


def bodies() -> Sequence[Body]:
    """Every body: plenary, committee, then groups in the order they were made. A handful of rows."""
    return db.session.scalars(select(Body).order_by(ORDER, Body.id).limit(100)).all()


def body(body_id: int) -> Body:
    """Raises `NotFound`."""
    found = db.session.get(Body, body_id)
    if found is None:
        raise NotFound
    return found


def working_groups() -> Sequence[Body]:
    return [body for body in bodies() if body.kind == BodyKind.WORKING_GROUP]


def working_group(body_id: int) -> Body:
    """Raises `NotFound` for an unknown id or another kind of body."""
    found = body(body_id)
    if found.kind != BodyKind.WORKING_GROUP:
        raise NotFound
    return found


def named_people() -> Sequence[Person]:
    """Everyone whose name the public may read today: in office, or out of it for less than a year (D.4)."""
    today = clock.today()
    shown = select(Mandate.person_id).where(
        Mandate.starts_on <= today,
        or_(Mandate.sits_until.is_(None), Mandate.sits_until >= a_year_before(today)),
        Mandate.person_id.is_not(None),
    )
    mandates = selectinload(Person.mandates).joinedload(Mandate.organisation)
    return db.session.scalars(select(Person).where(Person.id.in_(shown)).options(mandates).order_by(Person.id)).all()


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """The name of each person, with the function."""
    rows = db.session.execute(select(Person.id, Person.name, Person.function_fr).where(Person.id.in_(sorted(set(ids)))))
    return {number: ", ".join(part for part in (name, function) if part) for number, name, function in rows}


def accounts_of(ids: Sequence[int]) -> set[int]:
    """The numbers of the accounts that are linked to some people."""
    if not ids:
        return set()
    rows = select(Person.user_id).where(Person.id.in_(sorted(set(ids))), Person.user_id.is_not(None))
    return {number for number in db.session.scalars(rows) if number is not None}


def people_with_account() -> Sequence[Person]:
    options = (selectinload(Person.mandates), joinedload(Person.user))
    statement = select(Person).where(Person.user_id.is_not(None)).options(*options).order_by(Person.id)
    return db.session.scalars(statement).all()


def people_of(organisation_id: int) -> Sequence[Person]:
    held = select(Mandate.person_id).where(Mandate.organisation_id == organisation_id, Mandate.person_id.is_not(None))
    return db.session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.id)).all()


def needs(*, body_id: int | None = None, only_open: bool = False) -> Sequence[Need]:
    """Needs for new members: those still open first, then the latest."""
    today = clock.today()
    closed = case((or_(Need.closed_on.is_(None), Need.closed_on > today), 0), else_=1)
    statement = select(Need).options(joinedload(Need.body)).order_by(closed, Need.opened_on.desc(), Need.id.desc())
    if body_id is not None:
        statement = statement.where(Need.body_id == body_id)
    if only_open:
        statement = statement.where(closed == 0)
    return db.session.scalars(statement.limit(100)).all()


def every_need() -> Sequence[Need]:
    return db.session.scalars(select(Need).order_by(Need.id)).all()


def need(need_id: int) -> Need:
    """Raises `NotFound`."""
    found = db.session.scalar(select(Need).where(Need.id == need_id).options(joinedload(Need.body)))
    if found is None:
        raise NotFound
    return found


def committee_ids() -> set[int]:
    return {body.id for body in bodies() if body.kind == BodyKind.MANAGEMENT_COMMITTEE}


def substitutes_astray() -> list[str]:
    """Substitutes who sit when the full member does not, or in another seat: never, unless written by hand.

    Those of another organisation are what a correction of the full member leaves to the secretariat.
    """
    titular = aliased(Mandate)
    late = and_(
        titular.sits_until.is_not(None),
        or_(Mandate.sits_until.is_(None), Mandate.sits_until > titular.sits_until),
    )
    elsewhere = Mandate.organisation_id.is_distinct_from(titular.organisation_id)
    faults = {
        "leaves the days of its full member": or_(Mandate.starts_on < titular.starts_on, late),
        "has not the seat number of its full member": Mandate.seat_number.is_distinct_from(titular.seat_number),
        "is of another organisation than its full member": and_(Mandate.seat.not_in(STAYS_UNTIL_REPLACED), elsewhere),
    }
    statement = select(Mandate.id).join(titular, titular.id == Mandate.titular_id).order_by(Mandate.id)
    return [
        f"mandate {one} of a substitute {fault}"
        for fault, condition in faults.items()
        for one in db.session.scalars(statement.where(condition))
    ]
