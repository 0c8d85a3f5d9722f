"""The English that is still right although its French changed."""

from typing import Any

from app.core import audit, registry
from app.core.errors import NotFound

audit.declare("translation.confirmed", "table", "row", "field")


def confirm(actor: Any, table: str, subject_id: int, field: str, seen: str) -> None:
    """The room that owns the text authorises. Raises `NotFound` when there is nothing to confirm, `Reworded` when the
    pair is no longer the one `seen`."""
    owner = registry.current().translations.get(table)
    if owner is None:
        raise NotFound
    owner.confirm(actor, subject_id, field, seen)
    audit.record(actor, "translation.confirmed", None, table=table, row=subject_id, field=field)
