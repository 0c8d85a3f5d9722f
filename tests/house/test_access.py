"""Closed by default: each route says who may call it, and the matrix is executed: writes here, the rest in visits."""

import contextvars
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from werkzeug.routing import AnyConverter

from app.core.access import AccessLineMissing, access, anyone, rule_of
from app.core.i18n import IdConverter, LanguageConverter, SlugConverter
from tests.conftest import CAST
from tests.house import population, routes

MATRIX: dict[str, dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "access.yaml").read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
)
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
NEVER = ("PUT", "DELETE", "PATCH", "TRACE")
STATIC_PART = re.compile(r"(?:/|[a-z0-9]+(?:-[a-z0-9]+)*|\.ics|\.csv|\.txt|\.pdf|\.xml|\.well-known|-)+")
TYPED = (LanguageConverter, IdConverter, SlugConverter, AnyConverter)


class Visit:
    """One person's browser, without the checks of a page: only the status counts here."""

    def __init__(self, reader: Any, who: str) -> None:
        self.client = reader(who, strict=False)

    def send(self, method: str, path: str, *, htmx: bool = False, **options: Any) -> Any:
        headers = {"HX-Request": "true"} if htmx else {}
        return contextvars.Context().run(self.client.raw.open, path, method=method, headers=headers, **options)

    def token(self) -> dict[str, str]:
        return {"csrf_token": self.client.get("/fr/contact").form("/fr/contact")["csrf_token"]}


def french(forum: Any) -> list[routes.Address]:
    """The language of an address gives no right: the other one is read in the tests of pages."""
    return [one for one in routes.addresses(forum) if one.lang != "en"]


def writes(reader: Any, forum: Any, who: str, *, htmx: bool = False) -> Iterator[tuple[routes.Address, Any]]:
    """Each address that takes a POST, with its answer. What is accepted may end the session: then a new one is used."""
    visit = token = None
    for address in french(forum):
        if "POST" in address.methods:
            if visit is None:
                visit = Visit(reader, who)
                token = visit.token()
            answer = visit.send("POST", address.path, htmx=htmx, data=token)
            yield address, answer
            if "Set-Cookie" in answer.headers or (answer.status_code < 400 and who != "visitor"):
                visit = None


def test_every_view_says_who_may_call_it(forum):
    assert [name for name, view in forum.view_functions.items() if rule_of(view) is None] == []


def test_the_matrix_has_a_line_for_each_route_and_method_and_no_other(forum):
    asked = {(one.row, one.endpoint, method) for one in routes.addresses(forum) for method in one.methods}
    written = {(row, line["endpoint"], method) for row, line in MATRIX.items() for method in line if method in METHODS}
    assert written ^ asked == set()
    assert {len(line[method]) for line in MATRIX.values() for method in line if method in METHODS} == {len(CAST)}


@pytest.mark.sweep
@pytest.mark.parametrize("who", CAST)
def test_each_write_of_the_matrix_answers_as_written(reader, forum, who):
    wrong = []
    for address, answer in writes(reader, forum, who):
        expected = MATRIX[address.row]["POST"][CAST.index(who)]
        if answer.status_code != expected:
            wrong.append(f"POST {address.path}: {answer.status_code}, {expected} expected")
    assert wrong == []


@pytest.mark.sweep
@pytest.mark.parametrize("who", ["visitor", "account", "secretariat"])
def test_asking_through_htmx_changes_no_right(reader, forum, who):
    visit, wrong = Visit(reader, who), []
    for address in french(forum):
        if "GET" in address.methods:
            expected = MATRIX[address.row]["GET"][CAST.index(who)]
            answer = visit.send("GET", address.path, htmx=True)
            found = 303 if "HX-Redirect" in answer.headers else answer.status_code
            if found != expected:
                wrong.append(f"{address.path}: {found}, {expected} expected")
    assert wrong == []


@pytest.mark.sweep
@pytest.mark.parametrize("who", ["visitor", "secretariat"])
def test_a_write_through_htmx_changes_no_right(reader, forum, who):
    wrong = []
    for address, answer in writes(reader, forum, who, htmx=True):
        found = 303 if "HX-Redirect" in answer.headers else answer.status_code
        if found != MATRIX[address.row]["POST"][CAST.index(who)]:
            wrong.append(f"{address.path}: {found}")
    assert wrong == []


@pytest.mark.sweep
@pytest.mark.parametrize("who", ["visitor", "secretariat"])
def test_a_method_that_a_route_does_not_name_is_refused_and_changes_nothing(reader, forum, who):
    visit, wrong = Visit(reader, who), []
    token, before = visit.token(), population.content()
    for address in french(forum):
        for method in (*NEVER, *sorted({"POST", "GET", "HEAD"} - address.methods)):
            found = visit.send(method, address.path, data=token if method == "POST" else None).status_code
            if found != 405:
                wrong.append(f"{method} {address.path}: {found}")
    assert wrong == []
    assert population.content() == before


def test_a_method_override_is_ignored(reader, forum):
    visit = Visit(reader, "account")
    override = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "POST"}
    answer = contextvars.Context().run(visit.client.raw.get, "/fr/sign-out?_method=POST", headers=override)
    assert answer.status_code == 405
    assert visit.send("GET", "/fr/account").status_code == 200


def test_addresses_are_written_in_kebab_case(forum):
    parts = [part for rule in routes.rules(forum) for part in re.split(r"<[^>]*>", rule.rule) if part]
    assert [part for part in parts if not STATIC_PART.fullmatch(part)] == []


def test_each_argument_of_an_address_is_typed_or_bounded(forum):
    loose = [
        f"{rule.rule}: {name}"
        for rule in routes.rules(forum)
        for name, converter in rule._converters.items()
        if not isinstance(converter, TYPED) and not re.search(rf"<string\(length=\d+\):{name}>", rule.rule)
    ]
    assert loose == []


def test_a_view_without_an_access_line_does_not_answer(another):
    testing = another()
    testing.add_url_rule("/forgotten", "forgotten", lambda: "open")
    with pytest.raises(AccessLineMissing):
        testing.test_client().get("/forgotten")
    production = another(TESTING=False)
    production.add_url_rule("/forgotten", "forgotten", lambda: "open")
    assert production.test_client().get("/forgotten").status_code == 403


def test_an_access_line_is_the_rule_itself():
    @access(anyone, quiet=True)
    def view() -> str:
        return ""

    assert rule_of(view) is anyone
    assert view.quiet is True
