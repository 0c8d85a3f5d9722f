"""The journal: exact words, append-only, sealed each day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core import audit, clock
from app.core.audit import AuditEntry, AuditSeal
from app.core.extensions import db
from app.core.transaction import writing
from tests import make

TRIGGERS = {
    "sqlite": ["DROP TRIGGER audit_entry_update", "DROP TRIGGER audit_entry_delete", "DROP TRIGGER audit_seal_update"],
    "postgresql": ["ALTER TABLE audit_entry DISABLE TRIGGER USER", "ALTER TABLE audit_seal DISABLE TRIGGER USER"],
}
BACK = ["ALTER TABLE audit_entry ENABLE TRIGGER USER", "ALTER TABLE audit_seal ENABLE TRIGGER USER"]


def days(at: Any, *moments: str) -> None:
    for moment in moments:
        at(moment)
        with writing():
            audit.record(None, "accounts.signed_out", None)


def seal(at: Any, moment: str) -> int:
    now = at(moment)
    with writing():
        return audit.seal_days(now)


def around(app: Flask, *statements: str) -> None:
    """What somebody with the database's own password can do."""
    engine = db.engine.dialect.name
    with db.engine.begin() as connection:
        for statement in (*TRIGGERS[engine], *statements, *(BACK if engine == "postgresql" else [])):
            connection.execute(text(statement))


def test_a_word_that_nobody_declared_is_refused(app: Flask) -> None:
    with pytest.raises(KeyError):
        audit.record(None, "nothing.happened", None)
    assert make.count(AuditEntry) == 0


@pytest.mark.parametrize("details", [{}, {"key": "a"}, {"key": "a", "valid_from": "b", "more": 1}, {"other": 1}])
def test_other_fields_than_the_declared_ones_are_refused(app: Flask, details: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"rules\.set"):
        audit.record(None, "rules.set", None, **details)
    assert make.count(AuditEntry) == 0


def test_a_row_says_who_when_what_and_on_which_thing(app: Flask, secretariat: Any, at: Any) -> None:
    meeting, now = make.meeting(), at("2027-01-02T10:00")
    with writing():
        audit.record(secretariat, "meeting.revised", meeting, sequence=3)
    row = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert row is not None
    assert (row.at, row.actor_id, row.word, row.subject_type, row.subject_id, row.details) == (
        now, secretariat.id, "meeting.revised", "meeting", meeting.id, {"sequence": 3},
    )  # fmt: skip


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET word = 'x'", "DELETE FROM audit_entry",
                                       "UPDATE audit_seal SET digest = 'x'", "DELETE FROM audit_seal"])  # fmt: skip
def test_the_database_itself_refuses_to_change_or_delete_a_row(app: Flask, at: Any, statement: str) -> None:
    days(at, "2027-01-01T10:00")
    seal(at, "2027-01-02T10:00")
    with pytest.raises(DatabaseError, match="the journal only grows"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert (make.count(AuditEntry), make.count(AuditSeal)) == (1, 1)


def test_each_finished_day_is_sealed_once_over_the_one_before(app: Flask, at: Any) -> None:
    days(at, "2027-01-01T10:00", "2027-01-01T23:59", "2027-01-03T00:00")
    assert seal(at, "2027-01-04T12:00") == 3
    assert seal(at, "2027-01-04T18:00") == 0
    seals = db.session.query(AuditSeal).order_by(AuditSeal.day).all()
    assert [(one.day, one.entries) for one in seals] == [
        (date(2027, 1, 1), 2),
        (date(2027, 1, 2), 0),
        (date(2027, 1, 3), 1),
    ]
    previous = audit.GENESIS
    for one in seals:
        assert one.digest == audit.digest(one.day, previous)[0]
        previous = one.digest
    assert len({one.digest for one in seals}) == 3
    assert audit.faults() == []


def test_a_journal_without_rows_has_no_seal(app: Flask, at: Any) -> None:
    assert seal(at, "2027-01-04T12:00") == 0
    assert audit.faults() == []


def test_the_day_is_not_sealed_before_its_last_writers_have_finished(app: Flask, at: Any) -> None:
    days(at, "2027-01-01T23:59:59")
    assert seal(at, "2027-01-01T23:59:59") == 0
    assert seal(at, "2027-01-02T00:00:30") == 0
    assert seal(at, "2027-01-02T00:15:00") == 1


@pytest.mark.parametrize(
    ("day", "first", "last", "outside"),
    [
        (date(2027, 3, 28), "2027-03-28T00:00", "2027-03-28T23:59", "2027-03-29T00:00"),
        (date(2027, 10, 31), "2027-10-31T00:00", "2027-10-31T23:59", "2027-11-01T00:00"),
        (date(2028, 2, 29), "2028-02-29T00:00", "2028-02-29T23:59", "2028-03-01T00:00"),
    ],
)
def test_a_sealed_day_is_a_day_of_paris(app: Flask, at: Any, day: date, first: str, last: str, outside: str) -> None:
    days(at, first, last, outside)
    at("2028-06-01T12:00")
    assert audit.digest(day, audit.GENESIS)[1] == 2
    assert audit.digest(day + timedelta(days=1), audit.GENESIS)[1] == 1


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE audit_entry SET word = 'accounts.signed_in' WHERE id = 1",
        "UPDATE audit_entry SET actor_id = 7 WHERE id = 1",
        "UPDATE audit_entry SET subject_id = 7 WHERE id = 1",
        "UPDATE audit_entry SET details = '{\"a\": 1}' WHERE id = 1",
        "UPDATE audit_entry SET at = '2027-01-01 12:00:00' WHERE id = 1",
        "DELETE FROM audit_entry WHERE id = 1",
        "UPDATE audit_seal SET digest = 'x' WHERE id = 1",
        "INSERT INTO audit_entry (at, word, details) VALUES ('2027-01-01 09:30:00', 'accounts.signed_in', '{}')",
        "INSERT INTO audit_entry (at, word, details) VALUES ('2026-12-31 09:30:00', 'accounts.signed_in', '{}')",
    ],
)  # fmt: skip
def test_what_is_changed_around_the_portal_is_found(app: Flask, at: Any, harm: str) -> None:
    days(at, "2027-01-01T10:00", "2027-01-01T11:00")
    seal(at, "2027-01-03T12:00")
    db.session.remove()
    around(app, harm)
    assert audit.faults() != []


def test_a_seal_that_is_taken_away_is_missed(app: Flask, at: Any) -> None:
    days(at, "2027-01-01T10:00", "2027-01-03T10:00")
    seal(at, "2027-01-05T12:00")
    db.session.remove()
    extra = ["DROP TRIGGER audit_seal_delete"] if db.engine.dialect.name == "sqlite" else []
    around(app, *extra, "DELETE FROM audit_seal WHERE day = '2027-01-02'")
    assert "no seal for 2027-01-02" in audit.faults()


def test_the_seals_are_published(as_: Any, at: Any) -> None:
    days(at, "2027-01-01T10:00")
    seal(at, "2027-01-02T12:00")
    digest = db.session.query(AuditSeal).one().digest
    assert digest in as_("visitor").get("pages.seals").text.replace("<wbr>", "")


def test_a_clock_in_utc_is_kept_to_the_microsecond(app: Flask) -> None:
    clock.freeze(datetime(2027, 1, 1, 9, 30, 15, 123456, tzinfo=UTC))
    with writing():
        audit.record(None, "accounts.signed_out", None)
    db.session.expire_all()
    assert db.session.query(AuditEntry).one().at == datetime(2027, 1, 1, 9, 30, 15, 123456, tzinfo=UTC)
