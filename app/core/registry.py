"""What rooms hang on shared pages and jobs. Rooms register in their `wiring.py`; nothing here imports a room."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Job:
    """Something `flask work` does when due. `run(now)` returns how many things it did; it must be idempotent."""

    name: str
    run: Callable[[datetime], int]
    every: timedelta
    public: bool = False


@dataclass(frozen=True)
class PersonColumns:
    """The columns of one table that refer to a person, with what exports and what erases them."""

    table: str
    columns: frozenset[str]
    export: Callable[[str], list[dict[str, Any]]]
    erase: Callable[[str], int]


@dataclass(frozen=True)
class Check:
    """One line of `flask doctor`: `run()` returns the faults found, none when all is well."""

    name: str
    run: Callable[[], list[str]]


@dataclass(frozen=True)
class Retention:
    """How long a kind of row is kept, and the sweep that removes it afterwards (D.4)."""

    name: str
    period: timedelta
    sweep: Callable[[datetime], int]


class DeskGroup(StrEnum):
    MEETINGS = "meetings"
    MEMBERS = "members"
    DOCUMENTS = "documents"
    ADMINISTRATION = "administration"


@dataclass(frozen=True)
class Todo:
    """One line of the desk: something that waits for the viewer. `due`: its last day, None when it only waits."""

    label: Any
    url: str
    due: date | None = None


@dataclass(frozen=True)
class DeskLink:
    """A staff screen, listed on the desk of whoever `rule` lets in."""

    group: DeskGroup
    label: Any
    endpoint: str
    rule: Callable[[Any], bool]


@dataclass(frozen=True)
class Untranslated:
    """One pair without English, or whose English is older than its French.

    `where`: the thing it belongs to, in the reader's language; `field`: its name, as declared to `confirm`; `label`:
    its name for a person; `before`: the French that the English translates, None when it is not known; `url`: where the
    pair can be edited; `day`: the meeting's date or another one that says how soon it is needed.
    """

    subject_id: int
    field: str
    label: Any
    where: str
    fr: str
    en: str | None
    before: str | None
    url: str
    day: date | None = None


@dataclass(frozen=True)
class Translations:
    """The bilingual texts of one table (`core.translation` helps): what waits for English, and how to say it is right.

    `pending(limit)` reads at most that many rows, the most urgent first. `confirm(actor, subject_id, field)`
    authorises; raises `NotFound` when there is nothing to confirm.
    """

    pending: Callable[[int], Iterable[Untranslated]]
    confirm: Callable[[Any, int, str], None]


class Registry:
    """Filled by the factory, once for each application."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.persons: list[PersonColumns] = []
        self.checks: list[Check] = []
        self.retentions: list[Retention] = []
        self.indexers: list[Callable[[], int]] = []
        self.site_addresses: list[Callable[[], Iterable[tuple[str, dict[str, Any], datetime | None]]]] = []
        self.subjects: dict[str, Callable[[int], tuple[str, str] | None]] = {}
        self.searchable: dict[str, Any] = {}
        self.todos: list[Callable[[Any], Iterable[Todo]]] = []
        self.desk_links: list[DeskLink] = []
        self.translations: dict[str, Translations] = {}


def of(app: Any) -> Registry:
    """The registry of one application."""
    return app.extensions.setdefault("forum_registry", Registry())


def current() -> Registry:
    from flask import current_app

    return of(current_app)
