"""The process that makes one PDF and ends: what it loads takes 60 MB that no worker should keep.

    python process.py --libraries       the Debian packages that are missing, one a line
    python process.py < order > file    `order`: JSON with html, lang, title, style, fonts ({name: path})

It imports nothing of the portal (half a second), reaches no network and reads no file but the fonts it was given, so
that a page cannot make it fetch anything. A page that takes too long ends it.
"""

import ctypes
import importlib
import json
import logging
import re
import signal
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECONDS = 20  # of processor
DEPTH = 10_000  # nested boxes: the library calls itself for each
LIBRARIES = {
    "libpango-1.0-0": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
}
"""Debian package: its library, by its name on each system. They bring the others with them."""
FONT = "paper:"
ENDLESS = re.compile("[^ \\t\\r\\n\u200b]{200,}")


def missing(load: Callable[[str], Any] = ctypes.CDLL) -> list[str]:
    return [package for package, names in LIBRARIES.items() if not any(_loads(name, load) for name in names)]


def _loads(name: str, load: Callable[[str], Any]) -> bool:
    try:
        load(name)
    except OSError:
        return False
    return True


def write(order: dict[str, Any]) -> bytes:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    tags, fetcher, fonts = importlib.import_module("tags"), _fetcher(order["fonts"]), FontConfiguration()
    style = weasyprint.CSS(string=order["style"], font_config=fonts, url_fetcher=fetcher)
    page = weasyprint.HTML(string=order["html"], url_fetcher=fetcher)
    page.etree_element.set("lang", order["lang"])
    for element in page.etree_element.iter():
        element.text, element.tail = _breakable(element.text), _breakable(element.tail)
    with tags.remembering() as made:
        document = page.render(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
        document.metadata.lang, document.metadata.title = order["lang"], order["title"]
        document.metadata.attachments = []
        return bytes(document.write_pdf(finisher=lambda _document, pdf: tags.mend(pdf, made), pdf_variant="pdf/ua-1"))


def _breakable(text: str | None) -> str | None:
    """A run of hundreds of letters without a space, which nobody writes, would take minutes: it may be cut."""
    return text and ENDLESS.sub(lambda run: "\u200b".join(re.findall(".{1,60}", run[0], re.DOTALL)), text)


def _fetcher(fonts: dict[str, str]) -> Any:
    """What reads for the page: the fonts by their names, and nothing else in the world."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fonts(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            path = fonts.get(url.removeprefix(FONT)) if url.startswith(FONT) else None
            if path is None:
                raise ValueError("only the fonts of the portal are read")
            return URLFetcherResponse(url, Path(path).read_bytes(), {"Content-Type": "font/woff2"})

    return Fonts()


def main() -> None:
    if "--libraries" in sys.argv:
        sys.stdout.write("".join(f"{package}\n" for package in missing()))
        return
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    sys.setrecursionlimit(DEPTH)
    sys.path.insert(0, str(Path(__file__).parent))
    warnings.simplefilter("ignore")
    logging.disable()  # a style that the library does not know is no fault of the page
    sys.stdout.buffer.write(write(json.load(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
