"""The format of an agenda file, as tables: which keys, which values, which lists, from PERSON on."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

from app.forum.meetings.agenda_node import Faults, Mapping, Node, Scalar, Sequence, shown
from app.forum.meetings.agenda_value import (
    INVALID,
    LIMITS,
    Choice,
    Date,
    Flag,
    Identifier,
    Invalid,
    Text,
    Time,
    Type,
    Url,
    Whole,
    Zone,
    is_blank,
    is_null,
    refuse,
)
from app.forum.meetings.states import AgendaStatus, SlotKind

Entries = dict[str, Node]


class Member(Protocol):
    """One thing that a mapping holds, under one key or more."""

    @property
    def name(self) -> str: ...

    def keys(self) -> tuple[str, ...]: ...

    def read(self, entries: Entries, where: str, faults: Faults) -> object: ...

    def plain(self, value: Any) -> dict[str, object]: ...


@dataclass(frozen=True)
class Key:
    """One key. Absent and null mean `default`, unless `required`; `nullable` accepts null in a required key."""

    name: str
    type: Type
    required: bool = False
    nullable: bool = False
    default: Any = None

    def keys(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, entries: Entries, where: str, faults: Faults) -> object:
        node, where = entries.get(self.name), f"{where}{self.name}"
        if self.required and (node is None or (is_null(node) and not self.nullable)):
            faults.at(where, _l("This key is required."))
            return INVALID
        blank = is_blank(node) if isinstance(self.type, Text) and not self.required else is_null(node)
        return self._default() if node is None or blank else self.type.read(node, where, faults)

    def _default(self) -> object:
        return [] if self.default == [] else self.default

    def plain(self, value: Any) -> dict[str, object]:
        if value is None or (value == self.default and not self.required):
            return {self.name: None} if self.required else {}
        return {self.name: self.type.plain(value)}


@dataclass(frozen=True)
class Pair:
    """Bilingual text, normalised to {"fr": text, "en": text or None}: `name`_fr and `name`_en, or `name`: {fr, en}."""

    name: str
    limit: int = LIMITS["name"]
    lines: bool = False
    required: bool = False

    def keys(self) -> tuple[str, ...]:
        return (f"{self.name}_fr", f"{self.name}_en", self.name)

    def read(self, entries: Entries, where: str, faults: Faults) -> object:
        french, english, both = self.keys()
        if both not in entries:
            paths = (f"{where}{french}", f"{where}{english}")
            return self._texts(entries.get(french), entries.get(english), paths, faults)
        if french in entries or english in entries:
            faults.at(f"{where}{both}", _l("This text is written twice: keep one of the two forms."))
            return INVALID
        if is_null(entries[both]) and not self.required:
            return None
        return self.read_mapping(entries[both], f"{where}{both}", faults)

    def read_mapping(self, node: Node, where: str, faults: Faults) -> object:
        entries = entries_of(node, where, ("fr", "en"), faults)
        if isinstance(entries, Invalid):
            return INVALID
        return self._texts(entries.get("fr"), entries.get("en"), (f"{where}.fr", f"{where}.en"), faults)

    def _texts(self, french: Node | None, english: Node | None, paths: tuple[str, str], faults: Faults) -> object:
        if english is not None:
            faults.read(paths[0], english.line)  # where the French text is missing, the English one shows the place
        if is_blank(french) and (self.required or not is_blank(english)):
            faults.at(paths[0], _l("The French text is required."))
        text = Text(self.limit, self.lines)
        values = [
            None if node is None or is_blank(node) else text.read(node, path, faults)
            for node, path in zip((french, english), paths, strict=True)
        ]
        if INVALID in values:
            return INVALID
        return {"fr": values[0], "en": values[1]} if values[0] is not None else None

    def plain(self, value: Any) -> dict[str, object]:
        text = Text(self.limit, self.lines)
        texts = value or {}
        return {f"{self.name}_{lang}": text.plain(texts[lang]) for lang in texts if texts[lang] is not None}


@dataclass(frozen=True)
class Bilingual:
    """An entry {fr, en} of a list."""

    limit: int = LIMITS["name"]
    lines: bool = False

    def read(self, node: Node, where: str, faults: Faults) -> object:
        return Pair("", self.limit, self.lines, required=True).read_mapping(node, where, faults)

    def plain(self, value: Any) -> object:
        return {lang: Text().plain(text) for lang, text in value.items() if text is not None}


@dataclass(frozen=True)
class Record:
    """A mapping with known keys."""

    members: tuple[Member, ...]

    def read(self, node: Node, where: str, faults: Faults) -> object:
        known = itertools.chain.from_iterable(member.keys() for member in self.members)
        entries = entries_of(node, where, known, faults)
        if isinstance(entries, Invalid):
            return INVALID
        prefix = f"{where}." if where else ""
        return {member.name: member.read(entries, prefix, faults) for member in self.members}

    def plain(self, value: Any) -> dict[str, object]:
        return {key: plain for member in self.members for key, plain in member.plain(value[member.name]).items()}


@dataclass(frozen=True)
class Table:
    """A mapping from identifiers chosen by the person to records."""

    record: Record
    most: int

    def read(self, node: Node, where: str, faults: Faults) -> object:
        entries = entries_of(node, where, None, faults)
        if isinstance(entries, Invalid) or _too_many(node, len(entries), self.most, where, faults):
            return INVALID
        for key in entries:
            path = f"{where}.{shown(key)}"
            Identifier().read(Scalar(faults.lines[path], key), path, faults)
        return {key: self.record.read(value, f"{where}.{shown(key)}", faults) for key, value in entries.items()}

    def plain(self, value: Any) -> object:
        return {key: self.record.plain(record) for key, record in value.items()}


@dataclass(frozen=True)
class ListOf:
    type: Type
    most: int = LIMITS["list"]
    least: int = 0

    def read(self, node: Node, where: str, faults: Faults) -> object:
        if not isinstance(node, Sequence):
            return refuse(node, where, faults, _l("A list is expected here."))
        if len(node.items) < self.least:
            return refuse(node, where, faults, _l("This list must not be empty."))
        if _too_many(node, len(node.items), self.most, where, faults):
            return INVALID
        return [self._item(item, f"{where}[{index}]", faults) for index, item in enumerate(node.items)]

    def _item(self, item: Node, where: str, faults: Faults) -> object:
        faults.read(where, item.line)
        return self.type.read(item, where, faults)

    def plain(self, value: Any) -> object:
        return [self.type.plain(item) for item in value]


def _too_many(node: Node, length: int, most: int, where: str, faults: Faults) -> bool:
    if length > most:
        message = _l("There are %(length)s entries here; the limit is %(most)s.", length=length, most=most)
        refuse(node, where, faults, message)
    return length > most


def entries_of(node: Node, where: str, known: Iterable[str] | None, faults: Faults) -> Entries | Invalid:
    """The entries of a mapping by key. Unknown keys (unless `known` is None) and repeated keys are faults."""
    if not isinstance(node, Mapping):
        return refuse(node, where, faults, _l("Keys with their values are expected here."))
    faults.read(where, node.line)
    accepted = None if known is None else frozenset(known)
    entries: Entries = {}
    for key, value in node.entries:
        path = f"{where}.{shown(key.text)}" if where else shown(key.text)
        if key.text in entries:
            faults.add(key.line, path, _l("This key is written twice."))
        elif accepted is not None and key.text not in accepted:
            faults.add(key.line, path, _l("This key is unknown."))
        else:
            faults.read(path, key.line)
            entries[key.text] = value
    return entries


_PERSON: tuple[Member, ...] = (
    Key("name", Text(), required=True),
    Key("honorific", Text()),
    Pair("function", required=True),
)
PERSON = Record(_PERSON)
SPEAKER = Record((Key("role", Choice(values=("speaker", "welcome")), required=True), *_PERSON))
CONTACT = Record(
    (
        Key("channels", ListOf(Choice(values=("email", "phone", "form")), least=1), required=True),
        Key("attached_to", Identifier()),
    )
)
MEETING = Record(
    (
        Pair("title", LIMITS["title"], required=True),
        Pair("theme", LIMITS["title"]),
        Key("series_number", Whole()),
        Pair("date_label"),
        Key("first_day", Date(), required=True),
        Key("last_day", Date(), required=True),
        Key("timezone", Zone(), required=True),
        Pair("place"),
        Key("organisers", ListOf(Bilingual()), default=[]),
        Key("document_status", Choice(values=tuple(AgendaStatus)), default="draft"),
        Key("meeting_chair", Record((*_PERSON, Pair("scope")))),
        Key("contact", CONTACT),
    )
)
VENUE = Record(
    (
        Pair("room"),
        Pair("building", required=True),
        Pair("access"),
        Key("address", Text(), required=True),
        Key("as_printed", Text()),
    )
)
REFERENCE = Record((Key("title", Text(LIMITS["title"]), required=True), Key("url", Url())))
SLOT = Record(
    (
        Key("id", Identifier(), required=True),
        Key("start", Time(), required=True, nullable=True),
        Key("end", Time(), required=True, nullable=True),
        Key("kind", Choice(values=tuple(SlotKind)), required=True),
        Key("number", Whole()),
        Pair("title", LIMITS["title"], required=True),
        Pair("description", LIMITS["long"], lines=True),
        Key("venue", Identifier()),
        Key("optional", Flag(), default=False),
        Key("format", Choice(values=("tour_de_table",))),
        Key("speaking_time_minutes", Whole()),
        Key("host", PERSON),
        Key("chair", PERSON),
        Key("speakers", ListOf(SPEAKER, LIMITS["people"]), default=[]),
        Key("questions", ListOf(Bilingual(LIMITS["long"], lines=True)), default=[]),
        Key("references", ListOf(REFERENCE), default=[]),
        Pair("note", LIMITS["long"], lines=True),
    )
)
DAY = Record((Key("date", Date(), required=True), Key("slots", ListOf(SLOT, LIMITS["slots"]), required=True)))
VENUES = Key("venues", Table(VENUE, LIMITS["venues"]), required=True)
DAYS = Key("days", ListOf(DAY, LIMITS["days"], least=1), required=True)
AGENDA = Record((Key("meeting", MEETING, required=True), VENUES, DAYS))
PROGRAMME = Record((VENUES, DAYS))  # what the CSV form carries
