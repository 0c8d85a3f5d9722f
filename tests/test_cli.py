"""The commands that have no room of their own: what they print, their exit codes, and that a refusal stores nothing."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.core import clock, rules
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.rules import RuleValue
from app.core.search import SearchEntry
from app.core.transaction import writing
from app.forum.meetings.models import Meeting
from tests import make
from tests.support.client import Client


def run(app: Flask, *arguments: str) -> Any:
    db.session.remove()
    return app.test_cli_runner().invoke(args=list(arguments))


def wrong(app: Flask) -> dict[str, list[str]]:
    """What the doctor finds, the throw-away PostgreSQL's own haste aside: it runs without fsync."""
    results = json.loads(run(app, "doctor", "--json").stdout)
    return {one["check"]: one["faults"] for one in results if not one["ok"] and one["check"] != "engine settings"}


def test_every_route_is_told_with_who_may_call_it(app: Flask) -> None:
    result = run(app, "routes-json")
    routes = json.loads(result.stdout)
    assert (result.exit_code, {frozenset(one) for one in routes}) == (
        0,
        {frozenset({"rule", "methods", "endpoint", "access"})},
    )
    assert len(routes) == len(list(app.url_map.iter_rules()))
    assert None not in {one["access"] for one in routes}
    (contact,) = [one for one in routes if one["endpoint"] == "pages.contact"]
    assert contact == {
        "rule": "/<lang:lang>/contact",
        "methods": ["GET", "HEAD", "OPTIONS", "POST"],
        "endpoint": "pages.contact",
        "access": "anyone",
    }


def test_the_demo_fills_an_empty_forum_once(app: Flask) -> None:
    result = run(app, "demo", "--json")
    assert result.exit_code == 0, result.output
    accounts = json.loads(result.stdout)
    assert {frozenset(one) for one in accounts} == {frozenset({"role", "college", "email", "password", "totp_secret"})}
    assert {one["role"] for one in accounts} >= {"secretariat", "administrator"}
    before = make.count(Meeting), make.count(User)
    again = run(app, "demo", "--json")
    assert (again.exit_code, again.stdout, (make.count(Meeting), make.count(User))) == (1, "", before)
    secretariat = next(one for one in accounts if one["role"] == "secretariat")
    client = Client(app)
    client.post("accounts.sign_in", {"email": secretariat["email"], "password": secretariat["password"]})
    visitor = Client(app)
    paths = [one.partition("</loc>")[0] for one in visitor.get("/sitemap.xml").text.split("<loc>http://localhost")[1:]]
    assert len(paths) > 80
    for path in paths:
        visitor.get(path)
    assert wrong(app) == {}


def test_the_demo_never_enters_production(app: Flask) -> None:
    app.config["KIND"] = "production"
    try:
        result = run(app, "demo")
    finally:
        app.config["KIND"] = "test"
    assert (result.exit_code, make.count(User)) == (1, 0)


def test_a_rule_is_set_from_a_day_on(app: Flask, at: Any) -> None:
    at("2026-12-02T10:00")
    result = run(app, "set-rule", "notice_days", "21", "--from", "2027-01-01", "--reason", "Décision du 1er décembre")
    assert (result.exit_code, result.stdout) == (0, "notice_days = 21\n")
    row = db.session.query(RuleValue).one()
    assert (row.key, row.value, row.valid_from, row.reason) == (
        "notice_days",
        21,
        date(2027, 1, 1),
        "Décision du 1er décembre",
    )


def test_a_line_of_the_identity_is_plain_text(app: Flask) -> None:
    assert run(app, "set-rule", "identity.publisher_name", "Le Forum, 1", "--reason", "essai").exit_code == 0
    assert rules.value("identity.publisher_name") == {"fr": "Le Forum, 1", "en": None}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nothing", "1", "--reason", "a"], 1),
        (["notice_days", "abc", "--reason", "a"], 1),
        (["notice_days", '"15"', "--reason", "a"], 1),
        (["notice_days", "true", "--reason", "a"], 1),
        (["notice_days", "[" * 10_000, "--reason", "a"], 1),
        (["committee_seats", "{}", "--reason", "a"], 1),
        (["notice_days", "15", "--reason", " "], 1),
        (["notice_days", "0", "--reason", "a"], 1),
        (["notice_days", "20", "--reason", "a", "--from", "2020-01-01"], 1),
        (["notice_days", "20", "--reason", "a", "--decided-by", "king"], 2),
        (["notice_days", "15"], 2),
        (["notice_days", "15", "--reason", "a", "--from", "31/12/2027"], 2),
    ],
)
def test_a_rule_that_cannot_be_set_is_refused_in_one_line(app: Flask, arguments: list[str], code: int) -> None:
    result = run(app, "set-rule", *arguments)
    assert (result.exit_code, result.stdout, make.count(RuleValue)) == (code, "", 0)
    assert "Traceback" not in result.output
    assert result.stderr != ""


def test_work_does_what_is_due_and_says_how_much(app: Flask) -> None:
    assert "not due" not in run(app, "work", "--list").stdout
    assert run(app, "work", "--once").exit_code == 0
    listed = dict(line.split("\t")[::2] for line in run(app, "work", "--list").stdout.splitlines())
    assert {name for name, due in listed.items() if due == "due"} == {"send_mail", "minutes_pdf"}
    with writing():
        db.session.add(
            OutgoingMail(template="nothing/here", arguments={}, address="a@example.org", lang="fr", message_id="<x@y>")
        )
    assert run(app, "work").stdout == "1 done\n"


@pytest.mark.parametrize("arguments", [["--once", "--list"], ["--once", "--watch"], ["--nothing"]])
def test_work_does_one_thing_at_a_time(app: Flask, arguments: list[str]) -> None:
    assert run(app, "work", *arguments).exit_code == 2


def test_the_index_is_filled_again(app: Flask) -> None:
    make.meeting("Retrouvée")
    make.body()
    db.session.execute(db.text("DELETE FROM search_words"))
    db.session.execute(db.delete(SearchEntry))
    db.session.commit()
    assert list(wrong(app)) == ["search index"]
    result = run(app, "reindex")
    assert (result.exit_code, result.stdout) == (0, f"{make.count(SearchEntry)} things indexed\n")
    assert wrong(app) == {}


def test_a_backup_is_one_private_file(app: Flask, tmp_path: Path) -> None:
    result = run(app, "backup", str(tmp_path), "--json")
    file = Path(json.loads(result.stdout)["file"])
    assert (result.exit_code, file.parent, file.stat().st_mode & 0o777, len(list(tmp_path.iterdir()))) == (
        0,
        tmp_path,
        0o600,
        1,
    )
    assert "not encrypted" in result.stderr


def test_a_backup_goes_into_an_empty_place_only(app: Flask, tmp_path: Path) -> None:
    make.meeting("Gardée")
    file = json.loads(run(app, "backup", str(tmp_path), "--json").stdout)["file"]
    result = run(app, "restore", file)
    assert (result.exit_code, result.stdout, make.count(Meeting)) == (1, "", 1)


def test_a_backup_comes_back_whole(app: Flask, database: Any, tmp_path: Path) -> None:
    make.meeting("Gardée", slots=[make.slot()])
    run(app, "reindex")
    file = json.loads(run(app, "backup", str(tmp_path), "--json").stdout)["file"]
    database.empty()
    result = run(app, "restore", file, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["tables"]["meeting"] == 1
    assert [row.title_fr for row in db.session.query(Meeting)] == ["Gardée"]
    assert wrong(app) == {}
    assert "Gardée" in Client(app).get("pages.search", q="gardee").words
    make.meeting("Après")


@pytest.mark.parametrize("content", [b"", b"not a backup", b"\x1f\x8b" + b"x" * 100, b"age-encryption.org/v1\nx"])
def test_a_file_that_is_no_backup_is_refused(app: Flask, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "backup"
    file.write_bytes(content)
    result = run(app, "restore", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Traceback" not in result.output


def test_the_doctor_names_what_is_wrong(app: Flask) -> None:
    with writing():
        db.session.add(
            OutgoingMail(
                template="x",
                arguments={},
                address="a",
                lang="fr",
                message_id="<x>",
                status="failed",
                due_at=clock.now() - timedelta(days=8),
            )  # fmt: skip
        )
    run(app, "reindex")
    said = "1 messages could not be delivered, and nobody looked for a week"
    assert (run(app, "doctor").exit_code, wrong(app)) == (1, {"outbox": [said]})


@pytest.mark.parametrize(
    "name",
    [
        "demo",
        "routes-json",
        "grant-role",
        "set-rule",
        "work",
        "import-agenda",
        "export-agenda",
        "reindex",
        "backup",
        "restore",
        "doctor",
        "serve",
    ],
)
def test_every_command_explains_itself(app: Flask, name: str) -> None:
    result = run(app, name, "--help")
    assert (result.exit_code, "Usage:" in result.stdout) == (0, True)
