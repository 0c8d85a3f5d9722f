"""Reads of the repository: each list takes its reader, is ordered and paged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from app.accounts.policy import is_secretariat
from app.core import clock, paging, registry, text
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.files import StoredFile
from app.forum.documents import policy
from app.forum.documents.models import Document, Edition
from app.forum.documents.policy import Reader
from app.forum.documents.states import AccessLevel, DocumentKind, DocumentLanguage

PAGE_SIZE, FEED_SIZE, MAX_WORDS = 20, 50, 12
ANYONE = Reader()
CHANGED = func.coalesce(Document.withdrawn_at, Document.published_at)
NEWEST = (Document.published_at.desc(), Document.id.desc())
OLDEST = (Document.published_at, Document.id)


@dataclass(frozen=True)
class Filters:
    """What the reader asked of the list. `words`: folded, each must stand in a title."""

    kind: DocumentKind | None = None
    body_id: int | None = None
    language: DocumentLanguage | None = None
    year: int | None = None
    words: tuple[str, ...] = ()
    oldest_first: bool = False

    @property
    def are_set(self) -> bool:
        return any((self.kind, self.body_id is not None, self.language, self.year, self.words))


def reader(viewer: Any) -> Reader:
    """Function and seats of a viewer, today. The members room says who sits where, through the registry."""
    seats = registry.current().seats(viewer)
    return Reader(is_secretariat(viewer), seats.is_member, seats.bodies)


def visible_to(reader: Reader) -> list[ColumnElement[bool]]:
    """The published documents that a reader may know of; those held back are in no list."""
    published = Document.published_at.is_not(None)
    if reader.is_secretariat:
        return [published]
    levels = [Document.access == AccessLevel.PUBLIC]
    if reader.is_member:
        levels.append(Document.access == AccessLevel.MEMBERS)
    if reader.bodies:
        levels.append(and_(Document.access == AccessLevel.BODY, Document.body_id.in_(sorted(reader.bodies))))
    return [published, or_(*levels)]


def _conditions(reader: Reader, filters: Filters, *, with_kind: bool = True) -> list[ColumnElement[bool]]:
    found = visible_to(reader)
    if filters.kind is not None and with_kind:
        found.append(Document.kind == filters.kind)
    if filters.body_id is not None:
        found.append(Document.body_id == filters.body_id if filters.body_id else Document.body_id.is_(None))
    if filters.language is not None:  # a page of the site is in both
        found.append(or_(Document.language.in_({filters.language, DocumentLanguage.BOTH}), Document.language.is_(None)))
    if filters.year is not None:
        found += [Document.published_at >= _new_year(filters.year), Document.published_at < _new_year(filters.year + 1)]
    return found + [Document.folded.contains(word, autoescape=True) for word in filters.words]


def _new_year(year: int) -> datetime:
    """The instant a year begins in Paris."""
    return datetime(year, 1, 1, tzinfo=clock.PARIS).astimezone(UTC)


def _ordered(conditions: list[ColumnElement[bool]], order: Any) -> Select[Any]:
    return select(Document).where(*conditions).order_by(*order)


def latest(limit: int) -> Sequence[Document]:
    """What was last published for everyone; a document withdrawn since is no news."""
    conditions = [*visible_to(ANYONE), Document.withdrawn_at.is_(None)]
    return db.session.scalars(_ordered(conditions, NEWEST).limit(limit)).all()


def page(viewer: Any, filters: Filters, number: int) -> paging.Page:
    conditions = _conditions(reader(viewer), filters)
    total = db.session.scalar(select(func.count()).select_from(Document).where(*conditions)) or 0
    statement = _ordered(conditions, OLDEST if filters.oldest_first else NEWEST)
    items = db.session.scalars(statement.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return paging.checked(paging.Page(items, number, PAGE_SIZE, total))


def count_by_kind(viewer: Any, filters: Filters) -> dict[DocumentKind, int]:
    """How many of each kind the other filters leave."""
    conditions = _conditions(reader(viewer), filters, with_kind=False)
    rows = db.session.execute(select(Document.kind, func.count()).where(*conditions).group_by(Document.kind)).all()
    counts = {row[0]: row[1] for row in rows}
    return {kind: counts[kind] for kind in DocumentKind if kind in counts}


def feed(filters: Filters) -> Sequence[Document]:
    """The last changes to what everyone may read, the same for every reader."""
    order = (CHANGED.desc(), Document.id.desc())
    return db.session.scalars(_ordered(_conditions(ANYONE, filters), order).limit(FEED_SIZE)).all()


def years(viewer: Any) -> range:
    """From the first document's year to this one, the latest first."""
    first = db.session.scalar(
        select(Document.published_at).where(*visible_to(reader(viewer))).order_by(Document.published_at).limit(1)
    )
    this = clock.today().year
    return range(this, (first.astimezone(clock.PARIS).year if first else this) - 1, -1)


def belongings(documents: Sequence[Document]) -> dict[int, tuple[Any, str, dict[str, Any]]]:
    """{document id: (title, endpoint, arguments)} of what each file belongs to; one statement a kind of thing."""
    titles, found = registry.current().titles, dict[int, tuple[Any, str, dict[str, Any]]]()
    files = [one for one in documents if one.file_id is not None]
    for subject_type in sorted({one.subject_type for one in files} & set(titles)):
        theirs = [one for one in files if one.subject_type == subject_type]
        known = titles[subject_type]([one.subject_id for one in theirs])
        found |= {one.id: known[one.subject_id] for one in theirs if one.subject_id in known}
    return found


def get(document_id: int, viewer: Any) -> Document:
    """One file document with its editions. Raises `NotFound` when the viewer may not know that it exists."""
    document = db.session.scalar(
        select(Document)
        .where(Document.id == document_id, Document.file_id.is_not(None))
        .options(selectinload(Document.editions))
    )
    if document is None or not can_know(viewer, document):
        raise NotFound
    return document


def can_know(viewer: Any, document: Document) -> bool:
    """Whether the viewer may know that the document exists."""
    return policy.can_read(reader(viewer), document)


def translations(document: Document, viewer: Any) -> Sequence[Document]:
    """The other language versions of a document that the viewer may read, the original first."""
    original = document.translation_of_id or document.id
    of_it = or_(Document.id == original, Document.translation_of_id == original)
    asker = reader(viewer)
    rows = db.session.scalars(
        select(Document)
        .where(of_it, Document.id != document.id)
        .order_by(Document.translation_of_id.is_not(None), Document.id)
        .limit(20)
    )
    return [row for row in rows if policy.can_download(asker, row) and not row.is_held]


def may_download(viewer: Any, file_id: int) -> bool:
    """The right on a file is that of the document of which it is an edition."""
    document = db.session.scalar(select(Document).join(Edition).where(Edition.file_id == file_id))
    return document is not None and policy.can_download(reader(viewer), document)


def file(file_id: int, viewer: Any) -> StoredFile:
    """A stored file, by the right that its own room gives. Raises `NotFound`: otherwise it does not exist (S41)."""
    stored = db.session.get(StoredFile, file_id)
    may_read = registry.current().file_rights.get(stored.room) if stored else None
    if stored is None or may_read is None or not may_read(viewer, stored.id):
        raise NotFound
    return stored


def public_files() -> Sequence[Document]:
    """Every file that everyone may read today, for the search index and the site map."""
    conditions = [*visible_to(ANYONE), Document.file_id.is_not(None), Document.withdrawn_at.is_(None)]
    return db.session.scalars(_ordered(conditions, (Document.id,))).all()


# -- what the address asks for ---------------------------------------------------------------------------------------


def kind_of(value: str | None) -> DocumentKind | None:
    """Raises `NotFound` for a kind that does not exist."""
    return _one_of(DocumentKind, value)


def language_of(value: str | None) -> DocumentLanguage | None:
    return _one_of(DocumentLanguage, value)


def _one_of(kind: Any, value: str | None) -> Any:
    if not value:
        return None
    try:
        return kind(value)
    except ValueError as fault:
        raise NotFound from fault


def number_of(value: str | None, low: int, high: int) -> int | None:
    """A number of the address within bounds; None when absent. Raises `NotFound` for anything else."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 10 and low <= int(value) <= high):
        raise NotFound
    return int(value)


def words_of(value: str | None) -> tuple[str, ...]:
    """The words of a question, folded as titles are."""
    return tuple(dict.fromkeys(text.fold(text.tidy((value or "")[:200]) or "").split()))[:MAX_WORDS]
