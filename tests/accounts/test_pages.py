"""Signing in and out, and what a session is worth."""

import re
from datetime import date, timedelta
from typing import Any

import argon2._password_hasher as library
import pytest
from argon2 import low_level
from flask import Flask

from app.accounts import passwords, queries
from app.accounts.models import SignIn
from app.accounts.states import FunctionKind
from app.core import clock
from app.core.audit import AuditEntry
from app.core.extensions import db
from app.core.transaction import writing
from tests import make
from tests.support import hostile

KNOWN, WRONG = "camille@example.org", "not the password"


def try_in(client: Any, email: str, password: str = WRONG, status: int | None = 422, **more: str) -> Any:
    return client.post("accounts.sign_in", {"email": email, "password": password, **more}, status=status)


def place_of(meeting: Any) -> dict[str, Any]:
    """What its address is made of: the row itself does not outlive a request."""
    return {"meeting_id": meeting.id, "slug": meeting.slug}


def without_tokens(html: str, email: str) -> str:
    return re.sub(r'name="csrf_token"[^>]*|[0-9a-f]{16}', "", html).replace(email, "EMAIL")


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch, app: Flask) -> list[str]:
    """One entry for each password hash computed by the library."""
    passwords.matches(WRONG, None)
    seen: list[str] = []

    def counted(name: str, real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            seen.append(name)
            return real(*args, **kwargs)

        return call

    monkeypatch.setattr(library, "verify_secret", counted("verify", low_level.verify_secret))
    monkeypatch.setattr(library, "hash_secret", counted("hash", low_level.hash_secret))
    return seen


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_known_unknown_closed_and_passwordless_accounts_answer_alike_with_one_hash(
    as_: Any, hashes: list[str], lang: str
) -> None:
    make.user(KNOWN)
    closed, bare = make.user("closed@example.org"), make.user("without@example.org")
    with writing():
        closed.is_active, bare.password_hash = False, None
    hashes.clear()
    bodies = set()
    for email in (KNOWN, "nobody@example.org", "closed@example.org", "without@example.org"):
        answer = try_in(as_("visitor", lang=lang), email)
        bodies.add(without_tokens(answer.text, email))
        # To verify a hash or to make one is the same work: Argon2 is run once.
        assert (email, hashes) == (email, ["verify" if email == KNOWN else "hash"])
        hashes.clear()
    assert len(bodies) == 1


def test_the_right_password_costs_one_hash_too(as_: Any, hashes: list[str]) -> None:
    make.user(KNOWN)
    hashes.clear()
    try_in(as_("visitor"), KNOWN, make.PASSWORD, 303)
    assert hashes == ["verify"]


@pytest.mark.parametrize("typed", ["camille@example.org", " CAMILLE@Example.ORG ", "Camille@example.org"])
def test_an_address_is_compared_without_case(as_: Any, typed: str) -> None:
    make.user(KNOWN)
    assert try_in(as_("visitor"), typed, make.PASSWORD, 303).headers["Location"] == "/fr/account"


@pytest.mark.parametrize(
    ("email", "password"), [("", WRONG), (KNOWN, ""), (" ", WRONG), ("a\x00b@example.org", WRONG), ("x" * 321, WRONG)]
)
def test_a_form_that_is_not_filled_in_is_refused_and_counts_for_nothing(as_: Any, email: str, password: str) -> None:
    answer = try_in(as_("visitor"), email, password)
    assert len(answer.css("//*[@class='govuk-error-summary__title']")) == 1
    assert make.count(AuditEntry) == 0


def test_a_password_is_never_sent_back(as_: Any) -> None:
    assert WRONG not in try_in(as_("visitor"), KNOWN).text


@pytest.mark.parametrize(("lang", "title"), [("fr", "Trop de tentatives"), ("en", "Too many attempts")])
def test_the_eleventh_attempt_in_five_minutes_waits(as_: Any, at: Any, lang: str, title: str) -> None:
    at("2027-01-01T10:00:00")
    make.user(KNOWN)
    visitor = as_("visitor", lang=lang)
    for _ in range(10):
        try_in(visitor, KNOWN)
    at("2027-01-01T10:01:00")
    answer = try_in(visitor, KNOWN, make.PASSWORD, 429)
    assert answer.headers["Retry-After"] == "240"
    assert answer.css("//h1")[0].text_content() == title
    try_in(visitor, "other@example.org")
    at("2027-01-01T10:05:00")
    try_in(visitor, KNOWN, make.PASSWORD, 303)


def test_an_unknown_address_is_limited_like_a_known_one(as_: Any) -> None:
    visitor = as_("visitor")
    for _ in range(10):
        try_in(visitor, "nobody@example.org")
    try_in(visitor, "NOBODY@example.org ", status=429)


def test_the_session_changes_at_sign_in(as_: Any) -> None:
    make.user(KNOWN)
    visitor = as_("visitor")
    visitor.get("accounts.sign_in")
    before = visitor.raw.get_cookie("forum").value
    token = visitor.get("accounts.sign_in").form("/fr/sign-in")["csrf_token"]
    try_in(visitor, KNOWN, make.PASSWORD, 303)
    assert visitor.raw.get_cookie("forum").value != before
    stale = {"csrf_token": token, "email": KNOWN, "password": make.PASSWORD}
    visitor.open("POST", "/fr/sign-in", status=400, data=stale)


def test_a_cookie_played_again_after_sign_out_is_anonymous(as_: Any) -> None:
    account = as_("account")
    cookie = account.raw.get_cookie("forum").value
    assert account.get("accounts.account").status == 200
    account.post("/fr/sign-out", page="/fr/account")
    again = as_("visitor", strict=False)
    again.raw.set_cookie("forum", cookie)
    assert again.get("accounts.account", status=303).headers["Location"] == "/fr/sign-in?next=/fr/account"
    assert make.count(SignIn) == 0


def test_the_row_of_a_session_does_not_hold_its_secret(as_: Any, app: Flask) -> None:
    account = as_("account")
    with account.raw.session_transaction() as kept:
        secret = kept["sid"]
    row = db.session.query(SignIn).one()
    assert (len(row.digest), secret in row.digest, len(secret)) == (64, False, 43)


@pytest.mark.parametrize("value", ["x", "", ".eJ.x.y", "a" * 4000])
def test_a_cookie_that_is_not_ours_is_anonymous(as_: Any, value: str) -> None:
    visitor = as_("visitor", strict=False)
    visitor.raw.set_cookie("forum", value)
    visitor.get("accounts.account", status=303)
    visitor.get("pages.home")


@pytest.mark.parametrize(
    ("who", "idle", "absolute"),
    [("account", timedelta(hours=12), timedelta(days=7)), ("secretariat", timedelta(hours=2), timedelta(hours=12))],
)
def test_a_session_ends_when_idle_and_ends_in_any_case(
    as_: Any, at: Any, who: str, idle: timedelta, absolute: timedelta
) -> None:
    start = at("2027-01-04T08:00:00")
    make.cast(who)
    client = as_(who)
    clock.freeze(start + idle)
    client.get("accounts.account")
    clock.freeze(start + idle + idle + timedelta(seconds=1))
    client.get("accounts.account", status=303)
    clock.freeze(start)
    client = as_(who)
    moment, step = start, idle - timedelta(minutes=1)
    while moment + step < start + absolute:
        moment += step
        clock.freeze(moment)
        client.get("accounts.account")
    clock.freeze(start + absolute)
    client.get("accounts.account", status=303)


def test_reading_does_not_write_a_cookie_more_than_once_a_minute(as_: Any, at: Any) -> None:
    at("2027-01-04T08:00:00")
    account = as_("account")
    at("2027-01-04T08:00:59")
    assert (
        "Set-Cookie" not in account.get("accounts.account").headers
        or "seen" not in account.get("accounts.account").headers
    )
    at("2027-01-04T08:01:00")
    assert "Set-Cookie" in account.get("accounts.account").headers


def test_a_function_that_is_given_ends_the_session_and_works_at_the_next(as_: Any) -> None:
    draft = place_of(make.meeting("Projet CANARY", published=False))
    account = as_("account")
    account.get("meetings.show", **draft, status=404)
    make.function(make.cast("account"), FunctionKind.SECRETARIAT)
    account.get("accounts.account", status=303)
    as_("account").get("meetings.show", **draft)


def test_a_function_that_is_ended_closes_its_doors_at_the_next_request(as_: Any) -> None:
    draft = place_of(make.meeting("Projet CANARY", published=False))
    secretariat = as_("secretariat")
    secretariat.get("meetings.show", **draft)
    with writing():
        make.cast("secretariat").functions[0].ends_on = clock.today() - timedelta(days=1)
    secretariat.get("meetings.show", **draft, status=404)


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2027-03-09T23:59", 404),
        ("2027-03-10T00:00", 200),
        ("2027-03-28T12:00", 200),
        ("2027-03-31T23:59", 200),
        ("2027-04-01T00:00", 404),
    ],
)
def test_a_function_opens_its_doors_between_its_dates_only(as_: Any, at: Any, moment: str, status: int) -> None:
    at("2027-03-01T12:00")
    draft = place_of(make.meeting("Projet CANARY", published=False))
    make.function(
        make.cast("account"), FunctionKind.SECRETARIAT, starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 31)
    )
    at(moment)
    as_("account").get("meetings.show", **draft, status=status)


def test_an_account_that_is_closed_is_out_at_the_next_request(as_: Any) -> None:
    account = as_("account")
    with writing():
        make.cast("account").is_active = False
    account.get("accounts.account", status=303)


@pytest.mark.parametrize("address", hostile.REDIRECTS)
def test_an_address_of_elsewhere_leads_to_ones_own_account(as_: Any, address: str) -> None:
    make.user(KNOWN)
    answer = try_in(as_("visitor"), KNOWN, make.PASSWORD, 303, next=address)
    expected = address if address.startswith("/%0d%0a") else "/fr/account"
    assert answer.headers["Location"] == expected
    assert len(answer.headers.getlist("Location")) == 1


@pytest.mark.parametrize("address", ["/fr/meetings/", "/en/search?q=a&page=1", "/fr/account#x"])
def test_an_address_of_this_site_is_followed(as_: Any, address: str) -> None:
    make.user(KNOWN)
    assert try_in(as_("visitor"), KNOWN, make.PASSWORD, 303, next=address).headers["Location"] == address


def test_htmx_is_led_by_its_own_header(as_: Any) -> None:
    make.user(KNOWN)
    answer = as_("visitor").post(
        "accounts.sign_in",
        {"email": KNOWN, "password": make.PASSWORD, "next": "//evil.example"},
        status=200,
        headers={"HX-Request": "true"},
    )
    assert answer.headers["HX-Redirect"] == "/fr/account"


def test_the_account_page_opens_in_the_language_of_the_address(as_: Any) -> None:
    make.user(KNOWN, lang="fr")
    assert try_in(as_("visitor", lang="en"), KNOWN, make.PASSWORD, 303).headers["Location"] == "/en/account"


def test_extra_fields_change_nothing(as_: Any) -> None:
    user = make.user(KNOWN)
    try_in(
        as_("visitor"),
        KNOWN,
        make.PASSWORD,
        303,
        role="administrator",
        is_active="",
        id="1",
        email_key="x",
        functions="secretariat",
    )
    user = queries.by_email(KNOWN)
    assert user is not None
    assert (user.functions, user.is_active, user.email_key) == ([], True, KNOWN)


def test_every_sign_in_leaves_its_row(as_: Any) -> None:
    number = make.user(KNOWN).id
    visitor = as_("visitor", strict=False)
    try_in(visitor, KNOWN)
    try_in(visitor, KNOWN, make.PASSWORD, 303)
    visitor.post("/fr/sign-out", page="/fr/account")
    rows = db.session.query(AuditEntry.word, AuditEntry.actor_id).order_by(AuditEntry.id).all()
    assert [tuple(row) for row in rows][1:] == [
        ("accounts.sign_in_refused", None), ("accounts.signed_in", number), ("accounts.signed_out", number),
    ]  # fmt: skip
