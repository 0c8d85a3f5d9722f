"""A plenary from its agreed agenda to its quorum: secretariat, two co-chairs and a member who gives a proxy.

The demo's draft plenary waits for the second co-chair. The same journey is made in French with JavaScript and in
English without; the day itself comes with the clock of the portal.
"""

import re
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from babel.support import Translations
from playwright.sync_api import Page, expect

from app.core.clock import PARIS
from tests.browser.conftest import SECRETARIAT, sign_in
from tests.browser.place import PATIENCE, ROOT, Place
from tests.support import browser as chromium
from tests.support.mail_sink import MailSink

pytestmark = pytest.mark.browser
CO_CHAIR, MEMBER = "younes.amrani-tessier@example.org", "nadia.bensaid-morel@example.org"
CHAIRS = ("Hélène Marchandeau", "Younès Amrani-Tessier")
HOLDER = "Bastien Quéméneur"
FRENCH = Translations.load(str(ROOT / "translations"), ["fr"])


class Visitor:
    """Somebody signed in, who reads the portal in one language. `t`: a text of the interface in that language."""

    def __init__(self, page: Page, site: str, lang: str, axe: str | None) -> None:
        self.page, self.site, self.lang, self.axe = page, site, lang, axe

    def t(self, words: str, **values: Any) -> str:
        said = FRENCH.gettext(words) if self.lang == "fr" else words
        return said % values if values else said

    def go(self, path: str) -> None:
        self.page.goto(f"{self.site}/{self.lang}{path}")
        self.sound()

    def follow(self, words: str) -> None:
        self.page.locator("main").get_by_role("link", name=self.t(words), exact=True).first.click()
        self.sound()

    def press(self, words: str, **values: Any) -> None:
        self.page.locator("main").get_by_role("button", name=self.t(words, **values), exact=True).first.click()
        self.page.wait_for_load_state()
        self.sound()

    def sees(self, words: str, **values: Any) -> None:
        expect(self.page.locator("main")).to_contain_text(self.t(words, **values))

    def sound(self) -> None:
        """axe finds nothing, where the page has its scripts."""
        assert self.axe is None or chromium.axe(self.page, self.axe) == []


@pytest.fixture
def arrive(readers: Callable[..., Page], axe: str) -> Callable[..., Visitor]:
    def come(email: str | None, site: str, lang: str, javascript: bool, now: Callable[[], float]) -> Visitor:
        page = readers(site, javascript=javascript)
        if email:
            page.goto(f"{site}/fr/sign-in")
            sign_in(page, email, now, steps=1 if email == MEMBER else 2)
        return Visitor(page, site, lang, axe if javascript else None)

    return come


@pytest.mark.parametrize(
    ("lang", "javascript"), [("fr", True), pytest.param("en", False, marks=pytest.mark.long)], ids=["fr", "en-plain"]
)
def test_a_plenary_goes_from_its_agenda_to_its_quorum(
    arrive: Callable[..., Visitor], tmp_path: Path, mails: MailSink, lang: str, javascript: bool
) -> None:
    place = Place.new(tmp_path, mails)
    with place.serving() as site:
        path, day = before_the_day(place, site, lambda email: arrive(email, site, lang, javascript, time.time))
    morning = datetime.combine(day, datetime.min.time(), PARIS) + timedelta(hours=9)
    with place.serving(FORUM_NOW=morning.isoformat()) as site:
        began = time.time()

        def now() -> float:
            return morning.timestamp() + time.time() - began

        on_the_day(path, lambda email: arrive(email, site, lang, javascript, now))


def before_the_day(place: Place, site: str, come: Callable[[str | None], Visitor]) -> tuple[str, date]:
    """The path of the meeting without its language, and its day."""
    co_chair = come(CO_CHAIR)
    co_chair.go("/desk/")
    waiting = co_chair.t("Approve the agenda: %(title)s", title="").strip()
    co_chair.page.locator("main").get_by_role("link", name=waiting).click()
    path = co_chair.page.url.removeprefix(f"{site}/{co_chair.lang}").removesuffix("/agreement")
    co_chair.page.get_by_label(co_chair.t("I approve this agenda"), exact=True).check()
    co_chair.press("Send my answer")

    desk = come(SECRETARIAT)
    desk.go(f"{path}/agreement")
    desk.press("Approve the agreed agenda")
    desk.follow("Check, then publish")
    desk.press("Publish the agenda")
    visitor = come(None)
    visitor.go(path)
    visitor.sees("Agenda agreed by both parties")
    for name in CHAIRS:
        expect(visitor.page.locator("main")).to_contain_text(name)

    desk.go(f"{path}/preparation")
    desk.follow("Convene the members")
    button = desk.page.locator("main form.wide-form button")
    button.click()
    desk.page.wait_for_load_state()
    desk.sound()
    assert re.search(rf"{re.escape(site)}/\w+{re.escape(path)}/answer", invitation(place))
    visitor.go(path)
    visitor.sees("Convened")

    member = come(MEMBER)
    member.go(f"{path}/answer")
    member.page.get_by_label(member.t("I give my proxy to another member"), exact=True).check()
    select = member.page.get_by_label(member.t("Member who will hold the proxy"))
    select.select_option(label=next(one for one in select.locator("option").all_inner_texts() if HOLDER in one))
    member.press("Send my answer")
    member.go(f"{path}/answer")
    expect(member.page.locator(".facts")).to_contain_text(HOLDER)

    desk.go(f"{path}/answers")
    row = desk.page.locator("li", has=desk.page.get_by_role("link", name="Nadia Bensaïd-Morel")).first
    expect(row).to_contain_text(HOLDER)
    visitor.go(path)
    expect(visitor.page.locator("main")).not_to_contain_text(HOLDER)
    found = re.search(r"DTSTART;[^:]*:(\d{8})", place_calendar(visitor, path))
    assert found
    return path, date.fromisoformat(found[1])


def invitation(place: Place) -> str:
    """The text of the message that brings a member the notice with its calendar entry, once it has come."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        for delivery in list(place.mails.deliveries):
            message = delivery.message
            if MEMBER in delivery.recipients and "text/calendar" in {one.get_content_type() for one in message.walk()}:
                body = message.get_body(("plain",))
                assert body is not None
                return str(body.get_content())
        time.sleep(0.05)
    raise AssertionError("no invitation came")


def place_calendar(visitor: Visitor, path: str) -> str:
    """The public entry of the meeting, which says no address to connect to."""
    text = visitor.page.request.get(f"{visitor.site}/{visitor.lang}{path}.ics").text()
    assert "CONFERENCE" not in text
    return text


def on_the_day(path: str, come: Callable[[str | None], Visitor]) -> None:
    desk = come(SECRETARIAT)
    desk.go(f"{path}/sheet")
    desk.press("Open the attendance sheet")
    lines = desk.page.locator("#sheet-lines li[id^=line-]")
    for name in [*CHAIRS, HOLDER]:
        line = lines.filter(has_text=name).first
        line.get_by_role("button", name=re.compile(rf"^{re.escape(desk.t('Present'))}")).click()
        desk.page.wait_for_load_state()
        expect(lines.filter(has_text=name).first).to_have_class(re.compile("sheet__line--here"))
    expect(lines.filter(has_text="Nadia Bensaïd-Morel").first).to_contain_text(HOLDER)
    desk.press("Open item %(number)d", number=1)
    expect(desk.page.locator("#sheet-items")).to_contain_text(desk.t("Quorum not reached"))

    co_chair = come(CO_CHAIR)
    co_chair.go(f"{path}/sheet")
    assert co_chair.page.get_by_role("button", name=re.compile(rf"^{re.escape(desk.t('Present'))}")).count() == 0

    desk.follow("Close the sheet")
    desk.press("Close the sheet")
    visitor = come(None)
    visitor.go(path)
    visitor.sees("Held")
    expect(visitor.page.locator("main")).not_to_contain_text("Nadia Bensaïd-Morel")
    for one in (desk, co_chair):  # their sheets ask every three seconds, of a server that is about to stop
        one.page.goto("about:blank")
