"""Who is named in a text: remarks are not attributed to a person by default (A6-8, D.11). Pure: no database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.text import fold, plain

WORD = re.compile(r"\w+")
TITLES = ("m", "mm", "mme", "mmes", "mlle", "monsieur", "madame", "mr", "mrs", "ms", "dr")


@dataclass(frozen=True)
class Named:
    """Somebody whose name stands in the text of a section. `section`: its place, from 1."""

    section: int
    name: str


def named(sections: Iterable[Iterable[str]], names: Iterable[str]) -> list[Named]:
    """Of these people, those named by first and last name, or by a title and a last name, in the HTML of each section.

    A last name alone is not enough: it may be a common word.
    """
    ways = [(name, _ways(name)) for name in dict.fromkeys(names) if len(name.split()) > 1]
    found = []
    for number, blocks in enumerate(sections, 1):
        text = f" {_words(' '.join(plain(html) for html in blocks))} "
        found += [Named(number, name) for name, said in ways if any(one in text for one in said)]
    return found


def _ways(name: str) -> list[str]:
    """How somebody is named in full, as words between blanks."""
    last = _words(name.split(maxsplit=1)[1])
    return [f" {_words(name)} ", *(f" {title} {last} " for title in TITLES)]


def _words(value: str) -> str:
    """Folded words, one blank between two."""
    return " ".join(WORD.findall(fold(value)))
