"""What administrators may do to accounts: invite, grant, end, close, reset; and what nobody may."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts import policy, queries, service, sessions
from app.accounts.models import AccountToken, Function, RecoveryCode, SignIn, User
from app.accounts.states import AccountState, FunctionKind, TokenPurpose
from app.core import clock
from app.core.audit import AuditEntry
from app.core.errors import NotAllowed, NotFound, Refused
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.transaction import writing
from tests import make

NEW = {"email": "Zoé@Example.org", "name": "Zoé Ñandú", "lang": "en"}
YESTERDAY, DAY = clock.today() - timedelta(days=1), timedelta(days=1)


def last_word() -> tuple[str, Any, dict[str, Any]]:
    row = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert row is not None
    return row.word, row.actor_id, row.details


def test_an_invitation_makes_an_account_without_a_password_and_one_mail(app: Flask) -> None:
    boss = make.cast("administrator")
    with writing():
        user = service.invite(boss, **NEW)
    assert (user.state, user.email_key, user.lang) == (AccountState.INVITED, "zoé@example.org", "en")
    (queued,) = db.session.query(OutgoingMail).all()
    token = db.session.query(AccountToken).one()
    assert (queued.template, queued.address, queued.lang) == ("accounts/invitation", "Zoé@Example.org", "en")
    assert (queued.arguments, token.digests, token.expires_at) == (
        {"name": "Zoé Ñandú", "token_id": token.id},
        [],
        None,
    )
    assert last_word() == ("accounts.invited", boss.id, {})


def test_an_address_that_has_an_account_is_not_invited(app: Flask) -> None:
    boss = make.cast("administrator")
    make.user("zoé@example.org")
    with pytest.raises(Refused) as refusal:
        service.invite(boss, **NEW)
    assert refusal.value.field == "email"


def test_an_invitation_sent_again_ends_the_one_before(app: Flask) -> None:
    boss = make.cast("administrator")
    with writing():
        user = service.invite(boss, **NEW)
    with writing():
        service.resend_invitation(boss, user)
    first, second = db.session.query(AccountToken).order_by(AccountToken.id).all()
    assert (first.used_at is None, second.used_at is None, make.count(OutgoingMail)) == (False, True, 2)
    assert queries.invitation_of(user) is second


def test_an_account_that_is_open_is_not_invited_again(app: Flask) -> None:
    with pytest.raises(NotAllowed):
        service.resend_invitation(make.cast("administrator"), make.user())


@pytest.mark.parametrize("who", ["account", "secretariat", "electoral_board"])
def test_only_an_administrator_manages_accounts(app: Flask, who: str) -> None:
    actor, user = make.cast(who), make.user()
    make.function(user, FunctionKind.SECRETARIAT)
    with writing():
        closed = make.user("closed@example.org")
        closed.is_active = False
    acts = [
        lambda: service.invite(actor, **NEW),
        lambda: service.grant(user, FunctionKind.SECRETARIAT, starts_on=clock.today(), by=actor),
        lambda: service.end_function(actor, user.functions[0], ends_on=clock.today(), reason="x"),
        lambda: service.deactivate(actor, user, reason="x"),
        lambda: service.reactivate(actor, closed, reason="x"),
        lambda: service.reset_second_factor(actor, user),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_nobody_changes_their_own_functions_account_or_second_factor(app: Flask) -> None:
    boss = make.cast("administrator")
    acts = [
        lambda: service.grant(boss, FunctionKind.SECRETARIAT, starts_on=clock.today(), by=boss),
        lambda: service.end_function(boss, boss.functions[0], ends_on=clock.today(), reason="x"),
        lambda: service.deactivate(boss, boss, reason="x"),
        lambda: service.reset_second_factor(boss, boss),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_a_function_is_granted_with_its_reason_by_somebody(app: Flask) -> None:
    boss, user = make.cast("administrator"), make.user()
    with writing():
        service.grant(user, FunctionKind.SECRETARIAT, starts_on=date(2027, 1, 1), by=boss, reason="Arrivée")
    row = db.session.query(Function).filter_by(user_id=user.id).one()
    assert (row.granted_by_id, row.reason, row.ends_on) == (boss.id, "Arrivée", None)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "taken"),
    [
        (date(2027, 1, 1), date(2027, 1, 31), True),
        (date(2026, 12, 1), date(2026, 12, 31), False),
        (date(2026, 12, 1), date(2027, 1, 1), True),
        (date(2027, 3, 1), None, False),
        (date(2027, 2, 28), None, True),
    ],
)
def test_one_function_is_not_held_twice_at_once(app: Flask, starts_on: date, ends_on: date | None, taken: bool) -> None:
    user = make.user()
    make.function(user, FunctionKind.SECRETARIAT, starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 28))
    if taken:
        with pytest.raises(Refused):
            make.function(user, FunctionKind.SECRETARIAT, starts_on=starts_on, ends_on=ends_on)
    else:
        make.function(user, FunctionKind.SECRETARIAT, starts_on=starts_on, ends_on=ends_on)
    make.function(user, FunctionKind.ELECTORAL_BOARD, starts_on=starts_on, ends_on=ends_on)


@pytest.mark.parametrize(("ends_on", "holds"), [(clock.today(), True), (YESTERDAY, False)])
def test_a_function_that_is_ended_ends_the_sessions_and_its_rights(app: Flask, ends_on: date, holds: bool) -> None:
    boss, user = make.cast("administrator"), make.cast("secretariat")
    with writing():
        sessions.sign_in(user, strong=True)
        sessions.sign_in(boss, strong=True)
    with writing():
        service.end_function(boss, user.functions[0], ends_on=ends_on, reason="Départ")
    assert (policy.is_secretariat(user), make.count(SignIn)) == (holds, 1)
    row = user.functions[0]
    assert (row.ends_on, row.ended_by_id, row.end_reason, row.withdrawn_at) == (ends_on, boss.id, "Départ", None)
    expected = {"kind": "secretariat", "function": row.id, "ends_on": ends_on.isoformat(), "withdrawn": False}
    assert last_word() == ("accounts.function_ended", boss.id, expected)


@pytest.mark.parametrize("starts_in", [0, 30])
def test_a_function_that_never_served_is_withdrawn(app: Flask, starts_in: int) -> None:
    boss, user = make.cast("administrator"), make.user()
    make.function(user, FunctionKind.SECRETARIAT, starts_on=clock.today() + timedelta(days=starts_in))
    with writing():
        service.end_function(boss, user.functions[0], ends_on=YESTERDAY, reason="Erreur")
    row = user.functions[0]
    assert (row.withdrawn_at is None, row.ends_on, row.covers(row.starts_on)) == (False, None, False)
    make.function(user, FunctionKind.SECRETARIAT, starts_on=clock.today())


def test_the_past_of_a_function_is_not_rewritten(app: Flask) -> None:
    boss, user = make.cast("administrator"), make.cast("secretariat")
    for ends_on in (YESTERDAY - DAY, date(2020, 1, 1)):
        with pytest.raises(Refused):
            service.end_function(boss, user.functions[0], ends_on=ends_on, reason="x")
    with writing():
        service.end_function(boss, user.functions[0], ends_on=clock.today(), reason="x")
    for ends_on in (clock.today(), clock.today() + DAY):
        with pytest.raises(Refused):
            service.end_function(boss, user.functions[0], ends_on=ends_on, reason="x")


def test_the_last_administrator_is_neither_ended_nor_closed(app: Flask) -> None:
    boss = make.cast("administrator")
    for act in (
        lambda: service.end_function(policy.OPERATOR, boss.functions[0], ends_on=clock.today(), reason="x"),
        lambda: service.deactivate(policy.OPERATOR, boss, reason="x"),
    ):
        with pytest.raises(Refused):
            act()
    second = make.user("second@example.org")
    make.function(second, FunctionKind.ADMINISTRATOR, starts_on=clock.today() + 2 * DAY)
    with pytest.raises(Refused):  # nobody on the day between
        service.end_function(policy.OPERATOR, boss.functions[0], ends_on=clock.today(), reason="x")
    with writing():
        service.end_function(policy.OPERATOR, boss.functions[0], ends_on=clock.today() + DAY, reason="x")


def test_an_administrator_whose_account_is_closed_does_not_count(app: Flask) -> None:
    boss, second = make.cast("administrator"), make.user("second@example.org")
    make.function(second, FunctionKind.ADMINISTRATOR)
    with writing():
        service.deactivate(boss, second, reason="x")
    with pytest.raises(Refused):
        service.deactivate(policy.OPERATOR, boss, reason="x")


def test_an_account_is_closed_with_its_sessions_and_links_then_opened_again(app: Flask) -> None:
    boss = make.cast("administrator")
    with writing():
        user = service.invite(boss, **NEW)
        sessions.sign_in(user)
    with writing():
        service.deactivate(boss, user, reason="Doublon")
    assert (user.state, user.deactivation_reason, make.count(SignIn)) == (AccountState.CLOSED, "Doublon", 0)
    assert db.session.query(AccountToken).one().used_at is not None
    assert last_word() == ("accounts.deactivated", boss.id, {})
    with pytest.raises(NotAllowed):
        service.deactivate(boss, user, reason="x")
    with writing():
        service.reactivate(boss, user, reason="Erreur")
    assert (user.state, user.deactivated_at) == (AccountState.INVITED, None)
    with pytest.raises(NotAllowed):
        service.reactivate(boss, user, reason="x")


def test_a_second_factor_reset_by_another_is_logged_and_mailed(app: Flask) -> None:
    boss, user = make.cast("administrator"), make.cast("secretariat")
    with writing():
        sessions.sign_in(user, strong=True)
    with writing():
        service.reset_second_factor(boss, user)
    assert (user.has_second_factor, user.totp_step, make.count(SignIn)) == (False, None, 0)
    assert db.session.query(RecoveryCode).filter_by(user_id=user.id).count() == 0
    assert last_word() == ("accounts.second_factor_reset", boss.id, {})
    (queued,) = db.session.query(OutgoingMail).all()
    assert (queued.template, queued.address) == ("accounts/second_factor_changed", user.email)
    with pytest.raises(NotAllowed):
        service.reset_second_factor(boss, user)


def test_the_command_resets_the_second_factor_of_a_single_administrator(app: Flask) -> None:
    make.cast("administrator")
    db.session.remove()
    runner = app.test_cli_runner()
    results = [
        runner.invoke(args=["reset-second-factor", email]).exit_code
        for email in ("administrator@example.org", "administrator@example.org", "nobody@example.org")
    ]
    assert results == [0, 1, 1]
    assert make.cast("administrator").has_second_factor is False


def test_a_mandate_that_demands_a_second_factor_ends_the_sessions_opened_before(app: Flask) -> None:
    user = make.user()
    for required, left in ((True, 0), (True, 1), (False, 0)):
        with writing():
            sessions.sign_in(user)
            if left:
                continue
            service.set_second_factor_required(user, required)
        assert (policy.needs_second_factor(user), make.count(SignIn)) == (required, 0)
    assert last_word() == ("accounts.second_factor_required", None, {"required": False})


def test_accounts_are_found_by_name_or_address_and_paged(app: Flask) -> None:
    for number, name in enumerate(("Éloïse Œuvrard", "eve adam", "Zoé 100%_x", "Adam Ève")):
        make.user(f"n{number}@example.org", name)
    make.function(make.cast("secretariat"), FunctionKind.ELECTORAL_BOARD)
    found = {
        words: [user.name for user in queries.accounts_page(1, words=words).items]
        for words in ("", "eloise oeuv", "ÈVE", "N2@EXAMPLE", "%", "_", "nobody", " ")
    }
    everyone = ["Adam Ève", "Éloïse Œuvrard", "eve adam", "Secretariat", "Zoé 100%_x"]
    assert found == {
        "": everyone, "eloise oeuv": ["Éloïse Œuvrard"], "ÈVE": ["Adam Ève", "eve adam"],
        "N2@EXAMPLE": ["Zoé 100%_x"], "%": ["Zoé 100%_x"], "_": ["Zoé 100%_x"], "nobody": [], " ": everyone,
    }  # fmt: skip
    pages = [[user.name for user in queries.accounts_page(number, size=2).items] for number in (1, 2, 3, 4)]
    assert pages == [everyone[:2], everyone[2:4], everyone[4:], []]
    assert [user.name for user in queries.accounts_page(1, kind=FunctionKind.SECRETARIAT).items] == ["Secretariat"]
    assert queries.accounts_page(1).total == 5


def test_an_account_that_does_not_exist_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        queries.get(999_999)
    with pytest.raises(NotFound):
        queries.get_function(999_999)
    assert make.count(User) == 0
    assert queries.token(TokenPurpose.RESET, 999_999) is None
