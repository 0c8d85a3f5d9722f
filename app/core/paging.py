"""Lists are always paged: a page number is checked, never trusted (S47, H38)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import Select, literal, select, tuple_

from app.core import i18n
from app.core.errors import NotFound
from app.core.extensions import db

MAX_PAGE = 100_000


@dataclass(frozen=True)
class Page:
    """One page of a list: its items, its number from 1, and how many items there are in all."""

    items: Sequence[Any]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first_item(self) -> int:
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last_item(self) -> int:
        return min(self.number * self.size, self.total)

    @property
    def shown(self) -> list[int | None]:
        """Numbers to print: the ends and what is near, with None for each gap; never as long as the list."""
        near = [
            n for n in sorted({1, self.number - 1, self.number, self.number + 1, self.pages}) if 1 <= n <= self.pages
        ]
        if self.pages <= 7:
            near = list(range(1, self.pages + 1))
        spaced: list[int | None] = []
        for before, number in zip([0, *near], near, strict=False):
            spaced += [None, number] if number - before > 1 else [number]
        return spaced

    def url(self, number: int) -> str:
        """The address of another page of this list, with the reader's filters."""
        return _here("page", str(number) if number > 1 else "")


@dataclass(frozen=True)
class Stretch:
    """A part of a list too long to be counted, latest first. `before`: the row it starts after, None for the start;
    `last`: the row after which it goes on, None at the end."""

    items: Sequence[Any]
    before: int | None
    last: int | None

    @property
    def older_url(self) -> str | None:
        return _here("before", str(self.last)) if self.last is not None else None

    @property
    def latest_url(self) -> str | None:
        return _here("before", "") if self.before is not None else None


def _here(name: str, value: str) -> str:
    """This page's address with another value of one parameter."""
    kept = {key: kept for key, kept in request.args.items() if key != name and kept}
    if value:
        kept[name] = value
    return i18n.with_query(url_for(str(request.endpoint), **(request.view_args or {})), kept)


def asked() -> int:
    """The page number in the address, 1 when there is none. Raises `NotFound` for anything but a plausible number."""
    value = request.args.get("page", "1")
    if not (value.isascii() and value.isdigit() and 0 < int(value[:9]) <= MAX_PAGE and len(value) < 9):
        raise NotFound
    return int(value)


def checked(page: Page) -> Page:
    """Raises `NotFound` beyond the last page; the first page of an empty list exists."""
    if page.number > page.pages:
        raise NotFound
    return page


def asked_before() -> int | None:
    """The row after which the list goes on, from the address. Raises `NotFound` for anything but a row's id."""
    value = request.args.get("before")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 10 and 0 < int(value) <= 2147483647):
        raise NotFound
    return int(value)


def stretch(model: Any, at: Any, statement: Select[Any], *, before: int | None, size: int) -> Stretch:
    """The rows that follow `before`, latest first by (`at`, id), in two statements whatever the length of the list.

    Raises `NotFound` when there is no such row.
    """
    if before is not None:
        anchor = db.session.scalar(select(at).where(model.id == before))
        if anchor is None:
            raise NotFound
        statement = statement.where(tuple_(at, model.id) < tuple_(literal(anchor, at.type), literal(before)))
    rows = db.session.scalars(statement.order_by(at.desc(), model.id.desc()).limit(size + 1)).all()
    return Stretch(rows[:size], before, rows[size - 1].id if len(rows) > size else None)
