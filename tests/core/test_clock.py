"""The one source of the present, on the days when clocks and calendars do odd things."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.core import clock, clock_change


@pytest.fixture(autouse=True)
def let_go() -> Iterator[None]:
    yield
    clock.freeze(None)
    clock.start_from("")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("instant", "today", "midnight"),
    [
        (at(2027, 3, 27, 22, 59), date(2027, 3, 27), at(2027, 3, 27, 23)),
        (at(2027, 3, 27, 23), date(2027, 3, 28), at(2027, 3, 28, 22)),
        (at(2027, 3, 28, 21, 59), date(2027, 3, 28), at(2027, 3, 28, 22)),
        (at(2027, 10, 30, 22), date(2027, 10, 31), at(2027, 10, 31, 23)),
        (at(2027, 10, 31, 22, 59), date(2027, 10, 31), at(2027, 10, 31, 23)),
        (at(2028, 2, 28, 23), date(2028, 2, 29), at(2028, 2, 29, 23)),
        (at(2028, 2, 29, 23), date(2028, 3, 1), at(2028, 3, 1, 23)),
        (at(2026, 12, 31, 22, 59), date(2026, 12, 31), at(2026, 12, 31, 23)),
        (at(2026, 12, 31, 23), date(2027, 1, 1), at(2027, 1, 1, 23)),
    ],
)
def test_the_day_is_the_one_in_paris_and_ends_at_its_midnight(
    instant: datetime, today: date, midnight: datetime
) -> None:
    clock.freeze(instant)
    assert (clock.now(), clock.today(), clock.end_of_day(instant)) == (instant, today, midnight)


@pytest.mark.parametrize(
    ("day", "hours"), [((2027, 3, 28), 23), ((2027, 10, 31), 25), ((2028, 2, 29), 24), ((2026, 12, 31), 24)]
)
def test_a_day_lasts_as_long_as_it_does_in_paris(day: tuple[int, int, int], hours: int) -> None:
    begins = datetime(*day, tzinfo=clock.PARIS)
    assert clock.end_of_day(begins) - begins.astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("setting", "instant"),
    [
        ("2027-03-28T10:00", at(2027, 3, 28, 8)),
        ("2027-03-28T10:00+00:00", at(2027, 3, 28, 10)),
        ("2027-10-31", at(2027, 10, 30, 22)),
    ],
)
def test_the_clock_starts_where_it_is_told_and_goes_on(setting: str, instant: datetime) -> None:
    clock.start_from(setting)
    first, second = clock.now(), clock.now()
    assert instant <= first <= second < instant + timedelta(seconds=1)


def test_the_present_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_an_hour_that_the_change_of_clocks_skips_or_doubles_is_known() -> None:
    assert clock_change.is_missing(date(2027, 3, 28), time(2, 30), clock.PARIS) is True
    assert clock_change.is_missing(date(2027, 3, 28), time(3, 30), clock.PARIS) is False
    assert clock_change.comes_twice(date(2027, 10, 31), time(2, 30), clock.PARIS) is True
    assert clock_change.comes_twice(date(2027, 10, 31), time(9, 30), clock.PARIS) is False
