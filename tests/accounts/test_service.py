"""Accounts, functions and sessions as the commands and the other rooms use them."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts import passwords, queries, sessions
from app.accounts.models import Function, SignIn, User
from app.accounts.policy import is_administrator, is_secretariat, is_staff
from app.accounts.states import FunctionKind
from app.core import clock
from app.core.audit import AuditEntry
from app.core.errors import Refused
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.transaction import writing
from tests import make


def run(app: Flask, *arguments: str, password: str | None = make.PASSWORD) -> Any:
    env = {"FORUM_PASSWORD": password or ""}
    db.session.remove()
    return app.test_cli_runner().invoke(args=["grant-role", *arguments], env=env)


@pytest.mark.parametrize("email", ["camille@example.org", "CAMILLE@example.org", " Camille@Example.org "])
def test_one_address_has_one_account(app: Flask, email: str) -> None:
    make.user("camille@example.org")
    with pytest.raises(Refused):
        make.user(email)
    assert make.count(User) == 1


def test_a_function_cannot_end_before_it_starts(app: Flask) -> None:
    user = make.user()
    with pytest.raises(Refused):
        make.function(user, FunctionKind.SECRETARIAT, starts_on=date(2027, 2, 1), ends_on=date(2027, 1, 31))


@pytest.mark.parametrize(
    ("moment", "holds"),
    [("2027-02-28T23:59", False), ("2027-03-01T00:00", True), ("2027-03-31T23:59", True), ("2027-04-01T00:00", False)],
)
def test_a_function_is_held_from_its_first_day_to_its_last(app: Flask, at: Any, moment: str, holds: bool) -> None:
    user = make.user()
    make.function(user, FunctionKind.SECRETARIAT, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 31))
    at(moment)
    assert (is_secretariat(user), is_staff(user)) == (holds, holds)


def test_sessions_that_are_over_are_swept(app: Flask, at: Any) -> None:
    now = at("2027-01-01T10:00")
    user = make.user()
    with writing():
        secret = sessions.sign_in(user)
    assert queries.live_session(secret, now + timedelta(days=7) - timedelta(seconds=1)) is not None
    assert queries.live_session(secret, now + timedelta(days=7)) is None
    assert sessions.sweep_sessions(now + timedelta(days=7) - timedelta(seconds=1)) == 0
    assert sessions.sweep_sessions(now + timedelta(days=7)) == 1
    db.session.commit()
    assert make.count(SignIn) == 0


def test_the_command_gives_a_function_to_a_new_account(app: Flask) -> None:
    result = run(app, "new@example.org", "secretariat", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {
        "email": "new@example.org", "function": "secretariat", "from": clock.today().isoformat(), "until": None,
    }  # fmt: skip
    user = queries.by_email("new@example.org")
    assert user is not None and passwords.matches(make.PASSWORD, user.password_hash)


def test_the_command_invites_an_unknown_address(app: Flask) -> None:
    result = run(app, "new@example.org", "administrator", password=None)
    assert result.exit_code == 0, result.output
    queued = db.session.query(OutgoingMail).one()
    assert (queued.template, queued.address, queued.status) == ("accounts/invitation", "new@example.org", "queued")
    user = queries.by_email("new@example.org")
    assert user is not None and (user.password_hash, is_administrator(user)) == (None, True)


def test_the_command_gives_a_function_between_two_days(app: Flask) -> None:
    make.user()
    result = run(app, "camille@example.org", "electoral_board", "--from", "2027-01-01", "--until", "2027-06-30")
    assert (result.exit_code, result.stdout) == (
        0,
        "camille@example.org: electoral_board from 2027-01-01 until 2027-06-30\n",
    )
    row = db.session.query(Function).one()
    assert (row.kind, row.starts_on, row.ends_on) == (FunctionKind.ELECTORAL_BOARD, date(2027, 1, 1), date(2027, 6, 30))
    assert make.count(User) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["camille@example.org", "king"], 2),
        (["camille@example.org"], 2),
        (["camille@example.org", "secretariat", "--from", "2027-02-29"], 2),
        (["camille@example.org", "secretariat", "--until", "tomorrow"], 2),
        (["camille@example.org", "secretariat", "--nothing"], 2),
        (["camille@example.org", "secretariat", "--from", "2027-02-01", "--until", "2027-01-01"], 1),
    ],
)
def test_the_command_refuses_with_its_code_and_stores_nothing(app: Flask, arguments: list[str], code: int) -> None:
    result = run(app, *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr != ""
    assert (make.count(User), make.count(Function)) == (0, 0)


@pytest.mark.parametrize("password", ["short", "x" * 11, "x" * 201, "motdepasse2027"])
def test_a_new_account_is_not_given_a_password_that_the_rules_refuse(app: Flask, password: str) -> None:
    result = run(app, "new@example.org", "secretariat", password=password)
    assert (result.exit_code, make.count(User)) == (1, 0)


def test_the_journal_says_who_was_given_what(app: Flask) -> None:
    run(app, "new@example.org", "administrator", "--from", "2027-01-01")
    rows = [(row.word, row.details) for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert rows == [
        ("accounts.created", {"by": "command"}),
        ("accounts.function_granted", {"kind": "administrator", "starts_on": "2027-01-01", "ends_on": None}),
    ]
