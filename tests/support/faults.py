"""Faults in the middle of a use case, and a count of its statements.

Housekeeping (PRAGMA, BEGIN, SAVEPOINT, ...) is neither counted nor refused: a rollback must stay possible.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, event

_HOUSEKEEPING = re.compile(r"\s*(?:PRAGMA|BEGIN|START|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW)\b", re.IGNORECASE)


class InjectedError(RuntimeError):
    """The fault a test asked for; not a database error, so that no code path expects it."""


def _raise() -> None:
    raise InjectedError("injected by the test")


class FaultInjector:
    """`with FaultInjector(engine, after=n):` lets n statements through, then the next one, or the commit, fails.

    For n = 0, 1, 2, ... until `fired` stays false, this visits every place where a use case may break. `strike` does
    the harm: it raises by default, or may kill the process, or raise an `OperationalError`. It strikes once unless
    `lasting`, so that what the application does after the failure (audit, error page) is seen too.
    """

    def __init__(
        self, engine: Engine, after: int, *, strike: Callable[[], None] = _raise, lasting: bool = False
    ) -> None:
        self.engine, self.after, self.strike, self.lasting = engine, after, strike, lasting
        self.seen = 0
        self.fired = False

    def _hit(self) -> None:
        if self.seen >= self.after and (self.lasting or not self.fired):
            self.fired = True
            self.strike()

    def _before_cursor_execute(
        self, connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        if not _HOUSEKEEPING.match(statement):
            self._hit()
            self.seen += 1

    def _commit(self, connection: Connection) -> None:
        self._hit()

    def __enter__(self) -> Self:
        event.listen(self.engine, "before_cursor_execute", self._before_cursor_execute)
        event.listen(self.engine, "commit", self._commit)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        event.remove(self.engine, "before_cursor_execute", self._before_cursor_execute)
        event.remove(self.engine, "commit", self._commit)


@dataclass
class Count:
    """What was sent to the database, in order."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)

    def __str__(self) -> str:
        return "\n".join(f"{number}. {statement}" for number, statement in enumerate(self.statements, 1))


@contextmanager
def counting(engine: Engine) -> Iterator[Count]:
    """`with counting(engine) as count: ...` then `count.statements` or `len(count)`."""
    count = Count()

    def note(connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if not _HOUSEKEEPING.match(statement):
            count.statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield count
    finally:
        event.remove(engine, "before_cursor_execute", note)
