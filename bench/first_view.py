"""A first view in Chromium with an empty cache, then a second page: requests and bytes on the wire by type."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext

SETTLED = 500  # milliseconds after `load`, for what a page asks for late
PAINT = """() => new Promise(found => {
  new PerformanceObserver(list => found(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true});
  setTimeout(() => found(0), 1000);
})"""


@dataclass
class View:
    """`wire`: bytes received, headers included, for each type of thing; what came from the cache is not in it."""

    requests: Counter[str] = field(default_factory=Counter)
    wire: Counter[str] = field(default_factory=Counter)
    painted: float = 0.0


def visit(browser: Browser, base: str, first: str, second: str) -> tuple[View, View]:
    """The first page with nothing kept, and a second one afterwards."""
    context = browser.new_context(base_url=base, viewport={"width": 1280, "height": 900}, locale="fr-FR")
    views = _view(context, first), _view(context, second)
    context.close()
    return views


def _view(context: BrowserContext, path: str) -> View:
    page = context.new_page()
    wire = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    cached: set[str] = set()

    def asked(event: Any) -> None:
        kinds.setdefault(event["requestId"], event.get("type", "Other"))

    def answered(event: Any) -> None:
        if event["response"].get("fromDiskCache"):
            cached.add(event["requestId"])

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    wire.on("Network.responseReceived", answered)
    wire.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    wire.send("Network.enable")
    page.goto(path, wait_until="load")
    page.wait_for_timeout(SETTLED)
    view = View(painted=float(page.evaluate(PAINT)))
    for request, kind in kinds.items():
        if request not in cached:
            view.requests[kind] += 1
            view.wire[kind] += int(sizes.get(request, 0))
    page.close()
    return view
