"""What a dated rule may hold: each kind checks a value, says it in words, and knows when it says nothing.

`clean` gives the value to store and raises `Refused("value", …)`; `show` gives the words, in the reader's language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from app.core import i18n, text
from app.core.errors import Refused

FIRST_YEAR, LAST_YEAR = 1990, 2100


def refuse(message: str) -> NoReturn:
    raise Refused("value", message)


class Kind:
    """`plain`: a command takes the text as it stands; any other value is given to it as JSON."""

    plain = False

    def clean(self, value: Any) -> Any:
        raise NotImplementedError

    def read(self, stored: Any) -> Any:
        """A stored value, in today's form."""
        return stored

    def show(self, value: Any) -> Any:
        return str(value)

    def is_empty(self, value: Any) -> bool:
        return value in ("", None)


@dataclass(frozen=True)
class Number(Kind):
    """A whole number from `least` to `most`. `words`: the number with its unit. `unit`: the unit alone, for a form."""

    least: int
    most: int
    words: Callable[[int], str] = i18n.number
    unit: Any = ""

    def clean(self, value: Any) -> int:
        if type(value) is not int or not self.least <= value <= self.most:
            refuse(
                _(
                    "Enter a whole number from %(least)s to %(most)s.",
                    least=i18n.number(self.least),
                    most=i18n.number(self.most),
                )
            )
        return value

    def show(self, value: int) -> str:
        return self.words(value)


@dataclass(frozen=True)
class Choice(Kind):
    """One of `words`, a mapping from what is stored to what is said."""

    words: Mapping[str, Any]
    plain = True

    def clean(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            refuse(_("Choose one of the answers."))
        return value

    def show(self, value: str) -> str:
        return str(self.words.get(value, value))


@dataclass(frozen=True)
class YesNo(Kind):
    def clean(self, value: Any) -> bool:
        if not isinstance(value, bool):
            refuse(_("Choose yes or no."))
        return value

    def show(self, value: bool) -> str:
        return _("yes") if value else _("no")


@dataclass(frozen=True)
class Several(Kind):
    """One or more of `words`, each once, kept in the order of `words`."""

    words: Mapping[str, Any]

    def clean(self, value: Any) -> list[str]:
        known = isinstance(value, list) and all(isinstance(one, str) and one in self.words for one in value)
        if not known or not value or len(set(value)) != len(value):
            refuse(_("Choose one answer or more."))
        return [one for one in self.words if one in value]

    def show(self, value: list[str]) -> str:
        return ", ".join(str(self.words.get(one, one)) for one in value)


@dataclass(frozen=True)
class Seats(Kind):
    """A number of seats for each side, `least` to `most`. `words`: how a side's number is said."""

    words: Mapping[str, Any]
    least: int
    most: int

    def clean(self, value: Any) -> dict[str, int]:
        if not isinstance(value, dict) or set(value) != set(self.words):
            refuse(_("Give a number of seats for each side."))
        return {side: Number(self.least, self.most).clean(value[side]) for side in self.words}

    def show(self, value: dict[str, int]) -> str:
        return _(
            "%(government)d for government, %(civil_society)d for civil society",
            government=value["government"],
            civil_society=value["civil_society"],
        )


def _tidied(value: Any, limit: int, *, lines: bool) -> str:
    if not isinstance(value, str):
        refuse(_("Enter a text."))
    tidy = text.tidy(value) or ""
    if text.fault(value) or ("\n" in tidy and not lines):
        refuse(_("This text holds characters that cannot be stored."))
    if len(tidy) > limit:
        refuse(_("Use %(limit)s characters or fewer.", limit=i18n.number(limit)))
    return tidy


@dataclass(frozen=True)
class Line(Kind):
    """One line of text; empty while nobody has filled it in."""

    limit: int = 300
    plain = True

    def clean(self, value: Any) -> str:
        return _tidied(value, self.limit, lines=False)


@dataclass(frozen=True)
class Mail(Kind):
    """An address of electronic mail, or nothing."""

    plain = True

    def clean(self, value: Any) -> str:
        tidy = _tidied(value, 320, lines=False)
        try:
            found = validate_email(tidy, check_deliverability=False, allow_smtputf8=False) if tidy else None
        except EmailNotValidError:
            refuse(_("Enter an address such as name@example.org."))
        return found.ascii_email or "" if found else ""


@dataclass(frozen=True)
class Day(Kind):
    """A day of Paris, stored as 2027-03-28, or nothing. `without`: what is said then."""

    without: Any = ""
    plain = True

    def clean(self, value: Any) -> str:
        try:
            day = date.fromisoformat(value) if value else None
        except (TypeError, ValueError):
            day, value = None, "?"
        if value and (day is None or not FIRST_YEAR <= day.year <= LAST_YEAR):
            refuse(_("Enter a day between 1990 and 2100, such as 28/03/2027."))
        return day.isoformat() if day else ""

    def show(self, value: str) -> str:
        try:
            return i18n.day(date.fromisoformat(value)) if value else str(self.without)
        except ValueError:  # stored before the rule was a day
            return value


@dataclass(frozen=True)
class Pair(Kind):
    """A text in French and perhaps in English, stored as {fr, en}. A text alone is French. `lines`: several lines."""

    limit: int = 300
    lines: bool = False
    plain = True

    def clean(self, value: Any) -> dict[str, str | None]:
        pair = self.read(value)
        if not isinstance(pair, dict) or set(pair) != {"fr", "en"}:
            refuse(_("Enter a text."))
        french = _tidied(pair["fr"], self.limit, lines=self.lines)
        english = _tidied(pair["en"] or "", self.limit, lines=self.lines)
        if english and not french:
            refuse(_("Write the French text first."))
        return {"fr": french, "en": english or None}

    def read(self, stored: Any) -> Any:
        return {"fr": stored, "en": None} if isinstance(stored, str) else stored

    def show(self, value: Any) -> i18n.Text:
        return i18n.in_language_of(self.read(value))

    def is_empty(self, value: Any) -> bool:
        return not self.read(value)["fr"]
