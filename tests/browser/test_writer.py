"""What someone who writes does: the contact form and the sign-in page, by keyboard, with and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_message_is_corrected_then_sent(visit: Visit, javascript: bool) -> None:
    page = visit("/fr/contact", javascript=javascript, expected={422}, width=320)
    page.get_by_label("Votre message").fill("Où trouver les comptes rendus ?")
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page).to_have_title("Erreur : Écrire au Forum — Forum du gouvernement ouvert")
    expect(page.get_by_label("Votre message")).to_have_value("Où trouver les comptes rendus ?")
    page.get_by_role("link", name="Saisissez votre nom.").click()
    expect(page.get_by_label("Votre nom")).to_be_focused()
    page.get_by_label("Votre nom").fill("Dominique Lecteur")
    page.get_by_label("Votre adresse électronique").fill("dominique@example.org")
    page.get_by_label("Sujet").select_option(label="Une question sur le Forum")
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Message reçu")
    expect(page.locator(".facts")).to_contain_text("M-")


def test_the_error_summary_takes_the_focus(visit: Visit) -> None:
    page = visit("/fr/contact", expected={422})
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_secretariat_signs_in_reads_a_draft_and_signs_out(visit: Visit, javascript: bool) -> None:
    page = visit("/fr/sign-in", javascript=javascript, expected={422})
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Léonie Garrigou")
    page.get_by_role("link", name="Réunions").first.click()
    expect(page.locator("#meeting-list").get_by_text("Prévue").first).to_be_visible()
    page.get_by_role("link", name="Léonie Garrigou").click()
    page.get_by_role("button", name="Se déconnecter", exact=True).click()
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()
