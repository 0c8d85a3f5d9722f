"""Who may read a document. `queries.visible_to` says the same to the database."""

from dataclasses import dataclass
from typing import Any

from app.accounts.policy import is_secretariat
from app.forum.documents.models import Document
from app.forum.documents.states import AccessLevel


@dataclass(frozen=True)
class Reader:
    """What decides of a reader's access, on the day they ask: their function and where they sit."""

    is_secretariat: bool = False
    is_member: bool = False
    bodies: frozenset[int] = frozenset()


def can_read(reader: Reader, document: Document) -> bool:
    """Know that the document exists, and when it was withdrawn, why. What is held back is the secretariat's."""
    if reader.is_secretariat:
        return True
    if document.is_held:
        return False
    if document.access == AccessLevel.BODY:
        return document.body_id in reader.bodies
    return document.access == AccessLevel.PUBLIC or (document.access == AccessLevel.MEMBERS and reader.is_member)


def can_download(reader: Reader, document: Document) -> bool:
    """Open its file, or a former one: a document that was withdrawn is read by the secretariat alone."""
    return can_read(reader, document) and (document.withdrawn_at is None or reader.is_secretariat)


def can_manage(viewer: Any) -> bool:
    return is_secretariat(viewer)
