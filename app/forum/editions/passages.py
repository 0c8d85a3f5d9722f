"""Passages kept from the public, found again where else the minutes say them. Pure: no database.

What is kept back is the difference between the adopted text of a section and the one for the public, language by
language. A title, a question put to the vote and a summary lose it by themselves; a decision or an action has a page of
its own, and waits for a wording for the public (`obstacles`).
"""

import re
from collections.abc import Iterable
from typing import Any

from app.core import text
from app.core.passages import GAP, Passage, gone, said, without

Data = dict[str, Any]
BLOCK = re.compile(r"\n(?=<(?:p|ul|ol|h[2-4]|blockquote|table|pre|hr)\b)")


def kept(whole: Data, public: Data, lang: str) -> list[Passage]:
    """What the public does not read of a section in one language; nothing where it reads the adopted text."""
    before, after = ([one["html"] for one in side[lang]] for side in (whole, public))
    return gone(_plain(before), _plain(after)) if before != after else []


def _plain(blocks: Iterable[str]) -> str:
    return " ".join(text.plain(html) for html in blocks)


def blocks_without(html: str | None, passages: list[Passage]) -> str | None:
    """The HTML of a summary with a gap for each of its paragraphs, lists or tables that says it."""
    if html is None or said(html, passages) is None:
        return html
    parts = [one for one in BLOCK.split(html) if one.strip()]
    return "\n".join(f"<p>{GAP}</p>" if said(one, passages) else one for one in parts)


def cleared(public: Data, full: Data) -> Data:
    """What the public will read, without what is kept back in titles, questions and both summaries."""
    passages = {lang: of_sections(public, full, lang) for lang in ("fr", "en")}
    if not any(passages.values()):
        return public
    return {
        **public,
        "summary": {lang: blocks_without(html, passages[lang]) for lang, html in public["summary"].items()},
        "plain": {lang: blocks_without(html, passages[lang]) for lang, html in public["plain"].items()},
        "sections": [_section(one, passages) for one in public["sections"]],
    }


def of_sections(public: Data, full: Data, lang: str) -> list[Passage]:
    """All that is kept back, in one language."""
    pairs = zip(full["sections"], public["sections"], strict=True)
    return [found for whole, one in pairs if one["ground"] for found in kept(whole, one, lang)]


def _section(section: Data, passages: dict[str, list[Passage]]) -> Data:
    votes = [{**one, "question": _pair(one["question"], passages)} for one in section["votes"]]
    return {**section, "title": _pair(section["title"], passages), "votes": votes}


def _pair(pair: dict[str, str | None], passages: dict[str, list[Passage]]) -> dict[str, str | None]:
    return {lang: without(value, passages[lang]) for lang, value in pair.items()}


def set_apart_saying(public: Data, full: Data) -> list[tuple[Data, str]]:
    """The decisions and actions whose public wording says what a section keeps back, each with the words at fault."""
    found: list[tuple[Data, str]] = []
    for lang in ("fr", "en"):
        passages = of_sections(public, full, lang)
        for section in public["sections"] if passages else ():
            for one in section["set_apart"]:
                words = said(one["text"][lang], passages)
                if words is not None and one not in (known for known, _words in found):
                    found.append((one, words))
    return found
