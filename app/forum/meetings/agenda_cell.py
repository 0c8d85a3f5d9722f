"""Several values in one CSV cell, and the guard against cells that a spreadsheet would run as a formula.

| separates the entries of a cell, : the fields of an entry; a backslash before one of them or another backslash keeps
it as text.
"""

import re

Entry = list[str]

# The full-width forms too: some spreadsheets read them as the others.
_RUN = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_TOKEN = re.compile(r"\\[|:\\]|[|:\\]|[^|:\\]+")
_ESCAPED = re.compile(r"[|:\\]")
_ESCAPED_IN_LIST = re.compile(r"[|\\]")


class BadCell(Exception):
    """A backslash stands before something else than | : or a backslash."""


def guarded(cell: str) -> str:
    """With an apostrophe in front if a spreadsheet would run the cell (or if `unguarded` would take one away)."""
    return f"'{cell}" if cell.lstrip("'").startswith(_RUN) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_RUN) else cell


def split(cell: str, *, fields: bool) -> list[Entry]:
    """The entries of a cell, each a list of fields (of one field unless `fields`). Raises `BadCell`."""
    entries: list[list[list[str]]] = [[[]]]
    for found in _TOKEN.finditer(cell):
        token = found[0]
        if token == "\\":
            raise BadCell
        if token == "|":
            entries.append([[]])
        elif token == ":" and fields:
            entries[-1].append([])
        else:
            entries[-1][-1].append(token.removeprefix("\\"))
    return [["".join(pieces).strip() for pieces in entry] for entry in entries]


def join(entries: list[Entry], *, fields: bool) -> str:
    """The cell that `split` reads back as `entries`; "" when nothing is in any of them."""
    escaped = _ESCAPED if fields else _ESCAPED_IN_LIST
    if not any(any(entry) for entry in entries):
        return ""
    return "|".join(":".join(escaped.sub(r"\\\g<0>", text) for text in entry) for entry in entries)
