"""Atom feeds (RFC 4287), by the standard library's own writer: nothing typed can break the XML (S35)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from app.core import text

ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Entry:
    """`uid` never changes, `address` may. Instants are aware; texts are plain."""

    uid: str
    title: str
    lang: str
    address: str
    published: datetime
    updated: datetime
    category: str
    summary: str


@dataclass(frozen=True)
class Feed:
    """`address`: of the feed itself, its filters included; `page`: of the same list for people. Both absolute."""

    title: str
    lang: str
    address: str
    page: str
    updated: datetime
    entries: Sequence[Entry]
    author: str


def atom(feed: Feed) -> bytes:
    """The feed as UTF-8 XML."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed", {LANG: feed.lang})
    _add(root, "id", feed.address)
    _add(root, "title", feed.title)
    _add(root, "updated", _instant(feed.updated))
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    _add(root, "link", rel="alternate", type="text/html", hreflang=feed.lang, href=feed.page)
    for entry in feed.entries:
        _add_entry(root, entry)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _add_entry(root: ElementTree.Element, entry: Entry) -> None:
    element = _add(root, "entry")
    _add(element, "id", entry.uid)
    _add(element, "title", entry.title).set(LANG, entry.lang)
    _add(element, "link", rel="alternate", type="text/html", href=entry.address)
    _add(element, "published", _instant(entry.published))
    _add(element, "updated", _instant(entry.updated))
    _add(element, "category", term=entry.category)
    _add(element, "summary", entry.summary)


def _add(parent: ElementTree.Element, name: str, words: str | None = None, **attributes: str) -> ElementTree.Element:
    clean = {key: text.CONTROL.sub("", value) for key, value in attributes.items()}
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", clean)
    element.text = None if words is None else text.CONTROL.sub("", words)
    return element


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
