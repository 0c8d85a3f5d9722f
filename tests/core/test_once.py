"""The same submission twice is one thing, answered alike."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.core import clock, once
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.once import OnceKey
from app.core.throttle import AttemptCount
from app.forum.pages.models import ContactMessage
from tests import make
from tests.support import databases

MESSAGE = {"subject": "general", "name": "Camille", "email": "camille@example.org", "message": "Bonjour."}


def submissions(app: Flask, client: Any, fields: list[dict[str, str]]) -> list[tuple[int, str | None]]:
    """Send each form from its own thread, with the cookie of one reader."""
    cookie = client.raw.get_cookie("forum").value
    db.session.remove()

    def send(one: dict[str, str]) -> tuple[int, str | None]:
        answer = app.test_client(use_cookies=False).post("/fr/contact", data=one, headers={"Cookie": f"forum={cookie}"})
        return answer.status_code, answer.headers.get("Location")

    with ThreadPoolExecutor(len(fields)) as pool:
        return list(pool.map(send, fields))


@pytest.fixture
def parallel(app: Flask, database: Any, instance: Any) -> Any:
    """An application without the context of the test around its requests, as behind a server."""
    made = databases.application(database.url, instance)
    yield made
    databases.let_go(made)


def test_the_same_key_twice_makes_one_thing_and_the_same_answer(as_: Any) -> None:
    visitor = as_("visitor")
    fields = {**visitor.get("pages.contact").form("/fr/contact"), **MESSAGE}
    answers = [visitor.open("POST", "/fr/contact", status=303, data=fields) for _ in range(3)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert (make.count(ContactMessage), make.count(OutgoingMail), make.count(OnceKey)) == (1, 1, 1)


def test_ten_parallel_copies_make_one_thing(parallel: Flask, as_: Any) -> None:
    visitor = as_("visitor")
    fields = {**visitor.get("pages.contact").form("/fr/contact"), **MESSAGE}
    answers = submissions(parallel, visitor, [fields] * 10)
    assert len(set(answers)) == 1
    assert answers[0][0] == 303
    assert (make.count(ContactMessage), make.count(OutgoingMail), make.count(OnceKey)) == (1, 1, 1)


def test_ten_different_messages_at_once_are_ten_messages(parallel: Flask, as_: Any) -> None:
    visitor = as_("visitor")
    fields = {**visitor.get("pages.contact").form("/fr/contact"), **MESSAGE}
    answers = submissions(parallel, visitor, [{**fields, "once": once.new_key()} for _ in range(10)])
    assert [status for status, _ in answers] == [303] * 10
    assert len({address for _, address in answers}) == make.count(ContactMessage) == 10
    assert sorted(one.count for one in db.session.query(AttemptCount)) == [10, 10]
    assert db.session.query(OutgoingMail).filter_by(template="pages/contact_received").count() == 3


@pytest.mark.parametrize("key", ["", "short", "x" * 61, "a\x00" * 12, "é" * 20, "' OR 1=1 --         "])
def test_a_key_that_we_did_not_make_is_refused(as_: Any, key: str) -> None:
    answer = as_("visitor").post("pages.contact", {**MESSAGE, "once": key}, status=422)
    assert (make.count(ContactMessage), make.count(OnceKey)) == (0, 0)
    assert "Bonjour." in answer.text


def test_a_refused_submission_uses_no_key(as_: Any) -> None:
    visitor = as_("visitor")
    fields = {**visitor.get("pages.contact").form("/fr/contact"), **MESSAGE}
    visitor.open("POST", "/fr/contact", status=422, data={**fields, "name": ""})
    visitor.open("POST", "/fr/contact", status=303, data=fields)
    assert make.count(ContactMessage) == 1


def test_a_key_that_failed_can_be_used_again(app: Flask) -> None:
    def fail() -> str:
        raise RuntimeError

    key = once.new_key()
    with app.test_request_context("/fr/"):
        with pytest.raises(RuntimeError):
            once.answer(key, fail)
        db.session.rollback()
        assert once.answer(key, lambda: "/fr/about").headers["Location"] == "/fr/about"


def test_keys_are_swept_after_a_week(app: Flask) -> None:
    db.session.add(OnceKey(key=once.new_key()))
    db.session.commit()
    assert once.sweep(clock.now() + timedelta(days=6)) == 0
    assert once.sweep(clock.now() + timedelta(days=8)) == 1


def test_keys_are_random(app: Flask) -> None:
    keys = {once.new_key() for _ in range(200)}
    assert (len(keys), {len(key) for key in keys}) == (200, {32})
