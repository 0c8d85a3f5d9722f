"""A version of a convocation as somebody reads it, in the language spoken: from what it printed, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _

from app.core import i18n, rules
from app.core.i18n import Text
from app.forum.convocations.models import Convocation
from app.forum.documents.models import Document
from app.forum.meetings.states import MeetingMode, PersonRole, SlotKind

Data = dict[str, Any]


def pair(value: Data | None) -> Text:
    """A stored pair in the language spoken; empty for none."""
    return i18n.in_language_of(value or {})


@dataclass(frozen=True)
class Line:
    """One item of the agenda. `who`: (function in the meeting or None, name, function)."""

    hours: str
    title: Text
    label: str
    where: str
    is_optional: bool
    who: list[tuple[str | None, str, Text]]


@dataclass(frozen=True)
class Annex:
    """`document`: as it stands today. `title`: as it was printed."""

    number: int
    title: Text
    document: Document

    @property
    def is_withdrawn(self) -> bool:
        return self.document.withdrawn_at is not None


@dataclass(frozen=True)
class Letter:
    """`documents`: those that the reader may know of, by their numbers."""

    row: Convocation
    documents: dict[int, Document] = field(default_factory=dict)

    @property
    def content(self) -> Data:
        return self.row.content

    @property
    def title(self) -> Text:
        return pair(self.content["head"]["title"])

    @property
    def theme(self) -> Text:
        return pair(self.content["head"]["theme"])

    @property
    def body(self) -> Text:
        return pair(self.content["body"])

    @property
    def first_day(self) -> date:
        return date.fromisoformat(self.content["head"]["first_day"])

    @property
    def last_day(self) -> date:
        return date.fromisoformat(self.content["head"]["last_day"])

    @property
    def dates(self) -> str:
        if self.first_day == self.last_day:
            return i18n.weekday_day(self.first_day)
        return pair(self.content["head"]["date_label"]).text or i18n.day_range(self.first_day, self.last_day)

    @property
    def hours(self) -> str:
        starts, ends = (_moment(self.content[name]) for name in ("starts", "ends"))
        if starts is None:
            return ""
        if ends is None or self.first_day != self.last_day:
            return _("from %(hour)s", hour=i18n.clock_time(starts.time()))
        return i18n.clock_range(starts.time(), ends.time())

    @property
    def place(self) -> Text:
        return pair(self.content["head"]["place"])

    @property
    def venues(self) -> list[str]:
        """Each place with its address and how to get in, once."""
        return [_venue(one) for one in self.content["venues"].values()]

    @property
    def mode(self) -> Any:
        return MeetingMode(self.content["head"]["mode"]).label

    @property
    def has_remote(self) -> bool:
        return bool(self.content["has_remote"])

    @property
    def days(self) -> list[tuple[date, list[Line]]]:
        return [(date.fromisoformat(day), [self._line(slot) for slot in slots]) for day, slots in self.content["days"]]

    def _line(self, slot: Data) -> Line:
        kind = SlotKind(slot["kind"])
        venue = self.content["venues"].get(slot["venue"]) if len(self.content["venues"]) > 1 else None
        return Line(
            _hours(slot),
            pair(slot["title"]),
            f"{kind.label}{i18n.NBSP}{slot['number']}" if slot["number"] else "",
            ", ".join(part.text for part in (pair(venue["room"]), pair(venue["building"])) if part) if venue else "",
            slot["optional"],
            list(_who(slot)),
        )

    @property
    def annexes(self) -> list[Annex]:
        return [
            Annex(one["number"], pair(one["title"]), self.documents[one["document"]])
            for one in self.content["annexes"]
            if one["document"] in self.documents
        ]

    @property
    def signed_by(self) -> Any:
        """The institution in whose name it is signed, as the rule then said."""
        return rules.RULES["convening_body"].show(self.content["signed_by"])

    @property
    def first_notice(self) -> date | None:
        """The day of the meeting that lacked its quorum and that this one resumes."""
        told = self.content["second_notice"]
        return date.fromisoformat(told["first_day"]) if told else None

    @property
    def needs_no_quorum(self) -> bool:
        told = self.content["second_notice"]
        return bool(told and told["needs_no_quorum"])

    @property
    def texts(self) -> list[Text]:
        """What is printed in the language that it could be had in."""
        lines = [line for _day, listed in self.days for line in listed]
        return [self.title, self.place, *(line.title for line in lines), *(one.title for one in self.annexes)]

    @property
    def lacks_english(self) -> bool:
        return any(one and one.lang != i18n.language() for one in self.texts)


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _hours(slot: Data) -> str:
    starts, ends = (time.fromisoformat(slot[name]) if slot[name] else None for name in ("start", "end"))
    return i18n.clock_range(starts, ends) if starts else ""


def _venue(venue: Data) -> str:
    parts = [pair(venue[name]).text for name in ("room", "building")]
    place = ", ".join([*(part for part in parts if part), *([venue["address"]] if venue["address"] else [])])
    access = pair(venue["access"]).text
    return f"{place} ({access})" if access else place


def _who(slot: Data) -> Iterator[tuple[str | None, str, Text]]:
    for role, label in (("chair", _("Session chair")), ("host", _("Host"))):
        if slot[role]:
            yield (label, *_named(slot[role]))
    for one in slot["speakers"]:
        yield (_("Welcome remarks") if one["role"] == PersonRole.WELCOME else None, *_named(one))


def _named(one: Data) -> tuple[str, Text]:
    return " ".join(part for part in (one["honorific"], one["name"]) if part), pair(one["function"])
