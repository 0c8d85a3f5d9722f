"""What changed from one edition to the next, for a person to read: only what changed, paragraph by paragraph. Pure.

Paragraphs are first put side by side by their permanent number; only those that differ are compared word by word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core import diff, i18n
from app.core.diff import ADDED, REMOVED, SAME, Piece
from app.core.text import plain

Data = dict[str, Any]
MOST_WORDS = 8_000
"""Beyond so many words in changed paragraphs, the rest are shown whole, the old one and the new one."""


@dataclass(frozen=True)
class Change:
    """`where`: in words; `anchor`: its place in the newer edition, None when it is gone; `lang`: of the text."""

    where: str
    lang: str
    lines: list[list[Piece]]
    anchor: str | None = None

    @property
    def is_layout(self) -> bool:
        """The words are the same: only bold, links or lists differ."""
        return all(piece.kind == SAME for line in self.lines for piece in line)


class _Budget:
    def __init__(self) -> None:
        self.left = MOST_WORDS

    def words(self, before: str, after: str) -> list[Piece]:
        self.left -= len(before.split()) + len(after.split())
        if self.left > 0:
            return diff.words(before, after)
        return [Piece(REMOVED, before), Piece(ADDED, after)]


def between(before: Data, after: Data) -> dict[str, list[Change]]:
    """By language, the French first, in the order of the page."""
    budget = _Budget()
    return {lang: list(_in_language(before, after, lang, budget)) for lang in i18n.LANGUAGES}


def _in_language(before: Data, after: Data, lang: str, budget: _Budget) -> Iterator[Change]:
    old, new = _head(before, lang), _head(after, lang)
    for where, text in new.items():
        if text != old[where]:
            yield Change(where, lang, _lines(old[where], text))
    yield from _sections(before, after, lang, budget)


def _lines(before: str, after: str) -> list[list[Piece]]:
    """Only the lines that changed."""
    found = diff.lines(before, after)
    return [line for line in found if any(piece.kind != SAME for piece in line)]


def _head(content: Data, lang: str) -> dict[str, str]:
    """What stands around the sections, as lines of text."""
    meeting, attendance = content["meeting"], content["attendance"]
    whole = lang == "fr"  # what has no language is compared once
    return {
        _("Title of the meeting"): meeting["title"][lang] or "",
        _("Place"): meeting["place"][lang] or "",
        _("Dates"): meeting["dates"][lang],
        _("Chair and secretary"): _lines_of(content["chair"], content["secretary"]) if whole else "",
        _("Summary of the minutes"): plain(content["summary"][lang]),
        _("In plain language"): plain(content["plain"][lang]),
        _("Attendance"): "\n".join(_people(attendance)) if whole and attendance else "",
        _("Documents"): "\n".join(one["title"][lang] or one["title"]["fr"] for one in content["documents"]),
        _("Recording of the meeting"): (content["recording"] or "") if whole else "",
    }  # fmt: skip


def _lines_of(*values: str | None) -> str:
    return "\n".join(value or "" for value in values)


def _people(attendance: Data) -> Iterator[str]:
    for one in attendance["present"]:
        yield _who(one)
    for one in attendance["represented"]:
        yield _("%(who)s, represented by %(by)s", who=_who(one), by=one["by"] or "—")
    for home in attendance["excused"]:
        yield _("Excused: %(who)s", who=home["fr"] if home else "—")
    yield _("Absent: %(count)d", count=attendance["absent"])
    yield _("Guests: %(count)d", count=attendance["guests"])


def _who(one: Data) -> str:
    home = one["organisation"]
    return ", ".join(part for part in (one["name"], home["fr"] if home else None) if part) or "—"


def _sections(before: Data, after: Data, lang: str, budget: _Budget) -> Iterator[Change]:
    old = {one["key"]: one for one in before["sections"]}
    for number, section in enumerate(after["sections"], 1):
        former = old.pop(section["key"], None)
        yield from _section(number, former, section, lang, budget)
    for section in old.values():
        lines = [[Piece(REMOVED, text)] for text in _texts(section, lang)]
        if lines:
            title = section["title"][lang] or section["title"]["fr"]
            yield Change(_("Section taken away: %(title)s", title=title), lang, lines)


def _texts(section: Data, lang: str) -> list[str]:
    return [plain(one["html"]) for one in section[lang]]


def _section(number: int, before: Data | None, after: Data, lang: str, budget: _Budget) -> Iterator[Change]:
    anchor, title = f"item-{after['key']}", after["title"][lang] or after["title"]["fr"]
    named = _("Section %(number)d, %(title)s", number=number, title=title)
    former = before or {**after, "fr": [], "en": [], "votes": [], "set_apart": [], "title": {"fr": "", "en": ""}}
    around = _around(former, lang), _around(after, lang)
    if around[0].split() != around[1].split():
        yield Change(named, lang, _lines(*around), anchor)
    yield from _paragraphs(named, former[lang], after[lang], lang, anchor, budget)


def _around(section: Data, lang: str) -> str:
    """The title of a section, its votes and what is set apart in it."""
    whole = lang == "fr"  # what has no language is compared once
    lines = [section["title"][lang] or ""]
    for vote in section["votes"]:
        numbers = " / ".join(str(vote[name]) for name in ("in_favour", "against", "abstaining", "silent"))
        lines += [vote["question"][lang] or "", numbers if whole else ""]
    for one in section["set_apart"]:
        lines.append(f"{one['number'] if whole else ''} {plain(one['text'][lang])}".strip())
    return "\n".join(lines)


def _paragraphs(
    named: str, before: list[Data], after: list[Data], lang: str, anchor: str, budget: _Budget
) -> Iterator[Change]:
    old = {_key(place, one): one["html"] for place, one in enumerate(before)}
    new = {_key(place, one): one["html"] for place, one in enumerate(after)}
    for key, html in new.items():
        if key not in old:
            yield Change(_place(named, key), lang, [[Piece(ADDED, plain(html))]], _anchor(key, anchor))
        elif old[key] != html:
            words = budget.words(plain(old[key]), plain(html))
            yield Change(_place(named, key), lang, [words], _anchor(key, anchor))
    for key, html in old.items():
        if key not in new:
            yield Change(_place(named, key), lang, [[Piece(REMOVED, plain(html))]])


def _key(place: int, block: Data) -> tuple[str, int | str]:
    """A heading has no number: it is the same as long as it says the same."""
    return ("p", block["p"]) if block["p"] is not None else ("h", plain(block["html"]) or str(place))


def _place(named: str, key: tuple[str, int | str]) -> str:
    if key[0] != "p":
        return named
    return str(_("%(section)s, § %(number)d", section=named, number=key[1]))


def _anchor(key: tuple[str, int | str], anchor: str) -> str:
    return f"p-{key[1]}" if key[0] == "p" else anchor
