"""Everyone asks for every address once, and each rule looks at what they met.

One tour for each of the cast, read by several tests: it is the longest thing that the house does.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import CAST
from tests.house import population, routes
from tests.house.test_access import MATRIX, Visit
from tests.house.test_headers import PRIVATE, VARY
from tests.house.test_pages import whole_pages
from tests.support.client import check

MARKS = (population.DRAFT, population.REQUEST, population.CANARY)
"""A canary in the draft, in a request of two, and in messages, requests, reasons and mail that failed."""


READ_BY = {"visitor": {"GET", "HEAD", "OPTIONS"}, "secretariat": {"GET", "HEAD", "OPTIONS"}}
"""Who asks with which methods: the gate knows no method, so that two of the cast try those that only GET implies."""


@dataclass(frozen=True)
class Met:
    """One answer: what the rules look at, without the page."""

    address: routes.Address
    method: str
    status: int
    kept: tuple[str | None, str | None]
    marks: frozenset[str]
    fault: str | None


@dataclass(frozen=True)
class Tour:
    """All that one of the cast met. `guilty`: the addresses that changed the database."""

    met: list[Met]
    guilty: list[str]


def walk(visit: Visit, who: str, addresses: list[routes.Address], pages: set[str]) -> Tour:
    before = population.content()
    met = [
        _meet(visit, one, method, checked=method == "GET" and one.path in pages)
        for one in addresses
        for method in sorted(one.methods & READ_BY.get(who, {"GET"}))
    ]
    if population.content() == before:
        return Tour(met, [])
    return Tour(met, [one.path for one in addresses if _changes(visit, one)] or ["none when asked again"])


def _meet(visit: Visit, address: routes.Address, method: str, *, checked: bool) -> Met:
    answer = visit.client.open(method, address.path, status=None)
    kept = answer.headers.get("Cache-Control"), answer.headers.get("Vary")
    marks = frozenset(mark for mark in MARKS if mark.encode() in answer.response.get_data())
    fault = None
    if checked:
        try:
            check(answer, address.path, method, anonymous=visit.client.user is None, sent={})
        except AssertionError as found:
            fault = str(found)
    return Met(address, method, answer.status, kept, marks, fault)


def _changes(visit: Visit, address: routes.Address) -> bool:
    before = population.content()
    for method in sorted(address.methods - {"POST"}):
        visit.send(method, address.path)
    return population.content() != before


@pytest.fixture(scope="session")
def tours() -> dict[tuple[str, str], Tour]:
    return {}


@pytest.fixture
def tour(tours: dict[tuple[str, str], Tour], reader: Any, forum: Any, engine: str, who: str) -> Tour:
    """In both languages: an English page is looked at like a French one, and gives no more rights."""
    if (engine, who) not in tours:
        pages = {one.path for one in whole_pages(forum)}
        every = who == "visitor"
        asked = [one for one in routes.addresses(forum) if every or one.lang != "en" or one.path in pages]
        tours[engine, who] = walk(Visit(reader, who), who, asked, pages)
    return tours[engine, who]


@pytest.mark.sweep
@pytest.mark.parametrize("who", CAST)
def test_each_cell_of_the_matrix_answers_as_written(tour: Tour, who: str) -> None:
    wrong = [
        f"{one.method} {one.address.path}: {one.status}, {expected} expected"
        for one in tour.met
        if one.status != (expected := MATRIX[one.address.row][one.method][CAST.index(who)])
    ]
    assert wrong == []


@pytest.mark.sweep
@pytest.mark.parametrize("who", CAST)
def test_only_the_staff_read_what_is_theirs(tour: Tour, who: str) -> None:
    drafts, requests, desk = ([one.address.path for one in tour.met if mark in one.marks] for mark in MARKS)
    assert bool(drafts) == (who == "secretariat"), drafts
    assert bool(requests) == (who == "administrator"), requests
    assert bool(desk) == (who in ("secretariat", "administrator")), desk
    assert [path for path in desk if "/desk/" not in path] == []


@pytest.mark.sweep
@pytest.mark.parametrize("who", CAST)
def test_reading_every_address_leaves_the_database_as_it_was(tour: Tour, who: str) -> None:
    assert tour.guilty == []


@pytest.mark.sweep
@pytest.mark.parametrize("who", CAST)
def test_every_page_passes_the_checks_of_the_client(tour: Tour, who: str) -> None:
    """The checks are those of `tests.support.client.check`: one h1, labels, headers, bounded statements, …"""
    assert [one.fault for one in tour.met if one.fault is not None] == []


@pytest.mark.sweep
@pytest.mark.parametrize("who", CAST[1:])
def test_a_page_asked_for_with_a_cookie_is_kept_by_nobody(tour: Tour, forum: Any, who: str) -> None:
    pages = {one.path for one in routes.pages(forum)}
    asked = [one for one in tour.met if one.method == "GET" and one.address.path in pages]
    assert asked
    assert [one.address.path for one in asked if one.kept != (PRIVATE, VARY)] == []
