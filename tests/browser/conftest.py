"""A running demo forum, a real Chromium, and readers who come in with or without a session."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.place import Place
from tests.support import browser as chromium
from tests.support.mail_sink import MailSink

SECRETARIAT = "secretariat@example.org"


@pytest.fixture(scope="session")
def mails() -> Iterator[MailSink]:
    with MailSink() as sink:
        yield sink


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, mails: MailSink) -> Place:
    """Where the demo runs; ask for `site` to have it running."""
    return Place.new(tmp_path_factory.mktemp("site"), mails)


@pytest.fixture(scope="session")
def site(place: Place) -> Iterator[str]:
    """The address of a running demo."""
    with place.serving() as address:
        yield address


@pytest.fixture(scope="session")
def axe() -> str:
    source = chromium.axe_source()
    assert source, "axe-core is not built: run make build-assets"
    return source


def sign_in(page: Page, email: str = SECRETARIAT, now: Callable[[], float] = time.time, *, steps: int = 2) -> None:
    """Both steps, or the first alone for whoever needs no second factor.

    A code is good once: each sign-in in one half minute takes the next of the three that are valid.
    """
    from app.demo.loader import PASSWORD, TOTP_SECRET

    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Se connecter").click()
    for shift in (-30, 0, 30) if steps == 2 else ():
        expect(page.get_by_role("heading", level=1)).to_have_text("Seconde étape")
        page.get_by_label("Code", exact=True).fill(pyotp.TOTP(TOTP_SECRET).at(now() + shift))
        page.get_by_role("button", name="Continuer").click()
        page.wait_for_load_state()
        if not page.url.endswith("/sign-in/code"):
            return
    assert steps == 1, "no code was accepted"
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Se connecter")


@pytest.fixture(scope="session")
def session_of(launched: Browser, site: str) -> Callable[[str], Any]:
    """The cookies of somebody of the demo, signed in once: most journeys are not about signing in."""
    known: dict[str, Any] = {}

    def cookies(email: str) -> Any:
        if email not in known:
            page, _watch = chromium.new_page(launched, site)
            page.goto(f"{site}/fr/sign-in")
            sign_in(page, email)
            known[email] = page.context.cookies()
            page.context.close()
        return known[email]

    return cookies


@pytest.fixture
def readers(launched: Browser) -> Iterator[Callable[..., Page]]:
    """`readers(address, width=320, javascript=False)`: a page of a new reader. At the end nothing may be amiss."""
    opened: list[tuple[Page, Any]] = []

    def new(address: str, **options: Any) -> Page:
        expected = options.pop("expected", set())
        page, watch = chromium.new_page(launched, address, **options)
        watch.expected |= expected
        opened.append((page, watch))
        return page

    yield new
    found = {}
    for page, watch in opened:
        found[page.url] = watch.problems()
        page.context.close()
    assert {url: problems for url, problems in found.items() if problems} == {}


@pytest.fixture
def visit(readers: Callable[..., Page], site: str, request: pytest.FixtureRequest) -> Callable[..., Page]:
    """`visit("/fr/", of="secretariat@example.org")`: a page of the demo opened by a new reader, signed in or not."""

    def go(path: str, *, of: str | None = None, **options: Any) -> Page:
        page = readers(site, **options)
        if of:
            page.context.add_cookies(request.getfixturevalue("session_of")(of))
        page.goto(site + path)
        return page

    return go
