"""A meeting as a calendar entry (RFC 5545), published or sent to somebody (RFC 5546). Texts and instants in, bytes out.

The entry keeps one UID for life; SEQUENCE grows with each revision, so that calendars replace what they hold. Times
carry the meeting's zone with its VTIMEZONE; a meeting without printed times is a whole-day entry.
No database, no Flask.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration, vText, vUri

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
URI = "%:/?#[]@!$&'()*+,;=~"  # what an address already written holds (RFC 3986)
UNESCAPED = str.maketrans({'"': "”", "\\": " ", "^": " "})
PRODID = "-//Open Government Forum//Portal//FR"
PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"
CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"


@dataclass(frozen=True)
class Organizer:
    """Who convenes, and the e-mail address that the calendars of those invited answer to."""

    name: str
    address: str


@dataclass(frozen=True)
class Attendee:
    """Who is invited. `role`, `partstat`, `rsvp` as in RFC 5545, 3.2: by default, needed and not yet answered."""

    name: str
    address: str
    role: str = "REQ-PARTICIPANT"
    partstat: str = "NEEDS-ACTION"
    rsvp: bool = True


@dataclass(frozen=True)
class Conference:
    """How to take part from elsewhere; never in a public file. `label`: the words read before the address."""

    url: str
    label: str


@dataclass(frozen=True)
class Entry:
    """`starts`, `ends`: both aware instants, or both days, the last included. `stamp`: when this version was made.

    `status` None: it is cancelled for the one person that it invited, and goes on for the others (RFC 5546, 3.2.5).
    `transparent`: it takes nobody's time (a date that is only proposed; a cancelled meeting never does).
    """

    uid: str
    sequence: int
    status: str | None
    title: str
    starts: datetime | date
    ends: datetime | date
    stamp: datetime
    location: str
    description: str
    url: str
    lang: str
    organizer: Organizer | None = None
    attendee: Attendee | None = None
    conference: Conference | None = None
    transparent: bool = False


class NotPublishable(ValueError):
    """A published file would name whoever is invited, or hold the address of a remote meeting."""


def write(name: str, entries: list[Entry], *, method: str | None = None, refresh: timedelta | None = None) -> bytes:
    """The file. `method` None or PUBLISH: for everybody; REQUEST, CANCEL: for the one person that each entry invites.

    `refresh`: how often a calendar that follows the file should ask for it again. Raises `NotPublishable`, and
    `ValueError` for a message to a person that lacks its organizer or attendee (RFC 5546, 3.2).
    """
    _check(entries, method)
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    if method in (None, PUBLISH):  # some calendars take a named message for a calendar to follow
        calendar.add("x-wr-calname", _safe(name))
    if refresh:
        calendar.add("name", _safe(name))
        calendar.add("refresh-interval", vDuration(refresh), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(refresh))
    for entry in entries:
        calendar.add_component(_event(entry, CANCELLED if method == CANCEL and entry.status else entry.status))
    years = [day.year for entry in entries for day in (entry.starts, entry.ends)] or [1970]
    # The zone over these years only: some calendars misread the library's list of every change since 1970.
    calendar.add_missing_timezones(first_date=date(min(years), 1, 1), last_date=date(max(years) + 1, 1, 1))
    if not entries:  # a calendar without any component is none (RFC 5545, 3.6): some refuse to follow it
        calendar.add_component(Timezone.from_tzid("Europe/Paris", first_date=date(2026, 1, 1)))
    return calendar.to_ical()


def _check(entries: list[Entry], method: str | None) -> None:
    for entry in entries:
        if method in (None, PUBLISH):
            if entry.attendee or entry.conference:
                raise NotPublishable(entry.uid)
        elif not (entry.organizer and entry.attendee):
            raise ValueError(f"{method} without organizer or attendee: {entry.uid}")


def _event(entry: Entry, status: str | None) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamp)
    event.add("last-modified", entry.stamp)
    event.add("sequence", entry.sequence)
    if status:
        event.add("status", status)
    event.add("transp", "TRANSPARENT" if entry.transparent or status in (None, CANCELLED) else "OPAQUE")
    event.add("dtstart", _when(entry.starts))
    ends = entry.ends if isinstance(entry.ends, datetime) else entry.ends + timedelta(days=1)
    if _when(ends) > _when(entry.starts):  # an end that is not printed is not invented, and must come after the start
        event.add("dtend", _when(ends))
    texts = (("summary", entry.title), ("location", entry.location), ("description", _description(entry)))
    for field, value in texts:
        if value:
            event.add(field, vText(_safe(value), params={"LANGUAGE": entry.lang}))
    event.add("url", entry.url)
    _add_people(event, entry)
    return event


def _when(moment: datetime | date) -> datetime | date:
    """In the meeting's zone, except in the hour that the clocks show twice: its second time has no name there."""
    if isinstance(moment, datetime) and moment.utcoffset() != moment.replace(fold=0).utcoffset():
        return moment.astimezone(UTC)
    return moment


def _description(entry: Entry) -> str:
    if entry.conference is None:
        return entry.description
    line = f"{entry.conference.label} {entry.conference.url}"
    return f"{entry.description}\n\n{line}" if entry.description else line


def _add_people(event: Event, entry: Entry) -> None:
    if entry.organizer:
        event.add("organizer", _address(entry.organizer))
    if entry.attendee:
        one = _address(entry.attendee)
        one.params["ROLE"] = entry.attendee.role
        one.params["PARTSTAT"] = entry.attendee.partstat
        one.params["RSVP"] = "TRUE" if entry.attendee.rsvp else "FALSE"
        event.add("attendee", one)
    if entry.conference:
        uri = vUri(quote(entry.conference.url, safe=URI))
        uri.params.update(
            VALUE="URI", FEATURE="VIDEO", LABEL=_parameter(entry.conference.label.rstrip(" :\u00a0\u202f"))
        )
        event.add("conference", uri)


def _address(person: Organizer | Attendee) -> vCalAddress:
    address = vCalAddress("mailto:" + quote(person.address, safe="@+!$'*/=_~.-"))
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["CN"] = _parameter(person.name)
    return address


def _parameter(value: str) -> str:
    """Without what has an escape in parameters (RFC 6868): many calendars show the escape as it is."""
    return " ".join(_safe(value).translate(UNESCAPED).split())


def _safe(value: str) -> str:
    """Line breaks stay (they are escaped when written); every other control character goes (S35)."""
    return CONTROL.sub("", value)
