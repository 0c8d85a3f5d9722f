"""Writes of the documents attached to meetings: attach, describe, replace, move, remove."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from app.core import audit, clock, files
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db
from app.forum.documents import service as documents
from app.forum.documents.models import Document
from app.forum.documents.states import AccessLevel, DocumentKind, DocumentLanguage
from app.forum.meetings import attachment_queries as queries
from app.forum.meetings import policy
from app.forum.meetings.models import Attachment, Meeting, Slot

ROOM = "documents"
audit.declare("attachment.added", "document", "slot")
audit.declare("attachment.moved", "document", "slot", "position")
audit.declare("attachment.removed", "document")


@dataclass(frozen=True)
class Description:
    """What is said of a document. `title`: French, then English; `slot_id` None: the whole meeting."""

    title: tuple[str, str | None]
    kind: DocumentKind = DocumentKind.BACKGROUND_PAPER
    language: DocumentLanguage = DocumentLanguage.FRENCH
    access: AccessLevel = AccessLevel.PUBLIC
    slot_id: int | None = None
    translation_of_id: int | None = None


def attach(actor: Any, meeting: Meeting, upload: FileStorage | None, said: Description) -> Attachment:
    """Add a file. It is read by those whom its level names once the meeting is public. Raises `Refused`."""
    authorize(policy.can_attach(actor, meeting))
    original = _checked(meeting, said)
    file = files.accept(upload, actor=actor, room=ROOM, unlimited=True)
    document = documents.add_file(
        actor, file, meeting,
        kind=said.kind, title=said.title, language=said.language, access=said.access, at=clock.now(),
        body_id=meeting.body_id, translation_of=original, held=not meeting.agenda_is_public,
    )  # fmt: skip
    attachment = Attachment(
        meeting=meeting, slot_id=said.slot_id, document=document, position=_last(meeting, said.slot_id) + 1
    )
    db.session.add(attachment)
    audit.record(actor, "attachment.added", attachment, document=document.id, slot=said.slot_id)
    return attachment


def _checked(meeting: Meeting, said: Description, document: Document | None = None) -> Document | None:
    """The original that a translation names. Raises `Refused` for what does not belong to this meeting."""
    if said.access == AccessLevel.BODY and meeting.body_id is None:
        raise Refused("access", _("This meeting is not one of a body of the Forum: choose another level."))
    if said.slot_id is not None and said.slot_id not in {slot.id for day in meeting.days for slot in day.slots}:
        raise Refused("place", _("This item is no longer in the agenda: choose another place."))
    if said.translation_of_id is None:
        return None
    known = {one.document_id: one.document for one in queries.of_meeting(meeting)}
    original = known.get(said.translation_of_id)
    if original is None or original is document or original.translation_of_id is not None:
        raise Refused("translation_of", _("Choose a document of this meeting that is not itself a translation."))
    if document is not None and any(one.translation_of_id == document.id for one in known.values()):
        raise Refused("translation_of", _("This document has a translation: it cannot be one itself."))
    return original


def _last(meeting: Meeting, slot_id: int | None) -> int:
    """The position of the last document in a place, 0 when it has none."""
    place = Attachment.slot_id.is_(None) if slot_id is None else Attachment.slot_id == slot_id
    statement = select(func.max(Attachment.position)).where(Attachment.meeting_id == meeting.id, place)
    return db.session.scalar(statement) or 0


def describe(actor: Any, attachment: Attachment, said: Description) -> None:
    """Change what is said of a document, who may read it and where it stands. Raises `Refused`."""
    authorize(policy.can_attach(actor, attachment.meeting))
    original = _checked(attachment.meeting, said, attachment.document)
    documents.describe(
        actor, attachment.document,
        kind=said.kind, title=said.title, language=said.language, access=said.access, translation_of=original,
    )  # fmt: skip
    if said.slot_id != attachment.slot_id:
        attachment.position = _last(attachment.meeting, said.slot_id) + 1
        attachment.slot_id = said.slot_id
        _record_move(actor, attachment)


def replace(actor: Any, attachment: Attachment, upload: FileStorage | None) -> None:
    """A new version of the file; the former one keeps its address. Raises `Refused`, also for the very same file."""
    authorize(policy.can_attach(actor, attachment.meeting))
    if attachment.document.withdrawn_at is not None:
        raise Refused("file", _("This document was withdrawn: add the new file as another document."))
    file = files.accept(upload, actor=actor, room=ROOM, unlimited=True)
    if attachment.document.file is not None and file.sha256 == attachment.document.file.sha256:
        raise Refused("file", _("This is the file already shown: choose the new version."))
    documents.replace(actor, attachment.document, file, clock.now())


def move(actor: Any, attachment: Attachment, *, up: bool) -> None:
    """One step up or down among the documents of its place; at the edge nothing changes."""
    authorize(policy.can_attach(actor, attachment.meeting))
    beside = [one for one in queries.of_meeting(attachment.meeting) if one.slot_id == attachment.slot_id]
    here = beside.index(attachment)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(beside):
        return
    beside[here], beside[there] = beside[there], beside[here]
    for position, one in enumerate(beside, 1):
        one.position = position
    _record_move(actor, attachment)


def _record_move(actor: Any, attachment: Attachment) -> None:
    audit.record(
        actor, "attachment.moved", attachment,
        document=attachment.document_id, slot=attachment.slot_id, position=attachment.position,
    )  # fmt: skip


def remove(actor: Any, attachment: Attachment, *, reason: tuple[str, str | None]) -> None:
    """Withdraw a document: what was public leaves its title and the reason; what was not leaves nothing."""
    authorize(policy.can_attach(actor, attachment.meeting))
    document = attachment.document
    if document.withdrawn_at is not None:
        raise Refused("reason_fr", _("This document was already withdrawn."))
    audit.record(actor, "attachment.removed", attachment, document=document.id)
    if document.is_held:
        db.session.delete(attachment)
        db.session.flush()
        documents.remove(actor, document)
    else:
        documents.withdraw(actor, document, reason=reason, at=clock.now())


def follow(meeting: Meeting) -> None:
    """The documents of a meeting follow it: into the public with its agenda, and into its body."""
    for attachment in queries.of_meeting(meeting):
        documents.belong(attachment.document, meeting.body_id)
        documents.release(attachment.document, clock.now())


def slot_of(meeting: Meeting, slot_id: int | None) -> Slot | None:
    return next((slot for day in meeting.days for slot in day.slots if slot.id == slot_id), None)
