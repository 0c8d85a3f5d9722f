"""What is kept of the people of the register: how long, given back and erased how (D.4)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from app.accounts import queries as accounts
from app.accounts.models import User
from app.core import text
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.members import rights
from app.forum.members.models import Mandate, Need, Person

KEPT = timedelta(days=365)


def behind(email: str) -> list[Person]:
    """Whoever may be the person of an address: that of their account, or their private contact."""
    wanted = accounts.email_key(email)
    contacts = db.session.execute(select(Person.id, Person.contact_email).where(Person.contact_email.is_not(None)))
    reached = [person_id for person_id, address in contacts if accounts.email_key(address or "") == wanted]
    owner = select(User.id).where(User.email_key == wanted).scalar_subquery()
    statement = select(Person).where(or_(Person.user_id == owner, Person.id.in_(reached))).order_by(Person.id)
    return list(db.session.scalars(statement))


def linked(email: str) -> list[Person]:
    """The person whose account has this address: the one proof that somebody is who they say."""
    wanted = accounts.email_key(email)
    return [one for one in behind(email) if one.user is not None and one.user.email_key == wanted]


def in_doubt(email: str) -> list[Person]:
    """Among whom somebody of the staff chooses: an organisation's address is that of several people, and a private
    contact may be the address of somebody else than the account it is written next to. Empty without a doubt."""
    found = behind(email)
    sure = len(found) < 2 and all(one.user is None or one.user.email_key == accounts.email_key(email) for one in found)
    return [] if sure else found


def sure(email: str) -> list[Person]:
    """Those of whom there is no doubt."""
    return linked(email) if in_doubt(email) else behind(email)


def _people(email: str, people: Iterable[int] | None) -> list[Person]:
    if people is None:
        return sure(email)
    chosen = set(people)
    return [one for one in behind(email) if one.id in chosen]


def mandates(email: str, people: Iterable[int] | None = None) -> list[int]:
    """The mandates, as full member or as substitute, of the people of the register behind an address."""
    return [mandate.id for person in _people(email, people) for mandate in person.mandates]


def names(email: str, people: Iterable[int] | None = None) -> set[str]:
    """The names, folded, of the people of the register behind an address; an account bears the name it likes."""
    return {text.fold(person.name) for person in _people(email, people) if person.name}


def _export_people(email: str, people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    return [
        {
            "name": person.name,
            "function_fr": person.function_fr,
            "function_en": person.function_en,
            "contact_email": person.contact_email,
        }
        for person in _people(email, people)
    ]


def _export_mandates(email: str, people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    return [_mandate(mandate) for person in _people(email, people) for mandate in person.mandates]


def _mandate(mandate: Mandate) -> dict[str, Any]:
    return {
        "body": mandate.body.name_fr,
        "seat": mandate.seat.value,
        "organisation": mandate.organisation.name_fr if mandate.organisation else None,
        "from": mandate.starts_on.isoformat(),
        "until": (mandate.sits_until or mandate.ends_on or "") and str(mandate.sits_until or mandate.ends_on),
    }


def _export_needs(email: str) -> list[dict[str, Any]]:
    user = accounts.by_email(email)
    if user is None:
        return []
    rows = db.session.scalars(select(Need).where(Need.opened_by_id == user.id).order_by(Need.id))
    return [{"theme": row.theme_fr, "opened": row.opened_on.isoformat()} for row in rows]


def _erase_people(email: str, people: Iterable[int] | None = None) -> int:
    """The person leaves the register: organisation, seat and days stay, without a name."""
    found = _people(email, people)
    rights.erase(found)
    return len(found)


PERSONS = [
    PersonColumns(
        "person",
        frozenset({"name", "user_id", "contact_email"}),
        _export_people,
        _erase_people,
        _l("The person leaves the register at once: name, function and private address are deleted."),
        by_people=True,
    ),
    PersonColumns(
        "mandate",
        frozenset({"person_id"}),
        _export_mandates,
        lambda _email, _people=None: 0,
        _l("Kept without the name: organisation, seat and dates say who decided in whose name."),
        by_people=True,
    ),
    PersonColumns(
        "need",
        frozenset({"opened_by_id"}),
        _export_needs,
        lambda _email: 0,
        _l("Kept: a need is published. Who stated it stays under the number of an account."),
    ),
]
RETENTIONS = [
    Retention(
        "person",
        KEPT,
        rights.fade,
        label=_l("Register of members"),
        data=_l("Name, function, organisation, mandates; private address, never published"),
        recipients=_l("Everyone for the name, the function and the mandates; the secretariat for the private address"),
        since=_l("after the end of the last mandate"),
        then=_l("The name leaves the register and the site"),
        every=timedelta(hours=1),
        public=True,
    ),
    Retention(
        "mandate",
        None,
        None,
        label=_l("Mandates, once they have no name any more"),
        data=_l("Organisation, college, seat, dates and origin of the mandate"),
        recipients=_l("Everyone"),
        then=_l("No time limit: the composition of the Forum is a public archive. The name goes after one year"),
    ),
    Retention(
        "need",
        None,
        None,
        label=_l("Needs for new members"),
        data=_l("Number of the account that stated the need, theme, profile, reason, dates"),
        recipients=_l("Everyone for the need; the secretariat for the account"),
        then=_l("As long as the calls and appointments that rest on it"),
    ),
]
