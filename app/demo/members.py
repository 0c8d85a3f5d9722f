"""The members of the demo forum: organisations, people with their accounts, mandates, needs."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from app.accounts import queries as accounts
from app.accounts.policy import OPERATOR
from app.core import clock
from app.forum.members import service, terms
from app.forum.members.models import Body, Mandate, Need, Person
from app.forum.members.states import EndReason, Origin, SeatKind
from app.forum.organisations import service as organisations
from app.forum.organisations.details import Details
from app.forum.organisations.models import Organisation
from app.forum.organisations.states import College

CONTENT = Path(__file__).with_name("members.yaml")


def fill(people: list[dict[str, Any]], listed: list[dict[str, Any]], bodies: dict[str, Body]) -> None:
    """`people` and `listed` (accounts) are those of forum.yaml; a person's account is the one that bears their name."""
    content = yaml.safe_load(CONTENT.read_text())
    places = {one["key"]: _organisation(one) for one in content["organisations"]}
    needs = {one["key"]: _need(one, bodies) for one in content["needs"]}
    written = {one["key"]: one for one in people}
    emails = {one["name"]: one["email"] for one in listed}
    known = {one["key"]: _person({**written.get(one["key"], {}), **one}, emails) for one in content["people"]}
    homes = {one["key"]: places[one["organisation"]] for one in content["people"]}
    opened: dict[str, Mandate] = {}
    for one in content["mandates"]:
        mandate = _mandate(one, known[one["who"]], homes[one["who"]], bodies, needs, opened)
        if "key" in one:
            opened[one["key"]] = mandate
    for lost, kept in content["merged"]:
        organisations.merge(OPERATOR, places[lost], into=places[kept])


def _day(offset: int | None) -> date | None:
    return None if offset is None else clock.today() + timedelta(days=offset)


def _organisation(one: dict[str, Any]) -> Organisation:
    made = organisations.create(
        OPERATOR,
        Details(
            (one["fr"], one.get("en")), College(one["college"]), acronym=one.get("acronym"), website=one.get("website")
        ),
    )
    for alias in one.get("aliases", []):
        organisations.add_alias(
            OPERATOR,
            made,
            label=alias["label"],
            lang=alias["lang"],
            valid_from=_day(alias.get("from")),
            valid_until=_day(alias.get("until")),
        )
    return made


def _person(one: dict[str, Any], emails: dict[str, str]) -> Person:
    made = service.create_person(OPERATOR, name=one["name"], function=(one["function_fr"], one.get("function_en")))
    email = emails.get(one["name"])
    if email is not None and accounts.by_email(email) is not None:
        service.link_account(OPERATOR, made, email)
    return made


def _mandate(
    one: dict[str, Any],
    person: Person,
    organisation: Organisation,
    bodies: dict[str, Body],
    needs: dict[str, Need],
    opened: dict[str, Mandate],
) -> Mandate:
    starts_on = _day(one["from"])
    assert starts_on is not None
    title = terms.Title(Origin(one["origin"]), one.get("act"), needs.get(one.get("need", "")))
    after, until = opened.get(one.get("after", "")), _day(one.get("until"))
    if after is not None:
        return terms.replace(OPERATOR, after, person, title, organisation=organisation, starts_on=starts_on)
    return terms.open_mandate(
        OPERATOR,
        person,
        terms.Seat(
            bodies[one["body"]], SeatKind(one["seat"]), organisation.college, titular=opened.get(one.get("of", ""))
        ),
        title,
        organisation=organisation,
        starts_on=starts_on,
        ends_on=_day(one.get("ends")),
        sits_until=(until, EndReason(one["reason"])) if until is not None else None,
    )


def _need(one: dict[str, Any], bodies: dict[str, Body]) -> Need:
    opened_on, closed_on = _day(one["from"]), _day(one.get("closed"))
    made = service.open_need(
        OPERATOR,
        body=bodies[one["body"]] if one["body"] else None,
        theme=(one["theme_fr"], one.get("theme_en")),
        profile=(one["profile_fr"], one.get("profile_en")),
        reason=(one["reason_fr"], one.get("reason_en")),
        college=College(one["college"]),
        opened_on=opened_on,
    )
    made.closed_on = closed_on
    return made
