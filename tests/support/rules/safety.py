"""Rules on what must never be in an answer: active content and leaks of the machinery."""

import re
from collections.abc import Iterator

from tests.support.dom import Document, Index, shown, where

_ADDRESSES = frozenset({
    "href", "src", "action", "formaction", "data", "poster", "xlink:href", "background", "cite", "ping", "srcset",
    "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "hx-push-url", "hx-replace-url",
})  # fmt: skip
_PROGRAMS = ("javascript:", "vbscript:", "data:text", "data:application", "data:image/svg")
_LOADERS = ("script", "img", "iframe", "source", "video", "audio")
_LOADED_LINKS = frozenset({"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch"})
_INTRUSIVE = frozenset({
    "form", "input", "button", "select", "textarea", "svg", "math", "iframe", "link", "meta", "template", "noscript",
    "title", "noembed", "xmp", "plaintext", "marquee", "frameset", "portal", "dialog", "video", "audio",
})  # fmt: skip
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0]+")
_LEAK = re.compile(
    r"\ufffd|\{\{|\{%|%\}|%\(\w+\)[sd]|object at 0x|&(?:amp|lt|gt|quot|nbsp|#\d+|#x[0-9a-fA-F]+);"
    r"|\bNone\b(?! (?:of|yet|was|were|is|are|has|have)\b)"
)
_LEAK_IN_ATTRIBUTE = re.compile(r"\ufffd|\{\{|\{%|^None$|[/=]None\b")


def _name(attribute: str) -> str:
    """The plain name: without name space, in small letters, `data-hx-get` as `hx-get`."""
    name = attribute.rsplit("}")[-1].lower()
    return name.removeprefix("data-") if name.startswith("data-hx-") else name


def _attribute_fault(name: str, value: str) -> str | None:
    if name in {"style", "srcdoc", "hx-vars"} or name.startswith(("on", "hx-on")):
        return f"{name} attribute"
    if name in {"hx-vals", "hx-headers", "hx-request"} and re.match(r"\s*(?:js|javascript):", value):
        return f"script in {name}"
    if name == "hx-trigger" and "[" in value:
        return "filter in hx-trigger, which needs eval"
    if name in _ADDRESSES and ":" in value and _NOT_IN_ADDRESS.sub("", value).lower().startswith(_PROGRAMS):
        return f"{name}={value[:40]!r}"
    return None


def active_elements(index: Index) -> Iterator[str]:
    scripts = [script for script in index.by_tag["script"] if not script.get("src")]
    refreshes = [meta for meta in index.by_tag["meta"] if (meta.get("http-equiv") or "").lower() == "refresh"]
    for element in (*scripts, *refreshes, *index.tagged("style", "base", "object", "embed", "applet")):
        yield f"inline: {where(element)}"
    for attribute, holders in index.by_attribute.items():
        name = _name(attribute)
        if name in {"class", "id"}:
            continue
        for element, value in holders:
            if fault := _attribute_fault(name, value):
                yield f"inline: {fault}, {where(element)}"


def active_content(page: Document) -> Iterator[str]:
    """No inline style, script or handler, even inside `<template>`: the CSP blocks them, and their presence means
    that somebody's text got through or that a page works only where the CSP is off."""
    yield from active_elements(page)
    yield from active_elements(page.inert)


def foreign_elements(index: Index) -> Iterator[str]:
    loaded = [(element, element.get("src")) for element in index.tagged(*_LOADERS)]
    linked = [link for link in index.by_tag["link"] if _LOADED_LINKS & set((link.get("rel") or "").lower().split())]
    loaded += [(link, link.get("href")) for link in linked]
    for element, address in loaded:
        if address and re.match(r"\s*(?:[a-z]+:)?//", address, re.IGNORECASE):
            yield f"origin: {address!r} is loaded by {where(element)}"


def own_origin(page: Document) -> Iterator[str]:
    """Nothing is loaded from another site: readers are not made known to third parties."""
    yield from foreign_elements(page)
    yield from foreign_elements(page.inert)


def intrusive_elements(index: Index) -> Iterator[str]:
    """What no reader's text needs, and what takes over a page without any script: forms, htmx, ids, other parsers."""
    for element in index.tagged(*_INTRUSIVE):
        yield f"intrusive: {where(element)}"
    for name, holders in index.by_attribute.items():
        for element, value in holders:
            if name.startswith(("hx-", "data-")) or name in {"id", "name", "class", "background", "srcset"}:
                yield f"intrusive: {name}={value[:40]!r}, {where(element)}"
            if name == "href" and re.match(r"[\s\\/]*[\\/]{2}", value):
                yield f"intrusive: {name}={value[:40]!r} hides its host, {where(element)}"


def leaks(page: Document) -> Iterator[str]:
    """No `None`, unrendered template, unfilled placeholder, twice-escaped entity or broken character is shown."""
    body = page.root.find("body")
    root = page.root if body is None else body
    if _LEAK.search("\n".join(root.itertext())):  # a quick look first, which counts scripts too
        text = "".join(shown(root))
        for match in _LEAK.finditer(text):
            yield f"leak: {match[0]!r} in {text[max(0, match.start() - 20) : match.end() + 20]!r}"
    for name, holders in page.by_attribute.items():
        if not re.search(r"None|\{[{%]|\ufffd", "\n".join([value for _, value in holders])):
            continue
        for element, value in holders:
            if found := _LEAK_IN_ATTRIBUTE.search(value):
                yield f"leak: {found[0]!r} in {name}={value[:60]!r}, {where(element)}"
