"""Mandates open doors on their days and on no other."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_login import AnonymousUserMixin

from app.accounts.policy import OPERATOR
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.members import policy, terms
from app.forum.members.models import Mandate
from app.forum.members.states import BodyKind, EndReason, SeatKind
from tests import make

WHO = ("account", "former_member", "member", "committee_member", "co_chair", "secretariat", "administrator")


def answers(viewer: Any) -> tuple[bool, bool, bool]:
    return policy.is_member(viewer), policy.is_committee_member(viewer), policy.is_co_chair(viewer)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("account", (False, False, False)),
        ("former_member", (False, False, False)),
        ("member", (True, False, False)),
        ("committee_member", (True, True, False)),
        ("co_chair", (True, True, True)),
        ("secretariat", (False, False, False)),
        ("administrator", (False, False, False)),
    ],
)
def test_each_part_of_the_cast_has_the_seats_of_its_mandates(app: Flask, who: str, expected: Any) -> None:
    assert answers(make.cast(who)) == expected


def test_nobody_and_the_operator_hold_no_seat(app: Flask) -> None:
    assert answers(AnonymousUserMixin()) == (False, False, False)
    assert answers(OPERATOR) == (False, False, False)
    assert policy.colleges(AnonymousUserMixin()) == set()


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2027-03-27T23:59:59", False),
        ("2027-03-28T00:00:00", True),  # the night the clocks go forward
        ("2027-10-31T23:59:59", True),  # the night they go back
        ("2027-11-01T00:00:00", False),
    ],
)
def test_a_mandate_opens_its_doors_from_midnight_to_midnight_in_paris(
    app: Flask, at: Any, moment: str, expected: bool
) -> None:
    at("2027-03-01T12:00")
    user = make.user()
    make.mandate(make.person(account=user), starts_on=date(2027, 3, 28), ends_on=date(2027, 10, 31))
    at(moment)
    assert policy.is_member(user) is expected


def test_a_co_chair_whose_term_has_expired_is_still_in_office(app: Flask, at: Any) -> None:
    at("2027-03-01T12:00")
    user = make.user()
    mandate = make.mandate(
        make.person(account=user), SeatKind.CO_CHAIR, starts_on=date(2025, 3, 1), ends_on=date(2027, 2, 28)
    )
    assert (mandate.state(), policy.is_co_chair(user)) == ("expired_in_office", True)
    with writing():
        terms.replace(
            OPERATOR,
            mandate,
            make.person("Successeur"),
            terms.Title(mandate.origin),
            organisation=mandate.organisation,
            starts_on=date(2027, 3, 1),
        )
    assert (mandate.state(), policy.is_co_chair(user)) == ("ended", False)
    assert mandate.end_reason == EndReason.TERM


def test_sitting_in_one_body_opens_no_other(app: Flask) -> None:
    user, group, other = make.user(), make.body(), make.body(fr="Autre")
    make.mandate(make.person(account=user), body=group)
    assert (policy.sits_in(user, group), policy.sits_in(user, other)) == (True, False)
    assert policy.sits_in(user, make.standing_body(BodyKind.PLENARY)) is False


def test_an_observer_reads_the_papers_of_the_body_but_is_no_member(app: Flask) -> None:
    from app.forum.organisations.states import College

    user = make.user()
    seat = make.mandate(
        make.person(account=user), SeatKind.OBSERVER, organisation=make.organisation(college=College.OBSERVER)
    )
    assert (policy.is_member(user), policy.sits_in(user, seat.body)) == (False, True)
    assert policy.colleges(user) == {College.OBSERVER}


def test_the_next_request_is_denied_when_a_mandate_ends(as_: Any, at: Any) -> None:
    at("2027-03-01T12:00")
    client = as_("member")
    client.get("accounts.account")
    mandate = db.session.query(Mandate).one()
    with writing():
        terms.end(OPERATOR, mandate, last_day=date(2027, 3, 1), reason=EndReason.RESIGNATION)
    client.get("accounts.account", status=303)
