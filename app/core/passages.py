"""Words that a text no longer says, found again in other texts. Pure: no database, no room.

What is gone is found by comparing two texts word by word, folded: a long run is recognised by any five of its words, a
short one by what it tells (a name, an amount, a day), a name by itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from app.core import text

WORD = re.compile(r"\w+")
GAP = "[…]"
RUN = 5
"""So many words in a row are the passage itself; fewer are a name, an amount or a day, and count when whole."""
TELLING, MOST = 4, 2000
"""A short passage tells something by a number, or by a capital on a word of so many letters: « Martin », « 2 400 »."""


@dataclass(frozen=True)
class Passage:
    """`grams`: its words `size` by `size`, folded. `is_name`: a last name, which counts where it has its capital."""

    size: int
    grams: frozenset[tuple[str, ...]]
    is_name: bool = False

    def spans(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where other words say it: first and last place, the latter excluded."""
        for at in range(len(words) - self.size + 1):
            said = words[at : at + self.size]
            if tuple(map(text.fold, said)) in self.grams and (not self.is_name or said[0][0].isupper()):
                yield at, at + self.size


def words_of(value: str) -> list[str]:
    return WORD.findall(value)


def gone(before: str, after: str) -> list[Passage]:
    """What the first text says and the second one does not."""
    written, latter = words_of(before), [text.fold(one) for one in words_of(after)]
    former = [text.fold(one) for one in written]
    found = []
    runs = {run for first, last in _runs(former, latter) for run in _telling(written, first, last)}
    for start, end, is_name in sorted(runs):
        size = min(RUN, end - start)
        grams = _grams(former[start:end], size) - _grams(latter, size)
        if grams:
            found.append(Passage(size, grams, is_name))
    return found


def changed(before: str, after: str) -> list[Passage]:
    """What the first text says and the second one says otherwise, a single word included, by the words around it."""
    former, latter = ([text.fold(one) for one in words_of(value)] for value in (before, after))
    size = min(RUN, len(former))
    grams = _grams(former, size) - _grams(latter, size) if size else frozenset()
    return [Passage(size, grams)] if grams else []


def _grams(words: Sequence[str], size: int) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def _runs(former: list[str], latter: list[str]) -> list[tuple[int, int]]:
    """The runs of the former words that the latter do not have; of very long texts, all between what both share."""
    if max(len(former), len(latter)) > MOST:
        start = next((at for at, pair in enumerate(zip(former, latter, strict=False)) if pair[0] != pair[1]), 0)
        return [(start, len(former))]
    codes = SequenceMatcher(None, former, latter, autojunk=False).get_opcodes()
    return [(i, j) for tag, i, j, _from, _to in codes if tag in ("delete", "replace")]


def _telling(words: list[str], start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Of a run that is gone: all of it when it is long, and what stands in it from the first word that tells something
    to the last one when it is short; the names in it, and the last word of each alone."""
    if end - start >= RUN:
        yield start, end, False
    else:
        telling = [at for at in range(start, end) if _tells(words[at])]
        if telling:
            yield telling[0], telling[-1] + 1, False
    for is_name, group in groupby(range(start, end), lambda at: words[at][0].isupper() and len(words[at]) > 1):
        places = list(group)
        if is_name and len(places) > 1:
            yield places[0], places[-1] + 1, False
            if _tells(words[places[-1]]):
                yield places[-1], places[-1] + 1, True


def _tells(word: str) -> bool:
    return word[0].isdigit() or (word[0].isupper() and len(word) >= TELLING)


def said(value: str | None, passages: list[Passage]) -> str | None:
    """The first words of a text, or of its HTML, that say one of them; None when none does."""
    shown = text.plain(value or "")
    found = list(WORD.finditer(shown))
    words = [one.group() for one in found]
    for one in passages:
        for start, end in one.spans(words):
            return shown[found[start].start() : found[end - 1].end()]
    return None


def without(value: str | None, passages: list[Passage]) -> str | None:
    """A line of plain text with a gap where it says one of them."""
    found = list(WORD.finditer(value or ""))
    words = [one.group() for one in found]
    hidden = {at for one in passages for start, end in one.spans(words) for at in range(start, end)}
    if value is None or not hidden:
        return value
    written, place = "", 0
    for at in sorted(hidden):
        if at - 1 not in hidden:
            written += value[place : found[at].start()] + GAP
        place = found[at].end()
    return written + value[place:]
