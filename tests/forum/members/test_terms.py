"""The rules of a seat: who may hold it, when, and what follows a change."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import SignIn
from app.accounts.policy import OPERATOR
from app.core import clock, rules
from app.core.audit import AuditEntry
from app.core.errors import NotAllowed, Refused
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.members import queries, terms
from app.forum.members.models import Mandate
from app.forum.members.states import BodyKind, EndReason, Origin, SeatKind
from app.forum.organisations.states import College
from tests import make

DAY = date(2027, 3, 1)
ONE = timedelta(days=1)


def refused(field: str, **values: Any) -> None:
    before = make.count(Mandate)
    with pytest.raises(Refused) as refusal:
        make.mandate(**values)
    assert refusal.value.field == field
    db.session.rollback()
    assert make.count(Mandate) == before


@pytest.mark.parametrize("who", ["account", "member", "co_chair", "administrator", "electoral_board"])
def test_only_the_secretariat_gives_a_mandate(app: Flask, who: str) -> None:
    actor, holder, body = make.cast(who), make.person("Autre"), make.standing_body(BodyKind.PLENARY)
    seat = terms.Seat(body, SeatKind.MEMBER, College.CIVIL_SOCIETY)
    with pytest.raises(NotAllowed):
        terms.open_mandate(actor, holder, seat, terms.Title(Origin.CALL), organisation=None, starts_on=DAY)


def test_nobody_of_the_secretariat_writes_their_own_mandates(secretariat: Any) -> None:
    own = make.person(account=secretariat)
    home = make.organisation()
    made = make.mandate(own, organisation=home, starts_on=DAY, ends_on=DAY + 9 * ONE)
    other = make.mandate(make.person("Autre"), organisation=home, starts_on=DAY)
    seat, title = terms.Seat(made.body, SeatKind.MEMBER, College.CIVIL_SOCIETY), terms.Title(Origin.CALL)
    after = {"organisation": home, "starts_on": DAY + 20 * ONE}
    for act in (
        lambda: terms.open_mandate(secretariat, own, seat, title, **after),
        lambda: terms.replace(secretariat, made, make.person("C"), title, **after),
        lambda: terms.replace(secretariat, other, own, title, **after),
        lambda: terms.end(secretariat, made, last_day=DAY, reason=EndReason.RESIGNATION),
        lambda: terms.extend(secretariat, made, ends_on=DAY + 90 * ONE),
        lambda: terms.correct(secretariat, made, reason="x", ends_on=None),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert (make.count(Mandate), made.ends_on, made.sits_until) == (2, DAY + 9 * ONE, DAY + 9 * ONE)
    with writing():
        terms.end(secretariat, other, last_day=DAY, reason=EndReason.RESIGNATION)


def test_a_co_chair_has_the_term_of_the_rules_and_stays_until_replaced(app: Flask) -> None:
    made = make.mandate(seat=SeatKind.CO_CHAIR, starts_on=DAY)
    assert (made.seat_number, made.ends_on, made.sits_until) == (1, date(2029, 2, 28), None)
    member = make.mandate(make.person("Autre"), starts_on=DAY, ends_on=DAY + ONE)
    assert (member.seat_number, member.sits_until) == (None, DAY + ONE)


@pytest.mark.parametrize(
    ("starts_on", "months", "last"),
    [
        (date(2027, 1, 1), 24, date(2028, 12, 31)),
        (date(2026, 2, 28), 24, date(2028, 2, 27)),
        (date(2028, 2, 29), 24, date(2030, 2, 27)),
        (date(2027, 8, 31), 6, date(2028, 2, 28)),
    ],
)
def test_a_term_ends_the_day_before_its_anniversary(app: Flask, starts_on: date, months: int, last: date) -> None:
    with writing():
        rules.put("term_months", months, valid_from=clock.today(), reason="essai")
    assert terms.default_end(SeatKind.CO_CHAIR, starts_on) == last


def test_nobody_holds_the_same_seat_twice_on_one_day(app: Flask) -> None:
    holder = make.person()
    make.mandate(holder, starts_on=DAY, ends_on=DAY + 10 * ONE)
    refused("starts_on", holder=holder, starts_on=DAY + 10 * ONE)
    refused("starts_on", holder=holder, starts_on=DAY - ONE, ends_on=DAY)
    make.mandate(holder, starts_on=DAY + 11 * ONE)
    make.mandate(holder, starts_on=DAY - 2 * ONE, ends_on=DAY - ONE)
    make.mandate(holder, body=make.body(), starts_on=DAY)


def test_a_counted_seat_has_one_full_member_and_the_free_ones_are_given_in_order(app: Flask) -> None:
    first = make.mandate(make.person("A"), SeatKind.COMMITTEE_SEAT)
    second = make.mandate(make.person("B"), SeatKind.COMMITTEE_SEAT)
    assert (first.seat_number, second.seat_number) == (1, 2)
    refused("seat_number", holder=make.person("C"), seat=SeatKind.COMMITTEE_SEAT)
    refused("seat_number", holder=make.person("D"), seat=SeatKind.COMMITTEE_SEAT, number=2)
    refused("seat_number", holder=make.person("E"), seat=SeatKind.COMMITTEE_SEAT, number=3)
    ministry = make.organisation("Ministère", college=College.GOVERNMENT)
    assert make.mandate(make.person("F"), SeatKind.COMMITTEE_SEAT, organisation=ministry).seat_number == 1


def test_each_college_has_one_co_chair(app: Flask) -> None:
    make.mandate(seat=SeatKind.CO_CHAIR)
    refused("seat_number", holder=make.person("Autre"), seat=SeatKind.CO_CHAIR)
    ministry = make.organisation("Ministère", college=College.GOVERNMENT)
    make.mandate(make.person("F"), SeatKind.CO_CHAIR, organisation=ministry)


@pytest.mark.parametrize("college", [College.OBSERVER, College.EXPERT])
@pytest.mark.parametrize("seat", [SeatKind.MEMBER, SeatKind.COMMITTEE_SEAT, SeatKind.CO_CHAIR, SeatKind.CO_LEAD])
def test_who_has_no_vote_holds_no_seat_with_one(app: Flask, college: College, seat: SeatKind) -> None:
    refused("college", seat=seat, organisation=make.organisation(college=college))


def test_a_seat_exists_in_its_own_bodies_only(app: Flask) -> None:
    refused("seat", seat=SeatKind.CO_CHAIR, body=make.body())
    refused("seat", seat=SeatKind.CO_LEAD, body=make.standing_body(BodyKind.PLENARY))
    refused("seat", seat=SeatKind.MEMBER, body=make.standing_body(BodyKind.MANAGEMENT_COMMITTEE))


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("ends_on", {"starts_on": DAY, "ends_on": DAY - ONE}),
        ("starts_on", {"starts_on": date(1989, 12, 31)}),
        ("ends_on", {"starts_on": DAY, "ends_on": date(2101, 1, 1)}),
    ],
)
def test_days_are_in_order_and_within_bounds(app: Flask, field: str, values: dict[str, Any]) -> None:
    refused(field, **values)


def test_a_mandate_of_one_day_is_a_mandate(app: Flask) -> None:
    made = make.mandate(starts_on=DAY, ends_on=DAY)
    assert [made.covers(day) for day in (DAY - ONE, DAY, DAY + ONE)] == [False, True, False]


def test_a_direct_appointment_rests_on_a_need_and_an_act(app: Flask) -> None:
    need = make.need()
    refused("need", origin=Origin.DIRECT_APPOINTMENT)
    refused("need", origin=Origin.DIRECT_APPOINTMENT, need=need)
    refused("need", origin=Origin.DIRECT_APPOINTMENT, reference="Décision")
    assert make.mandate(origin=Origin.DIRECT_APPOINTMENT, need=need, reference="Décision").need_id == need.id


def test_a_substitute_is_of_the_same_organisation_seat_and_body(app: Flask) -> None:
    home = make.organisation()
    titular = make.mandate(organisation=home, starts_on=DAY)
    made = make.mandate(make.person("B"), organisation=home, titular=titular, starts_on=DAY)
    assert made.is_alternate
    refused(
        "organisation", holder=make.person("C"), titular=titular, organisation=make.organisation("Autre"), starts_on=DAY
    )
    refused("titular", holder=make.person("D"), titular=titular, body=make.body(), organisation=home, starts_on=DAY)
    refused("titular", holder=make.person("E"), titular=made, organisation=home, starts_on=DAY)
    refused("starts_on", holder=make.person("F"), titular=titular, organisation=home, starts_on=DAY - ONE)


def test_a_qualified_person_has_no_substitute(app: Flask) -> None:
    place = make.organisation(college=College.EXPERT)
    titular = make.mandate(seat=SeatKind.QUALIFIED_PERSON, organisation=place)
    refused("titular", holder=make.person("B"), seat=SeatKind.QUALIFIED_PERSON, organisation=place, titular=titular)


def test_substitutes_leave_with_the_person_they_stand_in_for(app: Flask) -> None:
    home = make.organisation()
    titular = make.mandate(organisation=home, starts_on=DAY)
    substitute = make.mandate(make.person("B"), organisation=home, titular=titular, starts_on=DAY)
    with writing():
        terms.end(OPERATOR, titular, last_day=DAY + 5 * ONE, reason=EndReason.RESIGNATION)
    assert (titular.sits_until, substitute.sits_until) == (DAY + 5 * ONE, DAY + 5 * ONE)


def with_substitute(**values: Any) -> tuple[Mandate, Mandate, Any]:
    """A full member from `DAY` on, and a substitute with an account."""
    home, account = make.organisation(), make.user()
    titular = make.mandate(organisation=home, starts_on=DAY, ends_on=DAY + 20 * ONE)
    holder = make.person("B", account=account)
    values.setdefault("starts_on", DAY)
    return titular, make.mandate(holder, organisation=home, titular=titular, **values), account


def days(mandate: Mandate) -> tuple[date, date | None]:
    return mandate.starts_on, mandate.sits_until


@pytest.mark.parametrize(
    ("values", "substitute", "fields"),
    [
        ({"ends_on": DAY + ONE}, (DAY, DAY + ONE), ["sits_until"]),
        ({"starts_on": DAY + 2 * ONE}, (DAY + 2 * ONE, DAY + 20 * ONE), ["starts_on"]),
        ({"starts_on": DAY + 2 * ONE, "ends_on": DAY + 3 * ONE}, (DAY + 2 * ONE, DAY + 3 * ONE), None),
        ({"ends_on": DAY + 30 * ONE}, (DAY, DAY + 20 * ONE), []),
    ],
)
def test_a_correction_keeps_substitutes_within_the_days_of_their_full_member(
    app: Flask, values: dict[str, date], substitute: tuple[date, date], fields: list[str] | None
) -> None:
    from app.accounts import sessions

    titular, alternate, account = with_substitute()
    with writing():
        sessions.sign_in(account, strong=False)
    with writing():
        terms.correct(OPERATOR, titular, reason="Erreur de saisie", **values)
    assert days(alternate) == substitute
    written = [row.details["fields"] for row in db.session.query(AuditEntry).filter_by(word="mandate.corrected")][1:]
    assert written == ([["starts_on", "sits_until"]] if fields is None else [fields] if fields else [])
    assert make.count(SignIn) == (1 if fields == [] else 0)
    assert queries.substitutes_astray() == []


REMOVED = {"ends_on": DAY + 9 * ONE}, {"starts_on": DAY + 16 * ONE}


def removed(titular: Mandate, alternate: Mandate, act: Any) -> dict[str, Any]:
    """What the journal says of a substitute who has gone from the register by this act, and whose account follows."""
    from app.accounts import sessions

    account, number = alternate.person.user, alternate.id
    with writing():
        sessions.sign_in(account, strong=False)
    with writing():
        act()
    assert (make.count(Mandate), make.count(SignIn), titular.alternates) == (1, 0, [])
    row = db.session.query(AuditEntry).filter_by(word="mandate.removed").one()
    assert row.subject_id == number
    return row.details


@pytest.mark.parametrize("values", REMOVED, ids=["ends before", "begins after"])
def test_a_correction_that_leaves_a_substitute_no_day_removes_their_mandate(
    app: Flask, values: dict[str, date]
) -> None:
    titular, alternate, _account = with_substitute(starts_on=DAY + 10 * ONE, ends_on=DAY + 15 * ONE)
    said = {
        "person": alternate.person_id, "organisation": alternate.organisation_id, "titular": titular.id,
        "starts_on": "2027-03-11", "sits_until": "2027-03-16",
    }  # fmt: skip
    assert said == removed(titular, alternate, lambda: terms.correct(OPERATOR, titular, reason="Erreur", **values))
    assert queries.substitutes_astray() == []


def test_ending_a_mandate_removes_a_substitute_who_was_still_to_come(app: Flask) -> None:
    titular, alternate, _account = with_substitute(starts_on=DAY + 10 * ONE)
    details = removed(
        titular,
        alternate,
        lambda: terms.end(OPERATOR, titular, last_day=DAY + 9 * ONE, reason=EndReason.RESIGNATION),
    )
    assert (details["starts_on"], titular.sits_until) == ("2027-03-11", DAY + 9 * ONE)


def test_a_substitute_who_begins_on_the_last_day_sits_that_day(app: Flask) -> None:
    titular, alternate, _account = with_substitute(starts_on=DAY + 10 * ONE)
    with writing():
        terms.end(OPERATOR, titular, last_day=DAY + 10 * ONE, reason=EndReason.RESIGNATION)
    assert days(alternate) == (DAY + 10 * ONE, DAY + 10 * ONE)


def test_substitutes_who_replaced_one_another_and_were_to_come_are_all_removed(app: Flask) -> None:
    titular, alternate, _account = with_substitute(starts_on=DAY + 10 * ONE)
    with writing():
        terms.replace(
            OPERATOR, alternate, make.person("C"), terms.Title(Origin.DESIGNATION),
            organisation=titular.organisation, starts_on=DAY + 12 * ONE,
        )  # fmt: skip
    with writing():
        terms.end(OPERATOR, titular, last_day=DAY, reason=EndReason.RESIGNATION)
    assert db.session.query(Mandate).all() == [titular]


def test_a_corrected_seat_number_is_that_of_the_substitutes_too(app: Flask) -> None:
    titular = make.mandate(seat=SeatKind.COMMITTEE_SEAT, number=1)
    substitute = make.mandate(
        make.person("B"), SeatKind.COMMITTEE_SEAT, organisation=titular.organisation, titular=titular
    )
    with writing():
        terms.correct(OPERATOR, titular, reason="Erreur de saisie", seat_number=2)
    assert (titular.seat_number, substitute.seat_number) == (2, 2)
    written = db.session.query(AuditEntry).filter_by(word="mandate.corrected", subject_id=substitute.id).one()
    assert written.details == {"fields": ["seat_number"]}
    with writing():
        substitute.seat_number = 1
    assert queries.substitutes_astray() == [
        f"mandate {substitute.id} of a substitute has not the seat number of its full member"
    ]


def test_the_doctor_names_a_substitute_of_another_organisation_until_it_is_corrected(app: Flask) -> None:
    titular, alternate, _account = with_substitute()
    other = make.organisation("L’Agora")
    with writing():
        terms.correct(OPERATOR, titular, reason="Erreur de saisie", organisation=other)
    assert terms.of_another_organisation(titular) == [alternate]
    assert queries.substitutes_astray() == [
        f"mandate {alternate.id} of a substitute is of another organisation than its full member"
    ]
    with writing():
        terms.correct(OPERATOR, alternate, reason="Erreur de saisie", organisation=other)
    assert (terms.of_another_organisation(titular), queries.substitutes_astray()) == ([], [])


def test_a_substitute_is_not_corrected_to_stay_after_the_full_member(app: Flask) -> None:
    titular, alternate, _account = with_substitute()
    with writing():
        terms.end(OPERATOR, titular, last_day=DAY + 5 * ONE, reason=EndReason.RESIGNATION)
    with pytest.raises(Refused) as refusal:
        terms.correct(OPERATOR, alternate, reason="x", sits_until=DAY + 6 * ONE)
    assert refusal.value.field == "sits_until"


def test_the_doctor_names_a_substitute_who_sits_without_the_full_member(app: Flask) -> None:
    _titular, alternate, _account = with_substitute()
    with writing():
        alternate.sits_until = None
    assert queries.substitutes_astray() == [
        f"mandate {alternate.id} of a substitute leaves the days of its full member"
    ]


@pytest.mark.parametrize(
    ("last_day", "reason", "field"),
    [
        (DAY - ONE, EndReason.RESIGNATION, "last_day"),
        (DAY + 11 * ONE, EndReason.RESIGNATION, "last_day"),
        (DAY + 9 * ONE, EndReason.TERM, "reason"),
    ],
)
def test_a_mandate_ends_within_its_term(app: Flask, last_day: date, reason: EndReason, field: str) -> None:
    made = make.mandate(starts_on=DAY, ends_on=DAY + 10 * ONE)
    with pytest.raises(Refused) as refusal:
        terms.end(OPERATOR, made, last_day=last_day, reason=reason)
    assert refusal.value.field == field


def test_a_successor_has_what_remains_of_the_term(app: Flask) -> None:
    made = make.mandate(seat=SeatKind.COMMITTEE_SEAT, starts_on=DAY)
    with writing():
        successor = terms.replace(
            OPERATOR, made, make.person("B"), terms.Title(Origin.ELECTION), organisation=made.organisation,
            starts_on=DAY + 100 * ONE,
        )  # fmt: skip
    assert (made.sits_until, made.end_reason) == (DAY + 99 * ONE, EndReason.REPLACED)
    assert (successor.ends_on, successor.seat_number, successor.replaces_id) == (made.ends_on, 1, made.id)


def test_extending_moves_the_last_day_and_nothing_else_can_be_extended(app: Flask) -> None:
    made = make.mandate(starts_on=DAY, ends_on=DAY + ONE)
    with writing():
        terms.extend(OPERATOR, made, ends_on=DAY + 2 * ONE)
    assert (made.ends_on, made.sits_until) == (DAY + 2 * ONE, DAY + 2 * ONE)
    for day in (DAY + 2 * ONE, DAY):
        with pytest.raises(Refused):
            terms.extend(OPERATOR, made, ends_on=day)
    open_ended = make.mandate(make.person("B"), starts_on=DAY)
    with pytest.raises(Refused):
        terms.extend(OPERATOR, open_ended, ends_on=DAY + ONE)


def test_a_correction_needs_a_reason_and_keeps_the_rules(app: Flask) -> None:
    made = make.mandate(starts_on=DAY, ends_on=DAY + ONE)
    with pytest.raises(Refused):
        terms.correct(OPERATOR, made, reason=" ", starts_on=DAY - ONE)
    with writing():
        terms.correct(OPERATOR, made, reason="Erreur de saisie", starts_on=DAY - ONE, ends_on=None)
    assert (made.starts_on, made.sits_until, made.correction) == (DAY - ONE, None, "Erreur de saisie")
    with pytest.raises(Refused):
        terms.correct(OPERATOR, made, reason="x", ends_on=DAY - 2 * ONE)


def test_each_change_ends_the_sessions_of_the_holder(app: Flask) -> None:
    from app.accounts import sessions

    user = make.user()
    made = make.mandate(make.person(account=user), starts_on=DAY, ends_on=DAY + ONE)
    for change in (
        lambda: terms.extend(OPERATOR, made, ends_on=DAY + 5 * ONE),
        lambda: terms.correct(OPERATOR, made, reason="x", starts_on=DAY - ONE),
        lambda: terms.end(OPERATOR, made, last_day=DAY, reason=EndReason.RESIGNATION),
    ):
        with writing():
            sessions.sign_in(user, strong=False)
        assert make.count(SignIn) == 1
        with writing():
            change()
        assert make.count(SignIn) == 0


def test_co_chairs_and_committee_must_have_a_second_factor_and_others_need_none(app: Flask) -> None:
    chair, member = make.user(), make.user("b@example.org", "B")
    made = make.mandate(make.person(account=chair), SeatKind.CO_CHAIR)
    make.mandate(make.person("B", account=member))
    assert (chair.requires_second_factor, member.requires_second_factor) == (True, False)
    with writing():
        terms.end(OPERATOR, made, last_day=clock.today() - ONE, reason=EndReason.RESIGNATION)
    assert chair.requires_second_factor is False


def test_the_journal_holds_ids_and_codes_only(app: Flask) -> None:
    made = make.mandate(make.person("Zoé Zyx"))
    row = db.session.query(AuditEntry).filter_by(word="mandate.opened").one()
    assert row.details == {
        "person": made.person_id, "organisation": made.organisation_id, "body": made.body_id, "seat": "member",
        "starts_on": made.starts_on.isoformat(), "ends_on": None, "replaces": None,
    }  # fmt: skip
