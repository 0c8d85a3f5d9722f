"""What the meetings room registers: search, addresses for machines, personal data, labels of the journal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import text
from app.core.extensions import db
from app.core.registry import of
from app.forum.documents import queries as documents
from app.forum.meetings import (
    indexing,
    journal,
    keeping,
    own_steps,
    policy,
    queries,
    reminders,
    rhythm_words,
)
from app.forum.meetings.models import Attachment, Meeting

CHANNELS = {"email": _l("by e-mail"), "phone": _l("by telephone"), "form": _l("by the contact form")}


def channels(contact: dict[str, Any]) -> str:
    """How to reach the organisers; an agenda never prints a person's address or number."""
    return _("the organisers, %(how)s", how=", ".join(str(CHANNELS[one]) for one in contact["channels"]))


def wire(app: Flask) -> None:
    app.jinja_env.filters["channels"] = channels
    app.jinja_env.globals["can_edit_meeting"] = policy.can_edit
    app.jinja_env.globals["can_prepare_meeting"] = policy.can_prepare
    app.jinja_env.filters |= {
        "rhythm_tag": rhythm_words.tag,
        "rhythm_sentence": rhythm_words.sentence,
        "rhythm_tone": lambda reading: rhythm_words.TONES[reading.state],
    }
    registry = of(app)
    registry.steps.append(own_steps.steps)
    registry.todos.append(own_steps.todos)
    registry.titles["meeting"] = queries.titles
    registry.indexers.append(reindex)
    registry.searchable["meeting"] = queries.public_meetings
    registry.site_addresses.append(addresses)
    registry.todos.append(reminders.too_few_meetings)
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.subjects |= {"meeting": _label, "attachment": _label_attachment}


def _label(viewer: Any, meeting_id: int) -> tuple[str, str] | None:
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None or not policy.can_read(viewer, meeting):
        return None
    return str(meeting.title), url_for("meetings.show", meeting_id=meeting.id, slug=meeting.slug)


def _label_attachment(viewer: Any, attachment_id: int) -> tuple[str, str] | None:
    """Read by whoever reads the document; its title says what a draft or a restricted paper holds."""
    attachment = db.session.get(Attachment, attachment_id)
    if attachment is None or not documents.can_know(viewer, attachment.document):
        return None
    meeting = attachment.meeting
    address = url_for("meetings.documents", meeting_id=meeting.id, slug=meeting.slug)
    return str(attachment.document.title), address


def reindex() -> int:
    meetings = queries.public_meetings()
    for meeting in meetings:
        indexing.index(meeting)
    return len(meetings)


def addresses() -> Iterable[tuple[str, dict[str, Any], datetime | None]]:
    yield "meetings.rhythm", {}, None
    for meeting_id, title, at in queries.public_addresses():
        yield "meetings.show", {"meeting_id": meeting_id, "slug": text.slug(title)}, at
