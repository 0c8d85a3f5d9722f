"""The papers of the demo's meetings: small files at every level and in both languages, through the same services."""

from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from app.accounts.policy import OPERATOR
from app.core import clock
from app.core.extensions import db
from app.demo import files
from app.forum.documents.states import AccessLevel, DocumentKind, DocumentLanguage
from app.forum.meetings import attachment_service as service
from app.forum.meetings.models import Attachment, Meeting

HERE = Path(__file__).parent


def fill() -> None:
    """Attach what `papers.yaml` lists; `days` is counted from the meeting's first day."""
    listed = yaml.load((HERE / "papers.yaml").read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    made: dict[str, Attachment] = {}
    for one in listed:
        made[one["file"]] = _attach(one, made)


def _attach(one: dict[str, Any], made: dict[str, Attachment]) -> Attachment:
    meeting = db.session.scalars(select(Meeting).where(Meeting.title_fr == one["meeting"])).one()
    slots = {slot.key: slot.id for day in meeting.days for slot in day.slots}
    original = made.get(one.get("translation_of", ""))
    attachment = service.attach(
        OPERATOR,
        meeting,
        _upload(one),
        service.Description(
            title=(one["title_fr"], one.get("title_en")),
            kind=DocumentKind(one.get("kind", "background_paper")),
            language=DocumentLanguage(one.get("language", "fr")),
            access=AccessLevel(one.get("access", "public")),
            slot_id=slots[one["slot"]] if one.get("slot") else None,
            translation_of_id=original.document_id if original else None,
        ),
    )
    if one.get("second"):
        service.replace(OPERATOR, attachment, _upload({**one, "lines": one["second"]}))
    if one.get("withdrawn_fr"):
        service.remove(OPERATOR, attachment, reason=(one["withdrawn_fr"], one.get("withdrawn_en")))
    _date_back(attachment, meeting, one.get("days", -14))
    return attachment


def _upload(one: dict[str, Any]) -> FileStorage:
    return FileStorage(BytesIO(files.written(one)), filename=one["file"])


def _date_back(attachment: Attachment, meeting: Meeting, days: int) -> None:
    """The papers came to the meeting in their time; none comes from the future."""
    document = attachment.document
    if document.published_at is None:
        return
    latest = clock.now() - timedelta(hours=20)
    first = _morning(meeting, days, latest - timedelta(days=meeting.id % 7))
    last = min(first + timedelta(days=6), latest) if document.edition > 1 else first
    document.first_published_at, document.published_at = first, last
    if document.withdrawn_at:
        document.withdrawn_at = min(first + timedelta(days=9), latest)
    for edition in document.editions:
        edition.added_at = edition.file.created_at = last if edition.number > 1 else first


def _morning(meeting: Meeting, days: int, latest: datetime) -> datetime:
    morning = datetime.combine(meeting.first_day + timedelta(days=days), time(9, 30), clock.PARIS).astimezone(UTC)
    return min(morning, latest)
