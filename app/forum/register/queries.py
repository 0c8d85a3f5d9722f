"""Reads of the secretariat's screens: people by name, mandates that come to an end, all of them for an export."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.core import clock, names, paging
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.members.models import Body, Mandate, Person
from app.forum.members.queries import ORDER
from app.forum.members.states import WITHOUT_SUBSTITUTE
from app.forum.organisations.models import Organisation

PAGE_SIZE, MOST_OFFERED = 50, 1000
SOON = timedelta(days=90)


def people(asked: str, number: int) -> paging.Page:
    """People of the register by name, those whose name was taken out left aside."""
    conditions = [Person.name_key.like(f"%{names.key(asked)}%")] if names.key(asked) else []
    total = db.session.scalar(select(func.count()).select_from(Person).where(*conditions)) or 0
    rows = db.session.scalars(
        select(Person)
        .where(*conditions)
        .options(
            selectinload(Person.mandates).options(joinedload(Mandate.organisation), joinedload(Mandate.body)),
            joinedload(Person.user),
        )
        .order_by(Person.name_key, Person.id)
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    return paging.checked(paging.Page(rows.all(), number, PAGE_SIZE, total))


def person(person_id: int) -> Person:
    """Raises `NotFound`."""
    found = db.session.scalar(
        select(Person)
        .where(Person.id == person_id)
        .options(
            selectinload(Person.mandates).options(joinedload(Mandate.organisation), joinedload(Mandate.body)),
            joinedload(Person.user),
        )
    )
    if found is None:
        raise NotFound
    return found


def mandate(mandate_id: int) -> Mandate:
    """Raises `NotFound`."""
    found = db.session.scalar(
        select(Mandate)
        .where(Mandate.id == mandate_id)
        .options(
            joinedload(Mandate.person),
            joinedload(Mandate.organisation),
            joinedload(Mandate.body),
            joinedload(Mandate.titular).joinedload(Mandate.person),
            selectinload(Mandate.alternates).joinedload(Mandate.person),
        )
    )
    if found is None:
        raise NotFound
    return found


def ending(limit: int = 50, *, within: timedelta = SOON) -> Sequence[Mandate]:
    """Terms that are over without a successor, then those that end `within` so long: the most pressing first."""
    today = clock.today()
    return db.session.scalars(
        select(Mandate)
        .where(
            Mandate.ends_on <= today + within,
            Mandate.end_reason.is_(None),
            Mandate.starts_on <= today,
            or_(Mandate.sits_until.is_(None), Mandate.sits_until >= today),
        )
        .options(joinedload(Mandate.person), joinedload(Mandate.organisation), joinedload(Mandate.body))
        .order_by(Mandate.ends_on, Mandate.id)
        .limit(limit)
    ).all()


def offered_people() -> Sequence[Person]:
    """Who may be given a seat."""
    return db.session.scalars(select(Person).order_by(Person.name_key, Person.id).limit(MOST_OFFERED)).all()


def with_substitutes() -> Sequence[Mandate]:
    """Full members who sit, or will, in a seat that may have a substitute."""
    today = clock.today()
    return db.session.scalars(
        select(Mandate)
        .where(
            Mandate.titular_id.is_(None),
            Mandate.seat.not_in(WITHOUT_SUBSTITUTE),
            or_(Mandate.sits_until.is_(None), Mandate.sits_until >= today),
        )
        .join(Body, Body.id == Mandate.body_id)
        .outerjoin(Organisation, Organisation.id == Mandate.organisation_id)
        .options(joinedload(Mandate.person), joinedload(Mandate.organisation), joinedload(Mandate.body))
        .order_by(ORDER, Body.id, Organisation.name_key, Mandate.id)
        .limit(MOST_OFFERED)
    ).all()


def every_mandate() -> Iterator[Mandate]:
    """The whole register in the order it was written, a few hundred rows in memory at a time."""
    statement = (
        select(Mandate)
        .options(
            joinedload(Mandate.person),
            joinedload(Mandate.organisation),
            joinedload(Mandate.body),
            joinedload(Mandate.titular).joinedload(Mandate.person),
        )
        .order_by(Mandate.id)
    )
    yield from db.session.scalars(statement.execution_options(yield_per=500))
