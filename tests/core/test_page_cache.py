"""Kept pages: two applications on one database stand for two workers behind one address."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from app.core import clock, headers, page_cache, rules
from app.core.access import access, anyone
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.meetings import service as meetings
from tests import make
from tests.support import databases, faults

OUTAGES = {"sqlite": "/nonexistent/forum.sqlite3", "postgresql": "postgres@127.0.0.1:1/forum"}


class Worker:
    """One worker: its own application, its own kept pages."""

    def __init__(self, url: str, instance: Path) -> None:
        self.app = databases.application(url, instance, PAGE_CACHE=True)
        self.client = Client(self.app.wsgi_app, TestResponse, use_cookies=False)

    def get(self, path: str, method: str = "GET", **headers: str) -> TestResponse:
        return self.client.open(path, method=method, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def statements(self, path: str, **headers: str) -> tuple[int, int]:
        """(status, statements) of one answer; the version of the site is read below the ORM and is not counted."""
        with self.app.app_context():
            engine = db.engine
        with faults.counting(engine) as count:
            status = self.get(path, **headers).status_code
        return status, len(count)


@pytest.fixture
def workers(app: Flask, database: Any, instance: Path) -> Iterator[tuple[Worker, Worker]]:
    made = Worker(database.url, instance), Worker(database.url, instance)
    yield made
    for worker in made:
        databases.let_go(worker.app)


def test_a_page_is_made_once_and_kept(workers: Any) -> None:
    one, _ = workers
    first, second = one.get("/fr/about"), one.get("/fr/about")
    assert first.status_code == second.status_code == 200
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
    assert one.statements("/fr/about") == (200, 0)


def test_a_change_is_seen_at_once_by_every_worker(workers: Any) -> None:
    meeting = make.meeting("Avant le changement")
    for worker in workers:
        assert "Avant le changement" in worker.get("/fr/meetings/").text
    with writing():
        meeting.title_fr = "Apres le changement"
    for worker in workers:
        text = worker.get("/fr/meetings/").text
        assert ("Avant le changement" in text, "Apres le changement" in text) == (False, True)


def test_a_worker_that_never_had_the_page_says_that_it_is_unchanged(workers: Any) -> None:
    one, other = workers
    tag = one.get("/fr/rules").headers["ETag"]
    answer = other.get("/fr/rules", If_None_Match=tag)
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
    assert other.statements("/fr/rules", If_None_Match=tag) == (304, 0)


def test_an_old_tag_gets_the_new_page(workers: Any) -> None:
    one, other = workers
    tag = one.get("/fr/rules").headers["ETag"]
    with writing():
        rules.put("notice_days", 21, valid_from=clock.today(), reason="test")
    answer = other.get("/fr/rules", If_None_Match=tag)
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


@pytest.mark.parametrize("tag", ['"', "*", "W/", 'W/"x-1"', '"' * 500, 'W/"-99999999999"'])
def test_a_tag_that_is_not_ours_is_ignored(workers: Any, tag: str) -> None:
    assert workers[0].get("/fr/about", If_None_Match=tag).status_code == 200


def test_a_kept_page_ends_with_the_day_in_paris(workers: Any, at: Any) -> None:
    one, other = workers
    at("2027-03-28T23:59:59")
    make.meeting("Demain", first_day=clock.today() + timedelta(days=1))
    first = one.get("/fr/meetings/?when=past")
    assert one.statements("/fr/meetings/?when=past") == (200, 0)
    tag = first.headers["ETag"]
    at("2027-03-29T00:00:00")
    assert other.get("/fr/meetings/?when=past", If_None_Match=tag).status_code == 200
    assert "Demain" not in one.get("/fr/meetings/?when=past").text
    at("2027-03-30T00:00:00")
    assert "Demain" in one.get("/fr/meetings/?when=past").text


def test_a_page_can_end_before_the_day(workers: Any, at: Any) -> None:
    one, _ = workers
    noon = at("2027-06-01T12:00")

    @one.app.get("/fr/until-noon")
    @access(anyone)
    def until_noon() -> str:
        page_cache.until(noon)
        return f"{clock.now():%H:%M}"

    at("2027-06-01T10:00")
    assert one.get("/fr/until-noon").text == "08:00"
    at("2027-06-01T11:59")
    assert one.get("/fr/until-noon").text == "08:00"
    at("2027-06-01T12:00")
    assert one.get("/fr/until-noon").text == "10:00"


@pytest.mark.parametrize("header", ["Cookie", "Authorization", "Range"])
def test_a_request_with_a_cookie_or_an_identity_never_meets_a_kept_page(workers: Any, header: str) -> None:
    one, _ = workers
    one.get("/fr/about")
    status, statements = one.statements("/fr/about", **{header: "forum=x"})
    assert (status, statements > 0) == (200, True)


def test_a_page_made_for_a_cookie_is_not_kept_for_anyone(workers: Any) -> None:
    one, _ = workers
    answer = one.get("/fr/about", Cookie="forum=x")
    assert answer.headers["Cache-Control"] == "private, no-store"
    status, statements = one.statements("/fr/about")
    assert (status, statements > 0) == (200, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "localhost:8080"])
def test_each_host_has_its_own_pages(workers: Any, host: str) -> None:
    one, _ = workers
    tag = one.get("/fr/about", Host="localhost:81").headers["ETag"]
    assert one.get("/fr/about", Host=host).headers["ETag"] != tag


def test_a_foreign_host_is_refused_and_leaves_nothing(workers: Any) -> None:
    one, _ = workers
    assert one.get("/fr/about", Host="evil.example").status_code == 400
    assert one.get("/fr/about", X_Forwarded_Host="evil.example").status_code == 400
    page = one.get("/fr/about")
    assert (page.status_code, "evil.example" in page.text) == (200, False)


@pytest.mark.parametrize(
    ("headers", "is_fragment"),
    [
        ({}, False),
        ({"HX_Request": "true"}, True),
        ({"HX_Request": "yes"}, False),
        ({"HX_Request": "<b>true</b>"}, False),
        ({"HX_Request": "true", "HX_Boosted": "true"}, False),
        ({"HX_Request": "true", "HX_Boosted": "false"}, True),
        ({"HX_Request": "true", "HX_History_Restore_Request": "true"}, False),
        ({"HX_Request": "true", "HX_History_Restore_Request": "no"}, True),
    ],
)
def test_no_header_makes_one_reader_get_the_fragment_of_another(workers: Any, headers: Any, is_fragment: bool) -> None:
    one, _ = workers
    assert one.get("/fr/meetings/", **headers).text.lstrip().startswith("<!doctype") is not is_fragment
    assert one.get("/fr/meetings/").text.lstrip().startswith("<!doctype")
    assert one.get("/fr/meetings/", HX_Request="true").text.lstrip().startswith('<div id="meeting-list"')


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("zstd", None),
        ("deflate", None),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000", None),
        ("BR", "br"),
        ("brotli", None),
        ("*", None),
        ("identity", None),
    ],
)
def test_no_reader_gets_an_encoding_it_did_not_ask_for(workers: Any, accepted: str, encoding: Any) -> None:
    """Whatever the first reader of the page took."""
    one, _ = workers
    for number, before in enumerate(("gzip, deflate, br, zstd", "deflate", "br", "")):
        path = f"/fr/meetings/?year={2000 + number}"
        one.get(path, Accept_Encoding=before)
        answer = one.get(path, Accept_Encoding=accepted)
        assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, encoding), before


def test_each_query_has_its_own_page(workers: Any) -> None:
    one, _ = workers
    make.meeting("Passee", in_days=-3)
    make.meeting("Prochaine", in_days=3)
    one.get("/fr/meetings/")
    assert "Passee" in one.get("/fr/meetings/?when=past").text
    assert "Prochaine" in one.get("/fr/meetings/").text


@pytest.mark.parametrize(
    "header", ["Accept-Language", "User-Agent", "X-Forwarded-For", "Referer", "Accept", "HX-Target"]
)
def test_no_other_header_changes_a_kept_page(workers: Any, header: str) -> None:
    one, _ = workers
    kept = one.get("/fr/about")
    other = one.get("/fr/about", **{header: "en"})
    assert (other.data, other.headers["ETag"]) == (kept.data, kept.headers["ETag"])


def test_head_has_the_headers_of_the_page_and_no_body(workers: Any) -> None:
    one, other = workers
    page, fresh, kept = one.get("/fr/about"), other.get("/fr/about", "HEAD"), one.get("/fr/about", "HEAD")
    for head in (fresh, kept):
        assert (head.status_code, head.data) == (200, b"")
        for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
            assert head.headers[name] == page.headers[name], name
    assert other.get("/fr/about").data == page.data


def test_a_kept_page_has_every_header_and_its_own_number(workers: Any) -> None:
    one, _ = workers
    first, second = one.get("/fr/about"), one.get("/fr/about")
    assert first.headers.pop("X-Request-Id") != second.headers.pop("X-Request-Id")
    ignored = {"Date", "Server"}
    assert {k: v for k, v in first.headers if k not in ignored} == {k: v for k, v in second.headers if k not in ignored}


def test_an_unchanged_answer_has_the_security_headers(workers: Any) -> None:
    one, _ = workers
    answer = one.get("/fr/about", If_None_Match=one.get("/fr/about").headers["ETag"])
    assert {name: answer.headers.get(name) for name in headers.SECURITY} == headers.SECURITY


def test_a_draft_is_never_kept(workers: Any, secretariat: Any) -> None:
    one, _ = workers
    draft = make.meeting("Projet CANARY", published=False)
    path = f"/fr/meetings/{draft.id}-{draft.slug}"
    assert one.get(path).status_code == 404
    assert "CANARY" not in one.get("/fr/meetings/").text
    with writing():
        meetings.publish(secretariat, draft)
    assert one.get(path).status_code == 200
    assert "CANARY" in one.get("/fr/meetings/").text


@pytest.mark.parametrize(
    "path", ["/fr/nothing", "/fr/meetings/999", "/fr/meetings/?page=0", "/fr/contact", "/fr/sign-in", "/", "/healthz"]
)
def test_what_is_not_a_public_page_is_not_kept(workers: Any, path: str) -> None:
    one, _ = workers
    first = one.get(path)
    assert ("ETag" in first.headers, one.get(path).headers["X-Request-Id"]) != (True, first.headers["X-Request-Id"])
    assert "ETag" not in first.headers


def test_a_form_is_never_shared(workers: Any) -> None:
    one, _ = workers
    assert one.get("/fr/contact").data != one.get("/fr/contact").data


def test_when_the_database_is_away_a_reader_is_told_and_no_old_page_is_shown(
    workers: Any, database: Any, instance: Path
) -> None:
    one, _ = workers
    one.app.testing = True
    tag = one.get("/fr/about").headers["ETag"]
    engine = "postgresql" if "postgresql" in database.url else "sqlite"
    scheme = "postgresql+psycopg://" if engine == "postgresql" else "sqlite:///"
    away = Worker(scheme + OUTAGES[engine], instance)
    kept_pages(away).kept.update(kept_pages(one).kept)
    for sent in ({}, {"If_None_Match": tag}):
        answer = away.get("/fr/about", **sent)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert "no-store" in answer.headers["Cache-Control"]
    databases.let_go(away.app)


def kept_pages(worker: Worker) -> Any:
    layer: Any = worker.app.wsgi_app
    while not isinstance(layer, page_cache.PageCache):
        layer = getattr(layer, "wsgi", None) or layer.application
    return layer


def test_the_kept_pages_never_take_more_than_their_share(workers: Any) -> None:
    pages = kept_pages(workers[0])
    far = datetime(2100, 1, 1, tzinfo=UTC)
    for number in range(40):
        pages.keep(str(number), page_cache.Kept(1, far, (), b"x" * 900_000))
    pages.keep("too large", page_cache.Kept(1, far, (), b"x" * (page_cache.MAX_PAGE + 1)))
    kept = page_cache.MAX_BYTES // 900_000
    assert list(pages.kept) == [str(number) for number in range(40 - kept, 40)]
    assert pages.size == sum(len(page.body) for page in pages.kept.values()) <= page_cache.MAX_BYTES


def test_the_same_page_twice_counts_once(workers: Any) -> None:
    pages = kept_pages(workers[0])
    for size in (100, 300, 200):
        pages.keep("a", page_cache.Kept(1, datetime(2100, 1, 1, tzinfo=UTC), (), b"x" * size))
    assert pages.size == 200


def test_a_setting_leaves_the_application_bare(app: Flask, as_: Any) -> None:
    assert "ETag" not in as_("visitor").get("/fr/about").headers
