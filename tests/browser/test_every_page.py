"""One page of each type: axe, strict content policy, no other origin, 320 px, and the pictures of the README.

Public pages in both languages: those with the most parts in French, the others in `make test-long`; those of the staff
in French, each seen by whoever works there.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SECRETARIAT
from tests.support import browser as chromium

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
PICTURES = Path(__file__).resolve().parent.parent.parent / "test-output"
PAGES = [
    "", "rules", "search?q=plan", "personal-data/request", "meetings/", "meetings/47", "working-groups/3", "members/",
    "members/organisations/11", "documents/", "contact", "sign-up",
]  # fmt: skip
OTHERS = [
    "about", "rules/quorum", "search?q=zzz", "site-map", "accessibility", "legal-notice", "personal-data", "cookies",
    "journal-seals", "meetings/?body=3&year=1999", "working-groups/", "members/?q=zzz", "members/needs",
    "documents/53", "action-plan/", "what-we-heard/", "sign-in", "reset-password", "check-your-mail",
]  # fmt: skip
MISSING = ["nowhere"]
DESK = {
    SECRETARIAT: [
        "account", "account/my-data", "desk/", "desk/messages/", "desk/messages/1",
        "desk/personal-data/", "desk/personal-data/requests/1", "desk/outbox/1", "desk/journal",
        "desk/journal/1", "desk/retention", "desk/translations/", "meetings/new",
        "meetings/4/editing", "members/register", "members/people/6",
        "members/people/6/mandates/new", "members/mandates/12/replace", "members/import",
        "members/organisations/", "members/organisations/11/edit",
        "members/needs/new",
    ],
    "administration@example.org": [
        "desk/", "desk/administration/", "desk/administration/accounts", "desk/administration/accounts/1",
        "desk/administration/accounts/1/grant", "desk/administration/acts", "desk/administration/acts/1",
        "desk/administration/rules", "desk/administration/rules/quorum", "desk/administration/rules/quorum/change",
        "desk/administration/identity",
    ],
}  # fmt: skip


def examine(page: Page, axe: str) -> list[str]:
    """Everything wrong at 1280 px, then at 320 px."""
    found = chromium.axe(page, axe)
    page.set_viewport_size({"width": 320, "height": 800})
    if not chromium.no_horizontal_scroll(page):
        found += [f"too wide at 320 px: {name}" for name in chromium.too_wide(page)]
    return found


@pytest.mark.parametrize("path", [*PAGES, *(pytest.param(path, marks=pytest.mark.long) for path in OTHERS)])
@pytest.mark.parametrize("lang", ["fr", pytest.param("en", marks=pytest.mark.long)])
def test_a_page_is_sound(visit: Visit, axe: str, lang: str, path: str) -> None:
    assert examine(visit(f"/{lang}/{path}"), axe) == []


@pytest.mark.parametrize("path", MISSING)
def test_a_missing_page_is_sound_in_both_languages(visit: Visit, axe: str, path: str) -> None:
    found = {lang: examine(visit(f"/{lang}/{path}", expected={404}), axe) for lang in ("fr", "en")}
    assert found == {"fr": [], "en": []}


@pytest.mark.parametrize("email", DESK)
def test_the_pages_of_the_desk_are_sound(visit: Visit, site: str, axe: str, email: str) -> None:
    page, found = visit("/fr/desk/", of=email), {}
    for path in DESK[email]:
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(f"{site}/fr/{path}")
        found[path] = examine(page, axe) if answer and answer.ok else [f"answer {answer and answer.status}"]
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_the_pictures_of_the_readme_are_made(visit: Visit) -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, path in (("accueil", "/fr/"), ("reunion", "/fr/meetings/47")):
        page = visit(path)
        page.screenshot(path=PICTURES / f"{name}.png", clip={"x": 0, "y": 0, "width": 1280, "height": 900})
        assert (PICTURES / f"{name}.png").stat().st_size > 20_000
