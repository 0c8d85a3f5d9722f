"""Titles of a series: « Séance plénière n° {number} ({year}) ». No database, no Flask."""

import re
from datetime import date

PLACES = re.compile(r"\{(number|year|quarter)\}")
LONGEST = 400  # what is filled in must leave room: a title has five hundred characters


def has_unknown_place(pattern: str) -> bool:
    """A brace that belongs to none of {number}, {year} and {quarter}."""
    rest = PLACES.sub("", pattern)
    return "{" in rest or "}" in rest


def filled(pattern: str | None, *, number: int, day: date) -> str | None:
    values = {"number": str(number), "year": str(day.year), "quarter": str((day.month + 2) // 3)}
    return PLACES.sub(lambda found: values[found[1]], pattern) if pattern else None
