"""A page number is checked, never trusted."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from app.core import paging
from app.core.errors import NotFound
from app.core.paging import Page
from tests import make

ODD = [
    "0",
    "-1",
    "1000000000",
    "9" * 200,
    "abc",
    "1e3",
    "1.0",
    "+1",
    " 1",
    "",
    "\uff11",
    "\u0663",
    "1 OR 1=1",
    "0x1",
    "100001",
]


@pytest.mark.parametrize("number", ODD)
@pytest.mark.parametrize("path", ["/fr/meetings/", "/en/documents/", "/fr/search?q=forum", "/en/journal-seals"])
def test_a_number_that_is_no_page_is_not_found(as_: Any, path: str, number: str) -> None:
    as_("visitor").get(f"{path}{'&' if '?' in path else '?'}page={quote(number)}", status=404)


def test_a_page_beyond_the_last_is_not_found(as_: Any) -> None:
    make.meeting()
    as_("visitor").get("/fr/meetings/?page=1")
    as_("visitor").get("/fr/meetings/?page=2", status=404)


def test_the_first_page_of_an_empty_list_exists(as_: Any) -> None:
    as_("visitor").get("/fr/meetings/?page=1")


@pytest.mark.parametrize(
    ("total", "pages", "first", "last"), [(0, 1, 0, 0), (1, 1, 1, 1), (20, 1, 1, 20), (21, 2, 1, 20), (400, 20, 1, 20)]
)
def test_a_page_says_what_it_holds(total: int, pages: int, first: int, last: int) -> None:
    page = Page([], 1, 20, total)
    assert (page.pages, page.first_item, page.last_item) == (pages, first, last)


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 1, [1]),
        (4, 7, [1, 2, 3, 4, 5, 6, 7]),
        (1, 8, [1, 2, None, 8]),
        (4, 8, [1, None, 3, 4, 5, None, 8]),
        (8, 8, [1, None, 7, 8]),
        (500, 1000, [1, None, 499, 500, 501, None, 1000]),
    ],
)
def test_the_pager_never_grows_with_the_list(number: int, pages: int, shown: list[Any]) -> None:
    assert Page([], number, 10, pages * 10).shown == shown


def test_a_page_beyond_the_last_is_refused() -> None:
    with pytest.raises(NotFound):
        paging.checked(Page([], 3, 20, 40))


@pytest.mark.parametrize("name", ["endpoint", "_scheme", "_external", "_anchor", "_method", "values", "self"])
def test_a_query_cannot_take_over_the_links_of_the_pager(app: Flask, name: str) -> None:
    with app.test_request_context(f"/fr/meetings/?{name}=javascript&page=3&when="):
        assert Page([], 3, 20, 100).url(2) == f"/fr/meetings/?{name}=javascript&page=2"
        assert Page([], 3, 20, 100).url(1) == f"/fr/meetings/?{name}=javascript"
