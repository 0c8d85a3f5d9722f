"""Starting: empty, again, read-only, in production, and refusing to."""

import sys

import pyrage
import pytest

from tests.long.portal import Portal, all_gone, cookie, hidden, last

pytestmark = pytest.mark.long

KEYS = " ".join(str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2))
GOOD = {
    "FORUM_ENV": "production",
    "FORUM_SECRET_KEY": "x7Jp0-a random text of more than 32 characters",
    "FORUM_BASE_URL": "https://forum.example.org",
    "FORUM_TRUSTED_HOSTS": "forum.example.org",
    "FORUM_SMTP_URL": "smtp://127.0.0.1:2525",
    "FORUM_MAIL_SENDER": "forum@example.org",
    "FORUM_BACKUP_RECIPIENTS": KEYS,
}
PROXIED = {"Host": "forum.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}


def test_a_first_start_fills_the_demo_and_a_second_one_only_serves(portal, rows, engine_name):
    portal = portal()
    first = portal.start()
    assert "demonstration-du-forum" in portal.said()
    assert portal.environ["FORUM_BASE_URL"] in portal.said()
    assert "secretariat@example.org" in portal.said()
    assert portal.get("/fr/meetings/").text.count("<h2") > 0
    portal.settle()
    before = rows("SELECT number FROM site_version"), rows("SELECT COUNT(*), MAX(id) FROM audit_entry")
    assert portal.stop() == 0
    second = portal.start(path="/fr/")
    print(f"\n{engine_name}: first 200 after {first:.1f} s on an empty place, {second:.1f} s afterwards")  # noqa: T201
    assert (rows("SELECT number FROM site_version"), rows("SELECT COUNT(*), MAX(id) FROM audit_entry")) == before
    assert portal.said().count("Running upgrade") == portal.said().partition("secretariat@")[0].count("Running upgrade")


def test_signed_in_readers_never_share_a_request_with_others(portal):
    """With one worker every request of these two readers goes through the same process."""
    portal = portal(WEB_CONCURRENCY="1")
    portal.start()
    inside = portal.get("/fr/account", Cookie=portal.sign_in())
    assert "secretariat@example.org" in inside.text
    for _ in range(5):
        outside = portal.get("/fr/account", Cookie="x=1")
        assert outside.status in (302, 303)
        assert "secretariat@" not in portal.get("/en/about", Cookie="x=1").text


def test_read_only_shows_everything_and_takes_nothing(portal, rows):
    portal = portal()
    portal.start()
    form = portal.get("/fr/contact")
    portal.stop()
    portal.environ["FORUM_READ_ONLY"] = "1"
    before, demo = rows("SELECT number FROM site_version"), last(rows, "contact_message")
    portal.start()
    assert portal.get("/fr/").status == 200
    assert "lecture seule" in portal.get("/fr/").text.lower()
    fields = {**hidden(form), "subject": "general", "name": "C", "email": "c@example.org", "message": "m"}
    for lang in ("fr", "en"):
        reply = portal.send(f"/{lang}/contact", fields, cookie(form))
        assert (reply.status, reply.headers["Retry-After"], f'lang="{lang}"' in reply.text) == (503, "600", True)
    assert last(rows, "contact_message") == demo
    assert rows("SELECT number FROM site_version") == before


def test_production_starts_behind_a_proxy_with_every_protection(durable, tmp_path):
    url = durable.create_database("production")
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"]
    portal = Portal(tmp_path / "portal", url=url, command=gunicorn, **GOOD)
    portal.environ["FORUM_BIND"] = f"127.0.0.1:{portal.port}"
    try:
        assert portal.run("db", "upgrade").returncode == 0
        with portal:
            begin(portal)
            family = portal.family()
            page = portal.ask("GET", "/fr/contact", headers=PROXIED)
            assert page.status == 200
            assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
            assert page.headers["Set-Cookie"].startswith("__Host-forum=")
            assert all(part in page.headers["Set-Cookie"] for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
            assert "Domain" not in page.headers["Set-Cookie"]
            assert portal.ask("GET", "/fr/", headers={**PROXIED, "Host": "evil.example"}).status == 400
            assert portal.run("demo").returncode == 1
            assert portal.stop() == 0
            assert all_gone(family)
    finally:
        durable.drop_database("production")


def begin(portal):
    """Production answers to its own name only, so the first question must be asked in it."""
    plain = portal.get
    portal.get = lambda path: portal.ask("GET", path, headers=PROXIED)
    portal.start()
    portal.get = plain


def test_production_refuses_a_bad_environment_and_names_every_fault(tmp_path):
    portal = Portal(tmp_path / "portal", FORUM_ENV="production", FORUM_SECRET_KEY="secret", FORUM_NOW="2027-01-01")
    portal.environ.pop("FORUM_BASE_URL")
    for command in (["serve"], ["db", "upgrade"]):
        answer = portal.run(*command)
        assert answer.returncode != 0
        said = answer.stdout + answer.stderr
        for name in ("SECRET_KEY", "TRUSTED_HOSTS", "BASE_URL", "NOW", "SMTP_URL", "BACKUP_RECIPIENTS"):
            assert f"FORUM_{name}" in said
    assert not (tmp_path / "portal" / "forum.sqlite3").exists()


def test_a_port_that_is_taken_is_said_and_nothing_is_left(portal):
    first = portal()
    first.start()
    second = Portal(first.folder, PORT=str(first.port), FORUM_DATABASE_URL=first.environ["FORUM_DATABASE_URL"])
    answer = second.run("serve")
    assert answer.returncode != 0
    assert "in use" in answer.stdout + answer.stderr
    assert first.get("/healthz").status == 200
