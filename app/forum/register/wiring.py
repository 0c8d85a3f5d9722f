"""What the register registers: its screens on the desk, what waits, labels of the journal."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.extensions import db
from app.core.registry import DeskGroup, DeskLink, Todo, of
from app.forum.members.models import Mandate, Person
from app.forum.register import policy, queries

LISTED, SOON = 20, timedelta(days=60)


def wire(app: Flask) -> None:
    registry = of(app)
    registry.desk_links += [
        DeskLink(DeskGroup.MEMBERS, _l("Register of members"), "register.index", policy.can_edit),
        DeskLink(DeskGroup.MEMBERS, _l("Import members"), "register.import_members", policy.can_edit),
    ]
    registry.todos.append(terms_that_end)
    registry.subjects |= {"person": _person, "mandate": _mandate}


def terms_that_end(viewer: Any) -> Iterable[Todo]:
    """Terms that are over without a successor, or end within two months: to renew, extend or end."""
    if not policy.can_edit(viewer):
        return
    for mandate in queries.ending(LISTED, within=SOON):
        named = {
            "name": mandate.person.name if mandate.person else _("Name no longer published"),
            "body": mandate.body.name.text,
        }
        label = _("Prepare the end of a term: %(name)s (%(body)s)", **named)
        if mandate.ends_on is not None and mandate.ends_on < clock.today():
            label = _("Term over, still in office: %(name)s (%(body)s)", **named)
        yield Todo(label, url_for("register.mandate", mandate_id=mandate.id), mandate.ends_on)


def _person(viewer: Any, person_id: int) -> tuple[str, str] | None:
    """The register keeps names that the public no longer reads: for whoever keeps it."""
    found = db.session.get(Person, person_id)
    return (found.name, url_for("register.person", person_id=found.id)) if found and policy.can_edit(viewer) else None


def _mandate(viewer: Any, mandate_id: int) -> tuple[str, str] | None:
    found = db.session.get(Mandate, mandate_id)
    if found is None:
        return None
    person = found.person if policy.can_edit(viewer) else found.public_person
    who = person.name if person else _("Name no longer published")
    return f"{found.seat.label}, {who}", url_for("register.mandate", mandate_id=found.id)
