"""The repository of public documents."""

from typing import Any

from app.accounts.policy import OPERATOR
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.documents.models import Document
from app.forum.meetings import service
from app.forum.meetings.models import Meeting
from tests import make
from tests.support.page import fragment_differences


def titles(answer: Any) -> list[str]:
    return [link.text_content() for link in answer.css("//*[@id='document-list']//a[contains(@href, '/meetings/')]")]


def test_the_repository_stands_with_nothing(as_: Any) -> None:
    for lang in ("fr", "en"):
        assert titles(as_("visitor", lang=lang).get("documents.index")) == []


def test_a_draft_is_no_document(as_: Any) -> None:
    make.meeting("Projet CANARY", published=False)
    for who in ("visitor", "secretariat"):
        assert "CANARY" not in as_(who).get("documents.index").text


def test_the_newest_version_comes_first(as_: Any, at: Any) -> None:
    at("2027-01-01T10:00")
    first = make.meeting("Un").id
    at("2027-01-02T10:00")
    make.meeting("Deux")
    assert titles(as_("visitor").get("documents.index")) == ["Deux", "Un"]
    at("2027-01-03T10:00")
    with writing():
        service.revise(OPERATOR, db.session.get_one(Meeting, first))
    assert titles(as_("visitor").get("documents.index")) == ["Un", "Deux"]
    assert make.count(Document) == 2


def test_a_title_without_english_is_marked(as_: Any) -> None:
    make.meeting("Sans anglais", None)
    answer = as_("visitor", lang="en").get("documents.index")
    assert [one.text_content() for one in answer.css("//main//span[@lang='fr']")] == ["Sans anglais"]


def test_many_documents_are_paged_in_the_same_statements(as_: Any) -> None:
    visitor = as_("visitor")
    make.meeting()
    one = visitor.get("documents.index").statements
    for number in range(22):
        make.meeting(f"Réunion {number}")
    pages = [visitor.get("documents.index", page=number) for number in (1, 2)]
    assert [len(titles(page)) for page in pages] == [20, 3]
    assert {page.statements for page in pages} == {one}
    visitor.get("documents.index", page=3, status=404)
    fragment = visitor.get("/fr/documents/?page=2", headers={"HX-Request": "true"}).text
    assert fragment_differences(fragment, pages[1].text, "document-list") == []
