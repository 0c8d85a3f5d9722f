"""The hostile inputs through every parameter and field: never a fault, the same answer on both engines, nothing stored.

Parameters of addresses come from the routes themselves, fields from the forms as they are shown.
"""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core import clock
from app.core.extensions import db
from tests import make
from tests.support import hostile
from tests.support.client import Answer, Client

PART = b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n1\r\n'
CLEAN = {400, 404, 414, 422}
SQL = ("' OR 1=1 --", '"; DROP TABLE meeting; --', "%' AND 1=1 AND '%'='", "1); SELECT pg_sleep(5)--", "\\", "a\\'b")
NUMBERS = ("NaN", "Infinity", "1,5", "1 000", "1\u00a0000", "-0", "1e400", "2027-02-29", "0000-01-01", "9999-12-31")
TYPED = [
    *(value for name, group in hostile.UNICODE.items() if name != "H04" for value in group),
    *SQL, *NUMBERS[:3], *hostile.TEMPLATE_SYNTAX[:4], *hostile.CSV_FORMULAS[:2], *hostile.XSS[:4], hostile.BAD_IDS[-1],
    *hostile.REDIRECTS[:6], "", " ", "\u00a0", "../../etc/passwd", "x" * 1500,
]  # fmt: skip
SHORT = [
    *(group[0] for name, group in hostile.UNICODE.items() if name != "H04"), *hostile.BAD_IDS, *SQL[:3], NUMBERS[0],
    hostile.TEMPLATE_SYNTAX[0], hostile.XSS[0], hostile.REDIRECTS[1], "", "../../etc/passwd", "x" * 1500,
]  # fmt: skip
"""One of each kind: what goes through every parameter; the fields get them all."""
ENCODED = [*(quote(value, safe="", errors="surrogatepass") for value in SHORT), *hostile.UNICODE["H04"][:2]]
QUERY = [
    "page",
    "when",
    "body",
    "year",
    "q",
    "kind",
    "next",
    "subject",
    "endpoint",
    "lang",
    "_external",
    "a%00b",
    "a[]",
]
SEEN: dict[str, int] = {}
"""What the first engine answered: the second one must answer the same."""


def settled(answer: Answer, key: str) -> int:
    """The status, once it is known to be no fault and the same as on the other engine."""
    assert answer.status < 500, key
    assert "Traceback" not in answer.text
    assert SEEN.setdefault(key, answer.status) == answer.status, key
    return answer.status


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table holds, in one statement: it is asked after every input."""
    tables = db.metadata.sorted_tables
    counted = db.session.execute(
        select(*(select(func.count()).select_from(table).scalar_subquery() for table in tables))
    ).one()
    db.session.rollback()
    return {table.name: number for table, number in zip(tables, counted, strict=True)}


@pytest.fixture
def reader(app: Flask, at: Any) -> Client:
    at("2027-06-01T12:00")
    make.meeting("Réunion", "Meeting", body=make.body(), slots=[make.slot()])
    return Client(app, strict=False)


def parametrised(app: Flask) -> list[tuple[str, str]]:
    """(address with one parameter to fill in, name of the parameter). The language, of one address in each room: it is
    read in one place, before any view."""
    good = {"lang": "fr", "meeting_id": "1", "part_id": "1", "body_id": "1", "slug": "x", "reference": "M-ABCDEFGH"}
    found, rooms = [], set()
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if "GET" not in (rule.methods or ()) or "path" in rule.endpoint:
            continue
        for name in sorted(rule.arguments - set(rule.defaults or ())):
            room = rule.endpoint.partition(".")[0]
            if name == "lang" and room in rooms:
                continue
            rooms |= {room} if name == "lang" else set()
            parts = [
                (good.get(content, "1") if content != name else "{}") if dynamic else content
                for dynamic, content in rule._trace
            ]
            found.append(("".join(part for part in parts if part != "|"), name))
    return sorted(set(found))


@pytest.mark.sweep
def test_no_parameter_of_an_address_makes_a_fault(app: Flask, reader: Client) -> None:
    before, wrong = rows(app), {}
    for address, name in parametrised(app):
        for value in ENCODED:
            path = address.replace("{}", value) or "/"
            path = path if path.startswith("/") and not path.startswith("//") else "/x" + path
            status = settled(reader.open("GET", path, status=None), path)
            if name in ("meeting_id", "body_id") and value not in ("",) and status not in CLEAN:
                wrong[path] = status
    assert wrong == {}
    assert rows(app) == before


@pytest.mark.parametrize("page", ["/en/meetings/", "/fr/search", "/en/contact"])
def test_no_query_makes_a_fault(app: Flask, reader: Client, page: str) -> None:
    before = rows(app)
    for name in QUERY:
        for value in ENCODED:
            status = settled(reader.open("GET", f"{page}?{name}={value}", status=None), f"{page}?{name}={value}")
            assert status in {200, *CLEAN}, (page, name, value)
    assert rows(app) == before


@pytest.mark.parametrize(
    "query", ["?" + "a" * 3000, "?page", "?&&&=", "?page=1&page=2", "?%", "?" + "&".join(f"a{n}=1" for n in range(600))]
)
def test_no_shape_of_a_query_makes_a_fault(reader: Client, query: str) -> None:
    for path in ("/fr/meetings/", "/en/search", "/fr/contact"):
        assert settled(reader.open("GET", path + query, status=None), path + query) in {200, *CLEAN}


@pytest.mark.parametrize("path", ["/fr/contact", "/en/sign-in"])
def test_no_field_makes_a_fault_and_what_is_refused_is_not_stored(app: Flask, reader: Client, path: str) -> None:
    form = reader.get(path).form(path)
    good = {
        **form,
        "subject": "general",
        "name": "Camille",
        "email": "camille@example.org",
        "message": "Bonjour.",
        "password": "x",
    }
    moment, before = clock.now(), rows(app)
    for name in form:
        for value in TYPED:
            moment += timedelta(hours=2)
            clock.freeze(moment)
            if "\ud800" in value or "\udfff" in value:
                value = value.encode("utf-8", "surrogatepass").decode("latin-1")
            status = settled(
                reader.open("POST", path, status=None, data={**good, name: value}), f"{path} {name}={value!r}"
            )
            assert status in {200, 303, *CLEAN}, (name, value)
            after = rows(app)
            if status != 303:
                quiet = {"attempt_count", "audit_entry"} if path.endswith("sign-in") else set()
                assert {k: v for k, v in after.items() if k not in quiet} == {
                    k: v for k, v in before.items() if k not in quiet
                }
            before = after


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"%", "application/x-www-form-urlencoded"),
        (b"name=%FF%FE&message=%C3%28", "application/x-www-form-urlencoded"),
        (b"name=caf\xe9", "application/x-www-form-urlencoded; charset=latin-1"),
        ("name=é".encode("utf-16"), "application/x-www-form-urlencoded; charset=utf-16"),
        (b"a=" + b"x" * 1_100_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % n for n in range(600)), "application/x-www-form-urlencoded"),
        (b"name=a&name=b", "application/x-www-form-urlencoded"),
        (b"name[]=a", "application/x-www-form-urlencoded"),
        (b"--x\r\n", "multipart/form-data"),
        (b"--x\r\n", "multipart/form-data; boundary="),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
        (b"".join(PART % n for n in range(1200)) + b"--x--\r\n", "multipart/form-data; boundary=x"),
        (json.dumps({"name": "a"}).encode(), "application/json"),
        (b"[" * 10_000, "application/json"),
        (b"\x00" * 100, "application/octet-stream"),
    ],
)  # fmt: skip
def test_no_body_makes_a_fault(app: Flask, reader: Client, body: bytes, kind: str) -> None:
    before = rows(app)
    for path in ("/fr/contact", "/en/sign-in", "/fr/sign-out", "/fr/meetings/", "/fr/nothing"):
        answer = reader.open("POST", path, status=None, data=body, headers={"Content-Type": kind})
        assert settled(answer, f"{path} {kind} {body[:20]!r} {len(body)}") in {*CLEAN, 403, 405, 413, 303}
    assert rows(app) == before


@pytest.mark.parametrize(("name", "value"), hostile.BAD_HEADERS)
def test_no_header_makes_a_fault(reader: Client, name: str, value: str) -> None:
    for path in ("/fr/", "/en/meetings/", "/fr/nothing", "/"):
        answer = reader.open("GET", path, status=None, headers={name: value})
        assert settled(answer, f"{path} {name} {value[:40]}") in {200, 302, 400, 404}
        assert "evil.example" not in answer.text
        assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "HEAD", "PROPFIND", "X"])
def test_no_method_has_an_effect(app: Flask, reader: Client, method: str) -> None:
    before = rows(app)
    for path in (
        "/fr/",
        "/fr/contact",
        "/en/sign-in",
        "/fr/meetings/1-reunion",
        "/fr/sign-out",
        "/fr/nothing",
        "/healthz",
    ):
        answer = reader.open(method, path, status=None, data=b"a=1")
        expected = {200, 303, 404, 405} if method in ("HEAD", "OPTIONS") else {404, 405}
        assert settled(answer, f"{method} {path}") in expected
        assert method != "HEAD" or answer.response.data == b""
    assert rows(app) == before
