"""Lists are always paged: a page number is checked, never trusted (S47, H38)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from app.core import i18n
from app.core.errors import NotFound

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
        kept = {name: value for name, value in request.args.items() if name != "page" and value}
        if number > 1:
            kept["page"] = str(number)
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
