"""Hours that a day does not have, or has twice, when the clocks change. No database, no Flask."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def is_missing(day: date, hour: time, zone: ZoneInfo) -> bool:
    """The clocks go forward over it: 02:30 on the last Sunday of March in Paris."""
    local = datetime.combine(day, hour)
    return local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local


def comes_twice(day: date, hour: time, zone: ZoneInfo) -> bool:
    """The clocks go back over it: 02:30 on the last Sunday of October in Paris. The first one is meant."""
    first, second = (datetime.combine(day, hour, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first < second
