"""The days on which a meeting can be proposed: weekdays, outside French public holidays, August and Christmas.

No database, no Flask beyond lazy messages. A day that is avoided can still be chosen by hand: it is only said why.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l

FIXED = {
    (1, 1): _l("New Year’s Day"),
    (5, 1): _l("Labour Day"),
    (5, 8): _l("Victory Day"),
    (7, 14): _l("Bastille Day"),
    (8, 15): _l("Assumption"),
    (11, 1): _l("All Saints’ Day"),
    (11, 11): _l("Armistice Day"),
    (12, 25): _l("Christmas"),
}
AFTER_EASTER = {1: _l("Easter Monday"), 39: _l("Ascension"), 50: _l("Whit Monday")}
USUAL = (1, 2, 3)  # Tuesday to Thursday: people travel on the other days
AUGUST, DECEMBER, SATURDAY, MIDDLE = 8, 12, 5, 15


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def holidays(year: int) -> dict[date, Any]:
    """The public holidays of metropolitan France (labour code, L3133-1), with their names."""
    moving = {easter(year) + timedelta(days=after): name for after, name in AFTER_EASTER.items()}
    return {date(year, *when): name for when, name in FIXED.items()} | moving


def _christmas(year: int) -> tuple[date, date]:
    """The week of 25 December and the one after it, from Monday to Sunday."""
    christmas = date(year, DECEMBER, 25)
    monday = christmas - timedelta(days=christmas.weekday())
    return monday, monday + timedelta(days=13)


def why_avoided(day: date) -> Any | None:
    """What speaks against a day, in words; None when nothing does."""
    if day in holidays(day.year):
        return holidays(day.year)[day]
    if day.weekday() >= SATURDAY:
        return _l("Weekend")
    if day.month == AUGUST:
        return _l("August")
    if any(first <= day <= last for first, last in (_christmas(day.year), _christmas(day.year - 1))):
        return _l("Christmas holidays")
    return None


def propose(year: int, months: Iterable[int], weekday: int | None = None) -> list[tuple[int, date | None]]:
    """For each month, its best day: the nearest to the 15th that nothing speaks against; None when there is none.

    `weekday`: 0 for Monday; None for Tuesday to Thursday.
    """
    wanted = USUAL if weekday is None else (weekday,)
    return [(month, _best(year, month, wanted)) for month in months]


def _best(year: int, month: int, weekdays: tuple[int, ...]) -> date | None:
    days = (date(year, month, number) for number in range(1, monthrange(year, month)[1] + 1))
    free = [day for day in days if day.weekday() in weekdays and why_avoided(day) is None]
    return min(free, key=lambda day: (abs(day.day - MIDDLE), day), default=None)
