"""Backup and restore: one portable file for both engines, encrypted to the age keys of its keepers (R12, S56).

A backup is a tar.gz of one JSON-lines file for each table, read in one snapshot while others write, the uploaded
files, and a manifest with the schema's head, the counts and the SHA-256 of everything. It is encrypted with age when
recipients are set (production demands two); the machine that makes it holds public keys only. Tables are read and
written in the shape that the database has, not the one of today's models, and row by row: memory does not grow with
the data.
"""

import base64
import gzip
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage
from flask import current_app
from flask_migrate import downgrade, upgrade
from sqlalchemy import JSON, Connection, MetaData, Table, func, insert, select, text

from app.core import clock, database, files, search
from app.core.errors import Refused
from app.core.extensions import db
from app.forum.oversight import schema

FORMAT = 1
MANIFEST = "manifest.json"
DERIVED = ("alembic_version", "search_words")
SEEDED = {"site_version"}
CHUNK = 1000
AGE = b"age-encryption.org/"
READERS: dict[type, Any] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    time: time.fromisoformat,
    Decimal: Decimal,
    bytes: base64.b64decode,
}


def backup(folder: Path) -> Path:
    """Write one backup into `folder`, mode 0600, and return its path. Raises `Refused`; leaves nothing if it fails."""
    keys = current_app.config["BACKUP_RECIPIENTS"]
    path = folder / f"forum-{clock.now():%Y%m%dT%H%M%S%f}Z.tar.gz{'.age' if keys else ''}"
    partial = path.with_name(path.name + ".partial")
    try:
        recipients = [pyrage.x25519.Recipient.from_str(key) for key in keys]
        folder.mkdir(parents=True, exist_ok=True)
        with _scratch() as packed, open(partial, "xb", opener=_private) as file:
            _pack(packed if recipients else file)
            if recipients:
                packed.seek(0)
                pyrage.encrypt_io(packed, file, recipients)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    except pyrage.RecipientError as fault:
        raise Refused("recipients", f"FORUM_BACKUP_RECIPIENTS: not an age public key ({fault})") from fault
    except OSError as fault:
        raise Refused("folder", f"cannot write the backup in {folder}: {fault.strerror or fault}") from fault
    finally:
        with suppress(OSError):
            partial.unlink()
    return path


def restore(path: Path, identities: list[str]) -> dict[str, int]:
    """Load a backup into an empty place; returns the rows of each table.

    Raises `Refused` when the key is wrong, the file is damaged, or the place already holds something: nothing is
    written then. The schema is brought to the backup's head, the rows are loaded in one transaction, then the schema
    goes to the newest head.
    """
    with _opened(path, identities) as tar:
        manifest = _manifest(tar)
        _refuse_unless_empty()
        _reach(manifest["head"])
        try:
            _write_files(tar, manifest)
            counts = _load(tar, manifest)
        except BaseException:
            _remove_files(manifest)
            raise
    upgrade()
    search.rebuild_words()
    db.session.commit()
    return counts


# -- what both ways share --------------------------------------------------------------------------------------------


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _scratch() -> IO[bytes]:
    """A file without a name, beside the database: it is gone when closed, even by a kill."""
    folder = current_app.config["INSTANCE"]
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryFile(dir=folder)


def _stored(connection: Connection) -> list[Table]:
    """The tables that this database has, parents first, without what is derived from them."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _metadata: not name.startswith(DERIVED))
    return found.sorted_tables


def _uploads() -> list[Path]:
    """The uploaded files, without those that are still being received."""
    folder = current_app.config["UPLOAD_DIR"]
    found = folder.rglob("*") if folder.exists() else ()
    return sorted(path for path in found if path.is_file() and path.suffix != files.PARTIAL)


# -- backup ----------------------------------------------------------------------------------------------------------


def _pack(file: IO[bytes]) -> None:
    manifest: dict[str, Any] = {"format": FORMAT, "made_at": clock.now().isoformat(), "tables": {}, "files": {}}
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
        with _snapshot() as connection:
            manifest["head"] = schema.head(connection)
            for table in _stored(connection):
                manifest["tables"][table.name] = _add_table(tar, connection, table)
        root = current_app.config["UPLOAD_DIR"]
        for path in _uploads():
            name = path.relative_to(root).as_posix()
            with suppress(FileNotFoundError), path.open("rb") as content:  # swept away meanwhile: no row names it
                manifest["files"][name] = hashlib.file_digest(content, "sha256").hexdigest()
                _add(tar, f"files/{name}", content)
        with _scratch() as content:
            content.write(json.dumps(manifest, indent=1, sort_keys=True).encode())
            _add(tar, MANIFEST, content)


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """A connection that sees one instant of the database, whatever others write meanwhile.

    On SQLite a deferred transaction takes no lock from writers; its first SELECT fixes what it sees, as on PostgreSQL.
    """
    token = database.reading.set(True)
    try:
        with db.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            connection.execute(text("SELECT number FROM site_version"))
            yield connection
    finally:
        database.reading.reset(token)


def _add_table(tar: tarfile.TarFile, connection: Connection, table: Table) -> dict[str, Any]:
    rows, digest = 0, hashlib.sha256()
    with _scratch() as content:
        for line in _lines(connection, table):
            content.write(line)
            digest.update(line)
            rows += 1
        _add(tar, f"tables/{table.name}.jsonl", content)
    return {"rows": rows, "sha256": digest.hexdigest()}


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    order = table.primary_key.columns or table.columns
    found = connection.execute(select(table).order_by(*order), execution_options={"yield_per": CHUNK})
    for row in found.mappings():
        yield json.dumps(dict(row), default=_plain, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _plain(value: Any) -> str:
    """What JSON has no form for; `READERS` reads it back by the column's type."""
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = content.seek(0, os.SEEK_END), 0o600
    content.seek(0)
    tar.addfile(info, content)


# -- restore: read and check -----------------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path, identities: list[str]) -> Iterator[tarfile.TarFile]:
    """The archive, decrypted and unpacked into a scratch file that can be read in any order."""
    with _scratch() as plain:
        with _scratch() as packed:
            _decrypt(path, identities, packed)
            packed.seek(0)
            try:
                with gzip.GzipFile(fileobj=packed) as unzipped:
                    shutil.copyfileobj(unzipped, plain)
            except (EOFError, gzip.BadGzipFile, zlib.error) as fault:
                raise _damaged(fault) from fault
        plain.seek(0)
        with _as_tar(plain) as tar:
            yield tar


def _as_tar(plain: IO[bytes]) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=plain, mode="r:")
    except tarfile.TarError as fault:
        raise _damaged(fault) from fault


def _damaged(fault: Exception | str) -> Refused:
    reason = fault if isinstance(fault, str) else type(fault).__name__
    return Refused("file", f"the backup is damaged or is not a backup ({reason})")


def _decrypt(path: Path, identities: list[str], packed: IO[bytes]) -> None:
    try:
        with path.open("rb") as file:
            encrypted = file.read(len(AGE)) == AGE
            file.seek(0)
            if encrypted:
                _open_with(identities, file, packed)
            else:
                shutil.copyfileobj(file, packed)
    except OSError as fault:
        raise Refused("file", f"cannot read {path}: {fault.strerror or fault}") from fault


def _open_with(identities: list[str], file: IO[bytes], packed: IO[bytes]) -> None:
    if not identities:
        raise Refused("identity", "this backup is encrypted: give the file of its private key with --identity")
    try:
        pyrage.decrypt_io(file, packed, [pyrage.x25519.Identity.from_str(one) for one in identities])
    except (pyrage.DecryptError, pyrage.IdentityError, OSError) as fault:
        raise Refused("identity", f"the backup cannot be opened: wrong key or damaged file ({fault})") from fault


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    """The manifest, once everything it names is there with its digest, and nothing else is."""
    try:
        members = {member.name: member for member in tar.getmembers()}
        manifest: dict[str, Any] = json.load(_content(tar, MANIFEST))
        if manifest["format"] != FORMAT:
            raise Refused("file", f"backup format {manifest['format']} is not known here")
        expected = {f"tables/{name}.jsonl": table["sha256"] for name, table in manifest["tables"].items()}
        expected |= {f"files/{name}": digest for name, digest in manifest["files"].items()}
        head = manifest["head"]
    except (KeyError, ValueError, TypeError, AttributeError, tarfile.TarError) as fault:
        raise _damaged(fault) from fault
    if head not in schema.revisions():
        raise Refused("file", f"the backup has schema {head}, which is not known here: install the portal that made it")
    for name in manifest["files"]:
        _refuse_outside(name)
    if set(members) != {*expected, MANIFEST} or not all(member.isfile() for member in members.values()):
        raise _damaged("its manifest does not name exactly what it holds")
    for name, digest in expected.items():
        if hashlib.file_digest(_content(tar, name), "sha256").hexdigest() != digest:  # type: ignore[arg-type]
            raise _damaged(f"{name} does not match its digest")
    return manifest


def _content(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    file = tar.extractfile(name)
    if file is None:
        raise _damaged(f"{name} is not a file")
    return file


def _refuse_outside(name: str) -> None:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        raise Refused("file", f"the backup names a file outside the folder of uploaded files: {name!r}")


def _refuse_unless_empty() -> None:
    with db.engine.connect() as connection:
        for table in _stored(connection):
            if table.name not in SEEDED and connection.execute(select(table).limit(1)).first():
                raise Refused("database", f"the database is not empty ({table.name}): restore goes into an empty place")
    if _uploads():
        raise Refused("files", "the folder of uploaded files is not empty: restore goes into an empty place")


# -- restore: write --------------------------------------------------------------------------------------------------


def _reach(head: str) -> None:
    """The backup's own schema, in a database that holds no row: up from nothing, or down from a newer one."""
    with db.engine.connect() as connection:
        present = schema.head(connection)
    if present in schema.revisions(after=head):
        downgrade(revision=head)
    else:
        upgrade(revision=head)


def _load(tar: tarfile.TarFile, manifest: dict[str, Any]) -> dict[str, int]:
    counts = {}
    with db.engine.begin() as connection:
        stored = _stored(connection)
        if unknown := set(manifest["tables"]) - {table.name for table in stored}:
            raise Refused("file", f"the backup holds tables unknown to its schema: {', '.join(sorted(unknown))}")
        for table in stored:
            connection.execute(table.delete())  # what the migrations seeded
            counts[table.name] = _fill(connection, table, tar) if table.name in manifest["tables"] else 0
        if connection.dialect.name == "postgresql":
            _advance_sequences(connection, stored)
    return counts


def _fill(connection: Connection, table: Table, tar: tarfile.TarFile) -> int:
    """The lines of one table into it; returns how many."""
    readers = {column.name: reader for column in table.columns if (reader := READERS.get(column.type.python_type))}
    for column in table.columns:
        if isinstance(column.type, JSON):
            column.type.none_as_null = bool(column.nullable)
    count = 0
    with _content(tar, f"tables/{table.name}.jsonl") as lines:
        rows = (_row(line, readers) for line in lines)
        while chunk := list(islice(rows, CHUNK)):
            connection.execute(insert(table), chunk)
            count += len(chunk)
    return count


def _row(line: bytes, readers: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(line)
    for name, reader in readers.items():
        if values.get(name) is not None:
            values[name] = reader(values[name])
    return values


def _advance_sequences(connection: Connection, stored: list[Table]) -> None:
    """The next row made here follows the last one restored."""
    for table in stored:
        if "id" in table.c:
            name = connection.dialect.identifier_preparer.format_table(table)
            following = func.coalesce(func.max(table.c.id), 0) + 1
            connection.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), following, False)))


def _write_files(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    root = current_app.config["UPLOAD_DIR"]
    for name in manifest["files"]:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with _content(tar, f"files/{name}") as content, open(path, "xb", opener=_private) as file:
            shutil.copyfileobj(content, file)
        path.chmod(0o640)


def _remove_files(manifest: dict[str, Any]) -> None:
    for name in manifest["files"]:
        (current_app.config["UPLOAD_DIR"] / name).unlink(missing_ok=True)
