"""The one source of the present: `now()`. Tests and FORUM_NOW move it; nothing else reads the system's clock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_origin: tuple[datetime, float] | None = None
_frozen: datetime | None = None


def now() -> datetime:
    """The present instant, aware, in UTC."""
    if _frozen is not None:
        return _frozen
    if _origin is None:
        return datetime.now(UTC)
    start, began = _origin
    return start + timedelta(seconds=time.monotonic() - began)


def today() -> date:
    """The present day in Paris."""
    return now().astimezone(PARIS).date()


def end_of_day(instant: datetime) -> datetime:
    """The midnight (UTC) that ends the Paris day of `instant`."""
    following = instant.astimezone(PARIS).date() + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=PARIS).astimezone(UTC)


def start_from(instant: str) -> None:
    """Make `now()` start from an ISO 8601 instant (Paris time when it names no zone); an empty text undoes it."""
    global _origin
    if not instant:
        _origin = None
        return
    moment = datetime.fromisoformat(instant)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=PARIS)
    _origin = (moment.astimezone(UTC), time.monotonic())


@contextmanager
def seen_from(instant: datetime) -> Iterator[None]:
    """Hold `now()` at an instant for a while, then as it was before. For the demo, which has a past."""
    before = _frozen
    freeze(instant)
    try:
        yield
    finally:
        freeze(before)


def freeze(instant: datetime | None) -> None:
    """Hold `now()` at an instant, or let it go. For tests."""
    global _frozen
    _frozen = instant


def is_frozen() -> bool:
    return _frozen is not None
