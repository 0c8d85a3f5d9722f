"""Writes of the repository, called by the room that owns the document: it has authorised them; its transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core import audit, search, text
from app.core.extensions import db
from app.core.files import StoredFile
from app.core.i18n import set_pair
from app.forum.documents.models import Document, Edition
from app.forum.documents.states import AccessLevel, DocumentKind, DocumentLanguage

audit.declare("document.added", "file", "access")
audit.declare("document.replaced", "file", "edition")
audit.declare("document.described", "access")
audit.declare("document.withdrawn", "edition")
audit.declare("document.removed", "edition")


def publish(
    kind: DocumentKind,
    subject: Any,
    *,
    endpoint: str,
    arguments: dict[str, Any],
    title: tuple[str, str | None],
    at: datetime,
    body_id: int | None = None,
) -> Document:
    """Enter a page of the site, or its new version, in the repository: it is read by everyone, in both languages."""
    document = db.session.scalar(
        select(Document).where(
            Document.kind == kind, Document.subject_type == subject.__tablename__, Document.subject_id == subject.id,
            Document.file_id.is_(None),
        )
    )  # fmt: skip
    if document is None:
        document = Document(
            kind=kind, subject_type=subject.__tablename__, subject_id=subject.id, outdated=[], first_published_at=at
        )
    document.endpoint, document.arguments, document.published_at = endpoint, arguments, at
    document.body_id = body_id
    _entitle(document, title)
    db.session.add(document)
    return document


def _entitle(document: Document, title: tuple[str, str | None]) -> None:
    set_pair(document, "title", *title)
    document.folded = text.fold(" ".join(half for half in title if half))


def add_file(
    actor: Any,
    file: StoredFile,
    subject: Any,
    *,
    kind: DocumentKind,
    title: tuple[str, str | None],
    language: DocumentLanguage,
    access: AccessLevel,
    at: datetime,
    body_id: int | None = None,
    translation_of: Document | None = None,
    held: bool = False,
) -> Document:
    """A file of `subject` as a document of its own. `held`: nobody but the secretariat may know of it yet."""
    document = Document(
        kind=kind, subject_type=subject.__tablename__, subject_id=subject.id, outdated=[], endpoint="documents.show",
        arguments={}, language=language, access=access, body_id=body_id, file=file,
        translation_of_id=translation_of.id if translation_of else None,
        editions=[Edition(number=1, file=file, added_at=at)],
    )  # fmt: skip
    _entitle(document, title)
    db.session.add(document)
    db.session.flush()
    audit.record(actor, "document.added", document, file=file.id, access=access.value)
    if not held:
        release(document, at)
    _settle(document)
    return document


def release(document: Document, at: datetime) -> None:
    """What it belongs to is public: from now on the document is read by those whom its level names."""
    if document.is_held:
        document.first_published_at = document.published_at = at
        _settle(document)


def describe(
    actor: Any,
    document: Document,
    *,
    kind: DocumentKind,
    title: tuple[str, str | None],
    language: DocumentLanguage,
    access: AccessLevel,
    translation_of: Document | None,
) -> None:
    """Change what is said of a document and who may read it; its file stays."""
    document.kind, document.language, document.access = kind, language, access
    document.translation_of_id = translation_of.id if translation_of else None
    _entitle(document, title)
    audit.record(actor, "document.described", document, access=access.value)
    _settle(document)


def belong(document: Document, body_id: int | None) -> None:
    """Follow the thing that the document belongs to, when its body changes."""
    document.body_id = body_id


def replace(actor: Any, document: Document, file: StoredFile, at: datetime) -> None:
    """A new edition; the former ones stay, each at its own address."""
    document.edition += 1
    document.editions.insert(0, Edition(number=document.edition, file=file, added_at=at))
    document.file = file
    if not document.is_held:
        document.published_at = at
    db.session.flush()
    audit.record(actor, "document.replaced", document, file=file.id, edition=document.edition)
    _settle(document)


def withdraw(actor: Any, document: Document, *, reason: tuple[str, str | None], at: datetime) -> None:
    """Take a document back: its title, its dates and the reason stay for those who could read it."""
    document.withdrawn_at = at
    document.reason_fr, document.reason_en = reason
    audit.record(actor, "document.withdrawn", document, edition=document.edition)
    _settle(document)


def remove(actor: Any, document: Document) -> None:
    """Forget a document that nobody but the secretariat ever saw; the night takes its files away."""
    audit.record(actor, "document.removed", document, edition=document.edition)
    search.forget("document", document.id)
    db.session.delete(document)


def _settle(document: Document) -> None:
    """Its own address, and its place in the index of what everyone may read."""
    document.arguments = {"document_id": document.id, "slug": document.slug}
    if document.access == AccessLevel.PUBLIC and not document.is_held and document.withdrawn_at is None:
        index(document)
    else:
        search.forget("document", document.id)


def index(document: Document) -> None:
    search.index(
        "document",
        document.id,
        kind="document",
        endpoint=document.endpoint,
        arguments=document.arguments,
        title=(document.title_fr, document.title_en),
        body=("", None),
        happened_on=document.published_at.date() if document.published_at else None,
    )
