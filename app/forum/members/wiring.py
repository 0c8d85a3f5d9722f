"""What the members room registers: search, personal data, retention, daily work, labels of the journal."""

from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from app.accounts import queries as accounts
from app.accounts.models import User
from app.core import clock
from app.core.extensions import db
from app.core.registry import Job, PersonColumns, Retention, Seats, of
from app.forum.members import policy, queries, rights, service
from app.forum.members.models import Mandate, Need, Person
from app.forum.members.translations import TRANSLATIONS

KEPT = timedelta(days=365)


def wire(app: Flask) -> None:
    app.jinja_env.globals["today"] = clock.today
    registry = of(app)
    registry.bodies, registry.seats = queries.bodies, _seats
    registry.indexers += [reindex, rights.reindex, service.reindex_needs]
    registry.searchable["body"] = queries.working_groups
    registry.searchable["person"] = queries.named_people
    registry.searchable["need"] = queries.every_need
    registry.jobs += [
        Job("fade_names", rights.fade, timedelta(hours=1), public=True),
        Job("keep_up_seats", rights.keep_up, timedelta(hours=1), public=True),
    ]
    registry.retentions.append(Retention("person", KEPT, rights.fade))
    registry.persons[:0] = [  # before the accounts room's own: an erased address leads to nobody any more
        PersonColumns("person", frozenset({"name", "user_id", "contact_email"}), _export_people, _erase_people),
        PersonColumns("mandate", frozenset({"person_id"}), _export_mandates, lambda _email: 0),
        PersonColumns("need", frozenset({"opened_by_id"}), _export_needs, lambda _email: 0),
    ]
    registry.subjects |= {"body": _body, "need": _need}
    registry.translations["body"] = TRANSLATIONS
    registry.words["body.created"] = _l("Body created")
    registry.nouns["body"] = (_l("Body"), _l("Bodies"))


def _seats(viewer: Any) -> Seats:
    """Where the viewer sits today, for the access level of documents."""
    bodies = frozenset(mandate.body_id for mandate in policy.in_office(viewer))
    return Seats(policy.is_member(viewer), bodies)


def reindex() -> int:
    groups = queries.working_groups()
    for body in groups:
        service.index(body)
    return len(groups)


# -- personal data ---------------------------------------------------------------------------------------------------


def _people(email: str) -> list[Person]:
    """The people of the register behind an address: that of their account, or their private contact."""
    wanted = accounts.email_key(email)
    contacts = db.session.execute(select(Person.id, Person.contact_email).where(Person.contact_email.is_not(None)))
    reached = [person_id for person_id, address in contacts if accounts.email_key(address or "") == wanted]
    linked = select(Person.id).join(User, User.id == Person.user_id).where(User.email_key == wanted)
    statement = select(Person).where(or_(Person.id.in_(linked), Person.id.in_(reached))).order_by(Person.id)
    return list(db.session.scalars(statement))


def _export_people(email: str) -> list[dict[str, Any]]:
    return [
        {
            "name": person.name,
            "function_fr": person.function_fr,
            "function_en": person.function_en,
            "contact_email": person.contact_email,
        }
        for person in _people(email)
    ]


def _export_mandates(email: str) -> list[dict[str, Any]]:
    return [_mandate(mandate) for person in _people(email) for mandate in person.mandates]


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


def _erase_people(email: str) -> int:
    """The person leaves the register: organisation, seat and days stay, without a name."""
    people = _people(email)
    rights.erase(people)
    return len(people)


# -- labels of the journal -------------------------------------------------------------------------------------------


def _body(body_id: int) -> tuple[str, str] | None:
    found = next((one for one in queries.bodies() if one.id == body_id), None)
    if found is None:
        return None
    if found in queries.working_groups():
        return found.name_fr, url_for("working_groups.show", body_id=found.id, slug=found.slug)
    return found.name_fr, url_for("members.index", body=found.id)


def _need(need_id: int) -> tuple[str, str] | None:
    found = db.session.get(Need, need_id)
    return (found.theme_fr, url_for("members.needs", _anchor=f"need-{found.id}")) if found else None
