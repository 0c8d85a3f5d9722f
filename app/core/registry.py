"""What rooms hang on shared pages and jobs. Rooms register in their `wiring.py`; nothing here imports a room."""

from collections.abc import Callable, Iterable, Sequence
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
class Act:
    """A dangerous act: one person asks for it, another one confirms it (S20). `arguments` is plain JSON.

    `may_ask`, `may_confirm`: the rights, asked again at each step. `concerns`: the account it is about, who may
    neither ask nor confirm. `describe`: what it will do, as lines (label, value) for a human. `execute(actor,
    arguments, reason)`: done in the confirmation's transaction, `actor` being who confirms; it may raise `Refused`.
    `confirmers`: the accounts that are told of it by mail.
    """

    word: str
    label: Any
    may_ask: Callable[[Any, dict[str, Any]], bool]
    may_confirm: Callable[[Any, dict[str, Any]], bool]
    describe: Callable[[dict[str, Any]], list[tuple[Any, Any]]]
    execute: Callable[[Any, dict[str, Any], str], None]
    confirmers: Callable[[], Iterable[Any]]
    concerns: Callable[[dict[str, Any]], int | None] = lambda _arguments: None


@dataclass(frozen=True)
class Seats:
    """Where someone sits today: `is_member` of the Forum, and the ids of the `bodies` they sit in."""

    is_member: bool = False
    bodies: frozenset[int] = frozenset()


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
        self.acts: dict[str, Act] = {}
        # (viewer) -> Seats: filled by the members room; until it does, nobody sits anywhere.
        self.seats: Callable[[Any], Seats] = lambda _viewer: Seats()
        # () -> the bodies of the Forum, for lists that filter by body: filled by the members room
        self.bodies: Callable[[], Sequence[Any]] = list
        # room -> (viewer, id of a stored file) -> may the viewer read it?
        self.file_rights: dict[str, Callable[[Any, int], bool]] = {}
        # subject type -> (ids) -> {id: (title, endpoint, arguments)}, for lists that name what a thing belongs to
        self.titles: dict[str, Callable[[list[int]], dict[int, tuple[Any, str, dict[str, Any]]]]] = {}


def of(app: Any) -> Registry:
    """The registry of one application."""
    return app.extensions.setdefault("forum_registry", Registry())


def current() -> Registry:
    from flask import current_app

    return of(current_app)
