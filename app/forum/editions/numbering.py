"""The permanent numbers of paragraphs (`#p-…`): given once, kept by what stays, never given to anything else. Pure.

A number designates one paragraph in both languages: an English paragraph bears the number of the French that it
translates. Headings and rules are no paragraphs: they have no number.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

Data = dict[str, Any]
Block = dict[str, Any]


def numbered(content: Data, before: Data | None, highest: int) -> tuple[Data, int]:
    """The content of an edition with its numbers, and the highest number ever given.

    `before`: the content of the former edition, None for the first; `highest`: the highest number given before.
    """
    known = {one["key"]: one for one in before["sections"]} if before else {}
    sections = []
    for section in content["sections"]:
        done, highest = _section(section, known.get(section["key"]), highest)
        sections.append(done)
    return {**content, "sections": sections}, highest


def _section(section: Data, before: Data | None, highest: int) -> tuple[Data, int]:
    french, english = _paragraphs(section["fr"]), _paragraphs(section["en"])
    former = before or {"fr": [], "en": []}
    in_french, highest = _filled(_kept(_paragraphs(former["fr"]), french), highest)
    kept = _translated(_kept(_paragraphs(former["en"]), english), in_french)
    in_english, highest = _filled(kept, highest)
    return {**section, "fr": _with(section["fr"], in_french), "en": _with(section["en"], in_english)}, highest


def is_paragraph(block: Block) -> bool:
    """`<h` begins a heading or a rule, and nothing else that a text may hold."""
    return not block["html"].startswith("<h")


def _paragraphs(blocks: Sequence[Block]) -> list[Block]:
    return [one for one in blocks if is_paragraph(one)]


def _kept(old: Sequence[Block], new: Sequence[Block]) -> list[int | None]:
    """The number of each new paragraph that was there: as it was, or changed in its place."""
    found: list[int | None] = [None] * len(new)
    for kind, i, j, k, m in _steps(old, new):
        if kind in ("equal", "replace"):
            for was, now in zip(range(i, j), range(k, m), strict=False):
                found[now] = old[was]["p"]
    return found


def _steps(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[str, int, int, int, int]]:
    pair = [one["html"] for one in old], [one["html"] for one in new]
    return list(SequenceMatcher(None, *pair, autojunk=False).get_opcodes())


def _translated(kept: list[int | None], french: list[int]) -> list[int | None]:
    """English without a number takes that of the French in its place, when both languages have as many paragraphs.

    Where they have not, the first ones answer each other; the last one and what follows get numbers of their own. A
    number that English bears elsewhere stays there.
    """
    together = len(kept) if len(kept) == len(french) else min(len(kept), len(french)) - 1
    taken = {one for one in kept if one is not None}
    found = list(kept)
    for place in range(max(together, 0)):
        if found[place] is None and french[place] not in taken:
            found[place] = french[place]
            taken.add(french[place])
    return found


def _filled(numbers: list[int | None], highest: int) -> tuple[list[int], int]:
    found = []
    for one in numbers:
        if one is None:
            highest += 1
        found.append(highest if one is None else one)
    return found, highest


def _with(blocks: Sequence[Block], numbers: Sequence[int]) -> list[Block]:
    given = iter(numbers)
    return [{**one, "p": next(given) if is_paragraph(one) else None} for one in blocks]


def like(content: Data, public: Data) -> Data:
    """The whole text with the numbers of the public one: what the public does not read as it stands has no number."""
    known = {one["key"]: one for one in public["sections"]}
    sections = [_like(one, known[one["key"]]) for one in content["sections"]]
    return {**content, "sections": sections}


def _like(section: Data, public: Data) -> Data:
    done = dict(section)
    for lang in ("fr", "en"):
        found = [{**one, "p": None} for one in section[lang]]
        for kind, i, j, k, _m in _steps(public[lang], section[lang]):
            for place in range(j - i) if kind == "equal" else ():
                found[k + place]["p"] = public[lang][i + place]["p"]
        done[lang] = found
    return done


def words(content: Data) -> Iterator[tuple[int, str, str]]:
    """(number, language, html) of each paragraph."""
    for section in content["sections"]:
        for lang in ("fr", "en"):
            for one in section[lang]:
                if one["p"] is not None:
                    yield one["p"], lang, one["html"]
