"""One's own account: name, password, address, sessions; and the password asked again before a dangerous act (S06)."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts import credentials, passwords, queries, service
from app.accounts.models import AccountToken, SignIn, User
from app.accounts.policy import OPERATOR
from app.accounts.states import FunctionKind, TokenPurpose
from app.core import clock
from app.core.audit import AuditEntry
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.transaction import writing
from tests import make
from tests.accounts import mailbox

EMAIL, NEW, OTHER = "account@example.org", "new@example.org", "trois tulipes et une enclume"
STALE = timedelta(minutes=10, seconds=1)


def account() -> User:
    user = queries.by_email(EMAIL)
    assert user is not None
    return user


def words() -> list[str]:
    return [row.word for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def cookie(client: Any) -> str:
    return str(client.raw.get_cookie("forum").value)


# -- confirmation ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "asked"), [(timedelta(minutes=10), False), (STALE, True)])
def test_a_dangerous_page_asks_for_the_password_after_ten_minutes(as_: Any, at: Any, after: Any, asked: bool) -> None:
    start = at("2027-01-01T10:00:00")
    client = as_("account")
    clock.freeze(start + after)
    answer = client.get("accounts.password", status=303 if asked else 200)
    if asked:
        assert answer.headers["Location"] == "/fr/confirm?next=/fr/account/password"
        before = cookie(client)
        answer = client.post("/fr/confirm", {"confirm_password": make.PASSWORD}, page=answer.headers["Location"])
        assert answer.headers["Location"] == "/fr/account/password"
        assert cookie(client) != before
        client.get("accounts.password")
        assert words()[-1] == "accounts.confirmed"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_was_posted_goes_on_after_the_password(as_: Any, at: Any, lang: str) -> None:
    start = at("2027-01-01T10:00:00")
    client = as_("account", lang=lang)
    path = f"/{lang}/account/email"
    fields = {**client.get(path).form(path), "email": NEW, "extra": 'a "quoted" <b>\ntext</b>'}
    clock.freeze(start + STALE)
    asked = client.open("POST", path, status=422, data=fields)
    carried = asked.form(path)
    assert (carried["email"], carried["extra"].replace("\r\n", "\n"), carried["once"]) == (
        NEW, fields["extra"], fields["once"],
    )  # fmt: skip
    assert make.count(OutgoingMail) == 0
    wrong = client.open("POST", path, status=422, data={**carried, "confirm_password": "not this one"})
    assert wrong.form(path)["email"] == NEW
    assert words()[-1] == "accounts.confirmation_refused"
    answer = client.open("POST", path, status=303, data={**wrong.form(path), "confirm_password": make.PASSWORD})
    assert answer.headers["Location"] == f"/{lang}/check-your-mail"
    assert make.count(OutgoingMail) == 1
    client.get("accounts.password")


def test_a_confirmation_stands_although_the_act_is_refused(as_: Any, at: Any) -> None:
    start = at("2027-01-01T10:00:00")
    client = as_("account")
    fields = client.get("accounts.password").form("/fr/account/password")
    clock.freeze(start + STALE)
    sent = {**fields, "password": "short", "confirm_password": make.PASSWORD}
    client.open("POST", "/fr/account/password", status=422, data=sent)
    client.get("accounts.password")


def test_the_session_of_before_a_confirmation_is_worth_nothing_after(as_: Any, at: Any) -> None:
    start = at("2027-01-01T10:00:00")
    client = as_("account")
    old = cookie(client)
    clock.freeze(start + STALE)
    client.post("/fr/confirm", {"confirm_password": make.PASSWORD}, page="/fr/confirm")
    again = as_("visitor", strict=False)
    again.raw.set_cookie("forum", old)
    again.get("accounts.account", status=303)
    client.get("accounts.account")


def test_guesses_at_a_confirmation_count_as_sign_ins(as_: Any, at: Any) -> None:
    start = at("2027-01-01T10:00:00")
    client = as_("account")
    clock.freeze(start + STALE)
    for _ in range(10):
        client.post("/fr/confirm", {"confirm_password": "wrong"}, status=422)
    client.post("/fr/confirm", {"confirm_password": make.PASSWORD}, status=429)
    as_("visitor").post("accounts.sign_in", {"email": EMAIL, "password": make.PASSWORD}, status=429)


def test_htmx_gets_the_whole_page_that_asks(as_: Any, at: Any) -> None:
    start = at("2027-01-01T10:00:00")
    client = as_("account", strict=False)
    fields = client.get("accounts.email").form("/fr/account/email")
    clock.freeze(start + STALE)
    answer = client.open(
        "POST", "/fr/account/email", status=422, headers={"HX-Request": "true"}, data={**fields, "email": NEW}
    )
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("body", "innerHTML")
    assert answer.form("/fr/account/email")["email"] == NEW


def test_a_file_cannot_wait_and_the_page_says_so(as_: Any, at: Any) -> None:
    from io import BytesIO

    start = at("2027-01-01T10:00:00")
    client = as_("account")
    fields = client.get("accounts.email").form("/fr/account/email")
    clock.freeze(start + STALE)
    data = {**fields, "email": NEW, "file": (BytesIO(b"x"), "x.csv")}
    answer = client.open("POST", "/fr/account/email", status=422, data=data)
    assert "Un fichier ne peut pas attendre ici" in answer.words
    assert answer.form("/fr/confirm")["next"] == "/fr/account/email"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", "Un mot de passe n’est jamais gardé dans une page"),
        ("en", "A password is never kept in a page: you will have to type the new one again on the next page."),
    ],
)
def test_a_new_password_is_never_written_back_into_the_page_that_asks(as_: Any, at: Any, lang: str, said: str) -> None:
    start = at("2027-01-01T10:00:00")
    client = as_("account", lang=lang)
    path = f"/{lang}/account/password"
    fields = client.get(path).form(path)
    clock.freeze(start + STALE)
    for wrong in ({}, {"confirm_password": "not this one"}):
        asked = client.open("POST", path, status=422, data={**fields, "password": OTHER, **wrong})
        assert (OTHER in asked.text, said in asked.words) == (False, True)
        assert asked.form(f"/{lang}/confirm")["next"] == path
    sent = {**asked.form(f"/{lang}/confirm"), "confirm_password": make.PASSWORD}
    answer = client.open("POST", f"/{lang}/confirm", status=303, data=sent)
    assert answer.headers["Location"] == path
    client.post(path, {"password": OTHER})
    assert passwords.matches(OTHER, account().password_hash)


@pytest.mark.parametrize("address", ["//evil.example", "https:evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_confirmation_leads_nowhere_else(as_: Any, address: str) -> None:
    client = as_("account")
    fields = client.get("accounts.confirm").form("/fr/confirm")
    data = {**fields, "next": address, "confirm_password": make.PASSWORD}
    assert client.open("POST", "/fr/confirm", status=303, data=data).headers["Location"] == "/fr/account"


# -- name, password, sessions ------------------------------------------------------------------------------------------


def test_name_and_language_are_changed_by_their_owner(as_: Any) -> None:
    client = as_("account")
    client.post("accounts.identity", {"name": "Élodie Œuf", "lang": "en"})
    assert (account().name, account().name_key, account().lang) == ("Élodie Œuf", "elodie oeuf", "en")
    assert "Le nom et la langue ont été enregistrés." in client.get("accounts.account").words
    assert "Le nom et la langue" not in client.get("accounts.account").words
    row = db.session.query(AuditEntry).filter_by(word="accounts.identity_changed").one()
    assert row.details == {"fields": ["name", "lang"]}


@pytest.mark.parametrize("name", ["", "\u200b", "a\nb", "x" * 201, "a\x00b", "\u202eevil"])
def test_a_name_that_cannot_be_one_is_refused(as_: Any, name: str) -> None:
    as_("account").post("accounts.identity", {"name": name}, status=422)
    assert account().name == "Account"


def test_extra_fields_change_nothing_else(as_: Any) -> None:
    extra = {
        "email": NEW,
        "email_key": NEW,
        "is_active": "",
        "requires_second_factor": "1",
        "functions": "x",
        "id": "9",
    }
    as_("account").post("accounts.identity", {"name": "Nouveau", "lang": "fr", **extra})
    assert (account().name, account().functions, account().requires_second_factor) == ("Nouveau", [], False)


def test_a_new_password_ends_the_other_sessions_and_is_told(app: Flask, as_: Any) -> None:
    client, other = as_("account"), as_("account")
    before = cookie(client)
    client.post("accounts.password", {"password": OTHER})
    other.get("accounts.account", status=303)
    assert "Le mot de passe a été changé." in client.get("accounts.account").words
    assert (cookie(client) != before, make.count(SignIn)) == (True, 1)
    assert passwords.matches(OTHER, account().password_hash)
    assert mailbox.last(app)["Subject"] == "Votre mot de passe a changé"
    assert "accounts.password_changed" in words()


def test_one_signs_out_everywhere_else(as_: Any) -> None:
    client, other = as_("account"), as_("account")
    assert len(client.get("accounts.account").css("//ul[@id or ancestor::*[@id='session-list']]/li")) == 2
    client.post("accounts.sign_out_elsewhere", page="/fr/account")
    other.get("accounts.account", status=303)
    assert client.get("accounts.account").css("//form[contains(@action, 'sessions/end')]") == []
    row = db.session.query(AuditEntry).filter_by(word="accounts.signed_out_elsewhere").one()
    assert row.details == {"sessions": 1}


def test_a_session_is_named_after_its_browser_and_system(as_: Any) -> None:
    make.user()
    visitor = as_("visitor")
    fields = visitor.get("accounts.sign_in").form("/fr/sign-in")
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    data = {**fields, "email": "camille@example.org", "password": make.PASSWORD}
    visitor.open("POST", "/fr/sign-in", status=303, data=data, headers={"User-Agent": agent})
    assert db.session.query(SignIn).one().device == "Firefox, Windows"


# -- address -----------------------------------------------------------------------------------------------------------


def changed(app: Flask, client: Any, email: str = NEW) -> str:
    """Ask, confirm from the new mailbox; the path of the way back, sent to the old one."""
    client.post("accounts.email", {"email": email})
    path = mailbox.link(app)
    client.get(path)
    client.post(path, {})
    return mailbox.link(app)


def test_an_address_changes_when_the_new_one_confirms_and_the_old_one_is_warned(app: Flask, as_: Any) -> None:
    client = as_("account")
    client.post("accounts.email", {"email": NEW})
    assert account().email == EMAIL
    message, path = mailbox.last(app), mailbox.link(app)
    assert (message["To"], message["Subject"]) == (NEW, "Confirmez votre nouvelle adresse")
    for _ in range(2):
        as_("visitor").get(path)
    stranger = as_("visitor")
    assert stranger.post(path, {}).headers["Location"] == "/fr/account/email/changed"
    stranger.get("accounts.email_changed")
    client.get("accounts.account", status=303)
    user = queries.by_email(NEW)
    assert user is not None and (user.email_key, queries.by_email(EMAIL)) == (NEW, None)
    warned = mailbox.last(app)
    assert (warned["To"], warned["Subject"]) == (EMAIL, "L’adresse de votre compte a changé")
    as_("visitor").get(path, status=404)
    as_("visitor").post("accounts.sign_in", {"email": NEW, "password": make.PASSWORD})


def test_the_old_address_takes_the_account_back_with_a_new_password(app: Flask, as_: Any) -> None:
    back = changed(app, as_("account"))
    with writing():  # whoever took the account changes its password, then the address again
        credentials.change_password(queries.by_email(NEW), passwords.make(OTHER))  # type: ignore[arg-type]
    thief = as_("visitor")
    thief.post("accounts.sign_in", {"email": NEW, "password": OTHER})
    second = changed(app, thief, "third@example.org")
    owner = as_("visitor")
    owner.get(back)
    owner.post(back, {"password": "quatre pommes sur la table"})
    assert passwords.matches("quatre pommes sur la table", account().password_hash)
    thief.get("accounts.account", status=303)
    as_("visitor").get(second, status=404)
    as_("visitor").get(back, status=404)
    assert words()[-2:] == ["accounts.email_given_back", "accounts.signed_in"]


def test_a_way_back_never_ends_an_earlier_one(app: Flask, as_: Any) -> None:
    """Whoever took the account moves it twice and gives it back to their own first address: the owner's link works."""
    thief = as_("account")
    owners = changed(app, thief)
    thief = as_("visitor")
    thief.post("accounts.sign_in", {"email": NEW, "password": make.PASSWORD})
    theirs = changed(app, thief, "third@example.org")
    as_("visitor").post(theirs, {"password": OTHER})
    assert queries.by_email(NEW) is not None
    owner = as_("visitor")
    owner.post(owners, {"password": "quatre pommes sur la table"})
    assert passwords.matches("quatre pommes sur la table", account().password_hash)
    assert (queries.by_email(NEW), queries.by_email("third@example.org")) == (None, None)
    for path in (owners, theirs):
        as_("visitor").get(path, status=404)


def test_closing_an_account_ends_its_way_back_only_while_it_is_closed(app: Flask, as_: Any) -> None:
    """Closed because an intruder had changed its address, then opened again: its owner takes it back."""
    back = changed(app, as_("account"))
    with writing():
        service.deactivate(OPERATOR, queries.by_email(NEW), reason="x")  # type: ignore[arg-type]
    as_("visitor").get(back, status=404)
    with writing():
        service.reactivate(OPERATOR, queries.by_email(NEW), reason="x")  # type: ignore[arg-type]
    as_("visitor").post(back, {"password": OTHER})
    assert passwords.matches(OTHER, account().password_hash)


@pytest.mark.parametrize(
    ("after", "status"), [(timedelta(days=7) - timedelta(seconds=1), 200), (timedelta(days=7), 404)]
)
def test_the_way_back_is_open_for_seven_days(app: Flask, as_: Any, at: Any, after: timedelta, status: int) -> None:
    start = at("2027-01-01T10:00")
    back = changed(app, as_("account"))
    clock.freeze(start + after)
    as_("visitor").get(back, status=status)


def test_an_address_that_has_an_account_is_answered_alike_and_its_owner_told(app: Flask, as_: Any) -> None:
    make.user(NEW)
    client = as_("account")
    assert client.post("accounts.email", {"email": NEW.upper()}).headers["Location"] == "/fr/check-your-mail"
    assert mailbox.last(app)["Subject"] == "Cette adresse a déjà un compte"
    assert db.session.query(AccountToken).filter_by(purpose=TokenPurpose.EMAIL_CHANGE).count() == 0


def test_a_fourth_request_for_one_new_address_is_answered_alike_and_spoils_no_link(
    app: Flask, as_: Any, at: Any
) -> None:
    """Counted apart from sign-ups: a stranger who gives the address in somebody's name does not keep them from it."""
    at("2027-01-01T10:00:00")
    for _ in range(3):
        as_("visitor").post("accounts.sign_up", {"name": "Intrus", "email": NEW, "password": OTHER, "lang": "fr"})
    client = as_("account")
    for _ in range(3):
        client.post("accounts.email", {"email": NEW})
    path = mailbox.link(app)
    assert client.post("accounts.email", {"email": NEW}).headers["Location"] == "/fr/check-your-mail"
    assert words().count("accounts.email_change_asked") == 3
    client.post(path, {})
    assert queries.by_email(NEW) is not None


@pytest.mark.parametrize("direction", ["change", "back"])
def test_an_address_taken_meanwhile_is_refused(app: Flask, as_: Any, direction: str) -> None:
    client = as_("account")
    if direction == "back":
        path, taken, data = changed(app, client), EMAIL, {"password": OTHER}
    else:
        client.post("accounts.email", {"email": NEW})
        path, taken, data = mailbox.link(app), NEW, {}
    make.user(taken, "Autre")
    as_("visitor").post(path, data, status=422)
    assert sorted(user.email for user in db.session.query(User)) == sorted({EMAIL, NEW})


@pytest.mark.parametrize("email", ["", EMAIL, EMAIL.upper(), "a@b", "a@x.fr,b@x.fr", "a@x.fr\r\nBcc: b@x.fr"])
def test_a_new_address_that_is_none_is_refused(as_: Any, email: str) -> None:
    as_("account").post("accounts.email", {"email": email}, status=422)
    assert make.count(OutgoingMail) == 0


def test_a_link_for_a_new_address_ends_with_the_password(app: Flask, as_: Any) -> None:
    client = as_("account")
    client.post("accounts.email", {"email": NEW})
    path = mailbox.link(app)
    client.post("accounts.password", {"password": OTHER})
    as_("visitor").get(path, status=404)


def test_a_change_of_address_keeps_the_second_factor(app: Flask, as_: Any) -> None:
    changed(app, as_("secretariat"))
    answer = as_("visitor").post("accounts.sign_in", {"email": NEW, "password": make.PASSWORD})
    assert answer.headers["Location"] == "/fr/sign-in/code"


# -- every session ends with what gave it its rights -------------------------------------------------------------------


@pytest.mark.parametrize("change", ["granted", "ended", "closed", "required", "second factor"])
def test_a_change_of_rights_ends_the_sessions_at_once(as_: Any, change: str) -> None:
    client = as_("secretariat" if change in ("ended", "second factor") else "account")
    client.get("accounts.account")
    boss = make.cast("administrator")
    with writing():
        user = queries.get(client.user.id) if change != "x" else None
        assert user is not None
        if change == "granted":
            service.grant(user, FunctionKind.SECRETARIAT, starts_on=clock.today(), by=boss)
        elif change == "ended":
            service.end_function(boss, user.functions[0], ends_on=clock.today(), reason="x")
        elif change == "closed":
            service.deactivate(OPERATOR, user, reason="x")
        elif change == "required":
            service.set_second_factor_required(user, True)
        else:
            service.reset_second_factor(boss, user)
    client.get("accounts.account", status=303)
