"""Files that people send: checked, stored under a random name outside the web root, served by an authorised view only.

A file is written beside its final name, flushed to the disk, then renamed; its row belongs to the caller's
transaction, and an undone transaction takes its file away. What a crash leaves behind is swept at night (S39-S45, R07).
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from app.core import clock, file_types, throttle
from app.core.database import Identified, UTCDateTime
from app.core.errors import DISK_FULL, Refused, StorageFull
from app.core.extensions import db
from app.core.file_checks import check
from app.core.file_types import Unsafe
from app.core.text import slug
from app.core.transaction import on_undo

MAX_SIZE, DAILY = 10_000_000, 50_000_000
CHUNK = 256 * 1024
PARTIAL = ".partial"
SETTLED = timedelta(hours=24)  # a file this old without a row belongs to no transaction under way


class StoredFile(Identified, db.Model):
    """`size` in bytes; `storage`: its name on the disk; `room`: the room that says who may read it."""

    __tablename__ = "stored_file"

    original_name: Mapped[str] = mapped_column(String(file_types.MAX_NAME))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column()
    pages: Mapped[int | None] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    storage: Mapped[str] = mapped_column(String(40), unique=True)
    room: Mapped[str] = mapped_column(String(40))
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)

    @property
    def slug(self) -> str:
        return slug(self.original_name.rpartition(".")[0])

    @property
    def ascii_name(self) -> str:
        """For a reader whose programme knows no accent."""
        return f"{self.slug or 'document'}.{self.original_name.rpartition('.')[2].lower()}"

    @property
    def type_label(self) -> Any:
        return file_types.LABELS[self.media_type]

    @property
    def path(self) -> Path:
        return _place(self.storage)


def _place(storage: str) -> Path:
    root: Path = current_app.config["UPLOAD_DIR"]
    return root / storage[:2] / storage


def accept(
    upload: FileStorage | None, *, actor: Any, room: str, unlimited: bool = False, field: str = "file"
) -> StoredFile:
    """Check and store one file; its row joins the caller's transaction.

    `unlimited`: the actor's room lifts the daily quota (decision 0010). Raises `Refused` on `field` with a message for
    the person, `StorageFull` when the disk has no room.
    """
    if upload is None or not upload.filename:
        raise Refused(field, _("Choose a file."))
    name = file_types.clean_name(upload.filename)
    kind = file_types.of_name(name)
    if kind is None:
        raise Refused(field, TAKEN)
    storage = secrets.token_hex(16)
    with _writing(storage) as file:
        size, digest = _copy(upload.stream, file, field)
        _refuse_beyond_quota(None if unlimited else getattr(actor, "id", None), size, field)
        try:
            pages = check(kind, file, size)
        except Unsafe as fault:
            raise Refused(field, fault.message) from fault
    row = StoredFile(
        original_name=name, media_type=kind.media_type, size=size, pages=pages, sha256=digest, storage=storage,
        room=room, uploaded_by_id=getattr(actor, "id", None),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


TAKEN = _l("This kind of file is not accepted. Choose a PDF, ODT, ODS, DOCX, XLSX, PNG, JPG, TXT or CSV file.")


@contextmanager
def _writing(storage: str) -> Iterator[IO[bytes]]:
    """A new file that takes its name when all went well; it is gone when not, now or with the transaction."""
    path = _place(storage)
    partial = path.with_name(path.name + PARTIAL)
    try:
        _refuse_full_disk(path)
        with open(partial, "x+b", opener=lambda name, flags: os.open(name, flags, 0o640)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o640)
        stamp = clock.now().timestamp()
        os.utime(partial, (stamp, stamp))  # its age is told by the portal's clock, which a demo may move
        partial.rename(path)
        on_undo(lambda: path.unlink(missing_ok=True))
        _fsync_folder(path.parent)
    except OSError as fault:
        if fault.errno in DISK_FULL:
            raise StorageFull from fault
        raise
    finally:
        partial.unlink(missing_ok=True)


def _refuse_full_disk(path: Path) -> None:
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    if shutil.disk_usage(path.parent).free < current_app.config["UPLOAD_MIN_FREE"] + MAX_SIZE:
        raise StorageFull


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy(source: IO[bytes], file: IO[bytes], field: str) -> tuple[int, str]:
    """(size, SHA-256) of what was copied; nothing beyond the limit is read."""
    size, digest = 0, hashlib.sha256()
    source.seek(0)
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > MAX_SIZE:
            raise Refused(field, _("This file is larger than 10 MB. Reduce it or split it, then choose it again."))
        digest.update(chunk)
        file.write(chunk)
    if not size:
        raise Refused(field, _("This file is empty."))
    file.flush()
    return size, digest.hexdigest()


def _refuse_beyond_quota(user_id: int | None, size: int, field: str) -> None:
    """Fifty megabytes in any 24 hours for one account."""
    if user_id is None:
        return
    # One row for each account, locked by its own counting: parallel uploads are added up one after the other.
    throttle.count("upload", str(user_id), seconds=86_400)
    since = clock.now() - timedelta(days=1)
    sent = db.session.scalar(
        select(func.coalesce(func.sum(StoredFile.size), 0)).where(
            StoredFile.uploaded_by_id == user_id, StoredFile.created_at > since
        )
    )
    if (sent or 0) + size > DAILY:
        raise Refused(field, _("You have sent 50 MB in the last 24 hours, which is the limit. Try again tomorrow."))


def digest(upload: FileStorage | None) -> str | None:
    """What was chosen, for the key that makes a form's submission happen once."""
    if upload is None or not upload.filename:
        return None
    upload.stream.seek(0)
    return hashlib.file_digest(upload.stream, "sha256").hexdigest()  # type: ignore[arg-type]


# -- what a crash leaves, what the doctor looks for ------------------------------------------------------------------


def _references() -> list[Any]:
    """The columns of the rooms that keep a file."""
    return [
        column
        for table in db.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == StoredFile.__tablename__ for key in column.foreign_keys)
    ]


def _stored() -> Iterator[Path]:
    root: Path = current_app.config["UPLOAD_DIR"]
    return (path for path in root.rglob("*") if path.is_file()) if root.exists() else iter(())


def _age(path: Path) -> timedelta:
    try:
        return clock.now() - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # taken away meanwhile
        return timedelta(0)


def sweep(now: datetime) -> int:
    """Rows that no room keeps, then files that no row names, once they are a day old (S45)."""
    kept = [select(column).where(column.is_not(None)) for column in _references()]
    unkept = db.session.scalars(
        select(StoredFile).where(StoredFile.created_at < now - SETTLED, *(~StoredFile.id.in_(one) for one in kept))
    ).all()
    for row in unkept:
        db.session.delete(row)
    db.session.flush()
    named = set(db.session.scalars(select(StoredFile.storage)))
    lost = [path for path in _stored() if path.name not in named and _age(path) > SETTLED]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(unkept) + len(lost)


def faults() -> list[str]:
    """Files without a row, rows without their file, contents that changed since they were sent (R18)."""
    rows = db.session.execute(select(StoredFile.id, StoredFile.storage, StoredFile.sha256)).all()
    named = {storage for _id, storage, _digest in rows}
    found = [fault for file_id, storage, sha256 in rows if (fault := _fault(file_id, storage, sha256))]
    lost = [path.name for path in _stored() if path.name not in named and _age(path) > SETTLED + timedelta(hours=26)]
    return found + [f"file {name} has no row" for name in sorted(lost)]


def _fault(file_id: int, storage: str, sha256: str) -> str | None:
    try:
        with _place(storage).open("rb") as content:
            intact = hashlib.file_digest(content, "sha256").hexdigest() == sha256
    except OSError:
        return f"stored_file {file_id}: its file is missing or cannot be read"
    return None if intact else f"stored_file {file_id}: its file has changed"
