"""The two engines as the tests use them: migrated once, emptied before each test."""

import shutil
from pathlib import Path
from typing import Protocol

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, event, text

from app import create_app
from app.core.database import READ_WORDS
from app.core.extensions import db
from tests.support.cluster import Cluster

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
RESTART = (
    "SELECT setval(c.oid, 1, false) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind = 'S' AND n.nspname = 'public'"
)


def application(url: str, instance: Path, **overrides: object) -> Flask:
    """A test application on a database, its files under a temporary folder."""
    instance.mkdir(parents=True, exist_ok=True)
    settings = {
        "TESTING": True,
        "SQLALCHEMY_DATABASE_URI": url,
        "INSTANCE": instance,
        "UPLOAD_DIR": instance / "uploads",
        "SECRET_KEY": "a key for the tests, long enough to be taken",
    }
    return create_app(**{**settings, **overrides})


def migrate(url: str, instance: Path) -> None:
    app = application(url, instance)
    with app.app_context():
        upgrade()
    let_go(app)


def let_go(app: Flask) -> None:
    """Close every connection of an application."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class Touched:
    """Whether anything was written since the last look: a database that nobody touched needs no emptying."""

    def __init__(self) -> None:
        self.yes = True
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(READ_WORDS):
            self.yes = True

    def taken(self) -> bool:
        was, self.yes = self.yes, False
        return was


class Database(Protocol):
    url: str

    def empty(self) -> None: ...

    def close(self) -> None: ...


class Sqlite:
    """A file, put back from its migrated template."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.file, self.template = folder / "forum.sqlite3", folder / "migrated.sqlite3"
        self.url = f"sqlite:///{self.file}"
        migrate(self.url, folder)
        shutil.copy(self.file, self.template)
        self.touched = Touched()

    def empty(self) -> None:
        db.session.remove()
        if not self.touched.taken():
            return
        db.engine.dispose()
        for ending in ("-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        shutil.copy(self.template, self.file)

    def close(self) -> None:
        """The folder goes with the session."""


class Postgresql:
    """A database of a throw-away cluster. In the role of a replica, the journal's triggers and the keys stand aside."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.url = cluster.create_database("forum")
        migrate(self.url, Path(cluster.root) / "instance")
        self.touched = Touched()

    def empty(self) -> None:
        db.session.remove()
        if not self.touched.taken():
            return
        with db.engine.begin() as connection:
            names = connection.execute(text(TABLES)).scalars().all()
            emptied = "; ".join(f'DELETE FROM "{name}"' for name in names)
            connection.execute(text(f"SET LOCAL session_replication_role = replica; {emptied}"))
            connection.execute(text(RESTART))
            connection.execute(text("INSERT INTO site_version (id, number) VALUES (1, 1)"))
        self.touched.taken()

    def close(self) -> None:
        """The cluster goes with the session."""
