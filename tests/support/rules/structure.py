"""Rules on the skeleton of a page: title, language, headings, landmarks, pictures, tables."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from babel import Locale

from tests.support.dom import Document, Element, clean, where

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ERROR_WORD = {"fr": "Erreur", "en": "Error"}
_TAG = re.compile(r"([a-z]{2,3})(-[A-Z][a-z]{3})?(-[A-Z]{2}|-\d{3})?")


@cache
def _languages() -> frozenset[str]:
    return frozenset(Locale("en").languages)


def is_language(tag: str) -> bool:
    """Well-formed (fr, fr-FR, zh-Hant) and known to CLDR: `lang="xx"` is read with the wrong voice."""
    match = _TAG.fullmatch(tag)
    return match is not None and match[1] in _languages()


def one_h1(page: Document) -> Iterator[str]:
    if (count := len(page.by_tag["h1"])) != 1:
        yield f"h1: {count} found, one expected"


def title(page: Document) -> Iterator[str]:
    """The title is what a tab, a bookmark and a screen reader say first: it names the page as its `h1` does."""
    text = clean(page.root.findtext("head/title") or "")
    if not text:
        yield "title: missing or empty"
        return
    without_error = re.sub(rf"^{_ERROR_WORD.get(page.lang or '', 'Error')} ?: ", "", text)
    for h1 in page.by_tag["h1"][:1]:
        heading = page.name(h1)
        if not text.startswith(heading) and not without_error.startswith(heading):
            yield f"title: {text!r} does not start with the h1 {heading!r}"


def page_language(page: Document) -> Iterator[str]:
    if (given := page.root.get("lang")) != page.lang:
        yield f"lang: the page says {given!r}, {page.lang!r} expected"


def languages(page: Document) -> Iterator[str]:
    for element, given in page.by_attribute["lang"]:
        if not is_language(given):
            yield f"lang: {given!r} is not a language, {where(element)}"


def unique_ids(page: Document) -> Iterator[str]:
    for identity, holders in page.by_id.items():
        if len(holders) > 1:
            yield f"id: {identity!r} used {len(holders)} times"
        if not identity or clean(identity) != identity or " " in identity:
            yield f"id: {identity!r} is empty or has a space, {where(holders[0])}"


def one_main(page: Document) -> Iterator[str]:
    if (count := len(page.by_tag["main"])) != 1:
        yield f"main: {count} found, one expected"


def _is_focusable(element: Element) -> bool:
    if any(holder.get("hidden") is not None for holder in (element, *element.iterancestors())):
        return False
    if (element.get("tabindex") or "").isdigit():
        return True
    if element.tag in {"a", "area"}:
        return element.get("href") is not None
    if element.tag in {"button", "input", "select", "textarea"}:
        return element.get("type") != "hidden" and element.get("disabled") is None
    return element.tag in {"summary", "iframe"}


def skip_link(page: Document) -> Iterator[str]:
    """Who uses a keyboard must not walk through the menu on every page."""
    first = next((element for element in page.elements if _is_focusable(element)), None)
    if first is None or first.tag != "a" or first.get("href") != "#main":
        yield f"skip-link: the first focusable element is {'none' if first is None else where(first)}"


def focus_order(page: Document) -> Iterator[str]:
    for element, given in page.by_attribute["tabindex"]:
        if given.isdigit() and int(given) > 0:
            yield f"tabindex: {given} changes the order of the page, {where(element)}"


def headings(page: Document) -> Iterator[str]:
    """Levels go down one at a time. An `h2` may come before the `h1`: that is where an error summary stands."""
    level = 1
    for element in page.elements:
        if element.tag not in _HEADINGS:
            continue
        if not page.name(element):
            yield f"heading: empty, {where(element)}"
        if (own := int(element.tag[1])) > level + 1:
            yield f"heading: h{level} is followed by h{own}, {where(element)}"
        level = own


def headings_of_fragment(fragment: Document) -> Iterator[str]:
    """As `headings`, but a fragment starts at the level its page gives it."""
    levels = [int(element.tag[1]) for element in fragment.elements if element.tag in _HEADINGS]
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"heading: h{above} is followed by h{below}"
    for element in fragment.tagged(*_HEADINGS):
        if not fragment.name(element):
            yield f"heading: empty, {where(element)}"


def pictures(page: Document) -> Iterator[str]:
    for element in page.tagged("img", "area"):
        if element.get("alt") is None:
            yield f"alt: missing, {where(element)}"


def tables(page: Document) -> Iterator[str]:
    for cell in page.tagged("th"):
        if cell.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
            yield f"scope: missing on {where(cell)}"
