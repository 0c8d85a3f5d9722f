"""The working groups as a reader meets them."""

from typing import Any

import pytest

from app.core.extensions import db
from app.forum.members.states import BodyKind
from tests import make


def test_the_list_stands_with_nothing(as_: Any) -> None:
    for lang in ("fr", "en"):
        as_("visitor", lang=lang).get("working_groups.index")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("slug", ["", "-", "-wrong"])
def test_any_other_slug_leads_to_the_right_one(as_: Any, lang: str, slug: str) -> None:
    number = make.body(fr="Énergie & climat").id
    answer = as_("visitor").get(f"/{lang}/working-groups/{number}{slug}", status=301)
    assert answer.headers["Location"] == f"/{lang}/working-groups/{number}-energie-climat"


@pytest.mark.parametrize("kind", [BodyKind.PLENARY, BodyKind.MANAGEMENT_COMMITTEE])
def test_another_body_is_no_working_group(as_: Any, kind: BodyKind) -> None:
    body = make.body(kind, "Plénière")
    as_("visitor").get(f"/fr/working-groups/{body.id}", status=404)


def test_a_group_shows_its_meetings_without_the_drafts(as_: Any) -> None:
    body = make.body()
    where = {"body_id": body.id, "slug": body.slug}
    for title, days, published in (
        ("Avant", -5, True),
        ("Après", 5, True),
        ("Projet CANARY", 3, False),
        ("Ancien CANARY", -3, False),
    ):
        make.meeting(title, in_days=days, published=published, body=db.session.merge(body))
    make.meeting("D’un autre groupe", body=make.body(fr="Autre"))
    answer = as_("visitor").get("working_groups.show", **where)
    for target, values in (("working_groups.index", {}), ("working_groups.show", where)):
        assert "CANARY" not in as_("visitor").get(target, **values).text
    assert ("Avant" in answer.words, "Après" in answer.words, "D’un autre groupe" in answer.words) == (
        True,
        True,
        False,
    )


def test_a_group_without_english_is_marked(as_: Any) -> None:
    body = make.body(fr="Sans anglais", en=None)
    where = {"body_id": body.id, "slug": body.slug}
    for target, values in (("working_groups.index", {}), ("working_groups.show", where)):
        answer = as_("visitor", lang="en").get(target, **values)
        assert "Sans anglais" in [one.text_content() for one in answer.css("//main//span[@lang='fr']")]


def test_many_groups_cost_as_much_as_one(as_: Any) -> None:
    visitor = as_("visitor")
    counts: list[int] = []
    for _ in range(2):
        for _ in range(3 if counts else 1):
            make.meeting(body=make.body())
        counts.append(visitor.get("working_groups.index").statements)
    assert counts[0] == counts[1]
