"""The only door by which a status changes: it checks the room's MOVES table and writes the audit row with it."""

from enum import StrEnum
from typing import Any

from app.core import audit
from app.core.errors import IllegalMove


def can_move(thing: Any, to: StrEnum) -> bool:
    return to in type(thing).MOVES.get(getattr(thing, _column(thing, to)), ())


def move(thing: Any, to: StrEnum, *, actor: Any, **details: Any) -> None:
    """Move `thing` to a status. Raises `IllegalMove` when its room's table does not allow it.

    The audit word is `<table>.<status>`, declared by the room with its fields. A thing with a second status (the phase
    of a meeting beside the status of its agenda) says in `STATUSES` which column holds the values of which enum.
    """
    column = _column(thing, to)
    if not can_move(thing, to):
        raise IllegalMove(f"{thing.__tablename__}: {getattr(thing, column)} -> {to}")
    if column == "status":
        thing.status = to
    else:
        setattr(thing, column, to)
    audit.record(actor, f"{thing.__tablename__}.{to.value}", thing, **details)


def _column(thing: Any, to: StrEnum) -> str:
    columns: dict[type[StrEnum], str] = getattr(type(thing), "STATUSES", {})
    return columns.get(type(to), "status")
