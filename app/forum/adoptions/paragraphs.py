"""A paragraph of a section: found among the others, and replaced in the text that it was written in. No database."""

from app.core import text
from app.forum.minutes.models import SectionText
from app.forum.minutes.service import BELOW

Block = text.Block


def of(found: SectionText | None) -> list[Block]:
    """As the page of the minutes shows them."""
    return _blocks(found.source) if found is not None else []


def _blocks(source: str) -> list[Block]:
    return text.blocks(source, below=BELOW - 1)


def find(blocks: list[Block], quoted: str, place: int) -> int | None:
    """The number (from 0) of the paragraph that was quoted: at its `place` (from 1) still, or anywhere, once."""
    wanted = text.tidy(quoted)
    same = [number for number, one in enumerate(blocks) if text.tidy(one.source) == wanted]
    if place - 1 in same:
        return place - 1
    return same[0] if len(same) == 1 else None


def replaced(source: str, quoted: str, place: int, by: str) -> str | None:
    """The text with `by` instead of a paragraph; None when nobody can say any more which one was meant."""
    blocks, lines = _blocks(source), source.split("\n")
    number = find(blocks, quoted, place)
    span = _span(lines, blocks, number) if number is not None else None
    if span is None:
        return None
    kept = "\n".join(lines[: span[0]]).rstrip("\n"), by, "\n".join(lines[span[1] :]).lstrip("\n")
    return "\n\n".join(one for one in kept if one)


def _span(lines: list[str], blocks: list[Block], number: int) -> tuple[int, int] | None:
    """The lines of a block, the last one excluded: whole lines, after those of the blocks that come before it."""
    cursor = first = 0
    for one in blocks[: number + 1]:
        own = one.source.split("\n")
        found = next((at for at in range(cursor, len(lines)) if lines[at : at + len(own)] == own), None)
        if found is None:
            return None
        first, cursor = found, found + len(own)
    return first, cursor
