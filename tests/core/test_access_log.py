"""The log has one line for each event and nothing about anyone (S38)."""

import json
import logging
from typing import Any

import pytest
from flask import Flask

from app.core import access_log, mail
from tests import make


def environ(path: str, method: str = "GET") -> dict[str, str]:
    return {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "q=secret", "REMOTE_ADDR": "192.0.2.7"}


def test_a_line_says_what_was_asked_and_how_it_ended() -> None:
    line = access_log.line(environ("/fr/meetings/"), "200 OK", 12.34, "abc")
    assert json.loads(line) == {"id": "abc", "method": "GET", "path": "/fr/meetings/", "status": 200, "ms": 12.3}


def test_a_control_character_cannot_forge_a_line() -> None:
    line = access_log.line(environ("/fr/\r\n2026 INFO forged"), "404 NOT FOUND", 1, "abc")
    assert "\n" not in line
    assert "\r" not in line


def test_a_long_random_part_of_a_path_is_masked() -> None:
    line = access_log.line(environ("/fr/reset/" + "a1B2" * 10), "404 NOT FOUND", 1, "abc")
    assert json.loads(line)["path"] == "/fr/reset/…"


def test_each_answer_carries_the_number_that_its_line_has(as_: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "forum.access"):
        answer = as_("visitor").get("pages.about")
    assert [json.loads(record.message)["id"] for record in caplog.records] == [answer.headers["X-Request-Id"]]


def test_a_whole_visit_leaves_nothing_about_anyone_in_the_log(
    app: Flask, as_: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "forum"):
        reader = as_("visitor")
        reader.get("/fr/search?q=CANARY-words")
        reader.post(
            "pages.contact",
            {"subject": "press", "name": "CANARY Name", "email": "canary@example.org", "message": "CANARY text"},
        )
        as_("secretariat").get("accounts.account")
        reader.post("accounts.sign_in", {"email": "canary@example.org", "password": "CANARY-password"}, status=422)
        while mail.deliver_one(make.clock.now()):
            pass
    logged = "\n".join(f"{record.name} {record.getMessage()}" for record in caplog.records).lower()
    assert len(caplog.records) == 6
    assert [word for word in ("canary", "secretariat@", "127.0.0.1", "cookie", make.PASSWORD) if word in logged] == []
