"""How somebody gets an account or comes back into it: sign-up, verification, reset, invitation (S22, S25)."""

import contextvars
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import argon2._password_hasher as library
import pytest
from argon2 import low_level
from flask import Flask

from app.accounts import credentials, limits, passwords, queries, service, tokens
from app.accounts.models import AccountToken, SignIn, SignUp, User
from app.accounts.policy import OPERATOR
from app.accounts.states import AccountState, FunctionKind, TokenPurpose
from app.core import clock, mail
from app.core.audit import AuditEntry
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.transaction import writing
from tests import make
from tests.accounts import mailbox

NEW, OTHER = "zoe@example.org", "trois tulipes et une enclume"
FORM = {"name": "Zoé Essai", "email": NEW, "password": make.PASSWORD, "lang": "fr"}


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch, app: Flask) -> list[str]:
    """One entry for each password hash computed by the library."""
    passwords.matches("x", None)
    seen: list[str] = []

    def counted(name: str, real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            seen.append(name)
            return real(*args, **kwargs)

        return call

    monkeypatch.setattr(library, "verify_secret", counted("verify", low_level.verify_secret))
    monkeypatch.setattr(library, "hash_secret", counted("hash", low_level.hash_secret))
    return seen


def sign_up(client: Any, status: int = 303, **values: str) -> Any:
    return client.post("accounts.sign_up", {**FORM, **values}, status=status)


def ask(client: Any, email: str = NEW, status: int = 303) -> Any:
    return client.post("accounts.ask_reset", {"email": email}, status=status)


def words() -> list[str]:
    return [row.word for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def templates() -> list[str]:
    return [row.template for row in db.session.query(OutgoingMail).order_by(OutgoingMail.id)]


def invited(email: str = NEW) -> User:
    with writing():
        return service.invite(OPERATOR, email=email, name="Zoé Essai", lang="fr")


def bare(html: str) -> str:
    return re.sub(r'name="csrf_token"[^>]*|name="once"[^>]*|[0-9a-f]{16}', "", html)


# -- sign-up -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_account_is_asked_for_verified_and_open(app: Flask, as_: Any, lang: str) -> None:
    visitor = as_("visitor", lang=lang)
    assert sign_up(visitor, lang=lang).headers["Location"] == f"/{lang}/check-your-mail"
    visitor.get("accounts.check_mail")
    assert (make.count(User), make.count(SignUp)) == (0, 1)
    path = mailbox.link(app)
    assert path.startswith(f"/{lang}/verify/")
    for _ in range(2):  # a mail program that follows links uses nothing up
        visitor.get(path)
    answer = visitor.post(path, {"password": make.PASSWORD})
    assert answer.headers["Location"] == f"/{lang}/account"
    user = queries.by_email(NEW)
    assert user is not None
    assert (user.name, user.lang, user.state, user.functions) == ("Zoé Essai", lang, AccountState.OPEN, [])
    assert (make.count(SignUp), make.count(AccountToken), make.count(SignIn)) == (0, 0, 1)
    assert words() == [
        "accounts.sign_up_asked", "accounts.created", "accounts.address_verified", "accounts.signed_in",
    ]  # fmt: skip


def test_sign_up_says_and_does_the_same_for_every_address(app: Flask, as_: Any, hashes: list[str]) -> None:
    make.user("known@example.org")
    make.user("closed@example.org")
    invited("invited@example.org")
    with writing():
        closed = queries.by_email("closed@example.org")
        assert closed is not None
        closed.is_active = False
        db.session.query(OutgoingMail).delete()
    seen = set()
    for email in ("nobody@example.org", "known@example.org", "closed@example.org", "invited@example.org"):
        hashes.clear()
        before = make.count(OutgoingMail)
        visitor = as_("visitor")
        answer = sign_up(visitor, email=email)
        page = visitor.get(answer.headers["Location"])
        seen.add((answer.status, answer.headers["Location"], bare(page.text)))
        assert (email, hashes, make.count(OutgoingMail) - before) == (email, ["hash"], 1)
    assert len(seen) == 1
    assert templates() == ["accounts/verification", "accounts/already", "accounts/no_link", "accounts/no_link"]


def test_the_owner_of_a_known_address_is_told_and_can_choose_a_new_password(app: Flask, as_: Any) -> None:
    make.user(NEW)
    sign_up(as_("visitor"), password=OTHER)
    message = mailbox.last(app)
    assert message["Subject"] == "Vous avez déjà un compte"
    path = mailbox.link(app)
    assert path.startswith("/fr/reset-password/")
    as_("visitor").post(path, {"password": OTHER})
    user = queries.by_email(NEW)
    assert user is not None and passwords.matches(OTHER, user.password_hash)


def test_whoever_does_not_know_the_password_of_the_sign_up_opens_nothing(app: Flask, as_: Any) -> None:
    """Somebody else gave this address: its owner, who follows the link, does not get their account."""
    sign_up(as_("visitor"))
    path = mailbox.link(app)
    answer = as_("visitor").post(path, {"password": OTHER}, status=422)
    assert OTHER not in answer.text
    assert (make.count(User), make.count(SignIn)) == (0, 0)
    as_("visitor").post(path, {"password": make.PASSWORD})


def test_of_two_sign_ups_for_one_address_each_link_takes_its_own_password(app: Flask, as_: Any) -> None:
    sign_up(as_("visitor"), name="Intrus", password=OTHER)
    theirs = mailbox.link(app)
    sign_up(as_("visitor"))
    mine = mailbox.link(app)
    as_("visitor").post(mine, {"password": OTHER}, status=422)
    as_("visitor").post(mine, {"password": make.PASSWORD})
    user = queries.by_email(NEW)
    assert user is not None and user.name == "Zoé Essai"
    as_("visitor").get(theirs, status=404)


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""}, {"name": "\u200b\u2060"}, {"name": "a\r\nBcc: b@example.org"}, {"name": "x" * 201},
        {"email": ""}, {"email": "a@b"}, {"email": "a@x.fr,b@x.fr"}, {"email": "a@x.fr\r\nBcc: c@x.fr"},
        {"email": "é" * 330 + "@example.org"}, {"email": "a@@example.org"}, {"email": '"<x>"@example.org '},
        {"password": ""}, {"password": "short"}, {"password": "x" * 201}, {"password": "motdepasse2027"},
        {"password": "Zoé Essai 2027"}, {"lang": "de"}, {"lang": ""},
    ],
)  # fmt: skip
def test_a_sign_up_that_is_not_right_keeps_what_was_typed_and_stores_nothing(as_: Any, values: dict[str, str]) -> None:
    answer = sign_up(as_("visitor"), status=422, **values)
    assert len(answer.css("//*[@class='govuk-error-summary__title']")) == 1
    (kept,) = answer.css("//input[@name='name']/@value") or [""]
    assert kept != "" or "name" in values
    assert not any(answer.css("//input[@name='password']/@value"))
    assert (make.count(SignUp), make.count(OutgoingMail), make.count(AuditEntry)) == (0, 0, 0)


@pytest.mark.parametrize(
    "email", ["Zoe+forum@Example.org", "zoe@exämple.org", "zoe.o'neil@example.org", "a" * 60 + "@example.org"]
)
def test_an_ordinary_address_is_accepted(as_: Any, email: str) -> None:
    sign_up(as_("visitor"), email=email)
    assert make.count(SignUp) == 1


def test_one_account_for_an_address_however_it_is_written(app: Flask, as_: Any) -> None:
    make.user("zoé@example.org".encode().decode())
    make.user(NEW)
    sign_up(as_("visitor"), email="ZOE@EXAMPLE.ORG")
    assert (templates(), make.count(SignUp)) == (["accounts/already"], 0)


def test_a_fourth_sign_up_for_an_address_in_an_hour_is_answered_alike_and_sends_nothing(as_: Any, at: Any) -> None:
    """Whoever asks in somebody's name keeps them neither from a reset, nor from an account when the hour is over."""
    at("2027-01-01T08:00:00")
    make.user(NEW)
    visitor = as_("visitor")
    for written in (NEW, NEW.upper(), NEW, NEW):
        assert sign_up(visitor, email=written).headers["Location"] == "/fr/check-your-mail"
    assert (templates(), words().count("accounts.sign_up_asked")) == (["accounts/already"] * 3, 3)
    ask(visitor)
    assert templates() == ["accounts/already"] * 3 + ["accounts/reset"]
    sign_up(visitor, email="other@example.org")
    at("2027-01-01T08:59:59")
    sign_up(visitor)
    assert make.count(OutgoingMail) == 5
    at("2027-01-01T09:00:00")
    sign_up(visitor)
    assert make.count(OutgoingMail) == 6


def test_a_newcomer_kept_waiting_by_sign_ups_in_their_name_gets_an_account_an_hour_later(
    app: Flask, as_: Any, at: Any
) -> None:
    at("2027-01-01T08:00:00")
    for _ in range(3):
        sign_up(as_("visitor"), name="Intrus", password=OTHER)
    assert sign_up(as_("visitor")).headers["Location"] == "/fr/check-your-mail"
    assert make.count(SignUp) == 3
    at("2027-01-01T09:00:00")
    sign_up(as_("visitor"))
    as_("visitor").post(mailbox.link(app), {"password": make.PASSWORD})
    user = queries.by_email(NEW)
    assert user is not None and user.name == "Zoé Essai"


def test_asking_too_often_in_somebody_s_name_ends_none_of_their_links(app: Flask, as_: Any, at: Any) -> None:
    """The page answers alike, three messages leave in an hour, and each link works until one is used (S22, S23)."""
    at("2027-01-01T08:00:00")
    make.user(NEW)
    stranger = as_("visitor")
    for _ in range(4):
        assert ask(stranger).headers["Location"] == "/fr/check-your-mail"
    assert (templates(), words().count("accounts.reset_asked")) == (["accounts/reset"] * 3, 3)
    sent = [mailbox.LINK.search(message.get_content()) for message in mailbox.received(app)]
    first, second, third = [found[1] for found in sent if found]
    assert ask(as_("visitor")).headers["Location"] == "/fr/check-your-mail"
    as_("visitor").get(first)
    as_("visitor").post(second, {"password": OTHER})
    for path in (first, second, third):
        as_("visitor").get(path, status=404)


def test_there_is_a_link_for_a_new_password_at_every_moment_whoever_asked_before(app: Flask, as_: Any, at: Any) -> None:
    """The last link of the three works until its owner may ask for another."""
    at("2027-01-01T08:00:00")
    make.user(NEW)
    for _ in range(4):
        ask(as_("visitor"))
    path = mailbox.link(app)
    at("2027-01-01T08:59:59")
    as_("visitor").get(path)
    at("2027-01-01T09:00:00")
    as_("visitor").get(path, status=404)
    ask(as_("visitor"))
    as_("visitor").get(mailbox.link(app))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "At most three messages of each kind leave for one address in an hour."),
        ("fr", "Trois messages de chaque sorte au plus partent vers une même adresse en une heure."),
    ],
)
def test_the_page_that_follows_says_how_many_messages_leave(as_: Any, lang: str, said: str) -> None:
    assert said in as_("visitor", lang=lang).get("accounts.check_mail").words
    assert {(one.most, one.seconds) for one in (limits.RESET, limits.SIGN_UP, limits.EMAIL_CHANGE)} == {(3, 3600)}


def test_one_network_asks_for_twenty_messages_an_hour(as_: Any, at: Any) -> None:
    at("2027-01-01T08:00:00")
    visitor = as_("visitor")
    for number in range(20):
        ask(visitor, f"somebody{number % 4}@example.org")
    assert ask(visitor, status=429).headers["Retry-After"] == "3600"
    assert make.count(OutgoingMail) == 12


def test_the_same_form_sent_twice_is_one_sign_up(app: Flask, as_: Any) -> None:
    visitor = as_("visitor")
    fields = {**visitor.get("accounts.sign_up").form("/fr/sign-up"), **FORM}
    for _ in range(2):
        visitor.open("POST", "/fr/sign-up", status=303, data=fields)
    assert (make.count(SignUp), make.count(OutgoingMail)) == (1, 1)


def test_extra_fields_give_no_right(app: Flask, as_: Any) -> None:
    extra = {"role": "administrator", "functions": "administrator", "is_active": "", "id": "1", "totp_secret": "x"}
    sign_up(as_("visitor"), **extra, requires_second_factor="1", email_key="x", name_key="x", by="x")
    as_("visitor").post(mailbox.link(app), {"password": make.PASSWORD, **extra})
    user = queries.by_email(NEW)
    assert user is not None
    assert (user.functions, user.totp_secret, user.email_key, user.name_key) == ([], None, NEW, "zoe essai")


# -- links -------------------------------------------------------------------------------------------------------------


def test_a_reset_changes_the_password_ends_the_sessions_and_signs_in(app: Flask, as_: Any) -> None:
    make.user(NEW)
    with writing():
        from app.accounts import sessions

        sessions.sign_in(queries.by_email(NEW))  # type: ignore[arg-type]
    ask(as_("visitor"))
    path, visitor = mailbox.link(app), as_("visitor")
    visitor.get(path)
    assert visitor.post(path, {"password": OTHER}).headers["Location"] == "/fr/account"
    assert make.count(SignIn) == 1
    assert mailbox.last(app)["Subject"] == "Votre mot de passe a changé"
    visitor.get(path, status=404)
    assert words()[-3:] == ["accounts.reset_asked", "accounts.password_reset", "accounts.signed_in"]


def test_asking_for_a_reset_says_and_does_the_same_for_every_address(app: Flask, as_: Any, hashes: list[str]) -> None:
    make.user("known@example.org")
    invited("invited@example.org")
    closed = make.user("closed@example.org")
    with writing():
        closed.is_active = False
        db.session.query(OutgoingMail).delete()
    hashes.clear()
    seen = set()
    for email in ("nobody@example.org", "known@example.org", "invited@example.org", "closed@example.org"):
        visitor = as_("visitor")
        answer = ask(visitor, email)
        seen.add((answer.status, answer.headers["Location"], bare(visitor.get(answer.headers["Location"]).text)))
    assert (len(seen), hashes) == (1, [])
    assert templates() == ["accounts/no_account", "accounts/reset", "accounts/no_link", "accounts/no_link"]
    assert db.session.query(AccountToken).filter_by(purpose=TokenPurpose.RESET).count() == 1


def test_a_reset_neither_accepts_nor_revives_an_invitation(app: Flask, as_: Any, at: Any) -> None:
    now = at("2027-01-01T10:00")
    invited()
    invitation = mailbox.link(app)
    clock.freeze(now + timedelta(days=7))
    as_("visitor").get(invitation, status=404)
    ask(as_("visitor"))
    assert mailbox.last(app)["Subject"] == "À propos de votre compte"
    assert mailbox.LINK.search(mailbox.last(app).get_content()) is None
    as_("visitor").get(invitation.replace("/invitation/", "/reset-password/"), status=404)
    user = queries.by_email(NEW)
    assert user is not None and user.state == AccountState.INVITED


@pytest.mark.parametrize(("purpose", "hours"), [("reset", 1), ("verification", 24), ("invitation", 7 * 24)])
def test_a_link_works_until_its_term_from_the_moment_its_mail_is_written(
    app: Flask, as_: Any, at: Any, purpose: str, hours: int
) -> None:
    now = at("2027-01-01T10:00")
    if purpose == "invitation":
        invited()
    elif purpose == "verification":
        sign_up(as_("visitor"))
    else:
        make.user(NEW)
        ask(as_("visitor"))
    clock.freeze(now + timedelta(hours=5))  # the mail server was away
    path = mailbox.link(app)
    clock.freeze(now + timedelta(hours=5 + hours) - timedelta(seconds=1))
    as_("visitor").get(path)
    clock.freeze(now + timedelta(hours=5 + hours))
    as_("visitor").get(path, status=404)
    as_("visitor", lang="en").get(path.replace("/fr/", "/en/"), status=404)


@pytest.mark.parametrize("change", ["password", "reset", "closed"])
def test_a_link_ends_with_what_it_was_for(app: Flask, as_: Any, change: str) -> None:
    number = make.user(NEW).id
    ask(as_("visitor"))
    path = mailbox.link(app)
    with writing():
        user = queries.get(number)
        if change == "password":
            credentials.change_password(user, passwords.make(OTHER))
        elif change == "closed":
            service.deactivate(OPERATOR, user, reason="x")
        else:
            credentials.ask_reset(NEW, "fr")
    if change == "reset":
        as_("visitor").post(mailbox.link(app), {"password": OTHER})
    as_("visitor").get(path, status=404)


def test_a_link_revoked_before_its_mail_left_is_not_sent(app: Flask, as_: Any) -> None:
    number = make.user(NEW).id
    ask(as_("visitor"))
    with writing():
        credentials.change_password(queries.get(number), passwords.make(OTHER))
    assert [message["Subject"] for message in mailbox.received(app)] == ["Votre mot de passe a changé"]
    assert {row.template: row.status for row in db.session.query(OutgoingMail)} == {
        "accounts/reset": mail.OBSOLETE, "accounts/password_changed": mail.SENT,
    }  # fmt: skip


@pytest.mark.parametrize("secret", ["A" * 43, "short", "A" * 42 + "é", "A" * 44])
def test_a_link_that_is_not_whole_opens_nothing(app: Flask, as_: Any, secret: str) -> None:
    make.user(NEW)
    ask(as_("visitor"))
    number = mailbox.link(app).split("/")[-2]
    for path in (f"/fr/reset-password/{number}/{secret}", f"/fr/reset-password/999999/{secret}"):
        as_("visitor").get(path, status=404)


def test_a_link_is_good_for_its_own_purpose_only(app: Flask, as_: Any) -> None:
    make.user(NEW)
    ask(as_("visitor"))
    path = mailbox.link(app)
    for other in ("verify", "invitation", "account/email", "account/email-back"):
        as_("visitor").get(path.replace("reset-password", other), status=404)


def test_a_weak_password_does_not_use_the_link_up(app: Flask, as_: Any) -> None:
    make.user(NEW, "Zoé Essai")
    ask(as_("visitor"))
    path, visitor = mailbox.link(app), as_("visitor")
    for weak in ("short", "motdepasse2027", "Zoé Essai 2027", "zoe@example.org"):
        visitor.post(path, {"password": weak}, status=422)
    visitor.post(path, {"password": OTHER})


def test_ten_that_use_one_link_at_once_are_one(app: Flask, as_: Any) -> None:
    make.user(NEW)
    ask(as_("visitor"))
    path = mailbox.link(app)
    number, secret = path.split("/")[-2:]
    db.session.remove()

    def use(_place: int) -> bool:
        def act() -> bool:
            with app.app_context():
                try:
                    with writing():
                        token = tokens.find(TokenPurpose.RESET, int(number), secret)
                        if token is None:
                            return False
                        credentials.reset(token, "hash")
                        return True
                except credentials.LinkUsed:
                    return False
                finally:
                    db.session.remove()

        return contextvars.Context().run(act)

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(use, range(10))) == 1


def test_an_invitation_is_accepted_once_with_a_name_a_language_and_a_password(app: Flask, as_: Any) -> None:
    invited()
    path, visitor = mailbox.link(app), as_("visitor")
    assert visitor.get(path).css("//input[@name='name']/@value") == ["Zoé Essai"]
    visitor.post(path, {"name": "", "lang": "en", "password": OTHER}, status=422)
    visitor.post(path, {"name": "Zoé Autre", "lang": "en", "password": OTHER})
    user = queries.by_email(NEW)
    assert user is not None
    assert (user.name, user.lang, user.state) == ("Zoé Autre", "en", AccountState.OPEN)
    visitor.get(path, status=404)


def test_an_invitation_with_a_function_leads_to_the_second_factor(app: Flask, as_: Any) -> None:
    user = invited()
    with writing():
        service.grant(user, FunctionKind.SECRETARIAT, starts_on=clock.today())
    visitor = as_("visitor")
    answer = visitor.post(mailbox.link(app), {"name": "Zoé", "lang": "fr", "password": OTHER})
    assert (answer.headers["Location"], make.count(SignIn)) == ("/fr/sign-in/second-factor", 0)


def test_a_throttled_owner_comes_in_by_a_reset(app: Flask, as_: Any) -> None:
    make.user(NEW)
    visitor = as_("visitor")
    for _ in range(10):
        visitor.post("accounts.sign_in", {"email": NEW, "password": "wrong"}, status=422)
    visitor.post("accounts.sign_in", {"email": NEW, "password": make.PASSWORD}, status=429)
    ask(visitor)
    visitor.post(mailbox.link(app), {"password": OTHER})
    as_("visitor").post("accounts.sign_in", {"email": NEW, "password": OTHER})


def test_neither_the_outbox_nor_the_tokens_hold_a_secret(app: Flask, as_: Any) -> None:
    make.user(NEW)
    ask(as_("visitor"))
    secret = mailbox.link(app).rsplit("/", 1)[1]
    row, token = db.session.query(OutgoingMail).one(), db.session.query(AccountToken).one()
    assert set(row.arguments) == {"name", "token_id"}
    assert (len(secret), secret in repr(vars(token)), len(token.digests)) == (43, False, 1)
    assert secret not in mail.compose(row).get_content()
    assert f"/{token.id}/{mail.MASK}\n" in mail.compose(row).get_content()


def test_addresses_nobody_confirmed_go_after_two_days(app: Flask, as_: Any, at: Any) -> None:
    now = at("2027-01-01T10:00")
    sign_up(as_("visitor"))
    for moment, left in ((timedelta(days=2), 1), (timedelta(days=2, seconds=1), 0)):
        with writing():
            credentials.sweep_sign_ups(now + moment)
        assert (make.count(SignUp), make.count(AccountToken)) == (left, left)
    assert mailbox.received(app) == []  # its mail had not left: nothing to say any more
