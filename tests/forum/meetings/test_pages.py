"""The meetings as a reader meets them."""

from datetime import date, time
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from app.accounts.policy import OPERATOR
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.meetings import service
from tests import make
from tests.support import hostile
from tests.support.page import check_page, fragment_differences


def test_a_published_meeting_is_read_by_anyone(as_: Any) -> None:
    meeting = make.meeting("Réunion publique", "Public meeting")
    answer = as_("visitor").get("meetings.show", meeting_id=meeting.id, slug=meeting.slug)
    assert answer.css("//h1")[0].text_content() == "Réunion publique"


def test_a_draft_does_not_exist_for_the_public(as_: Any) -> None:
    meeting = make.meeting("Projet CANARY", published=False)
    as_("visitor").get("meetings.show", status=404, meeting_id=meeting.id, slug=meeting.slug)
    assert "CANARY" not in as_("visitor").get("meetings.index").text
    as_("secretariat").get("meetings.show", meeting_id=meeting.id, slug=meeting.slug)


# -- addresses -------------------------------------------------------------------------------------------------------


def place(meeting: Any) -> dict[str, Any]:
    return {"meeting_id": meeting.id, "slug": meeting.slug}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("slug", ["", "-", "-wrong", "-WRONG".lower(), "-reunion-d-essai-"])
def test_any_other_slug_leads_to_the_right_one_in_both_languages(as_: Any, lang: str, slug: str) -> None:
    number = make.meeting().id
    answer = as_("visitor").get(f"/{lang}/meetings/{number}{slug}", status=301)
    assert answer.headers["Location"] == f"/{lang}/meetings/{number}-reunion-d-essai"


def test_a_title_without_a_latin_letter_has_an_address(as_: Any) -> None:
    number = make.meeting("会议", "Meeting").id
    as_("visitor").get(f"/fr/meetings/{number}-")
    assert f'href="/fr/meetings/{number}-"' in as_("visitor").get("meetings.index").text


@pytest.mark.parametrize("number", [*hostile.BAD_IDS, "01", "+1", "1.0", " 1"])
@pytest.mark.parametrize("room", ["meetings", "working-groups"])
def test_a_number_that_is_nothing_is_not_found(as_: Any, room: str, number: str) -> None:
    for path in (f"/fr/{room}/{quote(number)}", f"/en/{room}/{quote(number)}-x"):
        as_("visitor").get(path, status=404)


@pytest.mark.parametrize("end", ["", ".ics", "/agenda"])
def test_a_draft_has_no_address_at_all_for_the_public(as_: Any, end: str) -> None:
    draft = place(make.meeting("Projet CANARY", published=False))
    for who in ("visitor", "account", "administrator"):
        as_(who).get(f"/fr/meetings/{draft['meeting_id']}-{draft['slug']}{end}", status=404)
        as_(who).get(f"/fr/meetings/{draft['meeting_id']}-wrong{end}", status=404)


def test_the_agenda_has_its_own_address(as_: Any) -> None:
    meeting = place(make.meeting())
    answer = as_("visitor").get("meetings.agenda", status=302, **meeting)
    assert answer.headers["Location"] == f"/fr/meetings/{meeting['meeting_id']}-reunion-d-essai#agenda"


# -- the list --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "when=never",
        "when=1",
        "body=-1",
        "body=abc",
        "body=2147483648",
        "year=1989",
        "year=2101",
        "year=\uff12",
        "page=0",
        "body=1e3",
    ],
)
def test_a_choice_that_does_not_exist_is_not_found(as_: Any, query: str) -> None:
    name, _, value = query.partition("=")
    as_("visitor").get(f"/fr/meetings/?{name}={quote(value)}", status=404)


def entries(answer: Any) -> list[str]:
    return [link.text_content() for link in answer.css("//*[@class='entry__title']/a")]


def test_sixty_meetings_are_paged_in_few_statements(as_: Any, at: Any) -> None:
    at("2027-06-01T12:00")
    body = make.body()
    for number in range(60):
        make.meeting(f"Réunion {number:02}", in_days=number, body=body)
    visitor = as_("visitor")
    pages = [visitor.get("meetings.index", page=number) for number in (1, 2, 3)]
    assert [title for page in pages for title in entries(page)] == [f"Réunion {number:02}" for number in range(60)]
    assert {page.statements for page in pages} == {pages[0].statements}
    assert pages[0].statements <= 8
    assert len(pages[0].css("//nav[contains(@class, 'pagination')] | //nav[contains(@class, 'pager')]")) == 1
    visitor.get("meetings.index", page=4, status=404)


def test_three_meetings_cost_as_much_as_one(as_: Any) -> None:
    visitor = as_("visitor")
    counts: list[int] = []
    for _ in range(2):
        body = make.body(fr=f"Groupe {len(counts)}")
        meeting = make.meeting(body=body, slots=[make.slot()])
        counts.append(visitor.get("meetings.index").statements)
        make.meeting(body=body)
        make.meeting(body=body)
    assert counts[0] == counts[1]
    assert meeting is not None


def test_an_agenda_of_many_slots_costs_as_much_as_one_of_one(as_: Any) -> None:
    person = {"name": "Camille", "honorific": None, "function": {"fr": "Cheffe", "en": "Head"}}
    short = place(make.meeting("Courte", slots=[make.slot(chair=person)]))
    long = place(make.meeting("Longue", slots=[make.slot(f"s{n}", chair=person) for n in range(30)]))
    visitor = as_("visitor")
    assert visitor.get("meetings.show", **short).statements == visitor.get("meetings.show", **long).statements


def test_the_list_is_kept_by_body_and_by_year(as_: Any, at: Any) -> None:
    at("2027-06-01T12:00")
    body = make.body()
    number = body.id
    make.meeting("Du groupe", in_days=-10, body=body)
    make.meeting("Suivie", in_days=-20)
    make.meeting("Ancienne", in_days=-200, body=db.session.merge(body))
    visitor = as_("visitor")
    found = [
        entries(visitor.get(f"/fr/meetings/?when=past{more}"))
        for more in ("", f"&body={number}", "&body=0", "&year=2026", f"&year=2027&body={number}")
    ]
    assert found == [
        ["Du groupe", "Suivie", "Ancienne"],
        ["Du groupe", "Ancienne"],
        ["Suivie"],
        ["Ancienne"],
        ["Du groupe"],
    ]


@pytest.mark.parametrize("query", ["", "?when=past", "?page=2", "?body=0", "?year=2030"])
def test_the_fragment_of_the_list_is_the_element_of_the_page(as_: Any, at: Any, query: str) -> None:
    at("2027-06-01T12:00")
    for number in range(22):
        make.meeting(f"Réunion {number}", in_days=number)
    visitor = as_("visitor")
    page = visitor.get(f"/fr/meetings/{query}").text
    fragment = visitor.get(f"/fr/meetings/{query}", headers={"HX-Request": "true"}).text
    assert fragment_differences(fragment, page, "meeting-list") == []


# -- an agenda and its oddities (A.16) -------------------------------------------------------------------------------


def person(name: str, fr: str, en: str | None = None) -> dict[str, Any]:
    return {"name": name, "honorific": None, "function": {"fr": fr, "en": en}}


@pytest.fixture
def odd(app: Flask, at: Any) -> dict[str, Any]:
    """Two rooms at one address, a slot without a time, one without a room, a gap, a day outside the range."""
    at("2027-01-01T12:00")
    meeting = make.meeting("Étrange", "Odd", first_day=date(2027, 1, 12))
    data = make.agenda(
        meeting,
        {"date": date(2027, 1, 12), "slots": [
            make.slot("timed", start=time(9), end=time(10), venue="big",
                      chair=person("Présidente de séance", "Cheffe")),
            make.slot("gap", start=time(14, 30), end=None, venue="small"),
            make.slot("free", title={"fr": "Sans heure ni salle", "en": None}),
        ]},
        {"date": date(2027, 1, 14), "slots": [make.slot("late", start=time(9), end=time(12), optional=True)]},
        meeting_chair={**person("Présidente de réunion", "Ministre", "Minister"), "scope": None},
    )  # fmt: skip
    room = {
        "building": {"fr": "Palais", "en": "Palace"},
        "access": None,
        "address": "9 place d’Iéna",
        "as_printed": None,
    }
    data["venues"] = {
        "big": {**room, "room": {"fr": "Grande salle", "en": "Big room"}},
        "small": {**room, "room": {"fr": "Petite salle", "en": None}},
    }
    with writing():
        service.replace_agenda(OPERATOR, meeting, data)
    return place(meeting)


def item(answer: Any, key: str) -> str:
    return " ".join(
        answer.css(f"//li[contains(@class, 'agenda__item') and contains(@id, '{key}')]")[0].text_content().split()
    )


def test_a_slot_without_a_time_says_so(as_: Any, odd: Any) -> None:
    visitor = as_("visitor")
    assert "Sans horaire" in item(visitor.get("meetings.show", **odd), "free") or "heure" in item(
        visitor.get("meetings.show", **odd), "free"
    )
    answer = visitor.get("meetings.show", lang="en", **odd)
    assert "No set time" in item(answer, "free")
    assert "No set time" not in item(answer, "timed")


def test_two_rooms_at_one_address_are_told_apart_and_a_slot_without_a_room_names_none(as_: Any, odd: Any) -> None:
    answer = as_("visitor").get("meetings.show", **odd)
    assert "Grande salle, Palais, 9 place d’Iéna" in item(answer, "timed")
    assert "Petite salle, Palais" in item(answer, "gap")
    assert "Palais" not in item(answer, "free")


def test_the_chair_of_a_session_is_not_the_chair_of_the_meeting(as_: Any, odd: Any) -> None:
    answer = as_("visitor").get("meetings.show", **odd)
    assert "Présidente de séance" in item(answer, "timed")
    assert "Présidente de réunion" not in item(answer, "timed")
    assert answer.words.count("Présidente de réunion") == 1


def test_a_day_outside_the_range_is_said_to_be(as_: Any, odd: Any) -> None:
    headings = [
        one.text_content()
        for one in as_("visitor").get("meetings.show", lang="en", **odd).css("//h2[@class='agenda__day']")
    ]
    assert headings == [
        "Tuesday 12\u00a0January 2027",
        "Thursday 14\u00a0January 2027 (outside the official programme)",
    ]


def test_hours_are_shown_as_printed(as_: Any, odd: Any) -> None:
    visitor = as_("visitor")
    times = [one.text_content() for one in visitor.get("meetings.show", **odd).css("//p[@class='agenda__time']//time")]
    assert times == ["9\u00a0h", "10\u00a0h", "14\u00a0h\u00a030", "9\u00a0h", "12\u00a0h"]


def test_what_exists_only_in_french_is_marked_and_the_reader_told(as_: Any, odd: Any) -> None:
    visitor = as_("visitor")
    answer = visitor.get("meetings.show", lang="en", **odd)
    assert [one.text_content() for one in answer.css("//main//span[@lang='fr']")] == [
        "Cheffe",
        "Petite salle",
        "Sans heure ni salle",
    ]
    assert "Part of this page exists only in French." in answer.words
    assert 'lang="fr"' not in visitor.get("meetings.show", **odd).text.partition("<main")[2].partition("</main>")[0]


def test_english_that_is_older_than_the_french_is_said_to_be(as_: Any) -> None:
    meeting = make.meeting("Ancien titre", "Old title")
    with writing():
        service.replace_agenda(
            OPERATOR, meeting, make.agenda(meeting, title={"fr": "Nouveau titre", "en": "Old title"})
        )
    where = place(meeting)
    visitor = as_("visitor")
    notice = "The English text is older than the French in places."
    assert notice in visitor.get("meetings.show", lang="en", **where).words
    assert "older" not in visitor.get("meetings.show", **where).words


def test_a_complete_translation_says_nothing(as_: Any) -> None:
    answer = as_("visitor").get("meetings.show", lang="en", **place(make.meeting(slots=[make.slot()])))
    assert answer.css("//main//*[@lang='fr'] | //main//div[@class='notice']") == []


def test_a_meeting_without_an_agenda_says_so(as_: Any) -> None:
    answer = as_("visitor").get("meetings.show", lang="en", **place(make.meeting()))
    assert "The agenda is not published yet. It will be shown on this page." in answer.words


def test_a_note_for_the_secretariat_is_never_shown(as_: Any) -> None:
    where = place(make.meeting(slots=[make.slot(note={"fr": "CANARY", "en": "CANARY"})]))
    assert "CANARY" not in as_("visitor").get("meetings.show", **where).text
    assert b"CANARY" not in as_("visitor").get("meetings.entry", **where).response.data


@pytest.mark.parametrize(
    "payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "${7*7}", "%(name)s %s"]
)
def test_hostile_words_are_inert_and_shown_as_typed(as_: Any, payload: str) -> None:
    pair = {"fr": payload, "en": payload}
    who = {"name": payload, "honorific": payload, "function": pair}
    where = place(make.meeting(payload, payload, introduction=(payload, payload), slots=[make.slot(
        title=pair, description=pair, chair=who, host=who, speakers=[{"role": "speaker", **who}], questions=[pair],
        references=[{"title": payload, "url": "https://a.example/"}])]))  # fmt: skip
    visitor = as_("visitor", strict=False)
    for lang in ("fr", "en"):
        for target, values in (("meetings.show", where), ("meetings.index", {})):
            answer = visitor.get(target, lang=lang, **values)
            assert check_page(answer.text, lang, ignore={"leak"}) == []
            assert payload in answer.tree().text_content()
            assert answer.css("//main//script | //main//img | //*[@onerror]") == []
