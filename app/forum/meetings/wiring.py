"""What the meetings room registers: search, addresses for machines, the people its agendas name."""
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.core import text
from app.core.extensions import db
from app.core.registry import Check, PersonColumns, of
from app.forum.meetings import queries, service
from app.forum.meetings.models import Meeting, Slot


CHANNELS = {"email": _l("by e-mail"), "phone": _l("by telephone"), "form": _l("by the contact form")}


def channels(contact: dict[str, Any]) -> str:
    """How to reach the organisers; an agenda never prints a person's address or number."""
    return _("the organisers, %(how)s", how=", ".join(str(CHANNELS[one]) for one in contact["channels"]))


def wire(app: Flask) -> None:
    app.jinja_env.filters["channels"] = channels
    registry = of(app)
    registry.indexers.append(reindex)
    registry.searchable["meeting"] = queries.public_meetings
    registry.site_addresses.append(addresses)
    registry.checks.append(Check("stored texts", unsafe_texts))
    registry.persons.append(
        # Named in a public function by the programme itself: public record, neither exported by address nor erased.
        PersonColumns("agenda_person", frozenset({"name"}), lambda _email: [], lambda _email: 0)
    )


def reindex() -> int:
    meetings = queries.public_meetings()
    for meeting in meetings:
        service.index(meeting)
    return len(meetings)


def addresses() -> Iterable[tuple[str, dict[str, Any], datetime | None]]:
    for meeting_id, title, at in queries.public_addresses():
        yield "meetings.show", {"meeting_id": meeting_id, "slug": text.slug(title)}, at


def unsafe_texts() -> list[str]:
    """Stored HTML that no longer equals its own sanitised form: written around the portal (S30)."""
    columns = [
        (model.__tablename__, model.id, getattr(model, name))
        for model, names in ((Meeting, ("introduction_html_fr", "introduction_html_en")),
                             (Slot, ("description_html_fr", "description_html_en"))) for name in names
    ]
    return [
        f"{table} {row_id}: {column.key}"
        for table, key, column in columns
        for row_id, html in db.session.execute(select(key, column).where(column.is_not(None)))
        if text.sanitise(html) != html
    ]
