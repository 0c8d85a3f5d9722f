"""CSV that a spreadsheet opens as it is, and never computes (S33)."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from app.core import text

FORMULA = re.compile(r"[\s\"'\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
GUARDED = re.compile(r"'(?=[\s\"'\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r])")


def is_formula(value: str) -> bool:
    """True for a text that a spreadsheet might compute, after quotes and blanks too."""
    return FORMULA.match(value) is not None


def guarded(value: Any) -> str:
    """A cell as text: numbers stay numbers, days are ISO, and a text that looks like a formula gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    cell = text.BIDI.sub("", text.CONTROL.sub("", str(value)))
    return "'" + cell if is_formula(cell) else cell


def unguarded(value: str) -> str:
    """A cell read back: without the apostrophe that `guarded` put before it."""
    return GUARDED.sub("", value, count=1) if value.startswith("'") else value


def write(head: Sequence[str], rows: Iterable[Sequence[Any]], *, separator: str = ",", bom: bool = False) -> str:
    """The whole table, lines ended by CRLF (RFC 4180); `bom` for spreadsheets that take UTF-8 for something else."""
    out = io.StringIO()
    out.write("\ufeff" if bom else "")
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(head)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    return out.getvalue()
