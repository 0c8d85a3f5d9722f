"""Passages kept from the public, found again where else the minutes say them. Pure: no database.

What is kept back is the difference between the adopted text of a section and the one for the public, language by
language. A title, a question put to the vote and a summary lose it by themselves; a decision or an action has a page of
its own, and waits for a wording for the public (`obstacles`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from app.core import text

Data = dict[str, Any]
WORD = re.compile(r"\w+")
BLOCK = re.compile(r"\n(?=<(?:p|ul|ol|h[2-4]|blockquote|table|pre|hr)\b)")
GAP = "[…]"
RUN = 5
"""So many words in a row are the passage itself; fewer are a name, an amount or a day, and count when whole."""
TELLING, MOST = 4, 2000
"""A short passage tells something by a number, or by a capital on a word of so many letters: « Martin », « 2 400 »."""


@dataclass(frozen=True)
class Kept:
    """A passage that one language of the public text no longer says: `grams`, its words `size` by `size`, folded."""

    size: int
    grams: frozenset[tuple[str, ...]]

    def spans(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where other words of that language say it: first and last place, the latter excluded."""
        for at in range(len(words) - self.size + 1):
            if tuple(words[at : at + self.size]) in self.grams:
                yield at, at + self.size


def _grams(words: Sequence[str], size: int) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def kept(whole: Data, public: Data, lang: str) -> list[Kept]:
    """What the public does not read of a section in one language; nothing where it reads the adopted text."""
    before, after = ([one["html"] for one in side[lang]] for side in (whole, public))
    if before == after:
        return []
    written = WORD.findall(_plain(before))
    former, latter = [text.fold(one) for one in written], [text.fold(one) for one in WORD.findall(_plain(after))]
    runs = {run for start, end in _gone(former, latter) for run in _telling(written, start, end)}
    found = []
    for start, end in sorted(runs):
        size = min(RUN, end - start)
        grams = _grams(former[start:end], size) - _grams(latter, size)
        if grams:
            found.append(Kept(size, grams))
    return found


def _telling(words: list[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Of a run that is gone: all of it when it is long, and what stands in it from the first word that tells something
    to the last one when it is short; the names in it."""
    if end - start >= RUN:
        yield start, end
    else:
        telling = [at for at in range(start, end) if _tells(words[at])]
        if telling:
            yield telling[0], telling[-1] + 1
    for is_name, group in groupby(range(start, end), lambda at: words[at][0].isupper() and len(words[at]) > 1):
        places = list(group)
        if is_name and len(places) > 1:
            yield places[0], places[-1] + 1


def _tells(word: str) -> bool:
    return word[0].isdigit() or (word[0].isupper() and len(word) >= TELLING)


def _gone(former: list[str], latter: list[str]) -> list[tuple[int, int]]:
    """The runs of the former words that the latter do not have; of very long texts, all between what both share."""
    if max(len(former), len(latter)) > MOST:
        start = next((at for at, pair in enumerate(zip(former, latter, strict=False)) if pair[0] != pair[1]), 0)
        return [(start, len(former))]
    codes = SequenceMatcher(None, former, latter, autojunk=False).get_opcodes()
    return [(i, j) for tag, i, j, _from, _to in codes if tag in ("delete", "replace")]


def _plain(blocks: Iterable[str]) -> str:
    return " ".join(text.plain(html) for html in blocks)


def says(value: str | None, passages: list[Kept]) -> bool:
    """Whether a text or its HTML says what is kept back."""
    words = [text.fold(one) for one in WORD.findall(text.plain(value or ""))]
    return any(True for one in passages for _span in one.spans(words))


def without(value: str | None, passages: list[Kept]) -> str | None:
    """A line of plain text with a gap where it says it."""
    found = list(WORD.finditer(value or ""))
    words = [text.fold(one.group()) for one in found]
    hidden = {at for one in passages for start, end in one.spans(words) for at in range(start, end)}
    if value is None or not hidden:
        return value
    written, place = "", 0
    for at in sorted(hidden):
        if at - 1 not in hidden:
            written += value[place : found[at].start()] + GAP
        place = found[at].end()
    return written + value[place:]


def blocks_without(html: str | None, passages: list[Kept]) -> str | None:
    """The HTML of a summary with a gap for each of its paragraphs, lists or tables that says it."""
    if html is None or not says(html, passages):
        return html
    parts = [one for one in BLOCK.split(html) if one.strip()]
    return "\n".join(f"<p>{GAP}</p>" if says(one, passages) else one for one in parts)


def cleared(public: Data, full: Data) -> Data:
    """What the public will read, without what is kept back in titles, questions and both summaries."""
    passages = {lang: [one for _key, one in of_sections(public, full, lang)] for lang in ("fr", "en")}
    if not any(passages.values()):
        return public
    return {
        **public,
        "summary": {lang: blocks_without(html, passages[lang]) for lang, html in public["summary"].items()},
        "plain": {lang: blocks_without(html, passages[lang]) for lang, html in public["plain"].items()},
        "sections": [_section(one, passages) for one in public["sections"]],
    }


def of_sections(public: Data, full: Data, lang: str) -> list[tuple[str, Kept]]:
    """(key of the section, passage) of all that is kept back."""
    pairs = zip(full["sections"], public["sections"], strict=True)
    return [(one["key"], found) for whole, one in pairs if one["ground"] for found in kept(whole, one, lang)]


def _section(section: Data, passages: dict[str, list[Kept]]) -> Data:
    votes = [{**one, "question": _pair(one["question"], passages)} for one in section["votes"]]
    return {**section, "title": _pair(section["title"], passages), "votes": votes}


def _pair(pair: dict[str, str | None], passages: dict[str, list[Kept]]) -> dict[str, str | None]:
    return {lang: without(value, passages[lang]) for lang, value in pair.items()}


def set_apart_saying(public: Data, full: Data) -> list[Data]:
    """The decisions and actions of the minutes whose public wording says what a section keeps back."""
    found = []
    for lang in ("fr", "en"):
        passages = [one for _key, one in of_sections(public, full, lang)]
        for section in public["sections"]:
            found += [one for one in section["set_apart"] if one not in found and says(one["text"][lang], passages)]
    return found
