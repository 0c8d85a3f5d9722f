"""What was typed comes back when its sign-in has ended, or when its token is of an earlier one (H30)."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.forum.members.models import Need
from tests import make
from tests.support.client import Client

HERE = {"Sec-Fetch-Site": "same-origin"}
PATH = "/fr/members/needs/new"
TYPED = "Une association d’élus\nqui connaît les communes"


def filled(client: Client) -> dict[str, str]:
    body = make.body()
    typed = {
        "body": str(body.id),
        "theme_fr": "Élus locaux",
        "profile_fr": TYPED,
        "reason_fr": "Personne ne les connaît.",
    }
    return {**client.get(PATH).form(PATH), **typed}


def sent(client: Client, fields: dict[str, str], *, status: int, **headers: str) -> Any:
    return client.open("POST", PATH, status=status, headers={**HERE, **headers}, data=fields)


@pytest.fixture
def late(as_: Any, at: Any) -> tuple[Client, dict[str, str]]:
    """A secretary whose form waited for three hours, and what is in it."""
    start = at("2027-01-04T08:00:00")
    desk = as_("secretariat")
    fields = filled(desk)
    clock.freeze(start + timedelta(hours=3))
    return desk, fields


def test_a_form_sent_after_the_sign_in_has_ended_comes_back_with_what_was_typed(
    late: tuple[Client, dict[str, str]],
) -> None:
    desk, fields = late
    page = sent(desk, fields, status=403)
    assert (page.form(PATH)["profile_fr"], make.count(Need)) == (TYPED, 0)
    assert TYPED in page.css("//textarea[@readonly]")[0].text
    assert page.css("//a[@target='_blank']/@href") == ["/fr/sign-in"]


def test_it_is_stored_once_signed_in_again_in_another_tab(late: tuple[Client, dict[str, str]]) -> None:
    desk, fields = late
    waiting = {**fields, **sent(desk, fields, status=403).form(PATH)}
    desk._sign_in()
    sent(desk, waiting, status=303)
    assert make.count(Need) == 1


def test_a_form_of_an_earlier_sign_in_is_stored_when_it_is_sent_again(as_: Any) -> None:
    fields, desk = filled(as_("secretariat")), as_("secretariat")
    again = sent(desk, fields, status=400)
    assert "Vérifiez, puis envoyez de nouveau" in again.words and make.count(Need) == 0
    sent(desk, {**fields, **again.form(PATH)}, status=303)
    assert make.count(Need) == 1


def test_with_htmx_the_whole_page_comes_in_its_place(late: tuple[Client, dict[str, str]]) -> None:
    desk, fields = late
    page = desk.open("POST", PATH, status=422, headers={**HERE, "HX-Request": "true"}, data=fields)
    assert page.headers["HX-Retarget"] == "body"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 400),
    ],
)
def test_what_another_site_posts_is_not_repeated_here(as_: Any, headers: dict[str, str], status: int) -> None:
    fields = {"csrf_token": "false", "profile_fr": TYPED}
    page = as_("secretariat").open("POST", PATH, status=status, headers=headers, data=fields)
    assert "connaît les communes" not in page.text


@pytest.mark.parametrize("name", ["password", "new_password", "code", "recovery_code"])
def test_a_password_or_a_code_is_never_repeated(as_: Any, name: str) -> None:
    fields = {"csrf_token": "false", name: "un secret entre nous"}
    page = as_("visitor").open("POST", "/fr/sign-in", status=400, headers=HERE, data=fields)
    assert "un secret" not in page.text


def test_a_reader_who_was_not_signed_in_is_sent_to_the_sign_in_page(as_: Any) -> None:
    visitor = as_("visitor")
    fields = {"csrf_token": visitor.get("/fr/contact").form("/fr/contact")["csrf_token"], "profile_fr": TYPED}
    assert sent(visitor, fields, status=303).headers["Location"].endswith("/fr/sign-in")


def test_what_was_typed_is_inert_in_the_page_that_returns_it(app: Flask, as_: Any) -> None:
    fields = {"csrf_token": "false", "profile_fr": '</textarea><script>alert(1)</script> "> <img src=x>'}
    page = sent(as_("secretariat"), fields, status=400)
    assert page.css("//script[not(@src)]") == [] and page.css("//img[@src='x']") == []
