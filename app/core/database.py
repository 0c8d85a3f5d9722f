"""What every table shares, and how each engine is opened.

Instants are aware UTC in Python and naive UTC in both databases (R15). SQLite is opened so that an acknowledged write
survives a power cut (`synchronous=FULL`) and two writers wait instead of failing (`BEGIN IMMEDIATE`) (R01, R03).
"""

from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Engine, Enum, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from app.core import clock

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
reading: ContextVar[bool] = ContextVar("reading", default=False)
READ_WORDS = ("SELECT", "BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE", "WITH", "SHOW")


class WriteDuringRead(RuntimeError):
    """A page that only reads tried to write: a fault of the programme, never of the person (S10)."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC instant in Python, naive UTC in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def one_of(kind: type[StrEnum], length: int = 20) -> Enum:
    """A column of the words of an enumeration: text of that length on both engines, read back as its members."""
    return Enum(kind, native_enum=False, length=length, values_callable=lambda words: [one.value for one in words])


class Identified:
    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)


class Stamped:
    """When a row was made and last changed, to the microsecond, UTC."""

    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, onupdate=clock.now)


class Bilingual:
    """Paired columns; `outdated`: for each pair whose French changed after its English, the French that was translated.

    A list of names, without those texts, is read too.
    """

    outdated: Mapped[Any] = mapped_column(JSON, default=dict)


class Versioned:
    """Optimistic lock: two simultaneous changes make one winner and one 409, never a lost update (R04)."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        table = cls.__dict__.get("__table__")
        return {"version_id_col": cls.version if table is None else table.c.version}


def prepare(engine: Engine) -> None:
    """Attach the listeners that an engine needs; called once for each engine by the factory."""
    event.listen(engine, "before_cursor_execute", _refuse_write_during_read)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _open_postgresql)


def _refuse_write_during_read(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if reading.get() and not statement.lstrip().upper().startswith(READ_WORDS):
        raise WriteDuringRead(statement.split(None, 3)[0])


def _open_sqlite(connection: Any, _record: Any) -> None:
    # The driver would begin lazily and commit behind our back: we emit BEGIN ourselves.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A deferred transaction that turns into a writer fails at once when another writes: writers take the lock first.
    connection.exec_driver_sql("BEGIN DEFERRED" if reading.get() else "BEGIN IMMEDIATE")


def _open_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'; SET lock_timeout = '10s'; SET synchronous_commit = on")
    connection.commit()


def rows_touched(result: Any) -> int:
    """How many rows an UPDATE or DELETE changed: tells which of several writers at once was the first."""
    return int(result.rowcount)
