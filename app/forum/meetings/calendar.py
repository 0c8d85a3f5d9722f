"""A meeting as a calendar entry (RFC 5545). No database, no Flask: texts and instants in, bytes out.

The entry keeps one UID for life; SEQUENCE grows with each revision, so that calendars replace what they hold. Times
carry the meeting's zone with its VTIMEZONE; a meeting without printed times is a whole-day entry.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vText

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
PRODID = "-//Open Government Forum//Portal//FR"


@dataclass(frozen=True)
class Entry:
    """`starts`, `ends`: both aware instants, or both days, the last included. `stamp`: when this version was made."""

    uid: str
    sequence: int
    status: str
    title: str
    starts: datetime | date
    ends: datetime | date
    stamp: datetime
    location: str
    description: str
    url: str
    lang: str


def write(name: str, entries: list[Entry]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _safe(name))
    for entry in entries:
        calendar.add_component(_event(entry))
    years = [day.year for entry in entries for day in (entry.starts, entry.ends)] or [1970]
    # The zone over these years only: some calendars misread the library's list of every change since 1970.
    calendar.add_missing_timezones(first_date=date(min(years), 1, 1), last_date=date(max(years) + 1, 1, 1))
    return calendar.to_ical()


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamp)
    event.add("last-modified", entry.stamp)
    event.add("sequence", entry.sequence)
    event.add("status", entry.status)
    event.add("transp", "OPAQUE")
    event.add("dtstart", entry.starts)
    ends = entry.ends if isinstance(entry.ends, datetime) else entry.ends + timedelta(days=1)
    if ends > entry.starts:  # an end that is not printed is not invented, and must come after the start
        event.add("dtend", ends)
    for field, value in (("summary", entry.title), ("location", entry.location), ("description", entry.description)):
        if value:
            event.add(field, vText(_safe(value), params={"LANGUAGE": entry.lang}))
    event.add("url", entry.url)
    return event


def _safe(value: str) -> str:
    """Line breaks stay (they are escaped when written); every other control character goes (S35)."""
    return CONTROL.sub("", value)
