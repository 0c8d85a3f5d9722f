"""Days on which the demo's Forum meets."""

from datetime import date, timedelta

from app.core import clock

HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}


def weekday(days: int) -> date:
    """The day `days` from today, moved to the nearest weekday, then past the public holidays of fixed date."""
    found = clock.today() + timedelta(days=days)
    found += timedelta(days={5: -1, 6: 1}.get(found.weekday(), 0))
    while (found.month, found.day) in HOLIDAYS or found.weekday() > 4:
        found += timedelta(days=1)
    return found
