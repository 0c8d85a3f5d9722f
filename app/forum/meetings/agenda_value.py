"""The single values of an agenda file: how each kind of value is read from a node and written back.

A reader never raises: it adds its faults and answers INVALID, so that the rest of the file is still checked.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.forum.meetings.agenda_node import Faults, Node, Refused, Scalar, shown

LIMITS = {
    "title": 500,  # characters, here and down to url
    "name": 300,  # also functions and places
    "long": 5000,  # descriptions, notes, questions
    "id": 80,
    "url": 2000,
    "days": 60,  # also the announced range, both days counted
    "slots": 500,  # in the file
    "people": 200,  # in one slot
    "venues": 200,
    "rows": 1000,  # of the CSV form: slots, empty days and venues
    "list": 50,  # organisers, questions, references
    "number": 100_000,
}
FIRST_YEAR, LAST_YEAR = 1990, 2100

# Neither seen nor meant: control characters, lone surrogates, bidirectional overrides and isolates, odd line ends.
_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2800\u3164\ufeff"))
_ID = re.compile(r"[A-Za-z0-9._-]+")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_WHOLE = re.compile(r"0|-?[1-9][0-9]*")
_NOT_IN_URL = re.compile(r"[\s\\<>\"]")


class Invalid:
    """The value of something whose fault is already reported."""

    def __bool__(self) -> bool:
        return False


INVALID = Invalid()


class Quoted(str):
    """Text to write between quotes in YAML."""

    __slots__ = ()


class Type(Protocol):
    """`read` answers the normalised value or INVALID; `plain` undoes it for the file."""

    def read(self, node: Node, where: str, faults: Faults) -> object: ...

    def plain(self, value: object) -> object: ...


def is_null(node: Node | None) -> bool:
    return node is None or (isinstance(node, Scalar) and node.tag == "null" and not node.quoted)


def clean(text: str) -> str:
    """NFC, LF line ends, without the blanks around it; "" when nothing would be seen."""
    # Text far beyond every limit is left as it is: putting a long run of accents in order takes quadratic time.
    composed = unicodedata.normalize("NFC", text) if len(text) <= 2 * LIMITS["long"] else text
    return visible(composed.replace("\r\n", "\n"))


def visible(text: str) -> str:
    """Without the blanks around it; "" when nothing would be seen."""
    return text.strip() if text.translate(_INVISIBLE).strip() else ""


def is_blank(node: Node | None) -> bool:
    """Whether nothing is there to read: absent, null, or text that nobody would see."""
    return is_null(node) or (isinstance(node, Scalar) and node.tag == "str" and not clean(node.text))


def refuse(node: Node, where: str, faults: Faults, message: LazyString) -> Invalid:
    if not isinstance(node, Refused):
        faults.add(node.line, where, message)
    return INVALID


@dataclass(frozen=True)
class Text:
    """Text of at most `limit` characters; line breaks only if `lines`."""

    limit: int = LIMITS["name"]
    lines: bool = False

    def read(self, node: Node, where: str, faults: Faults) -> str | Invalid:
        if not isinstance(node, Scalar):
            return refuse(node, where, faults, _l("Text is expected here."))
        if node.tag != "str":
            return refuse(node, where, faults, _l("Text is expected here: write the value between quotes."))
        text = clean(node.text)
        messages = [message for message in self._messages(text) if message is not None]
        for message in messages:
            refuse(node, where, faults, message)
        return INVALID if messages else text

    def _messages(self, text: str) -> list[LazyString | None]:
        return [_empty(text), _forbidden(text), _broken(text, self.lines), _too_long(text, self.limit)]

    def plain(self, value: object) -> object:
        return Quoted(value)


def _empty(text: str) -> LazyString | None:
    return None if text else _l("This text must not be empty.")


def _forbidden(text: str) -> LazyString | None:
    found = _FORBIDDEN.search(text)
    return found and _l("The character U+%(code)s is not allowed in a text.", code=f"{ord(found[0]):04X}")


def _broken(text: str, lines: bool) -> LazyString | None:
    return _l("This text must be on one line.") if "\n" in text and not lines else None


def _too_long(text: str, limit: int) -> LazyString | None:
    if len(text) <= limit:
        return None
    return _l("This text has %(length)s characters; the limit is %(limit)s.", length=len(text), limit=limit)


class Word(Text):
    """Text that is a code rather than prose; `_accepts` narrows it. Written without quotes."""

    def read(self, node: Node, where: str, faults: Faults) -> str | Invalid:
        text = super().read(node, where, faults)
        message = None if isinstance(text, Invalid) else self._fault(text)
        return text if message is None else refuse(node, where, faults, message)

    def _fault(self, text: str) -> LazyString | None:
        raise NotImplementedError

    def plain(self, value: object) -> object:
        return value


@dataclass(frozen=True)
class Identifier(Word):
    limit: int = LIMITS["id"]

    def _fault(self, text: str) -> LazyString | None:
        if _ID.fullmatch(text):
            return None
        return _l("An identifier has only letters without accents, digits, dots, hyphens and underscores.")


@dataclass(frozen=True)
class Choice(Word):
    values: tuple[str, ...] = ()

    def _fault(self, text: str) -> LazyString | None:
        if text in self.values:
            return None
        return _l("“%(value)s” is not one of: %(values)s.", value=shown(text), values=", ".join(self.values))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory", "localtime"})


class Zone(Word):
    def _fault(self, text: str) -> LazyString | None:
        if text in _zones():
            return None
        return _l("“%(value)s” is not the name of a time zone, such as Europe/Paris.", value=shown(text))


@dataclass(frozen=True)
class Url(Text):
    limit: int = LIMITS["url"]

    def read(self, node: Node, where: str, faults: Faults) -> str | Invalid:
        text = super().read(node, where, faults)
        if isinstance(text, Invalid) or _is_web_address(text):
            return text
        return refuse(
            node, where, faults, _l("An absolute http or https address is expected, without user name or password.")
        )


def _is_web_address(text: str) -> bool:
    if _NOT_IN_URL.search(text):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:  # brackets or port that cannot be read
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and port != 0


class Whole:
    """A whole number from 1 to LIMITS["number"]."""

    def read(self, node: Node, where: str, faults: Faults) -> int | Invalid:
        if not isinstance(node, Scalar) or node.quoted or node.tag != "int" or not _WHOLE.fullmatch(node.text):
            return refuse(node, where, faults, _l("A whole number is expected, without quotes."))
        # Compared by its length first: Python refuses to convert thousands of digits.
        if len(node.text) > len(str(LIMITS["number"])) or not 1 <= int(node.text) <= LIMITS["number"]:
            return refuse(node, where, faults, _l("The number must be from 1 to %(most)s.", most=LIMITS["number"]))
        return int(node.text)

    def plain(self, value: object) -> object:
        return value


class Flag:
    def read(self, node: Node, where: str, faults: Faults) -> bool | Invalid:
        if isinstance(node, Scalar) and not node.quoted and node.text in ("true", "false"):
            return node.text == "true"
        return refuse(node, where, faults, _l("true or false is expected, without quotes."))

    def plain(self, value: object) -> object:
        return value


class Date:
    """A day of the calendar, YYYY-MM-DD, with or without quotes."""

    def read(self, node: Node, where: str, faults: Faults) -> date | Invalid:
        found = _DATE.fullmatch(node.text) if isinstance(node, Scalar) else None
        if found is None:
            return refuse(node, where, faults, _l("A date is expected, written YYYY-MM-DD."))
        year, month, day = map(int, found.groups())
        if not FIRST_YEAR <= year <= LAST_YEAR:
            message = _l("The year must be from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
            return refuse(node, where, faults, message)
        try:
            return date(year, month, day)
        except ValueError:
            return refuse(node, where, faults, _l("The day %(day)s does not exist.", day=found[0]))

    def plain(self, value: object) -> object:
        return value


class Time:
    """An hour of the 24-hour clock, "HH:MM". The quotes are required: YAML 1.1 reads 10:00 as the number 600."""

    def read(self, node: Node, where: str, faults: Faults) -> time | Invalid:
        if isinstance(node, Scalar) and not node.quoted:
            return refuse(node, where, faults, _l('Write the time between quotes, for example "09:30".'))
        found = _TIME.fullmatch(node.text) if isinstance(node, Scalar) else None
        if found is None:
            return refuse(node, where, faults, _l('A time is expected, from "00:00" to "23:59".'))
        return time(int(found[1]), int(found[2]))

    def plain(self, value: object) -> object:
        return Quoted(f"{value:%H:%M}")
