"""Alembic's environment: the application's engine and metadata.

On SQLite the foreign keys are switched off on the raw connection before the transaction: a batch migration rebuilds
its table, and with the keys on it would delete the children.
"""

from alembic import context
from flask import current_app

DERIVED = {"search_words"}


def keep(thing, name, kind, _reflected, _compared):
    """The engine's own search tables are made by hand and are not compared."""
    return not (kind == "table" and name.split("_data")[0].startswith("search_words"))


def run() -> None:
    migrate = current_app.extensions["migrate"]
    engine = migrate.db.engine
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            context.configure(
                connection=connection,
                target_metadata=migrate.db.metadata,
                render_as_batch=sqlite,
                include_object=keep,
                compare_type=True,
                compare_server_default=False,
                transaction_per_migration=not sqlite,
            )
            with context.begin_transaction():
                context.run_migrations()
            if connection.in_transaction():
                connection.commit()
        finally:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run()
