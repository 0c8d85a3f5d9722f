"""What is kept of whoever sends files, and of the files that nothing keeps."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts import queries as accounts
from app.core import files
from app.core.extensions import db
from app.core.files import StoredFile
from app.core.registry import PersonColumns, Retention


def _export_files(email: str) -> list[dict[str, Any]]:
    user = accounts.by_email(email)
    if user is None:
        return []
    rows = db.session.scalars(select(StoredFile).where(StoredFile.uploaded_by_id == user.id).order_by(StoredFile.id))
    return [{"name": row.original_name, "sent": row.created_at.isoformat(), "size": row.size} for row in rows]


PERSONS = [
    PersonColumns(
        "stored_file",
        frozenset({"uploaded_by_id"}),
        _export_files,
        lambda _email: 0,
        _l(
            "Kept with the documents of the Forum, under the number of the account. "
            "A file keeps the name under which it was sent."
        ),
    )
]
RETENTIONS = [
    Retention(
        "stored_file",
        files.SETTLED,
        files.sweep,
        label=_l("Files sent to the site"),
        data=_l("Number of the account that sent the file, date, name and size of the file, digest of its content"),
        recipients=_l("Whoever may read the document; the administrators of the site for the account"),
        since=_l("for a file that no document uses"),
        then=_l("Deleted. The file of a document is kept as long as the document"),
        every=timedelta(days=1),
    )
]
