"""Writes of the repository: called by the room that owns the document, in its own transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core.extensions import db
from app.core.i18n import set_pair
from app.forum.documents.models import Document
from app.forum.documents.states import DocumentKind


def publish(
    kind: DocumentKind,
    subject: Any,
    *,
    endpoint: str,
    arguments: dict[str, Any],
    title: tuple[str, str | None],
    at: datetime,
) -> Document:
    """Enter a document, or its new version, in the repository."""
    document = db.session.scalar(
        select(Document).where(
            Document.kind == kind, Document.subject_type == subject.__tablename__, Document.subject_id == subject.id
        )
    )
    if document is None:
        document = Document(
            kind=kind, subject_type=subject.__tablename__, subject_id=subject.id, outdated=[], first_published_at=at
        )
    document.endpoint, document.arguments, document.published_at = endpoint, arguments, at
    set_pair(document, "title", *title)
    db.session.add(document)
    return document
