"""What every answer of the portal must be, checked on every answer of every test.

`check_page` and `check_fragment` give faults written `rule: detail`, so that a test about hostile text, whose page
rightly shows `{{7*7}}`, can say `ignore={"leak"}` and keep the other rules.
"""

import re
from collections.abc import Callable, Collection, Iterable
from difflib import unified_diff
from typing import Literal

import html5lib
from html5lib.constants import E as HTML5_ERRORS
from lxml import html as lxml_html

from tests.support.dom import Document, Element, Index, clean, shown
from tests.support.rules import forms, links, safety, structure

Rule = Callable[[Document], Iterable[str]]

_EVERYWHERE: tuple[Rule, ...] = (
    structure.unique_ids, structure.languages, structure.focus_order, structure.pictures, structure.tables,
    forms.labels, forms.buttons, forms.forms, forms.csrf, links.links, links.other_language,
    safety.active_content, safety.own_origin, safety.leaks,
)  # fmt: skip
_PAGE: tuple[Rule, ...] = (
    structure.one_h1, structure.title, structure.page_language, structure.one_main, structure.skip_link,
    structure.headings, links.targets,
)  # fmt: skip
_FRAGMENT: tuple[Rule, ...] = (structure.headings_of_fragment,)

VOLATILE = ("csrf_token", "once")
"""Names of the fields whose value differs at each rendering."""


def _apply(rules: Iterable[Rule], document: Document, ignore: Collection[str]) -> list[str]:
    faults = (fault for rule in rules for fault in rule(document))
    return [fault for fault in faults if fault.split(":")[0] not in ignore]


def check_page(html: str, lang: Literal["fr", "en"], *, ignore: Collection[str] = ()) -> list[str]:
    """Faults of a full page that should be in `lang`; an empty list for a good one."""
    faults = _apply(_PAGE + _EVERYWHERE, Document.of_page(html, lang), ignore)
    if not html.lstrip()[:15].lower().startswith("<!doctype html>"):
        faults.insert(0, "doctype: missing")
    return faults


def _roots(html: str) -> tuple[list[Element], str]:
    parts = lxml_html.fragments_fromstring(html) if html.strip() else []
    elements = [part for part in parts if not isinstance(part, str) and isinstance(part.tag, str)]
    outside = [part if isinstance(part, str) else part.tail or "" for part in parts]
    return elements, clean("".join(outside))


def check_fragment(html: str, lang: str | None = None, *, ignore: Collection[str] = ()) -> list[str]:
    """Faults of a partial answer: one root with an id (beside it, only `hx-swap-oob` elements), and the page rules."""
    if re.match(r"\s*<(?:!doctype|html|head|body)\b", html, re.IGNORECASE):
        return ["fragment: a whole page"]
    elements, outside = _roots(html)
    faults = [f"fragment: text outside the root, {outside[:40]!r}"] if outside else []
    roots = [element for element in elements if element.get("hx-swap-oob") is None]
    if len(roots) != 1:
        faults.append(f"fragment: {len(roots)} roots, one expected")
    faults += [f"fragment: <{element.tag}> has no id" for element in elements if not element.get("id")]
    if elements:
        faults += _apply(_EVERYWHERE + _FRAGMENT, Document(elements[0].getparent(), lang=lang), ignore)
    return faults


def visible_text(html: str, lang: str | None = None) -> str:
    """What a reader sees, one line per block, no-break spaces kept; with `lang`, only the parts in that language."""
    text = "".join(shown(lxml_html.document_fromstring(html or "<html></html>"), lang=lang))
    return re.sub(r"[ ]*\n[ \n]*", "\n", re.sub(r" +", " ", text)).strip(" \n")


def _lines(element: Element, volatile: Collection[str], depth: int = 0) -> list[str]:
    given = {name: clean(value) for name, value in element.items() if name != "hx-swap-oob"}
    if "class" in given:
        given["class"] = " ".join(sorted(given["class"].split()))
    if given.get("name") in volatile:
        given["value"] = "*"
    lines = [f"{' ' * depth}<{element.tag} {sorted(given.items())}>", clean(element.text or "")]
    for child in element:
        lines += _lines(child, volatile, depth + 1) if isinstance(child.tag, str) else []
        lines.append(clean(child.tail or ""))
    return [line for line in lines if line]


def fragment_differences(
    fragment_html: str, page_html: str, element_id: str, *, volatile: Collection[str] = VOLATILE
) -> list[str]:
    """How the fragment differs from the page's element, attribute order, white space and tokens aside."""
    found = Document.of_page(page_html).by_id.get(element_id)
    own = [root for root in _roots(fragment_html)[0] if root.get("id") == element_id]
    if not found or not own:
        return [f"no element with id {element_id!r} in the {'fragment' if found else 'page'}"]
    return list(unified_diff(_lines(found[0], volatile), _lines(own[0], volatile), "page", "fragment", lineterm=""))


def fragment_equals_page(fragment_html: str, page_html: str, element_id: str) -> bool:
    """Whether htmx and a reload show the same thing; `fragment_differences` says what differs."""
    return not fragment_differences(fragment_html, page_html, element_id)


def strict_errors(html: str) -> list[str]:
    """Parse errors of the HTML standard, from html5lib: slow (about 20 ms for 10 kB), for a house test."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    parser.parse(html)
    return [f"line {line}: {HTML5_ERRORS[code] % details}" for (line, _), code, details in parser.errors]


def dangerous(html: str) -> list[str]:
    """What sanitised rich text must not hold, read as a browser reads it (html5lib): for the hostile corpus."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    for element in elements:
        element.tag = element.tag.rsplit("}")[-1]
    rules = (safety.active_elements, safety.foreign_elements, safety.intrusive_elements)
    return [fault for rule in rules for fault in rule(Index(elements))]
