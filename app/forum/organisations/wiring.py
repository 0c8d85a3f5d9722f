"""What the organisations room registers: search, addresses for machines, labels of the journal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from app.core.extensions import db
from app.core.registry import DeskGroup, DeskLink, of
from app.forum.organisations import identifiers, journal, policy, queries, service
from app.forum.organisations.models import Organisation


def wire(app: Flask) -> None:
    app.jinja_env.filters["host"] = identifiers.host
    registry = of(app)
    registry.indexers.append(service.reindex)
    registry.searchable["organisation"] = queries.public
    registry.site_addresses.append(addresses)
    registry.subjects["organisation"] = subject
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.desk_links.append(DeskLink(DeskGroup.MEMBERS, _l("Organisations"), "organisations.index", policy.can_edit))


def addresses() -> Iterable[tuple[str, dict[str, Any], datetime | None]]:
    for organisation in queries.public():
        values = {"organisation_id": organisation.id, "slug": organisation.slug}
        yield "members.organisation", values, organisation.updated_at


def subject(_viewer: Any, organisation_id: int) -> tuple[str, str] | None:
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        return None
    return found.name_fr, url_for("members.organisation", organisation_id=found.id, slug=found.slug)
