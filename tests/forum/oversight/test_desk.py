"""The desk: what waits for the viewer, what is due first, and the staff's screens."""

from typing import Any

import pytest

from app.accounts.policy import is_secretariat
from app.core.registry import DeskGroup, DeskLink, Todo, current
from app.forum.oversight import queries
from tests import make


def labels(answer: Any) -> list[str]:
    return [" ".join(item.text_content().split()) for item in answer.css("//ol[@class='task-list']/li")]


def test_what_is_due_first_comes_first_and_what_is_late_says_so(as_: Any, at: Any) -> None:
    at("2027-03-15T12:00")
    make.contact(days_ago=3)
    late, today = make.data_request(days_ago=40), make.contact(days_ago=14)
    make.failed_mail()
    found = labels(as_("secretariat", lang="en").get("oversight.desk"))
    assert found == [
        f"Answer request {late.reference} about personal data late: 6 March 2027",
        f"Answer message {today.reference}: A question about the Forum today",
        found[2],
        "1 e-mail could not be delivered",
    ]
    assert found[2].endswith("by 26 March 2027")


def test_nothing_waits_is_said(as_: Any) -> None:
    assert "Rien ne vous attend" in as_("secretariat").get("oversight.desk").words
    assert "Nothing waits for you" in as_("electoral_board", lang="en").get("oversight.desk").words


@pytest.mark.parametrize(
    ("who", "screens"),
    [
        ("secretariat", {
            "/meetings/new", "/desk/translations/", "/members/register", "/members/import", "/members/organisations/",
            "/members/needs", "/documents/", "/desk/personal-data/", "/desk/messages/", "/desk/outbox",
            "/desk/journal", "/desk/retention",
        }),
        ("administrator", {
            "/desk/administration/", "/desk/personal-data/", "/desk/outbox", "/desk/journal", "/desk/retention",
        }),
        ("electoral_board", set()),
    ],
)  # fmt: skip
def test_each_one_sees_the_screens_they_may_open(as_: Any, who: str, screens: set[str]) -> None:
    client = as_(who)
    links = client.get("oversight.desk").css("//div[@class='columns__aside']//a/@href")
    assert {link.removeprefix("/fr") for link in links} == screens
    assert len(links) == len(screens)
    for link in links:
        client.get(link)


def test_a_screen_and_a_line_of_another_room_are_taken_from_the_registry(app: Any, as_: Any) -> None:
    link = DeskLink(DeskGroup.MEETINGS, "An essay screen", "pages.about", is_secretariat)

    def provide(_viewer: Any) -> list[Todo]:
        return [Todo("An essay to read", "/fr/about")]

    house = current()
    house.desk_links.append(link)
    house.todos.append(provide)
    try:
        words = as_("secretariat").get("oversight.desk").words
    finally:
        house.desk_links.remove(link)
        house.todos.remove(provide)
    assert "An essay screen" in words
    assert "An essay to read" in words


def test_the_header_leads_the_staff_to_the_desk_and_nobody_else(as_: Any) -> None:
    for who, shown in (("visitor", False), ("account", False), ("secretariat", True), ("electoral_board", True)):
        links = as_(who).get("pages.home").css("//header//a/@href")
        assert ("/fr/desk/" in links) == shown, who


def test_a_long_list_shows_its_beginning_and_counts_the_rest(as_: Any) -> None:
    for _ in range(22):
        make.contact()
        make.data_request()
    answer = as_("secretariat", lang="en").get("oversight.desk")
    assert len(labels(answer)) == queries.WAITING
    assert "and 10 more" in answer.words  # each room gives its first twenty


def test_an_answered_message_no_longer_waits(as_: Any) -> None:
    message = make.contact()
    client = as_("secretariat")
    client.post("messages.answer", message_id=message.id, page=client.path("messages.show", message_id=message.id))
    assert "Rien ne vous attend" in client.get("oversight.desk").words


def test_an_account_past_its_term_leads_to_its_page_for_the_administrators_only(as_: Any, at: Any) -> None:
    at("2026-01-10T12:00")
    idle = make.user("idle@example.org", "Camille Ancienne")
    at("2027-03-15T12:00")
    for who, links in (("administrator", [f"/fr/desk/administration/accounts/{idle.id}"]), ("secretariat", [])):
        answer = as_(who).get("oversight.retention")
        assert "Camille Ancienne" in answer.words
        assert [link for link in answer.css("//main//a/@href") if "/accounts/" in link] == links
