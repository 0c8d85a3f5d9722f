"""Which pairs of a table wait for English: what every room's provider of `registry.translations` is made with."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, or_

from app.core.errors import NotFound

NOTHING = ("[]", "{}", "null")
Pair = tuple[str, str, str | None, str | None]


def waits(model: Any, *names: str) -> ColumnElement[bool]:
    """The rows with a pair that has no English, or an English older than its French."""
    missing = [and_(getattr(model, f"{n}_fr") != "", _blank(getattr(model, f"{n}_en"))) for n in names]
    return or_(cast(model.outdated, Text).not_in(NOTHING), *missing)


def _blank(column: Any) -> ColumnElement[bool]:
    return or_(column.is_(None), column == "")


def pairs(row: Any, *names: str, lists: tuple[str, ...] = ()) -> Iterator[Pair]:
    """(field, French, English or None, the French that the English translates) of what waits in one row.

    `lists`: columns that hold a list of {fr, en}; their fields are `questions.0` and so on.
    """
    held = [(name, getattr(row, f"{name}_fr"), getattr(row, f"{name}_en")) for name in names]
    for name in lists:
        held += [(f"{name}.{place}", one["fr"], one.get("en")) for place, one in enumerate(getattr(row, name) or ())]
    older = row.outdated if isinstance(row.outdated, dict) else dict.fromkeys(row.outdated or ())
    for field, fr, en in held:
        if fr and (not en or field in older):
            yield field, fr, en or None, older.get(field) if en else None


class Reworded(Exception):
    """The pair is no longer the one that was read."""


def mark(fr: str, en: str | None) -> str:
    """What a reader saw of a pair: saying that its English is right is stale when it is no longer so."""
    return hashlib.sha256(json.dumps([fr, en or None]).encode()).hexdigest()[:16]


def confirm(row: Any, field: str, seen: str) -> None:
    """The English is still right. Raises `NotFound` when nothing says that it is older, `Reworded`.

    `seen`: the `mark` of what was read.
    """
    older = row.outdated if isinstance(row.outdated, dict) else dict.fromkeys(row.outdated or ())
    if field not in older:
        raise NotFound
    if mark(*_texts(row, field)) != seen:
        raise Reworded
    row.outdated = {name: source for name, source in older.items() if name != field}


def _texts(row: Any, field: str) -> tuple[str, str | None]:
    name, dot, place = field.partition(".")
    if not dot:
        return getattr(row, f"{name}_fr"), getattr(row, f"{name}_en")
    one = getattr(row, name)[int(place)]
    return one["fr"], one.get("en")
