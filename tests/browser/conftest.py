"""The portal as a newcomer starts it: `flask serve` on an empty folder, the demo forum, a real Chromium."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support import browser as chromium
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running demo."""
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
    environment |= {"FORUM_INSTANCE": str(folder), "PORT": str(port), "PYTHONPATH": str(ROOT)}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve"], cwd=ROOT, env=environment,
            stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address + "/readyz", server, folder / "log")
        yield address
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path, patience: float = 60) -> None:
    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer:\n{log.read_text()}")


def sign_in(page: Page, email: str = "secretariat@example.org") -> None:
    """Both steps. A code is good once: each sign-in in one half minute takes the next of the three that are valid."""
    from app.demo.loader import PASSWORD, TOTP_SECRET

    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Se connecter").click()
    for shift in (-30, 0, 30):
        expect(page.get_by_role("heading", level=1)).to_have_text("Seconde étape")
        page.get_by_label("Code", exact=True).fill(pyotp.TOTP(TOTP_SECRET).at(time.time() + shift))
        page.get_by_role("button", name="Continuer").click()
        page.wait_for_load_state()
        if not page.url.endswith("/sign-in/code"):
            return
    raise AssertionError("no code was accepted")


@pytest.fixture(scope="session")
def launched() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = chromium.launch(playwright)
        yield opened
        opened.close()


@pytest.fixture
def visit(launched: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """`visit("/fr/", width=320, javascript=False)`: a page opened by a new reader. At the end nothing may be amiss."""
    opened: list[tuple[Page, Any]] = []

    def go(path: str, **options: Any) -> Page:
        expected = options.pop("expected", set())
        page, watch = chromium.new_page(launched, site, **options)
        watch.expected |= expected
        opened.append((page, watch))
        page.goto(site + path)
        return page

    yield go
    for page, watch in opened:
        problems = watch.problems()
        page.context.close()
        assert problems == []
