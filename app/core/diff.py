"""What changed between two texts, for a person to read: by line, then by word inside a line that changed (S31).

Only plain text comes out; `components/difference.html` escapes it and puts it in <ins> and <del> with words beside the
colours. Texts beyond `MOST` words or lines are given whole, so that a hostile one cannot hold a worker.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST = 2000
WORD = re.compile(r"\s+|\w+|[^\w\s]")
SAME, ADDED, REMOVED = "same", "added", "removed"


@dataclass(frozen=True)
class Piece:
    """A run of text. `kind`: same, added or removed."""

    kind: str
    text: str


def words(before: str, after: str) -> list[Piece]:
    """The pieces that lead from one text to the other; what is removed comes before what takes its place."""
    old, new = WORD.findall(before), WORD.findall(after)
    return _joined(_pieces(old, new))


def lines(before: str, after: str) -> list[list[Piece]]:
    """As `words`, for texts of several lines: one list for each line of either."""
    old, new = before.splitlines(), after.splitlines()
    found: list[list[Piece]] = []
    for kind, i, j, k, m in _steps(old, new):
        if kind == "equal":
            found += [[Piece(SAME, line)] for line in old[i:j]]
        elif kind == "replace" and j - i == m - k:
            found += [words(a, b) for a, b in zip(old[i:j], new[k:m], strict=True)]
        else:
            found += [[Piece(REMOVED, line)] for line in old[i:j]] + [[Piece(ADDED, line)] for line in new[k:m]]
    return found


def _steps(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    if len(old) > MOST or len(new) > MOST:
        return [("equal" if old == new else "change", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new).get_opcodes())


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for kind, i, j, k, m in _steps(old, new):
        if kind == "equal":
            yield Piece(SAME, "".join(old[i:j]))
            continue
        if j > i:
            yield Piece(REMOVED, "".join(old[i:j]))
        if m > k:
            yield Piece(ADDED, "".join(new[k:m]))


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """A blank between two words that both changed belongs to the change: it reads as one, not as two."""
    found: list[Piece] = []
    for piece in pieces:
        if (
            piece.kind == SAME
            and not piece.text.strip()
            and len(found) > 1
            and {one.kind for one in found[-2:]} == {ADDED, REMOVED}
        ):
            found[-2:] = [Piece(one.kind, one.text + piece.text) for one in found[-2:]]
        elif piece.kind != SAME and len(found) > 1 and found[-1].kind != SAME and found[-2].kind == piece.kind:
            found[-2] = Piece(piece.kind, found[-2].text + piece.text)
        elif found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found
