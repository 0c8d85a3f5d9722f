"""Hours of a meeting's zone to instants, the days when clocks change included. Pure: no database."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


class NoSuchHour(ValueError):
    """The clocks jumped over this hour."""


def instant(day: date, hour: time, zone: str) -> datetime:
    """The instant (UTC) of a local hour. An hour that comes twice is the first of the two.

    Raises `NoSuchHour` for an hour that the clocks jumped over: whoever typed it read another clock.
    """
    local = datetime.combine(day, hour, tzinfo=ZoneInfo(zone))
    found = local.astimezone(UTC)
    if found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchHour(f"{hour:%H:%M}")
    return found


def stored(day: date, hour: time, zone: str, known: list[datetime]) -> datetime | None:
    """Take out of `known` the instant that the clocks showed as this hour: a form writes minutes, not seconds."""
    for one in known:
        shown = local(one, zone)
        if (shown.date(), shown.hour, shown.minute) == (day, hour.hour, hour.minute):
            known.remove(one)
            return one
    return None


def local(moment: datetime, zone: str) -> datetime:
    """An instant as the clocks of the meeting show it."""
    return moment.astimezone(ZoneInfo(zone))


def is_over(last_day: date, zone: str, now: datetime) -> bool:
    """Whether the last day of a meeting has passed, in its own zone."""
    return local(now, zone).date() > last_day
