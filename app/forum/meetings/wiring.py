"""What the meetings room registers: search, addresses for machines, the people its agendas name."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import text
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention, of
from app.forum.meetings import policy, queries, service
from app.forum.meetings.models import Meeting

WORDS = {
    "meeting.created": _l("Meeting created"),
    "meeting.published": _l("Agenda published"),
    "meeting.revised": _l("Agenda revised"),
    "meeting.agenda_replaced": _l("Agenda replaced"),
}
FIELDS = {"sequence": _l("Version of the calendar entry"), "slots": _l("Number of slots")}
CHANNELS = {"email": _l("by e-mail"), "phone": _l("by telephone"), "form": _l("by the contact form")}


def channels(contact: dict[str, Any]) -> str:
    """How to reach the organisers; an agenda never prints a person's address or number."""
    return _("the organisers, %(how)s", how=", ".join(str(CHANNELS[one]) for one in contact["channels"]))


def wire(app: Flask) -> None:
    app.jinja_env.filters["channels"] = channels
    app.jinja_env.globals["can_edit_meeting"] = policy.can_edit
    registry = of(app)
    registry.titles["meeting"] = queries.titles
    registry.indexers.append(reindex)
    registry.searchable["meeting"] = queries.public_meetings
    registry.site_addresses.append(addresses)
    registry.persons.append(
        # Named in a public function by the programme itself: public record, neither exported by address nor erased.
        PersonColumns(
            "agenda_person",
            frozenset({"name"}),
            lambda _email: [],
            lambda _email: 0,
            _l("Kept: a published agenda is a public archive. A name goes on a reasoned objection, by hand."),
        )
    )
    registry.words.update(WORDS)
    registry.fields.update(FIELDS)
    registry.nouns.update(
        meeting=(_l("Meeting"), _l("Meetings")),
        agenda_person=(_l("Person named in an agenda"), _l("People named in agendas")),
    )
    registry.subjects["meeting"] = _label
    registry.retentions.append(
        Retention(
            "agenda_person",
            None,
            None,
            label=_l("Agendas naming the people who chair or speak"),
            data=_l("Name, function, organisation, place in the agenda"),
            recipients=_l("Everyone: agendas are public"),
            then=_l("No time limit: published agendas are public archives"),
        )
    )


def _label(meeting_id: int) -> tuple[str, str] | None:
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None:
        return None
    return str(meeting.title), url_for("meetings.show", meeting_id=meeting.id, slug=meeting.slug)


def reindex() -> int:
    meetings = queries.public_meetings()
    for meeting in meetings:
        service.index(meeting)
    return len(meetings)


def addresses() -> Iterable[tuple[str, dict[str, Any], datetime | None]]:
    for meeting_id, title, at in queries.public_addresses():
        yield "meetings.show", {"meeting_id": meeting_id, "slug": text.slug(title)}, at
