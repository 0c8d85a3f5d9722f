"""What the documents room registers: the right on its files, search, addresses for machines, desk, doctor."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from app.core import file_types, files
from app.core.extensions import db
from app.core.registry import Check, DeskGroup, DeskLink, of
from app.forum.documents import journal, keeping, policy, queries, service
from app.forum.documents.models import Document

ROOM = "documents"


def wire(app: Flask) -> None:
    app.jinja_env.globals["accepted_files"] = file_types.ACCEPTED
    registry = of(app)
    registry.file_rights[ROOM] = queries.may_download
    registry.searchable["document"] = queries.public_files
    registry.indexers.append(reindex)
    registry.site_addresses.append(addresses)
    registry.checks.append(Check("uploaded files", files.faults))
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.subjects["document"] = subject
    registry.desk_links.append(
        DeskLink(DeskGroup.DOCUMENTS, _l("Documents of the Forum"), "documents.index", policy.can_manage)
    )


def subject(viewer: Any, document_id: int) -> tuple[str, str] | None:
    found = db.session.get(Document, document_id)
    if found is None or not queries.can_know(viewer, found):
        return None
    return found.title_fr, url_for(found.endpoint, **found.arguments)


def reindex() -> int:
    documents = queries.public_files()
    for document in documents:
        service.index(document)
    return len(documents)


def addresses() -> Iterable[tuple[str, dict[str, Any], datetime | None]]:
    for document in queries.public_files():
        yield document.endpoint, document.arguments, document.published_at
