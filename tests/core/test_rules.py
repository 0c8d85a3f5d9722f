"""A dated value replaces the first one from its day on."""

from datetime import date
from typing import Any

import pytest
from flask import Flask, g

from app.core import rules
from app.core.audit import AuditEntry
from app.core.errors import Refused
from app.core.extensions import db
from app.core.rules import RuleValue
from app.core.transaction import writing
from tests import make


def put(value: Any, day: date, key: str = "notice_days") -> None:
    with writing():
        rules.put(key, value, valid_from=day, reason="essai")


def value(key: str = "notice_days") -> Any:
    g.pop("rules_in_force", None)
    return rules.value(key)


def test_a_rule_has_its_first_value(app: Flask) -> None:
    assert value() == 15


def test_a_dated_value_applies_from_its_day_in_paris(app: Flask, at: Any) -> None:
    put(21, date(2027, 3, 28))
    at("2027-03-27T23:59:59")
    assert value() == 15
    at("2027-03-28T00:00:00")
    assert value() == 21


def test_the_last_day_that_has_come_decides(app: Flask, at: Any) -> None:
    for days, day in ((30, date(2027, 3, 1)), (10, date(2027, 1, 1)), (20, date(2027, 2, 1))):
        put(days, day)
    for moment, days in (
        ("2026-12-31T12:00", 15),
        ("2027-01-15T12:00", 10),
        ("2027-02-15T12:00", 20),
        ("2028-01-01T12:00", 30),
    ):
        at(moment)
        assert value() == days


def test_of_two_values_for_one_day_the_last_said_decides(app: Flask, at: Any) -> None:
    at("2027-01-02T12:00")
    put(10, date(2027, 1, 1))
    put(12, date(2027, 1, 1))
    assert value() == 12


def test_a_rule_that_nobody_declared_is_an_error(app: Flask) -> None:
    with pytest.raises(KeyError):
        rules.value("nothing")
    with pytest.raises(Refused):
        rules.put("nothing", 1, valid_from=date(2027, 1, 1), reason="essai")


@pytest.mark.parametrize(
    ("key", "new"),
    [
        ("notice_days", "15"),
        ("notice_days", True),
        ("notice_days", 1.5),
        ("notice_days", None),
        ("agenda_requires_committee_agreement", 1),
        ("agenda_requires_committee_agreement", "yes"),
        ("committee_seats", [2, 2]),
        ("committee_seats", {}),
        ("committee_seats", {"government": "two", "civil_society": 2}),
        ("secretariat_bodies", "cese"),
        ("secretariat_bodies", [{}]),
        ("identity.publisher_name", 1),
    ],
)
def test_a_value_of_another_type_is_refused(app: Flask, key: str, new: Any) -> None:
    with pytest.raises(Refused):
        put(new, date(2027, 1, 1), key)
    assert make.count(RuleValue) == 0


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_value_needs_a_reason(app: Flask, reason: str) -> None:
    with pytest.raises(Refused):
        rules.put("notice_days", 20, valid_from=date(2027, 1, 1), reason=reason)


def test_a_value_leaves_its_row_in_the_journal(app: Flask, secretariat: Any) -> None:
    with writing():
        rules.put("notice_days", 20, valid_from=date(2027, 1, 1), reason="essai", author=secretariat)
    row = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert row is not None
    assert (row.actor_id, row.word, row.details) == (
        secretariat.id, "rules.set", {"key": "notice_days", "scope": "", "valid_from": "2027-01-01"},
    )  # fmt: skip
