"""No write without a token of the same session, sent from our own pages, in a form of a decent size."""

import contextvars
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import encode_multipart

from app.core.extensions import csrf
from tests.house import population, routes

MARK = "MARK-OF-A-BODY"


def send(client: Any, path: str, data: Any = None, **options: Any) -> Any:
    return contextvars.Context().run(client.raw.post, path, data=data, **options)


ASKING = ("visitor", "member", "secretariat", "administrator")
"""The token is read before anybody is known: some of the cast stand for all."""


def token(client: Any) -> str:
    return str(client.get("/fr/contact").form("/fr/contact")["csrf_token"])


def writes(forum: Any) -> list[str]:
    """In one language: the token is read before any view."""
    written = {"POST", "PUT", "PATCH", "DELETE"}
    return [one.path for one in routes.addresses(forum) if one.lang != "en" and one.methods & written]


def test_no_view_is_exempt(forum):
    assert (csrf._exempt_views, csrf._exempt_blueprints) == (set(), set())
    assert (forum.config.get("WTF_CSRF_ENABLED", True), forum.config.get("WTF_CSRF_CHECK_DEFAULT", True)) == (
        True,
        True,
    )
    assert forum.config["WTF_CSRF_METHODS"] == {"POST", "PUT", "PATCH", "DELETE"}


@pytest.mark.sweep
@pytest.mark.parametrize(("who", "htmx"), [*((who, False) for who in ASKING), ("visitor", True), ("secretariat", True)])
def test_every_write_refuses_a_missing_a_false_and_a_foreign_token(reader, forum, who, htmx):
    client, stranger = reader(who), reader("visitor")
    foreign, before, wrong = token(stranger), population.content(), []
    headers = {"HX-Request": "true"} if htmx else {}
    for path in writes(forum):
        for name, fields in {"missing": {}, "empty": {"csrf_token": ""}, "foreign": {"csrf_token": foreign}}.items():
            answer = send(client, path, fields, headers=headers)
            if answer.status_code != 400:
                wrong.append(f"{path}, {name}: {answer.status_code}")
        in_header = send(client, path, {}, headers={**headers, "X-CSRFToken": foreign})
        if in_header.status_code != 400:
            wrong.append(f"{path}, foreign in a header: {in_header.status_code}")
    assert wrong == []
    assert population.content() == before


def test_a_refused_sign_out_leaves_the_session_open(reader):
    client = reader("account")
    assert send(client, "/fr/sign-out").status_code == 400
    assert client.get("accounts.account").status == 200


@pytest.mark.sweep
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://localhost.evil.example"},
        {"Origin": "https://evil.example", "HX-Request": "true"}, {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)  # fmt: skip
def test_a_write_from_another_site_is_refused_even_with_the_token(reader, forum, headers):
    client = reader("account")
    fields, before = {"csrf_token": token(client)}, population.content()
    found = {path: send(client, path, fields, headers=headers).status_code for path in writes(forum)}
    assert found == dict.fromkeys(writes(forum), 403)
    assert population.content() == before


@pytest.mark.parametrize("site", ["same-origin", "same-site", "none"])
def test_a_write_from_our_own_pages_is_taken(reader, site):
    client = reader("account")
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": site}
    assert send(client, "/fr/sign-out", {"csrf_token": token(client)}, headers=headers).status_code == 303


@pytest.mark.sweep
def test_a_field_sent_twice_is_refused(reader, forum):
    client = reader("account")
    twice, before = {"csrf_token": [token(client)], "name": ["a", "b"]}, population.content()
    found = {path: send(client, path, twice).status_code for path in writes(forum)}
    assert found == dict.fromkeys(writes(forum), 400)
    assert population.content() == before


@pytest.mark.sweep
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_more_than_500_fields_are_refused(reader, forum, kind):
    client = reader("account")
    many, before = {"csrf_token": token(client), **{f"f{n}": "x" for n in range(500)}}, population.content()
    found = {path: send(client, path, many, content_type=kind).status_code for path in writes(forum)}
    assert found == dict.fromkeys(writes(forum), 413)
    assert population.content() == before


def test_500_fields_are_read(reader):
    client = reader("account")
    many = {"csrf_token": token(client), **{f"f{n}": "x" for n in range(499)}}
    assert send(client, "/fr/contact", many).status_code == 422


def urlencoded(fields: dict[str, str]) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def multipart(fields: dict[str, str]) -> tuple[str, bytes]:
    boundary, body = encode_multipart(fields)
    return f"multipart/form-data; boundary={boundary}", body


@pytest.mark.parametrize("encode", [urlencoded, multipart])
@pytest.mark.parametrize(("lang", "heading"), [("fr", "Envoi trop volumineux"), ("en", "Too large")])
def test_a_body_over_one_megabyte_gets_a_page_and_stores_nothing(reader, lang, heading, encode):
    client = reader("account", lang=lang)
    kind, body = encode({"csrf_token": token(client), "message": MARK + "x" * 1_000_001})
    before = population.content()
    answer = send(client, f"/{lang}/contact", body, content_type=kind)
    assert answer.status_code == 413
    assert f"<h1>{heading}</h1>" in answer.get_data(as_text=True)
    assert f'<html lang="{lang}">' in answer.get_data(as_text=True)
    assert MARK not in answer.get_data(as_text=True)
    assert population.content() == before


def test_a_body_that_does_not_say_its_length_is_bounded_too(reader):
    client, before = reader(), population.content()
    kind, body = urlencoded({"message": "x" * 1_100_000})
    unsaid = {"wsgi.input_terminated": True, "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    stream = BytesIO(body)
    answer = send(client, "/fr/contact", input_stream=stream, content_type=kind, environ_overrides=unsaid)
    assert answer.status_code == 413
    assert population.content() == before
