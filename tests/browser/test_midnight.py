"""A committee seat that ends today: its holder reads the members' papers until midnight in Paris, and not after."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core.clock import PARIS
from tests.browser.conftest import SECRETARIAT, sign_in
from tests.browser.place import Place
from tests.support import browser as chromium
from tests.support.mail_sink import MailSink

pytestmark = pytest.mark.browser
Readers = Callable[..., Page]
EMAIL, NAME, PAPER = "mei-lin.duhamel@example.org", "Mei-Lin Duhamel", "Note aux membres : points à arbitrer en séance"


def signed_in(page: Page, site: str, email: str, now: Callable[[], float]) -> Page:
    page.goto(f"{site}/fr/sign-in")
    sign_in(page, email, now)
    return page


def end_mandate(page: Page, site: str, seat: str, day: datetime) -> None:
    page.goto(f"{site}/fr/members/register?q=Duhamel")
    page.get_by_role("link", name=NAME, exact=True).click()
    page.get_by_role("link", name=seat, exact=True).click()
    page.get_by_role("link", name="Mettre fin").click()
    page.get_by_label("Dernier jour en fonction").fill(f"{day:%Y-%m-%d}")
    page.get_by_label("Démission", exact=True).check()
    page.get_by_role("button", name="Mettre fin au mandat").click()
    expect(page.locator(".facts")).to_contain_text("Dernier jour en fonction")


def open_paper(page: Page, site: str) -> str:
    """The paper from the page of its meeting; the address of its file."""
    page.goto(f"{site}/fr/documents/?q=arbitrer")
    page.get_by_role("link", name=PAPER).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PAPER)
    file = page.get_by_role("link", name="Télécharger le document").get_attribute("href")
    assert file and page.request.get(site + file).status == 200
    return site + file


def test_the_papers_of_the_members_close_at_midnight_without_signing_out(
    readers: Readers, tmp_path_factory: pytest.TempPathFactory, mails: MailSink, axe: str
) -> None:
    place = Place.new(tmp_path_factory.mktemp("midnight"), mails)
    evening = datetime.now(PARIS).replace(hour=23, minute=50, second=0) + timedelta(days=1)
    with place.serving(FORUM_NOW=evening.isoformat()) as site:
        started = time.time()

        def now() -> float:
            return evening.timestamp() + time.time() - started

        secretary = signed_in(readers(site, javascript=False, expected={422}), site, SECRETARIAT, now)
        for seat in ("Siège au comité", "Membre"):
            end_mandate(secretary, site, seat, evening)
        holders = [
            signed_in(readers(site, javascript=javascript, expected={404, 422}), site, EMAIL, now)
            for javascript in (True, False)
        ]
        files = [open_paper(holder, site) for holder in holders]
        assert chromium.axe(holders[0], axe) == []

    with place.serving(FORUM_NOW=(evening + timedelta(minutes=10, seconds=1)).isoformat()):
        for holder, file in zip(holders, files, strict=True):
            holder.reload()
            expect(holder.get_by_role("heading", level=1)).to_have_text("Page introuvable")
            expect(holder.get_by_role("link", name=NAME)).to_be_visible()
            assert holder.request.get(file).status == 404
