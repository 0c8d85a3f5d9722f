"""What follows a change of somebody's seats: their sessions, their second factor, their place in the search index."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, or_, select, update

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.models import User
from app.core import audit, clock, search
from app.core.database import rows_touched
from app.core.extensions import db
from app.forum.members import queries
from app.forum.members.models import Mandate, Person, a_year_before
from app.forum.members.states import STAYS_UNTIL_REPLACED
from app.forum.organisations.models import Organisation

audit.declare("register.names_faded", "mandates", "people")


def follow(person: Person | None) -> None:
    """After each change of a seat: rights are read anew (S06, S19), and what the public finds is put right."""
    if person is None:
        return
    db.session.flush()
    db.session.refresh(person, ["mandates"])
    if person.user is not None:
        sessions.end_sessions(person.user)
        accounts.set_second_factor_required(person.user, _needs_second_factor(person, clock.today()))
    index(person)


def forget_account(user: User) -> None:
    """The account has no seat behind it any more."""
    sessions.end_sessions(user)
    accounts.set_second_factor_required(user, False)


def _needs_second_factor(person: Person, today: date) -> bool:
    """Co-chairs and committee, from the day the mandate is written down, so that they enrol before it begins (S26)."""
    return any(
        mandate.seat in STAYS_UNTIL_REPLACED and (mandate.sits_until is None or today <= mandate.sits_until)
        for mandate in person.mandates
    )


# -- search ----------------------------------------------------------------------------------------------------------


def index(person: Person) -> None:
    """The names that the public may read, with function and organisation; the others leave the index (D.4)."""
    mandate = shown_mandate(person)
    if mandate is None:
        search.forget("person", person.id)
        return
    organisation = mandate.organisation
    there = {"organisation_id": organisation.id, "slug": organisation.slug} if organisation else {}
    search.index(
        "person",
        person.id,
        kind="person",
        endpoint="members.organisation" if organisation else "members.index",
        arguments=there,
        title=(person.name, None),
        body=(_words(person, mandate, "fr"), _words(person, mandate, "en")),
        last_day=_named_until(person),
    )


def index_people_of(organisation: Organisation) -> None:
    """Whoever sits, or sat, for an organisation is found by its name and leads to its address."""
    for person in queries.people_of(organisation.id):
        db.session.refresh(person, ["mandates"])
        index(person)


def shown_mandate(person: Person) -> Mandate | None:
    """The mandate by which the public knows the person today: in office first, else ended less than a year ago."""
    today = clock.today()
    known = [mandate for mandate in person.mandates if mandate.is_named and mandate.starts_on <= today]
    return next((mandate for mandate in known if mandate.covers(today)), known[0] if known else None)


def _named_until(person: Person) -> date | None:
    """The last day on which some mandate lets the public read the name."""
    ends = [one.named_until for one in person.mandates if one.is_named and one.starts_on <= clock.today()]
    return max((end for end in ends if end is not None), default=None) if None not in ends else None


def _words(person: Person, mandate: Mandate, lang: str) -> str:
    parts: list[Any] = [getattr(person, f"function_{lang}") or person.function_fr]
    if mandate.organisation is not None:
        parts.append(getattr(mandate.organisation, f"name_{lang}") or mandate.organisation.name_fr)
    return ", ".join(part for part in parts if part)


def reindex() -> int:
    found = queries.named_people()
    for person in found:
        index(person)
    return len(found)


def keep_up(_now: datetime) -> int:
    """Each day: names that begin or cease to be public, second factors that begin or cease to be required."""
    shown = {person.id: person for person in queries.named_people()}
    known = set(
        db.session.scalars(select(search.SearchEntry.subject_id).where(search.SearchEntry.subject_type == "person"))
    )
    for person_id in known - set(shown):
        search.forget("person", person_id)
    for person_id in set(shown) - known:
        index(shown[person_id])
    for person in queries.people_with_account():
        accounts.set_second_factor_required(person.user, _needs_second_factor(person, clock.today()))  # type: ignore[arg-type]
    return len(known ^ set(shown))


# -- names that fade (D.4) -------------------------------------------------------------------------------------------


def fade(now: datetime) -> int:
    """One year after a mandate, its name leaves the register; the organisation, the seat and the days stay.

    Somebody who has no other mandate leaves the register altogether, with their private contact. Minutes and what is
    already published elsewhere are not touched.
    """
    limit = a_year_before(now.astimezone(clock.PARIS).date())
    faded = db.session.scalars(
        select(Mandate.person_id).where(Mandate.sits_until < limit, Mandate.person_id.is_not(None)).distinct()
    ).all()
    done = db.session.execute(
        update(Mandate).where(Mandate.sits_until < limit, Mandate.person_id.is_not(None)).values(person_id=None)
    )
    changed, gone = rows_touched(done), _leave(limit, faded)
    if changed or gone:
        audit.record(None, "register.names_faded", None, mandates=changed, people=gone)
    return changed + gone


def _leave(limit: date, faded: Sequence[int | None]) -> int:
    """People whose last mandate has just lost its name, and those who never had one and were added a year ago."""
    held = select(Mandate.person_id).where(Mandate.person_id.is_not(None))
    begin = datetime(limit.year, limit.month, limit.day, tzinfo=clock.PARIS)
    people = db.session.scalars(
        select(Person)
        .where(Person.id.not_in(held), or_(Person.id.in_(faded), Person.created_at < begin))
        .order_by(Person.id)
    ).all()
    erase(people)
    return len(people)


def erase(people: Any) -> None:
    """Take people out of the register: their mandates stay, without a name."""
    for person in people:
        if person.user is not None:
            forget_account(person.user)
        search.forget("person", person.id)
    db.session.flush()
    ids = [person.id for person in people]
    db.session.execute(update(Mandate).where(Mandate.person_id.in_(ids)).values(person_id=None))
    db.session.execute(delete(Person).where(Person.id.in_(ids)))
    db.session.expire_all()
