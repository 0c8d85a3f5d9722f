"""The only door by which a status changes: it checks the room's MOVES table and writes the audit row with it."""

from enum import StrEnum
from typing import Any

from app.core import audit
from app.core.errors import IllegalMove


def can_move(thing: Any, to: StrEnum) -> bool:
    return to in type(thing).MOVES.get(thing.status, ())


def move(thing: Any, to: StrEnum, *, actor: Any, **details: Any) -> None:
    """Move `thing` to a status. Raises `IllegalMove` when its room's table does not allow it.

    The audit word is `<table>.<status>`, declared by the room with its fields.
    """
    if not can_move(thing, to):
        raise IllegalMove(f"{thing.__tablename__}: {thing.status} -> {to}")
    thing.status = to
    audit.record(actor, f"{thing.__tablename__}.{to.value}", thing, **details)
