"""Writes of meetings: create, replace the agenda, publish, revise."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from app.core import audit, clock, text
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db
from app.core.i18n import set_pair
from app.core.workflow import move
from app.forum.documents import service as documents
from app.forum.documents.states import DocumentKind
from app.forum.meetings import agenda_merge, attachment_service, indexing, phases, policy
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import AgendaStatus, MeetingMode
from app.forum.members.models import Body

audit.declare("meeting.created")
audit.declare("meeting.published")
audit.declare("meeting.revised", "sequence")
audit.declare("meeting.agenda_replaced", "slots")


def uid_domain() -> str:
    """The right half of calendar identifiers: the site's host, which does not change."""
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"


def create(
    actor: Any,
    *,
    title: tuple[str, str | None],
    first_day: date,
    last_day: date,
    body: Body | None = None,
    series_number: int | None = None,
    mode: MeetingMode = MeetingMode.IN_PERSON,
    languages: tuple[str, ...] = ("fr",),
) -> Meeting:
    """A draft meeting of a body, or an outside one. Raises `Refused` when the last day comes before the first."""
    authorize(policy.can_edit(actor))
    if last_day < first_day:
        raise Refused("last_day", _("The last day comes before the first."))
    meeting = Meeting(
        body=body,
        first_day=first_day,
        last_day=last_day,
        series_number=series_number,
        mode=mode,
        languages=list(languages),
        outdated={},
        organisers=[],
        days=[],  # known to be empty: whoever goes on with the meeting need not ask
        venues=[],
        people=[],
        story=[],
        introduction_fr=None,
        introduction_en=None,
    )
    set_pair(meeting, "title", *title)
    db.session.add(meeting)
    db.session.flush()
    audit.record(actor, "meeting.created", meeting)
    phases.tell(actor, meeting)
    return meeting


def introduce(actor: Any, meeting: Meeting, fr: str | None, en: str | None) -> None:
    """The text above the agenda: Markdown, sanitised here and stored as HTML beside its source."""
    authorize(policy.can_edit(actor, meeting))
    if max(len(fr or ""), len(en or "")) > text.MAX_SOURCE:
        raise Refused("introduction", _("This text has more than %(most)s characters.", most=text.MAX_SOURCE))
    set_pair(meeting, "introduction", fr, en)
    meeting.introduction_html_fr, meeting.introduction_html_en = text.to_html(fr), text.to_html(en)
    if meeting.agenda_is_public:
        indexing.index(meeting)


def replace_agenda(actor: Any, meeting: Meeting, data: dict[str, Any]) -> bool:
    """Give the meeting the agenda of a file (shape: `agenda_file`); returns whether anything changed.

    Slots keep their rows by their id in the file. A public meeting that changes is revised: its calendar entry's
    sequence grows. Raises `Refused` when a public agenda would go back to draft.
    """
    authorize(policy.can_edit(actor, meeting))
    wanted = AgendaStatus(data["meeting"]["document_status"])
    if meeting.agenda_is_public and wanted == AgendaStatus.DRAFT:
        raise Refused(
            "document_status",
            _("This agenda is public: a draft cannot replace it. Mark the file published or revised."),
        )
    changed = agenda_merge.merge(meeting, data)
    db.session.flush()
    if changed:
        slots = sum(len(day["slots"]) for day in data["days"])
        audit.record(actor, "meeting.agenda_replaced", meeting, slots=slots)
    _follow_status(actor, meeting, wanted, changed)
    return changed


def _follow_status(actor: Any, meeting: Meeting, wanted: AgendaStatus, changed: bool) -> None:
    if wanted == AgendaStatus.DRAFT:
        return
    was_public = meeting.agenda_is_public
    if not was_public:
        publish(actor, meeting)
    if wanted == AgendaStatus.REVISED and (changed or meeting.status != AgendaStatus.REVISED):
        revise(actor, meeting)
    elif changed and was_public:
        _publish_version(meeting)


def publish(actor: Any, meeting: Meeting) -> None:
    """Make the agenda public, and with it the meeting. Raises `Refused` when a French text is missing (D.9)."""
    authorize(policy.can_edit(actor, meeting))
    if not meeting.title_fr or any(not slot.title_fr for day in meeting.days for slot in day.slots):
        raise Refused("title_fr", _("The French text is missing: nothing is published without it."))
    move(meeting, AgendaStatus.PUBLISHED, actor=actor)
    meeting.published_at = clock.now()
    if meeting.is_announced:
        meeting.sequence += 1  # calendars hold the announced hours: those of the programme replace them
    else:
        phases.make_known(actor, meeting)
    _enter(meeting)


def revise(actor: Any, meeting: Meeting) -> None:
    """Mark the public agenda as revised: readers and calendars see a new version."""
    authorize(policy.can_edit(actor, meeting))
    move(meeting, AgendaStatus.REVISED, actor=actor, sequence=meeting.sequence + 1)
    _publish_version(meeting)


def _publish_version(meeting: Meeting) -> None:
    meeting.sequence += 1
    meeting.revised_at = clock.now()
    _enter(meeting)


def _enter(meeting: Meeting) -> None:
    """In the repository of documents and in the search index."""
    db.session.flush()
    documents.publish(
        DocumentKind.AGENDA,
        meeting,
        endpoint="meetings.show",
        arguments={"meeting_id": meeting.id, "slug": meeting.slug},
        title=(meeting.title_fr, meeting.title_en),
        at=meeting.revised_at or meeting.published_at or clock.now(),
        body_id=meeting.body_id,
    )
    attachment_service.follow(meeting)
    indexing.index(meeting)
