"""The queue of translations, gathered from every room that has bilingual texts."""

from datetime import date

from app.core import clock, paging, registry
from app.core.registry import Untranslated

PAGE_SIZE = 20
MOST = 500  # rows of each table: beyond, the queue says what is most urgent and no more
Item = tuple[str, Untranslated]


def waiting() -> list[Item]:
    """(table, text): the next day first, then what has no date, then the days that passed, the last one first."""
    found = [(table, one) for table, of in registry.current().translations.items() for one in of.pending(MOST)]
    today = clock.today()
    return sorted(found, key=lambda item: _turn(item[1].day, today))


def _turn(day: date | None, today: date) -> tuple[int, int]:
    if day is None:
        return 1, 0
    return (0, day.toordinal()) if day >= today else (2, -day.toordinal())


def page(number: int) -> paging.Page:
    items = waiting()
    start = (number - 1) * PAGE_SIZE
    return paging.checked(paging.Page(items[start : start + PAGE_SIZE], number, PAGE_SIZE, len(items)))
