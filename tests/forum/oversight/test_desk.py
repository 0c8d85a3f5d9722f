"""The desk: what waits for the viewer, what is due first, and the staff's screens."""

from datetime import date
from typing import Any

import pytest

from app.accounts.policy import is_secretariat
from app.core.registry import DeskGroup, DeskLink, Step, Todo, current
from app.forum.members.states import BodyKind
from app.forum.oversight import queries, week
from app.forum.oversight.week import When
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
            "/meetings/new", "/decisions/", "/meetings/plan", "/meetings/templates", "/meetings/polls",
            "/desk/translations/", "/members/register", "/members/import", "/members/organisations/",
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


def test_the_header_leads_whoever_has_a_function_or_a_seat_to_the_desk(as_: Any) -> None:
    shown_to = ("member", "committee_member", "co_chair", "secretariat", "electoral_board")
    for who, shown in (*((one, True) for one in shown_to), *((one, False) for one in ("visitor", "account"))):
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


# -- by when, and the meetings that come -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("due", "when"),
    [
        (None, When.UNDATED), ("2027-03-16", When.LATE), ("2027-03-17", When.WEEK), ("2027-03-21", When.WEEK),
        ("2027-03-22", When.LATER),
    ],
)  # fmt: skip
def test_a_week_ends_on_sunday(due: str | None, when: When) -> None:
    wednesday = date(2027, 3, 17)
    assert week.when_of(date.fromisoformat(due) if due else None, wednesday) == when
    assert week.when_of(wednesday, date(2027, 3, 21)) == When.LATE


def test_what_waits_stands_under_late_this_week_later_and_without_a_date(as_: Any, at: Any) -> None:
    at("2027-03-15T12:00")
    make.contact(days_ago=3), make.contact(days_ago=14), make.data_request(days_ago=40), make.failed_mail()
    headings = as_("secretariat").get("oversight.desk").css("//div[@class='columns__main']//h2/text()")
    assert headings[:4] == ["En retard", "Cette semaine", "Ensuite", "Sans date"]


def coming(as_: Any, who: str) -> list[str]:
    return as_(who).get("oversight.desk").css("//*[@id='coming']/..//h3/a/text()")


def test_the_secretariat_sees_every_meeting_of_six_weeks_with_what_is_to_be_done(as_: Any) -> None:
    make.meeting("Annoncée", in_days=42), make.meeting("Prévue", in_days=1, published=False)
    make.meeting("Trop loin", in_days=43), make.meeting("Passée", in_days=-1)
    house = current()

    def provide(_viewer: Any, meeting: Any) -> list[Step]:
        return [
            Step("held", "Sign the sheet", "/fr/last", done=False),
            Step("planned", "Choose the place", "/fr/first", done=True),
            Step("planned", f"Announce {meeting.title_fr}", "/fr/next", done=False, due=meeting.first_day),
        ]

    known, house.steps[:] = list(house.steps), [provide]
    try:
        page = as_("secretariat").get("oversight.desk")
    finally:
        house.steps[:] = known
    assert page.css("//*[@id='coming']/..//h3/a/@href")[0].endswith("/preparation")
    assert page.css("//*[@id='coming']/..//p[@class='entry__text']/a/text()") == [
        "Announce Prévue",
    ]  # of the first one: those of the others are a click away, and the desk asks no more statements for them
    assert "Trop loin" not in page.words and "Passée" not in page.words


def test_a_member_sees_the_meetings_of_their_bodies_and_no_staff_screen(as_: Any) -> None:
    make.cast("member"), make.cast("co_chair")
    for kind, name in (("plenary", "Plénière"), ("management_committee", "Comité"), ("working_group", "Groupe")):
        make.meeting(name, body=make.standing_body(BodyKind(kind)))
    make.meeting("Secrète", body=make.standing_body(BodyKind.PLENARY), published=False)
    assert coming(as_, "member") == ["Plénière"]
    assert coming(as_, "co_chair") == ["Comité"]
    assert as_("member").get("oversight.desk").css("//div[@class='columns__aside']//a") == []


def test_a_desk_without_meetings_says_so_to_whoever_has_any(as_: Any) -> None:
    assert "Aucune réunion dans les six prochaines semaines." in as_("secretariat").get("oversight.desk").words
    assert "Aucune de vos instances ne se réunit" in as_("member").get("oversight.desk").words
    assert "six prochaines semaines" not in as_("electoral_board").get("oversight.desk").words


def test_the_desk_costs_the_same_with_two_meetings_and_with_twelve(as_: Any) -> None:
    make.meeting(in_days=1), make.meeting(in_days=2)
    before = as_("secretariat").get("oversight.desk").statements
    for days in range(10):
        make.meeting(in_days=days)
    assert as_("secretariat").get("oversight.desk").statements == before


def test_whoever_no_longer_sits_has_no_desk(as_: Any) -> None:
    as_("former_member").get("oversight.desk", status=403)
