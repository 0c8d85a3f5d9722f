"""What the members room registers: search, personal data, retention, daily work, labels of the journal."""

from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.extensions import db
from app.core.registry import Check, DeskGroup, DeskLink, Job, Seats, of
from app.forum.members import journal, keeping, policy, queries, rights, service
from app.forum.members.models import Need
from app.forum.members.translations import TRANSLATIONS
from app.forum.organisations import service as organisations


def wire(app: Flask) -> None:
    app.jinja_env.globals["today"] = clock.today
    registry = of(app)
    registry.bodies, registry.seats = queries.bodies, _seats
    organisations.follow(rights.index_people_of)
    registry.indexers += [reindex, rights.reindex, service.reindex_needs]
    registry.searchable["body"] = queries.working_groups
    registry.searchable["person"] = queries.named_people
    registry.searchable["need"] = queries.every_need
    registry.jobs.append(Job("keep_up_seats", rights.keep_up, timedelta(hours=1), public=True))
    registry.checks.append(Check("substitutes", queries.substitutes_astray))
    registry.retentions += keeping.RETENTIONS
    registry.persons[:0] = keeping.PERSONS  # before the accounts room's own: an erased address leads to nobody
    registry.subjects |= {"body": _body, "need": _need}
    registry.translations["body"] = TRANSLATIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.desk_links.append(
        DeskLink(DeskGroup.MEMBERS, _l("Needs for new members"), "members.needs", policy.can_edit)
    )


def _seats(viewer: Any) -> Seats:
    """Where the viewer sits today, for the access level of documents."""
    bodies = frozenset(mandate.body_id for mandate in policy.in_office(viewer))
    return Seats(policy.is_member(viewer), bodies)


def reindex() -> int:
    groups = queries.working_groups()
    for body in groups:
        service.index(body)
    return len(groups)


def _body(_viewer: Any, body_id: int) -> tuple[str, str] | None:
    found = next((one for one in queries.bodies() if one.id == body_id), None)
    if found is None:
        return None
    if found in queries.working_groups():
        return found.name_fr, url_for("working_groups.show", body_id=found.id, slug=found.slug)
    return found.name_fr, url_for("members.index", body=found.id)


def _need(_viewer: Any, need_id: int) -> tuple[str, str] | None:
    found = db.session.get(Need, need_id)
    return (found.theme_fr, url_for("members.needs", _anchor=f"need-{found.id}")) if found else None
