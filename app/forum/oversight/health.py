"""What `flask doctor` checks on the whole house (R18); each room adds its own checks through the registry."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Column, ForeignKeyConstraint, and_, exists, func, select, text

from app.core import clock, database, mail, pdf
from app.core import text as texts
from app.core.assets import MANIFEST
from app.core.extensions import db
from app.core.registry import Check, current
from app.core.search import SearchEntry
from app.forum.oversight import schema

OUTBOX_AGE, BACKUP_AGE, LEFT_ALONE = timedelta(hours=24), timedelta(hours=26), timedelta(days=7)


def schema_head() -> list[str]:
    found, newest = schema.head(db.session.connection()), schema.newest()
    if found is None:
        return ["the database has no schema: run db upgrade"]
    return [] if found == newest else [f"schema at {found}, newest is {newest}: run db upgrade"]


def engine_settings() -> list[str]:
    """Durability and integrity as promised (R01): they can be undone from outside the portal."""
    if db.engine.dialect.name == "sqlite":
        expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        read = {name: db.session.execute(text(f"PRAGMA {name}")).scalar() for name in expected}
        return [
            f"PRAGMA {name} is {read[name]}, not {value}" for name, value in expected.items() if read[name] != value
        ]
    wanted = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    return [
        f"{name} is {value}"
        for name in wanted
        if (value := db.session.execute(text(f"SHOW {name}")).scalar()) != wanted[name]
    ]


def integrity() -> list[str]:
    """The file itself (SQLite), and rows whose parent is gone: keys can be switched off around the portal."""
    if db.engine.dialect.name == "sqlite":
        broken = [str(row[0]) for row in db.session.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
        return broken + [f"orphan row in {row[0]}" for row in db.session.execute(text("PRAGMA foreign_key_check"))]
    counted = [(key.table.name, db.session.scalar(_orphans(key)) or 0) for key in _foreign_keys()]
    return [f"{count} orphan rows in {name}" for name, count in counted if count]


def _foreign_keys() -> Iterator[ForeignKeyConstraint]:
    for table in db.metadata.sorted_tables:
        yield from sorted(table.foreign_key_constraints, key=lambda key: str(key.name))


def _orphans(key: ForeignKeyConstraint) -> Any:
    parent = key.referred_table.alias("parent")
    pairs = [(element.parent, parent.c[element.column.name]) for element in key.elements]
    found = exists().where(and_(*(theirs == ours for ours, theirs in pairs)))
    return select(func.count()).select_from(key.table).where(*(ours.is_not(None) for ours, _theirs in pairs), ~found)


def stored_html() -> list[str]:
    """HTML that is no longer equal to its own sanitised form: it was written around the portal (S30)."""
    return [
        f"{column.table.name} {row_id}: {column.name} is not safe HTML"
        for column in _html_columns()
        for row_id, html in db.session.execute(
            select(column.table.c.id, column).where(column.is_not(None)), execution_options={"yield_per": 500}
        )
        if texts.sanitise(html) != html
    ]


def _html_columns() -> list[Column[str]]:
    """By their name, as `localized_html` reads them: `<name>_html`, `<name>_html_fr`, `<name>_html_en`."""
    return [
        column
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith(("_html", "_html_fr", "_html_en"))
    ]


def search_index() -> list[str]:
    """Every public thing is indexed, and the engine's words are there for each entry."""
    faults = []
    for subject_type, public in current().searchable.items():
        known = set(db.session.scalars(select(SearchEntry.subject_id).where(SearchEntry.subject_type == subject_type)))
        absent = [thing.id for thing in public() if thing.id not in known]
        faults += [f"{subject_type} {thing_id} is not in the search index" for thing_id in absent[:5]]
    words = db.session.execute(text("SELECT COUNT(*) FROM search_words")).scalar()
    entries = db.session.execute(text("SELECT COUNT(*) FROM search_entry")).scalar()
    return faults + ([f"{entries} entries, {words} in the engine's index: run reindex"] if words != entries else [])


def outbox() -> list[str]:
    """A failed message is first a matter for the desk; it is one for the doctor when nobody looks at it for a week."""
    oldest = mail.oldest_waiting()
    failed = mail.count_failed(clock.now() - LEFT_ALONE)
    faults = [f"{failed} messages could not be delivered, and nobody looked for a week"] if failed else []
    if oldest and clock.now() - oldest > OUTBOX_AGE:
        faults.append(f"a message has been waiting since {oldest:%Y-%m-%d %H:%M} UTC")
    return faults


def last_backup() -> list[str]:
    """By the instant in its name, which a copy keeps. Only where a backup folder is set: the demo has none."""
    folder = current_app.config["BACKUP_DIR"]
    if not folder:
        return []
    names = [
        path.name.split("-")[1].split("Z")[0]
        for path in Path(folder).glob("forum-*Z.tar.gz*")
        if path.suffix != ".partial"
    ]
    if not names:
        return [f"no backup in {folder}"]
    made = datetime.strptime(max(names), "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    return [] if clock.now() - made <= BACKUP_AGE else [f"the last backup is of {made:%Y-%m-%d %H:%M} UTC"]


def assets() -> list[str]:
    return [] if MANIFEST.exists() else ["the front end is not built: run make build-assets"]


CHECKS = [
    Check("engine settings", engine_settings),
    Check("integrity", integrity),
    Check("stored texts", stored_html),
    Check("search index", search_index),
    Check("outbox", outbox),
    Check("backup", last_backup),
    Check("front end", assets),
    Check("PDF", pdf.faults),
]


def examine() -> list[tuple[str, list[str]]]:
    """(check, faults) in order; when the schema is wrong the rest cannot be read and is left out.

    It only reads, so that on SQLite it takes no lock: people go on writing while the doctor looks.
    """
    db.session.rollback()
    token = database.reading.set(True)
    try:
        faults = schema_head()
        checks = [] if faults else [*CHECKS, *current().checks]
        return [("schema", faults), *((check.name, check.run()) for check in checks)]
    finally:
        db.session.rollback()
        database.reading.reset(token)
