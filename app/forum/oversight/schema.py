"""Where the schema of the database stands among the migrations. Alembic is imported only when it must be asked."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, inspect, text

from app.settings import ROOT


@cache
def _script() -> Any:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config)


def newest() -> str:
    return str(_script().get_current_head())


def revisions(after: str = "base") -> list[str]:
    """The migrations known here, newest first; only those that come after one of them, if given."""
    found = [str(step.revision) for step in _script().walk_revisions()]
    return found[: found.index(after)] if after in found else found


def head(connection: Connection) -> str | None:
    """The revision that the database is at; None before the first migration."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
