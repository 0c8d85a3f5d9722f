"""Reads of meetings: what each viewer gets, in which order."""

from typing import Any

import pytest
from flask import Flask
from flask_login import AnonymousUserMixin

from app.accounts.policy import OPERATOR
from app.core.errors import NotFound
from app.forum.meetings import queries
from app.forum.meetings.queries import PAST, UPCOMING, Filters
from tests import make

NOBODY = AnonymousUserMixin()


def titles(viewer: Any, **filters: Any) -> list[str]:
    return [meeting.title_fr for meeting in queries.page(viewer, Filters(**filters), 1).items]


@pytest.fixture
def year(app: Flask, at: Any) -> None:
    at("2027-06-01T12:00")
    body = make.body()
    make.meeting("hier", in_days=-1, body=body)
    make.meeting("aujourd'hui", in_days=0)
    make.meeting("en cours", in_days=-1, lasts=3)
    make.meeting("bientot", in_days=10, body=body)
    make.meeting("l'an dernier", in_days=-300)
    make.meeting("projet", in_days=5, published=False, body=body)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["aujourd'hui", "en cours", "bientot"]),
        ({"when": PAST}, ["hier", "l'an dernier"]),
        ({"body_id": 1}, ["bientot"]),
        ({"body_id": 0}, ["aujourd'hui", "en cours"]),
        ({"body_id": 99}, []),
        ({"when": PAST, "year": 2026}, ["l'an dernier"]),
        ({"when": PAST, "year": 2027}, ["hier"]),
        ({"when": PAST, "body_id": 1, "year": 2027}, ["hier"]),
        ({"year": 2026}, []),
    ],
)
def test_a_list_holds_what_was_asked_in_order(year: None, filters: Any, expected: list[str]) -> None:
    assert titles(NOBODY, **filters) == expected


def test_the_secretariat_sees_its_drafts(year: None) -> None:
    assert titles(OPERATOR) == ["aujourd'hui", "en cours", "projet", "bientot"]
    assert queries.page(NOBODY, Filters(), 1).total == 3
    assert queries.page(OPERATOR, Filters(), 1).total == 4


def test_the_next_meeting_of_a_body_is_never_a_draft_for_the_public(year: None) -> None:
    assert {key: value.title_fr for key, value in queries.next_of(NOBODY, [1, 2]).items()} == {1: "bientot"}
    assert {key: value.title_fr for key, value in queries.next_of(OPERATOR, [1]).items()} == {1: "projet"}
    assert queries.next_of(NOBODY, []) == {}


def test_a_few_meetings_are_the_first_of_the_list(year: None) -> None:
    assert [one.title_fr for one in queries.some(NOBODY, UPCOMING, 2)] == ["aujourd'hui", "en cours"]


def test_the_years_go_from_this_one_to_the_furthest_that_the_viewer_may_see(app: Flask, at: Any) -> None:
    at("2027-06-01T12:00")
    assert [list(queries.years(NOBODY, when)) for when in (UPCOMING, PAST)] == [[2027], [2027]]
    make.meeting(in_days=-400)
    make.meeting(in_days=-3000, published=False)
    make.meeting(in_days=600)
    assert [list(queries.years(NOBODY, when)) for when in (UPCOMING, PAST)] == [[2027, 2028, 2029], [2026, 2027]]
    assert list(queries.years(OPERATOR, PAST)) == list(range(2019, 2028))


def test_a_draft_has_no_address_for_machines(year: None) -> None:
    assert sorted(title for _, title, _ in queries.public_addresses()) == sorted(
        ["hier", "aujourd'hui", "en cours", "bientot", "l'an dernier"]
    )


@pytest.mark.parametrize("value", ["0", "-1", "1.0", "1e3", "abc", "\uff11", "\u0663", "99999999999", " 5", "3000"])
def test_a_number_of_the_address_is_checked(value: str) -> None:
    with pytest.raises(NotFound):
        queries.number_of(value, 1, 2100)


@pytest.mark.parametrize(("value", "number"), [(None, None), ("", None), ("1", 1), ("2100", 2100), ("0005", 5)])
def test_a_number_within_bounds_is_taken(value: str | None, number: int | None) -> None:
    assert queries.number_of(value, 1, 2100) == number
