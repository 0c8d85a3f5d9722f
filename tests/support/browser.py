"""A real Chromium, a real server, and a witness of what the page should not do.

The browser is the distribution's: `playwright install` is never run.
"""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

from tests.support.live_server import LiveServer
from tests.support.watch import Watch

__all__ = [
    "LiveServer", "Watch", "axe", "axe_source", "find_chromium", "launch", "missing", "new_page",
    "no_horizontal_scroll", "too_wide",
]  # fmt: skip

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


def find_chromium() -> str | None:
    """The path of the distribution's browser."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)


def missing() -> str | None:
    """The Debian package to install, or None when a browser is there."""
    return None if find_chromium() else "chromium"


def launch(playwright: Playwright) -> Browser:
    """A headless browser: one per session is enough, pages have their own context."""
    return playwright.chromium.launch(executable_path=find_chromium(), args=list(_FLAGS))


def new_page(
    browser: Browser,
    base_url: str,
    *,
    width: int = 1280,
    javascript: bool = True,
    lang: str = "fr-FR",
    timezone: str = "Europe/Paris",
) -> tuple[Page, Watch]:
    """A page in a context of its own, watched; `page.goto("/fr/")` is relative to `base_url`. Close `page.context`."""
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": 900},
        java_script_enabled=javascript,
        locale=lang,
        timezone_id=timezone,
    )
    page = context.new_page()
    return page, Watch(page, base_url)


def axe_source() -> str | None:
    """The text of axe-core, or None before `npm ci`."""
    return AXE.read_text(encoding="utf-8") if AXE.exists() else None


def axe(page: Page, source: str) -> list[str]:
    """Violations found by axe-core on the page as it stands: `id (impact): target`.

    The page must have been opened with JavaScript: without it, axe never ends.
    """
    page.evaluate(source)
    found = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    return [f"{v['id']} ({v['impact']}): {' '.join(map(str, n['target']))}" for v in found for n in v["nodes"]]


def no_horizontal_scroll(page: Page) -> bool:
    """Whether the page fits the width of the window (WCAG 1.4.10); `too_wide` names what does not."""
    script = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(script))


def too_wide(page: Page) -> list[str]:
    """The elements that stick out on the right."""
    script = """() => Array.from(document.body.querySelectorAll("*"))
      .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map(e => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (e.classList[0] ? "." + e.classList[0] : ""))"""
    return [str(name) for name in page.evaluate(script)]
