"""What the meetings room registers: search, addresses for machines, the people its agendas name."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import text
from app.core.registry import PersonColumns, of
from app.forum.meetings import policy, queries, service

CHANNELS = {"email": _l("by e-mail"), "phone": _l("by telephone"), "form": _l("by the contact form")}


def channels(contact: dict[str, Any]) -> str:
    """How to reach the organisers; an agenda never prints a person's address or number."""
    return _("the organisers, %(how)s", how=", ".join(str(CHANNELS[one]) for one in contact["channels"]))


def wire(app: Flask) -> None:
    app.jinja_env.filters["channels"] = channels
    app.jinja_env.globals["can_edit_meeting"] = policy.can_edit
    registry = of(app)
    registry.indexers.append(reindex)
    registry.searchable["meeting"] = queries.public_meetings
    registry.site_addresses.append(addresses)
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
