"""Two secretaries in one slot of the OECD agenda: the one who saves second sees both texts, chooses, publishes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SECRETARIAT
from tests.support import browser as chromium

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
COLLEAGUE = "patricia.vauquelin@example.org"


def at_the_agenda(visit: Visit, javascript: bool, *, of: str = SECRETARIAT, **options: object) -> Page:
    """Someone of the secretariat before the editing page of the outside meeting."""
    page = visit("/fr/meetings/?when=past&body=0", of=of, javascript=javascript, **options)
    page.locator(".entry__title a").first.click()
    page.get_by_role("link", name="Modifier l’ordre du jour").click()
    return page


def edit_lunch(page: Page) -> None:
    page.locator(".working__slot", has=page.locator("h3", has_text="OCDE")).get_by_role("link", name="Modifier").click()
    expect(page.get_by_label("Titre en français")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_slot_is_corrected_in_both_languages_while_another_edits_it(visit: Visit, axe: str, javascript: bool) -> None:
    def sound(page: Page) -> list[str]:
        return chromium.axe(page, axe) if javascript else []  # axe needs the page's scripts

    first = at_the_agenda(visit, javascript)
    first.get_by_role("button", name="Commencer une copie de travail").click()
    second = at_the_agenda(visit, javascript, of=COLLEAGUE, expected={409})
    assert sound(first) == []
    edit_lunch(first)
    edit_lunch(second)
    assert sound(second) == []
    title = second.get_by_label("Titre en français").input_value()

    second.get_by_label("Titre en français").fill(f"{title} (salle 1)")
    second.get_by_label("Titre en anglais").fill("Lunch at OECD (room 1)")
    first.get_by_label("Titre en français").fill(f"{title}, debout")
    first.get_by_role("button", name="Enregistrer dans la copie de travail").click()
    expect(first.locator(".notice--success")).to_contain_text("Enregistré dans la copie de travail.")

    second.get_by_role("button", name="Enregistrer dans la copie de travail").click()
    expect(second.get_by_text("Rien n’est perdu, et rien n’est encore enregistré")).to_be_visible()
    expect(second.locator(".quoted", has_text="debout").first).to_be_visible()
    assert sound(second) == []
    french = second.locator(".choice", has_text="Titre en français")
    french.get_by_label("Texte composé à partir des deux").fill(f"{title}, debout (salle 1)")
    french.get_by_label("Prendre le texte que j’écris ci-dessous").check()
    second.get_by_role("button", name="Enregistrer mes choix").click()
    expect(second.locator("h3", has_text=f"{title}, debout (salle 1)")).to_be_visible()

    second.get_by_role("link", name="Vérifier, puis publier la révision").click()
    second.get_by_label("Motif communiqué au public en français").fill("Salle du déjeuner précisée")
    assert sound(second) == []
    second.get_by_role("button", name="Publier la révision").click()
    expect(second.locator("#agenda")).to_contain_text(f"{title}, debout (salle 1)")
    expect(second.locator("main")).to_contain_text("Salle du déjeuner précisée")


def test_a_slot_moves_by_keyboard_and_says_where_it_went(visit: Visit) -> None:
    page = at_the_agenda(visit, True)
    page.get_by_role("button", name="Commencer une copie de travail").click()
    row = page.locator(".working__slot", has=page.locator("h3", has_text="Photo"))
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    row.get_by_role("button", name="Descendre").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice--success")).to_contain_text("est maintenant au rang")
    expect(page.locator("#status")).to_contain_text("est maintenant au rang")
    page.get_by_role("link", name="Abandonner cette copie").click()
    page.get_by_role("button", name="Abandonner").click()
    expect(page.get_by_role("button", name="Commencer une copie de travail")).to_be_visible()


def test_a_slot_is_dragged_to_another_place(visit: Visit) -> None:
    page = at_the_agenda(visit, True)
    page.get_by_role("button", name="Commencer une copie de travail").click()
    rows = page.locator("[data-sortable]").nth(1).locator("> li")
    moved = rows.nth(0).locator("h3").inner_text()
    below = rows.nth(2).bounding_box()
    assert below
    rows.nth(0).drag_to(rows.nth(2), target_position={"x": 200, "y": below["height"] - 4})
    expect(page.locator(".notice--success")).to_contain_text("est maintenant au rang")
    places = page.locator("[data-sortable]").nth(1).locator("> li h3").all_inner_texts()
    assert places.index(moved) in (1, 2)  # dropped on the third line, the first went down
    page.get_by_role("link", name="Abandonner cette copie").click()
    page.get_by_role("button", name="Abandonner").click()
