"""What the documents room registers: the right on its files, search, addresses for machines, sweep, doctor."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.accounts import queries as accounts
from app.core import file_types, files
from app.core.extensions import db
from app.core.files import StoredFile
from app.core.registry import Check, Job, PersonColumns, of
from app.forum.documents import queries, service

ROOM = "documents"


def wire(app: Flask) -> None:
    app.jinja_env.globals["accepted_files"] = file_types.ACCEPTED
    registry = of(app)
    registry.file_rights[ROOM] = queries.may_download
    registry.searchable["document"] = queries.public_files
    registry.indexers.append(reindex)
    registry.site_addresses.append(addresses)
    registry.checks.append(Check("uploaded files", files.faults))
    registry.jobs.append(Job("sweep_files", files.sweep, timedelta(days=1)))
    registry.persons.append(
        # The account stays as a number when its person is erased; a published file keeps the name it was sent under.
        PersonColumns("stored_file", frozenset({"uploaded_by_id"}), _export_files, lambda _email: 0)
    )


def reindex() -> int:
    documents = queries.public_files()
    for document in documents:
        service.index(document)
    return len(documents)


def addresses() -> Iterable[tuple[str, dict[str, Any], datetime | None]]:
    for document in queries.public_files():
        yield document.endpoint, document.arguments, document.published_at


def _export_files(email: str) -> list[dict[str, Any]]:
    user = accounts.by_email(email)
    if user is None:
        return []
    rows = db.session.scalars(select(StoredFile).where(StoredFile.uploaded_by_id == user.id).order_by(StoredFile.id))
    return [{"name": row.original_name, "sent": row.created_at.isoformat(), "size": row.size} for row in rows]
