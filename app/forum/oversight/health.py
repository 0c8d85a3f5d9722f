"""What `flask doctor` checks on the whole house (R18); each room adds its own checks through the registry."""
from datetime import datetime, timedelta
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import inspect, select, text

from app.core import clock, mail
from app.core.assets import MANIFEST
from app.core.extensions import db
from app.core.registry import Check, current
from app.core.search import SearchEntry
from app.settings import ROOT

OUTBOX_AGE, BACKUP_AGE = timedelta(hours=24), timedelta(hours=26)


def newest_revision() -> str:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return str(ScriptDirectory.from_config(config).get_current_head())


def schema_head() -> list[str]:
    if "alembic_version" not in inspect(db.engine).get_table_names():
        return ["the database has no schema: run db upgrade"]
    found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return [] if found == newest_revision() else [f"schema at {found}, newest is {newest_revision()}: run db upgrade"]


def engine_settings() -> list[str]:
    """Durability and integrity as promised (R01): they can be undone from outside the portal."""
    if db.engine.dialect.name == "sqlite":
        expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        read = {name: db.session.execute(text(f"PRAGMA {name}")).scalar() for name in expected}
        return [f"PRAGMA {name} is {read[name]}, not {value}" for name, value in expected.items() if read[name] != value]
    wanted = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    return [
        f"{name} is {value}" for name in wanted
        if (value := db.session.execute(text(f"SHOW {name}")).scalar()) != wanted[name]
    ]


def integrity() -> list[str]:
    if db.engine.dialect.name != "sqlite":
        return []
    broken = [str(row[0]) for row in db.session.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    orphans = [f"orphan row in {row[0]}" for row in db.session.execute(text("PRAGMA foreign_key_check"))]
    return broken + orphans


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
    oldest = mail.oldest_waiting()
    failed = db.session.execute(text("SELECT COUNT(*) FROM outgoing_mail WHERE status = 'failed'")).scalar() or 0
    faults = [f"{failed} messages could not be delivered"] if failed else []
    if oldest and clock.now() - oldest > OUTBOX_AGE:
        faults.append(f"a message has been waiting since {oldest:%Y-%m-%d %H:%M} UTC")
    return faults


def last_backup() -> list[str]:
    """Only where a backup folder is set: the demo has none."""
    folder = current_app.config["BACKUP_DIR"]
    if not folder:
        return []
    made = [datetime.fromtimestamp(path.stat().st_mtime, clock.now().tzinfo) for path in Path(folder).glob("forum-*.tar.gz*")]
    if not made:
        return [f"no backup in {folder}"]
    return [] if clock.now() - max(made) <= BACKUP_AGE else [f"the last backup is of {max(made):%Y-%m-%d %H:%M} UTC"]


def assets() -> list[str]:
    return [] if MANIFEST.exists() else ["the front end is not built: run make build-assets"]


CHECKS = [
    Check("schema", schema_head), Check("engine settings", engine_settings), Check("integrity", integrity),
    Check("search index", search_index), Check("outbox", outbox), Check("backup", last_backup), Check("front end", assets),
]


def examine() -> list[tuple[str, list[str]]]:
    """(check, faults) in order; when the schema is wrong the rest cannot be read and is left out."""
    results = [("schema", schema_head())]
    if results[0][1]:
        return results
    return results + [(check.name, check.run()) for check in [*CHECKS[1:], *current().checks]]
