"""Backup and restore: one portable file for both engines, encrypted to the age keys of its keepers (R12, S56).

A backup is a tar.gz of one JSON-lines file for each table, read in one snapshot while others write, the uploaded files,
and a manifest with the schema's head, the counts and the SHA-256 of everything. It is encrypted with age when recipients
are set (production demands two); the machine that makes it holds public keys only.
"""
import base64
import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyrage
from flask import current_app
from sqlalchemy import Connection, MetaData, Table, func, insert, inspect, select, text

from app.core import clock, database, search
from app.core.errors import Refused
from app.core.extensions import db

FORMAT = 1
DERIVED = {"alembic_version", "search_words"}
SEEDED = {"site_version"}
CHUNK = 500


def tables() -> list[Table]:
    """Every stored table, parents first; what is derived is rebuilt on restore."""
    return [table for table in db.metadata.sorted_tables if table.name not in DERIVED]


def _encode(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return {"$": type(value).__name__, "v": value.isoformat()}
    if isinstance(value, bytes):
        return {"$": "bytes", "v": base64.b64encode(value).decode()}
    return value


def _decode(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"$", "v"}:
        kinds = {"datetime": datetime.fromisoformat, "date": date.fromisoformat, "time": time.fromisoformat,
                 "bytes": base64.b64decode}
        return kinds[value["$"]](value["v"])
    return value


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    rows = connection.execution_options(yield_per=CHUNK).execute(select(table).order_by(*table.primary_key.columns))
    for row in rows:
        values = {name: _encode(value) for name, value in row._mapping.items()}
        yield json.dumps(values, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def head(connection: Connection) -> str:
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def backup(folder: Path) -> Path:
    """Write one backup into `folder` and return its path (mode 0600)."""
    folder.mkdir(parents=True, exist_ok=True)
    recipients = [pyrage.x25519.Recipient.from_str(key) for key in current_app.config["BACKUP_RECIPIENTS"]]
    packed = _pack()
    if recipients:
        packed = pyrage.encrypt(packed, recipients)
    name = f"forum-{clock.now():%Y%m%dT%H%M%S%f}Z.tar.gz{'.age' if recipients else ''}"
    partial, path = folder / (name + ".partial"), folder / name
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(packed)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    return path


def _pack() -> bytes:
    """The archive's bytes, from one snapshot of the database."""
    buffer, manifest = io.BytesIO(), {"format": FORMAT, "made_at": clock.now().isoformat(), "tables": {}, "files": {}}
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=6) as tar:
        with _snapshot() as connection:
            manifest["head"] = head(connection)
            for table in tables():
                _add_table(tar, connection, table, manifest)
        for path in _uploads():
            content = path.read_bytes()
            name = path.relative_to(current_app.config["UPLOAD_DIR"]).as_posix()
            manifest["files"][name] = hashlib.sha256(content).hexdigest()
            _add(tar, f"files/{name}", content)
        _add(tar, "manifest.json", json.dumps(manifest, indent=1, sort_keys=True).encode())
    return buffer.getvalue()


def _snapshot() -> Any:
    """A connection that sees one instant of the database, whatever others write meanwhile."""
    token = database.reading.set(True)  # on SQLite: a deferred transaction, which takes no lock from writers
    connection = db.engine.connect()
    if db.engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    connection.begin()
    connection.execute(text("SELECT number FROM site_version"))
    database.reading.reset(token)
    return connection


def _add_table(tar: tarfile.TarFile, connection: Connection, table: Table, manifest: dict[str, Any]) -> None:
    lines = list(_lines(connection, table))
    content = b"".join(lines)
    manifest["tables"][table.name] = {"rows": len(lines), "sha256": hashlib.sha256(content).hexdigest()}
    _add(tar, f"tables/{table.name}.jsonl", content)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


def _uploads() -> list[Path]:
    folder = current_app.config["UPLOAD_DIR"]
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


# -- restore ---------------------------------------------------------------------------------------------------------

def restore(path: Path, identities: list[str]) -> dict[str, int]:
    """Load a backup into an empty place; returns the rows of each table.

    Raises `Refused` when the key is wrong, the file is damaged, or the database already holds something. The schema is
    brought to the backup's head, the rows are loaded in one transaction, then the schema goes to the newest head.
    """
    members = _unpack(_decrypt(path, identities))
    manifest = json.loads(members["manifest.json"])
    _verify(manifest, members)
    _refuse_unless_empty()
    from flask_migrate import upgrade

    upgrade(revision=manifest["head"])
    counts = _load(manifest, members)
    upgrade()
    search.rebuild_words()
    db.session.commit()
    _write_files(manifest, members)
    return counts


def _decrypt(path: Path, identities: list[str]) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise Refused("file", f"cannot read {path}: {fault.strerror}") from fault
    if not content.startswith(b"age-encryption.org/"):
        return content
    if not identities:
        raise Refused("identity", "this backup is encrypted: give the file of its private key with --identity")
    try:
        return pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(one) for one in identities])
    except (pyrage.DecryptError, pyrage.IdentityError) as fault:
        raise Refused("identity", f"the backup cannot be opened: wrong key or damaged file ({fault})") from fault


def _unpack(packed: bytes) -> dict[str, bytes]:
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tar:
            members = {member.name: _content(tar, member) for member in tar.getmembers() if member.isfile()}
    except (tarfile.TarError, EOFError, OSError, gzip.BadGzipFile) as fault:
        raise Refused("file", f"the backup is damaged or is not a backup ({type(fault).__name__})") from fault
    if "manifest.json" not in members:
        raise Refused("file", "the backup is damaged: it holds no manifest")
    return members


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    return file.read() if file else b""


def _verify(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    if manifest.get("format") != FORMAT:
        raise Refused("file", f"backup format {manifest.get('format')} is not known here")
    expected = {f"tables/{name}.jsonl": table["sha256"] for name, table in manifest["tables"].items()}
    expected |= {f"files/{name}": digest for name, digest in manifest["files"].items()}
    for name, digest in expected.items():
        if hashlib.sha256(members.get(name, b"")).hexdigest() != digest:
            raise Refused("file", f"the backup is damaged: {name} does not match its digest")


def _refuse_unless_empty() -> None:
    present = set(inspect(db.engine).get_table_names())
    for table in tables():
        if table.name in present and table.name not in SEEDED:
            if db.session.scalar(select(func.count()).select_from(table)):
                raise Refused("database", f"the database is not empty ({table.name}): restore goes into an empty place")
    db.session.rollback()
    if _uploads():
        raise Refused("files", "the folder of uploaded files is not empty: restore goes into an empty place")


def _load(manifest: dict[str, Any], members: dict[str, bytes]) -> dict[str, int]:
    """The rows, in the shape that the backup's schema has: read from the database, not from today's models."""
    found, counts = MetaData(), {}
    with db.engine.begin() as connection:
        found.reflect(connection)
        for table in found.sorted_tables:
            if table.name not in manifest["tables"]:
                continue
            connection.execute(table.delete())
            rows = [_row(line, table) for line in members[f"tables/{table.name}.jsonl"].splitlines()]
            for start in range(0, len(rows), CHUNK):
                connection.execute(insert(table), rows[start:start + CHUNK])
            counts[table.name] = len(rows)
        if db.engine.dialect.name == "postgresql":
            _advance_sequences(connection, found)
    return counts


def _row(line: bytes, table: Table) -> dict[str, Any]:
    values = {name: _decode(value) for name, value in json.loads(line).items()}
    return {
        name: value.replace(tzinfo=None) if isinstance(value, datetime) else
        json.dumps(value) if isinstance(value, list | dict) and not _is_json(table, name) else value
        for name, value in values.items()
    }


def _is_json(table: Table, name: str) -> bool:
    return "JSON" in str(table.c[name].type).upper()


def _advance_sequences(connection: Connection, found: MetaData) -> None:
    for table in found.sorted_tables:
        if "id" in table.c and table.name not in DERIVED:
            connection.execute(text(
                f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), "
                f"COALESCE((SELECT MAX(id) FROM \"{table.name}\"), 1))"
            ))


def _write_files(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    root = current_app.config["UPLOAD_DIR"].resolve()
    for name in manifest["files"]:
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise Refused("file", f"the backup names a file outside the folder: {name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(members[f"files/{name}"])
        path.chmod(0o640)
