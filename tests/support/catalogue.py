"""A translation catalogue and what is wrong with it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.support.typography import english_faults, french_faults

_PLACEHOLDER = re.compile(r"(?<!%)(?:%%)*%\((\w+)\)[#0 +-]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]")


def placeholders(text: str) -> set[str]:
    """The names that the text expects, as `%(name)s`."""
    return set(_PLACEHOLDER.findall(text))


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)


def _breaks(form: str, names: set[str]) -> bool:
    """Whether Python cannot fill the text in: a lone `%`, a `%(name)` without its letter, an unknown name."""
    values: dict[str, int] = defaultdict(int, dict.fromkeys(names, 1))
    try:
        return not isinstance(form % values, str)
    except (ValueError, TypeError, KeyError):
        return True


@dataclass(frozen=True)
class Catalogue:
    """`Catalogue.load(path)`; each question gives a list of strings, empty when all is well."""

    catalog: Catalog

    @classmethod
    def load(cls, path: Path, locale: str = "fr") -> Self:
        with path.open("rb") as file:
            return cls(read_po(file, locale=locale))

    def _messages(self) -> Iterator[tuple[str, Message]]:
        """Key to show and message, without the header."""
        return ((_forms(message.id)[0], message) for message in self.catalog if message.id)

    def missing(self) -> list[str]:
        """Keys with no translation, or with a plural form left empty."""
        return [
            key
            for key, message in self._messages()
            if not all(_forms(message.string)) or len(_forms(message.string)) < len(_forms(message.id))
        ]

    def fuzzy(self) -> list[str]:
        return [key for key, message in self._messages() if message.fuzzy]

    def obsolete(self) -> list[str]:
        """Keys that the code no longer uses."""
        return [_forms(message.id)[0] for message in self.catalog.obsolete.values()]

    def placeholder_mismatches(self) -> list[str]:
        """Translations that lose, invent or break a placeholder.

        The first plural form may use what only the English plural has: French also says it for zero.
        """
        return [fault for key, message in self._messages() for fault in self._mismatches(key, message)]

    @staticmethod
    def _mismatches(key: str, message: Message) -> Iterator[str]:
        sources = [placeholders(source) for source in _forms(message.id)]
        known = set[str]().union(*sources)
        for number, form in enumerate(_forms(message.string)):
            wanted, found = sources[min(number, len(sources) - 1)], placeholders(form)
            if not form:
                continue
            if wanted - found or found - (known if number == 0 else wanted):
                yield f"{key!r}: {sorted(wanted)} expected, {sorted(found)} found in {form!r}"
            elif (known or message.python_format) and _breaks(form, known):
                yield f"{key!r}: cannot be filled in: {form!r}"

    def typography_faults(self) -> list[str]:
        """Faults of the translations, by the habits of their language."""
        language = self.catalog.locale.language if self.catalog.locale else "fr"
        faults = french_faults if language == "fr" else english_faults
        return [
            f"{key!r}: {fault}"
            for key, message in self._messages()
            for form in _forms(message.string)
            for fault in faults(form)
        ]

    def source_faults(self) -> list[str]:
        """Faults of the English keys, which are the English text of the portal."""
        return [
            f"{key!r}: {fault}"
            for key, message in self._messages()
            for form in _forms(message.id)
            for fault in english_faults(form)
        ]
