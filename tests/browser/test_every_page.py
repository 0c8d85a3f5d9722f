"""Every page type in both languages: axe, strict content policy, no other origin, 320 px, pictures of the README."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support import browser as chromium

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
PICTURES = Path(__file__).resolve().parent.parent.parent / "test-output"
PAGES = [
    "", "about", "rules", "search", "search?q=plan", "search?q=zzz", "site-map", "accessibility", "legal-notice",
    "personal-data", "cookies", "contact", "journal-seals", "meetings/", "meetings/?when=past", "meetings/4",
    "meetings/47", "meetings/?body=3&year=1999", "working-groups/", "working-groups/3", "documents/", "action-plan/",
    "what-we-heard/", "sign-in",
]  # fmt: skip
MISSING = ["nowhere", "meetings/999999"]


@pytest.fixture(scope="module")
def axe() -> str:
    source = chromium.axe_source()
    assert source, "axe-core is not built: run make build-assets"
    return source


def examine(page: Page, axe: str) -> list[str]:
    """Everything wrong at 1280 px, then at 320 px."""
    found = chromium.axe(page, axe)
    page.set_viewport_size({"width": 320, "height": 800})
    if not chromium.no_horizontal_scroll(page):
        found += [f"too wide at 320 px: {name}" for name in chromium.too_wide(page)]
    return found


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_in_both_languages(visit: Visit, axe: str, path: str) -> None:
    assert {lang: examine(visit(f"/{lang}/{path}"), axe) for lang in ("fr", "en")} == {"fr": [], "en": []}


@pytest.mark.parametrize("path", MISSING)
def test_a_missing_page_is_sound_in_both_languages(visit: Visit, axe: str, path: str) -> None:
    found = {lang: examine(visit(f"/{lang}/{path}", expected={404}), axe) for lang in ("fr", "en")}
    assert found == {"fr": [], "en": []}


def test_the_pictures_of_the_readme_are_made(visit: Visit) -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, path in (("accueil", "/fr/"), ("reunion", "/fr/meetings/47")):
        page = visit(path)
        page.screenshot(path=PICTURES / f"{name}.png", clip={"x": 0, "y": 0, "width": 1280, "height": 900})
        assert (PICTURES / f"{name}.png").stat().st_size > 20_000
