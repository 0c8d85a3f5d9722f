"""The queue of translations, gathered from every room that has bilingual texts."""

from datetime import date

from app.core import paging, registry
from app.core.registry import Untranslated

PAGE_SIZE = 20
MOST = 500  # rows of each table: beyond, the queue says what is most urgent and no more
Item = tuple[str, Untranslated]


def waiting() -> list[Item]:
    """(table, text): the oldest meeting first, then what has no date, in the order of the rooms."""
    found = [(table, one) for table, of in registry.current().translations.items() for one in of.pending(MOST)]
    return sorted(found, key=lambda item: item[1].day or date.max)


def page(number: int) -> paging.Page:
    items = waiting()
    start = (number - 1) * PAGE_SIZE
    return paging.checked(paging.Page(items[start : start + PAGE_SIZE], number, PAGE_SIZE, len(items)))
