"""Hours and dates as people type them, to the one spelling of an agenda file. No database, no Flask."""

import re
from datetime import date

NOON = 12
_HOUR = re.compile(
    r"(?P<hour>[0-9]{1,2}) ?(?:(?P<mark>h|:|\.) ?(?P<minute>[0-9]{2})?)? ?(?P<half>am|pm|a\.m\.|p\.m\.)?"
)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_FRENCH = re.compile(r"([0-9]{1,2}) ?[/.-] ?([0-9]{1,2}) ?[/.-] ?([0-9]{4})")


def hour(typed: str) -> str | None:
    """`14:30`, `14h30`, `14 h 30`, `14 h`, `2.30 pm` or `2 pm` as "14:30"; None for anything else."""
    found = _HOUR.fullmatch(" ".join(typed.casefold().split()))
    if found is None or (found["minute"] is None and found["mark"] in (":", ".") and not found["half"]):
        return None
    if found["mark"] is None and found["half"] is None:
        return None  # a bare number may be anything
    value, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= value <= NOON or found["mark"] == "h":
            return None
        value = value % NOON + (NOON if found["half"].startswith("p") else 0)
    return f"{value:02d}:{minute:02d}" if value < 24 and minute < 60 else None


def day(typed: str) -> str | None:
    """`2027-03-28` or `28/03/2027` (day first) in ISO form; None for anything else, two-digit years included."""
    typed = " ".join(typed.split())
    if found := _ISO.fullmatch(typed):
        year, month, number = map(int, found.groups())
    elif found := _FRENCH.fullmatch(typed):
        number, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return None


def shown(iso: str) -> str:
    """An ISO date as `day` reads it back and as people write it: 28/03/2027."""
    year, month, number = iso.split("-")
    return f"{number}/{month}/{year}"
