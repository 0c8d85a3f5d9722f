"""One parse of an answer, and the small questions that the rules ask of it.

Every answer of every test goes through here, so the tree is walked once and indexed; lxml parses 30 kB in about a
millisecond. lxml has no stubs, hence `Any` for its elements.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import html as lxml_html

Element = Any

_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "label", "mark", "q",
    "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
})  # fmt: skip
_SILENT = frozenset({"script", "style", "template"})
_SPACE = re.compile(r"[ \t\n\r\f]+")


def clean(text: str) -> str:
    """Text with every run of white space, no-break spaces included, made one plain space."""
    return " ".join(text.split())


def where(element: Element) -> str:
    """Enough to find the element in the source of the page."""
    identity = f"#{element.get('id')}" if element.get("id") else ""
    line = getattr(element, "sourceline", None)  # html5lib gives none
    return f"<{element.tag}{identity}>" + (f" at line {line}" if line else "")


def is_hidden(element: Element) -> bool:
    return element.get("hidden") is not None or element.get("aria-hidden") == "true"


def spoken(element: Element) -> Iterator[str]:
    """The pieces of text a screen reader would say: `alt` counts, what is hidden does not."""
    if element.tag in {"img", "area"} or element.get("type") == "image":
        yield element.get("alt") or ""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SILENT and not is_hidden(child):
            yield from spoken(child)
        yield child.tail or ""


def shown(element: Element, *, lang: str | None = None, current: str = "") -> Iterator[str]:
    """The pieces of text a sighted reader sees, a line feed at each block, no-break spaces kept.

    With `lang`, only the text whose nearest `lang` says so: a French title on an English page is not English.
    """
    if element.tag in _SILENT or element.get("hidden") is not None:
        return
    current = element.get("lang") or current
    wanted = lang is None or current.split("-")[0] == lang
    edge = "" if element.tag in _INLINE else "\n"
    yield edge
    if wanted:
        yield _SPACE.sub(" ", element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            yield from shown(child, lang=lang, current=current)
        if wanted:
            yield _SPACE.sub(" ", child.tail or "")
    yield edge


class Index:
    """Elements in order, by tag and by attribute: rules then look only at what concerns them."""

    def __init__(self, elements: Iterable[Element]) -> None:
        self.elements: list[Element] = list(elements)
        self.by_tag: dict[str, list[Element]] = defaultdict(list)
        self.by_attribute: dict[str, list[tuple[Element, str]]] = defaultdict(list)
        for element in self.elements:
            self.by_tag[element.tag].append(element)
            for name, value in element.items():
                self.by_attribute[name].append((element, value))

    def tagged(self, *tags: str) -> list[Element]:
        """Elements with one of these tags, in the order of the document when only one tag is asked for."""
        return [element for tag in tags for element in self.by_tag.get(tag, ())]


class Document(Index):
    """A parsed page or fragment; what is inside `<template>` stands apart, in `inert`."""

    def __init__(self, root: Element, *, lang: str | None = None) -> None:
        self.root = root
        self.lang = lang
        inert = {inner: None for template in root.iter("template") for inner in template.iterdescendants("*")}
        self.inert = Index(inert)
        super().__init__(element for element in root.iter("*") if element not in inert)
        self.by_id: dict[str, list[Element]] = defaultdict(list)
        for element, identity in self.by_attribute["id"]:
            self.by_id[identity].append(element)

    @classmethod
    def of_page(cls, html: str, lang: str | None = None) -> "Document":
        return cls(lxml_html.document_fromstring(html or "<html></html>"), lang=lang)

    def name(self, element: Element) -> str:
        """The accessible name, near enough: `aria-labelledby`, then `aria-label`, then the text."""
        if pointed := (element.get("aria-labelledby") or "").split():
            return clean(" ".join("".join(spoken(self.by_id[key][0])) for key in pointed if key in self.by_id))
        return clean(element.get("aria-label") or "".join(spoken(element)))
