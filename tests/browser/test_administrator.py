"""From `flask grant-role` for somebody unknown to an invited secretary: link, password, second factor, codes, desk."""

import re
import time
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.place import Place
from tests.support import browser as chromium

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
PASSWORD = "le héron traverse la brume"


def title_is(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def press(page: Page, words: str) -> None:
    page.locator("main").get_by_role("button", name=words, exact=True).click()


def follow(page: Page, words: str) -> None:
    page.locator("main").get_by_role("link", name=words, exact=True).first.click()


def enrol(page: Page) -> None:
    """Types the code that an application makes from the key on the page."""
    key = page.locator("dt", has_text="Clé").locator("xpath=following-sibling::dd[1]").inner_text()
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP("".join(key.split())).at(time.time()))
    press(page, "Configurer le second facteur")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_new_administrator_comes_in_and_invites_a_secretary(
    visit: Visit, site: str, place: Place, axe: str, javascript: bool
) -> None:
    def sound(page: Page) -> list[str]:
        return chromium.axe(page, axe) if javascript else []  # axe needs the page's scripts

    email, invited = (f"{name}.{'js' if javascript else 'sans'}@example.org" for name in ("camille", "rosalie"))

    assert place.flask("grant-role", email, "administrator").startswith(f"{email}: administrator from ")
    page = visit(place.link_to(email), javascript=javascript)
    title_is(page, "Ouvrez votre compte")
    assert sound(page) == []
    page.get_by_label("Prénom et nom").fill("Camille Ferrand")
    page.get_by_label("Nouveau mot de passe", exact=True).fill(PASSWORD)
    press(page, "Ouvrir mon compte")

    title_is(page, "Configurez votre second facteur")
    assert sound(page) == []
    enrol(page)
    title_is(page, "Vos codes de secours")
    assert sound(page) == []
    codes = re.findall(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}", page.locator("main").inner_text())
    assert len(set(codes)) == 10
    with page.expect_download() as download:
        follow(page, "Télécharger les codes (fichier texte)")
    assert set(codes) <= set(download.value.path().read_text().split())
    press(page, "Je les ai gardés")
    title_is(page, "Camille Ferrand")

    press(page, "Se déconnecter")
    page.goto(f"{site}/fr/sign-in")
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    press(page, "Se connecter")
    title_is(page, "Seconde étape")
    page.get_by_label("Code", exact=True).fill(codes[0])
    press(page, "Continuer")
    expect(page.locator("main")).to_contain_text("Il reste 9 codes de secours.")

    page.get_by_role("link", name="Espace de travail", exact=True).click()
    title_is(page, "Espace de travail")
    assert sound(page) == []
    follow(page, "Administration")
    follow(page, "Comptes et fonctions")
    follow(page, "Inviter une personne")
    page.get_by_label("Nom", exact=True).fill("Rosalie Quintard")
    page.get_by_label("Adresse électronique").fill(invited)
    page.get_by_label("Secrétariat", exact=True).check()
    page.get_by_label("Motif").fill("Arrivée au secrétariat.")
    assert sound(page) == []
    press(page, "Envoyer l’invitation")
    title_is(page, "Rosalie Quintard")
    expect(page.locator(".notice--success")).to_have_text("L’invitation est envoyée.")
    assert sound(page) == []
    assert place.link_to(invited).startswith("/fr/invitation/")
