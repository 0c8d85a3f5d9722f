"""Production refuses to start with anything unsafe; Flask's own defaults are replaced (S07)."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from app import create_app, settings

KEY = "k9Qw-3vXz_7LmPq2RtYs8UbNc4EdFg6Hj"
SAFE = {
    "FORUM_ENV": "production",
    "FORUM_SECRET_KEY": KEY,
    "FORUM_TRUSTED_HOSTS": "forum.example.org",
    "FORUM_BASE_URL": "https://forum.example.org",
    "FORUM_SMTP_URL": "smtp://mail.example.org",
    "FORUM_MAIL_SENDER": "forum@example.org",
    "FORUM_BACKUP_RECIPIENTS": "age1first age1second",
}
SECRET = "FORUM_SECRET_KEY must be a random text of 32 characters or more"
HOSTS = "FORUM_TRUSTED_HOSTS must name the host of the site"
BASE = "FORUM_BASE_URL must be the https address of the site"
MAIL = "FORUM_SMTP_URL and FORUM_MAIL_SENDER are needed to acknowledge what people send"
BACKUP = "FORUM_BACKUP_RECIPIENTS must name two age public keys or more"


def faults(**changes: str | None) -> list[str]:
    environ = {name: value for name, value in {**SAFE, **changes}.items() if value is not None}
    try:
        settings.load(environ)
    except settings.UnsafeSettings as unsafe:
        return unsafe.faults
    return []


def test_safe_settings_start():
    assert faults() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"FORUM_SECRET_KEY": None}, SECRET),
        ({"FORUM_SECRET_KEY": KEY[:31]}, SECRET),
        ({"FORUM_SECRET_KEY": "changeme"}, SECRET),
        ({"FORUM_SECRET_KEY": "abcabcabc" * 4}, SECRET),
        ({"FORUM_TRUSTED_HOSTS": None}, HOSTS),
        ({"FORUM_TRUSTED_HOSTS": " , "}, HOSTS),
        ({"FORUM_BASE_URL": None}, BASE),
        ({"FORUM_BASE_URL": "http://forum.example.org"}, BASE),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG must be off"),
        ({"FLASK_DEBUG": "true"}, "FLASK_DEBUG must be off"),
        ({"FORUM_NOW": "2027-03-15T10:00"}, "FORUM_NOW moves the clock and is refused in production"),
        ({"FORUM_SMTP_URL": None}, MAIL),
        ({"FORUM_MAIL_SENDER": None}, MAIL),
        ({"FORUM_BACKUP_RECIPIENTS": None}, BACKUP),
        ({"FORUM_BACKUP_RECIPIENTS": "age1only"}, BACKUP),
    ],
    ids=str,
)
def test_production_refuses(changes, expected):
    assert faults(**changes) == [expected]


def test_production_names_every_fault_at_once():
    assert faults(**dict.fromkeys(list(SAFE)[1:])) == [SECRET, HOSTS, BASE, MAIL, BACKUP]


def test_an_unknown_kind_of_site_is_refused():
    assert faults(FORUM_ENV="staging") == ["FORUM_ENV must be one of demo, production, test"]


def test_a_clock_that_cannot_be_read_is_refused():
    assert faults(FORUM_ENV="demo", FORUM_NOW="tomorrow") == ["FORUM_NOW must be an ISO 8601 instant"]


def test_the_factory_itself_refuses(monkeypatch):
    for name in SAFE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FORUM_ENV", "production")
    with pytest.raises(settings.UnsafeSettings):
        create_app()


@pytest.mark.parametrize(
    ("name", "http", "https"),
    [
        ("SESSION_COOKIE_NAME", "forum", "__Host-forum"),
        ("SESSION_COOKIE_SECURE", False, True),
        ("SESSION_COOKIE_HTTPONLY", True, True),
        ("SESSION_COOKIE_SAMESITE", "Lax", "Lax"),
        ("SESSION_COOKIE_PATH", "/", "/"),
        ("SESSION_COOKIE_DOMAIN", None, None),
        ("SESSION_REFRESH_EACH_REQUEST", False, False),
        ("PERMANENT_SESSION_LIFETIME", timedelta(days=7), timedelta(days=7)),
        ("PREFERRED_URL_SCHEME", "http", "https"),
        ("MAX_CONTENT_LENGTH", 1_000_000, 1_000_000),
        ("MAX_FORM_MEMORY_SIZE", 1_000_000, 1_000_000),
        ("MAX_FORM_PARTS", 500, 500),
        ("WTF_CSRF_SSL_STRICT", True, True),
        ("DEBUG", False, False),
    ],
)
def test_the_framework_s_default_is_replaced(monkeypatch, tmp_path, name, http, https):
    found = []
    for base in ("http://127.0.0.1:5000", "https://forum.example.org"):
        monkeypatch.setenv("FORUM_BASE_URL", base)
        found.append(create_app(SQLALCHEMY_DATABASE_URI="sqlite://", SECRET_KEY=KEY).config[name])
    assert found == [http, https]


def test_the_hosts_are_a_list_and_never_everyone():
    assert settings.load(SAFE)["TRUSTED_HOSTS"] == ["forum.example.org"]
    demo = settings.load({"FORUM_SECRET_KEY": KEY, "FORUM_BASE_URL": "http://forum.test:8000"})
    assert demo["TRUSTED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]", "forum.test"]


def test_a_secret_that_is_replaced_stays_good_for_open_sessions():
    assert settings.load({**SAFE, "FORUM_SECRET_KEY_FALLBACKS": "one two"})["SECRET_KEY_FALLBACKS"] == ["one", "two"]


def test_the_demo_makes_its_own_secret_for_its_owner_only(tmp_path: Path):
    first = settings.load({"FORUM_INSTANCE": str(tmp_path)})["SECRET_KEY"]
    file = tmp_path / "secret-key"
    assert (len(first) >= 32, file.read_text(), stat.S_IMODE(file.stat().st_mode)) == (True, first, 0o600)
    assert settings.load({"FORUM_INSTANCE": str(tmp_path)})["SECRET_KEY"] == first


@pytest.mark.parametrize("given", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_the_usual_spellings_of_a_database_are_understood(given):
    assert settings.database_url(given) == "postgresql+psycopg://u@h/d"
