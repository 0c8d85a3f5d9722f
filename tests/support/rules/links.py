"""Rules on links and on what points at something else in the page."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from tests.support.dom import Document, where
from tests.support.rules.structure import is_language

_POINTERS = (
    "for", "form", "list", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns",
    "aria-details", "aria-errormessage", "aria-activedescendant",
)  # fmt: skip
_HTMX_POINTERS = ("hx-target", "hx-indicator", "hx-include")
_LANGUAGE_PREFIX = re.compile(r"/(fr|en)(?=[/?#]|$)")
_PLAIN_ID = re.compile(r"#([\w-]+)")


def links(page: Document) -> Iterator[str]:
    for link in page.by_tag["a"]:
        if (link.get("href") or "").strip() in {"", "#"}:
            yield f"link: no href, {where(link)}"
        if not (link.text and link.text.strip()) and not page.name(link):
            yield f"link: no text, {where(link)} href={link.get('href')!r}"


def other_language(page: Document) -> Iterator[str]:
    """`/fr/…` on an English page (and the reverse) is announced with `hreflang`."""
    for element, given in page.by_attribute["hreflang"]:
        if not is_language(given) and given != "x-default":
            yield f"hreflang: {given!r} is not a language, {where(element)}"
    for link in page.by_tag["a"]:
        match = _LANGUAGE_PREFIX.match(link.get("href") or "")
        if match and page.lang not in {match[1], None} and link.get("hreflang") != match[1]:
            yield f"hreflang: {match[1]!r} expected on {where(link)} href={link.get('href')!r}"


def targets(page: Document) -> Iterator[str]:
    """What is pointed at exists: else a label names nothing, an error is not read, a swap goes nowhere."""
    for attribute in _POINTERS:
        for element, value in page.by_attribute[attribute]:
            for key in value.split():
                if key not in page.by_id:
                    yield f"target: {attribute}={key!r} leads nowhere, {where(element)}"
    for attribute in _HTMX_POINTERS:
        for element, value in page.by_attribute[attribute]:
            match = _PLAIN_ID.fullmatch(value)
            if match and match[1] not in page.by_id:
                yield f"target: {attribute}={value!r} leads nowhere, {where(element)}"
    for element, href in page.by_attribute["href"]:
        if len(href) > 1 and href[0] == "#" and href != "#top" and unquote(href[1:]) not in page.by_id:
            yield f"target: href={href!r} leads nowhere, {where(element)}"
