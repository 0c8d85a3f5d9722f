"""What a reader does: the real agenda of three days, in both languages, with and without JavaScript."""

import urllib.request
from collections.abc import Callable

import pytest
import vobject
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
FRENCH = "Favoriser la cohésion sociale face à la polarisation : le rôle des centres de gouvernement"
ENGLISH = "Fostering social cohesion in the face of polarisation: the role of Centres of Government"


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_three_day_agenda_is_found_and_read_in_both_languages(visit: Visit, javascript: bool, width: int) -> None:
    page = visit("/fr/", width=width, javascript=javascript)
    page.get_by_role("searchbox", name="Rechercher sur le site").fill("desinformation")
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("link", name="42e réunion annuelle").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(FRENCH)
    expect(page.locator("#agenda").get_by_role("heading", level=2)).to_have_text(
        ["Mercredi 22 novembre 2023", "Jeudi 23 novembre 2023", "Vendredi 24 novembre 2023 (hors programme officiel)"]
    )
    expect(page.get_by_text("Ordre du jour révisé")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_text("Revised agenda")).to_be_visible()


def test_the_calendar_entry_of_the_agenda_is_read_by_another_programme(visit: Visit, site: str) -> None:
    page = visit("/fr/search?q=desinformation")
    page.get_by_role("link", name="42e réunion annuelle").click()
    address = page.get_by_role("link", name="Ajouter à mon agenda (.ics)").get_attribute("href")
    with urllib.request.urlopen(f"{site}{address}") as answer:
        assert answer.headers.get_content_type() == "text/calendar"
        event = vobject.readOne(answer.read().decode()).vevent
    assert event.status.value == "CONFIRMED"
    assert event.dtstart.value.isoformat() == "2023-11-22T19:00:00+01:00"
    assert event.dtend.value.isoformat() == "2023-11-23T21:30:00+01:00"


@pytest.mark.parametrize("javascript", [True, False])
def test_an_apostrophe_is_searched_safely(visit: Visit, javascript: bool) -> None:
    page = visit("/fr/search", javascript=javascript)
    page.get_by_label("Mots à chercher").fill("l’élaboration")
    page.locator("main").get_by_role("button", name="Rechercher").click()
    expect(page.locator("mark").filter(has_text="élaboration").first).to_be_visible()


def test_typing_refines_the_results_without_a_new_page(visit: Visit) -> None:
    page = visit("/fr/search")
    page.evaluate("window.sameDocument = true")
    page.get_by_label("Mots à chercher").press_sequentially("desinf")
    expect(page.locator("#search-results mark")).to_have_text("désinformation")
    page.wait_for_url("**/fr/search?q=desinf")
    assert page.evaluate("window.sameDocument") is True
    expect(page.get_by_role("status")).to_have_text("1 résultat")


def test_choosing_a_body_changes_the_list_and_the_address(visit: Visit) -> None:
    page = visit("/fr/meetings/")
    page.get_by_label("Instance").select_option(label="Comité de pilotage")
    page.wait_for_url("**/fr/meetings/?body=*")
    for text in page.locator(".entry--dated .entry__meta").all_inner_texts():
        assert text.startswith("Comité de pilotage")
    page.go_back()
    expect(page.locator(".entry__meta").filter(has_text="Participation des jeunes").first).to_be_visible()


def test_choosing_a_body_works_without_javascript(visit: Visit) -> None:
    page = visit("/fr/meetings/?when=past", javascript=False)
    page.get_by_label("Instance").select_option(label="Assemblée plénière")
    page.get_by_role("button", name="Afficher").click()
    for text in page.locator(".entry--dated .entry__meta").all_inner_texts():
        assert text.startswith("Assemblée plénière")
    expect(page.get_by_role("link", name="Passées")).to_have_attribute("aria-current", "page")


def test_the_keyboard_reaches_the_text_first(visit: Visit) -> None:
    page = visit("/fr/meetings/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_agenda_prints_without_menus(visit: Visit) -> None:
    page = visit("/fr/search?q=desinformation")
    page.get_by_role("link", name="42e réunion annuelle").click()
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Menu principal")).to_be_hidden()
    expect(page.get_by_text("10 h – 10 h 10")).to_be_visible()
