"""Reads of the documents attached to meetings: what a viewer may know of, in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.documents import policy as documents
from app.forum.documents import queries as repository
from app.forum.documents.models import Document
from app.forum.meetings import policy
from app.forum.meetings.models import Attachment, Meeting

MOST = 500
WHOLE = None


@dataclass(frozen=True)
class Paper:
    """A document as the meeting's page shows it, with its versions in other languages."""

    attachment: Attachment
    document: Document
    translations: list[Document]


def of_meeting(meeting: Meeting) -> Sequence[Attachment]:
    """Every attachment of a meeting, in order, withdrawn ones included: for the secretariat."""
    return db.session.scalars(
        select(Attachment)
        .where(Attachment.meeting_id == meeting.id)
        .order_by(Attachment.position, Attachment.id)
        .limit(MOST)
    ).all()


def of_meetings(ids: Sequence[int]) -> Sequence[Attachment]:
    """As `of_meeting`, of several meetings: in as many statements as for one."""
    return db.session.scalars(
        select(Attachment)
        .where(Attachment.meeting_id.in_(ids))
        .order_by(Attachment.meeting_id, Attachment.position, Attachment.id)
        .limit(MOST * len(ids))
    ).all()


def papers(meeting: Meeting, viewer: Any) -> dict[int | None, list[Paper]]:
    """{slot id, or None for the whole meeting: what the viewer may open}, in two statements at most."""
    reader = repository.reader(viewer)
    shown = [one for one in of_meeting(meeting) if _is_shown(reader, one.document)]
    known = {one.document_id for one in shown}
    translated: dict[int, list[Document]] = {}
    for one in shown:
        if one.document.translation_of_id in known:
            translated.setdefault(one.document.translation_of_id, []).append(one.document)
    found: dict[int | None, list[Paper]] = {}
    for one in shown:
        if one.document.translation_of_id not in known:
            found.setdefault(one.slot_id, []).append(Paper(one, one.document, translated.get(one.document_id, [])))
    return found


def _is_shown(reader: documents.Reader, document: Document) -> bool:
    """On the meeting's page a withdrawn document is a line for whoever could read it, without its file."""
    return documents.can_read(reader, document)


def get(meeting: Meeting, attachment_id: int, viewer: Any) -> Attachment:
    """One attachment of this meeting, for whoever may manage them. Raises `NotFound`."""
    row = db.session.scalar(
        select(Attachment)
        .where(Attachment.id == attachment_id, Attachment.meeting_id == meeting.id)
        .options(joinedload(Attachment.meeting))
    )
    if row is None or not policy.can_attach(viewer, meeting):
        raise NotFound
    return row
