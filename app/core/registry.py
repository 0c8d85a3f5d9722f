"""What rooms hang on shared pages and jobs. Rooms register in their `wiring.py`; nothing here imports a room."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import i18n

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00")
PUBLIC_TASK = _l("Task carried out in the public interest (GDPR, Article 6(1)(e))")


@dataclass(frozen=True)
class Job:
    """Something `flask work` does when due. `run(now)` returns how many things it did; it must be idempotent.

    `waiting(now)`: for a job that is always due, whether it has anything to do: one light question.
    """

    name: str
    run: Callable[[datetime], int]
    every: timedelta
    public: bool = False
    waiting: Callable[[datetime], bool] | None = None


@dataclass(frozen=True)
class PersonColumns:
    """The columns of one table that refer to a person, with what exports and what erases them.

    `on_erasure`: in words, for whoever erases: what becomes of these rows, and why what stays must stay.
    `by_people`: both also take the numbers of the people of the register, since an address may be that of several;
    None for those of whom there is no doubt.
    """

    table: str
    columns: frozenset[str]
    export: Callable[..., list[dict[str, Any]]]
    erase: Callable[..., int]
    on_erasure: Any = ""
    by_people: bool = False


@dataclass(frozen=True)
class Check:
    """One line of `flask doctor`: `run()` returns the faults found, none when all is well."""

    name: str
    run: Callable[[], list[str]]


@dataclass(frozen=True)
class Retention:
    """How long the rows of a table are kept: the line that the public reads and the sweep that is run, in one (D.4).

    `name`: the table. `period` None: no limit, and `then` says why. `since`: the event that the period runs from.
    Without a `sweep` nothing is deleted: official records past their term are proposed to a person (`propose`).
    `public`: what the sweep takes away was on public pages.
    """

    name: str
    period: timedelta | None
    sweep: Callable[[datetime], int] | None
    label: Any = ""
    data: Any = ""
    basis: Any = PUBLIC_TASK
    recipients: Any = ""
    since: Any = ""
    then: Any = ""
    every: timedelta = timedelta(days=1)
    public: bool = False
    propose: "Callable[[datetime], Iterable[Todo]] | None" = None

    @property
    def job(self) -> Job | None:
        """What `flask work` runs for this line."""
        return Job(f"keep_{self.name}", self.sweep, self.every, self.public) if self.sweep is not None else None


class DeskGroup(StrEnum):
    MEETINGS = "meetings"
    MEMBERS = "members"
    DOCUMENTS = "documents"
    ADMINISTRATION = "administration"

    @property
    def label(self) -> Any:
        return DESK_GROUPS[self]


DESK_GROUPS = {
    DeskGroup.MEETINGS: _l("Meetings"),
    DeskGroup.MEMBERS: _l("Members and correspondence"),
    DeskGroup.DOCUMENTS: _l("Documents"),
    DeskGroup.ADMINISTRATION: _l("Administration"),
}


@dataclass(frozen=True)
class Todo:
    """One line of the desk: something that waits for the viewer. `due`: its last day, None when it only waits."""

    label: Any
    url: str
    due: date | None = None


@dataclass(frozen=True)
class Panel:
    """What a room shows on the page of a thing of a lower room: a template of its own, with its values.

    `order`: its place among the panels, the lowest first. `aside`: beside the thing rather than under it.
    """

    template: str
    values: dict[str, Any]
    order: int = 100
    aside: bool = False


@dataclass(frozen=True)
class Step:
    """One line of the checklist of a meeting. `phase`: its heading, the value of a `MeetingPhase`; `due`: its last day.

    `done` None: the line says something and asks for nothing. `order`: its place in its phase, the lowest first.
    """

    phase: str
    label: Any
    url: str | None
    done: bool | None
    due: date | None = None
    note: Any = ""
    order: int = 50


@dataclass(frozen=True)
class StandingLine:
    """A line that a room gives to each agenda of a body: minutes to adopt, open decisions, late commitments.

    `key`: the same for the same line, so that a refresh does not copy it twice. `title`, `description`: {fr, en};
    `minutes`: time asked for; `first`: near the beginning of the agenda rather than its end.
    """

    key: str
    title: dict[str, str | None]
    description: dict[str, str | None] | None = None
    minutes: int | None = None
    first: bool = True


@dataclass(frozen=True)
class Barrier:
    """Why an agenda cannot be public yet, in words, and the page where that is settled."""

    message: Any
    label: Any
    endpoint: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Passage:
    """What a gate says of one text: its `barrier`, None when nothing stands in the way of its publication.

    `published(actor, meeting)`: to be told in the same transaction, once it is public.
    """

    barrier: Barrier | None
    published: Callable[[Any, Any], None]


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
    `confirmers`: the accounts that are told of it by mail. `independent(asked_by, viewer)`: whether whoever asks
    does not owe the right to ask to whoever would confirm.
    """

    word: str
    label: Any
    may_ask: Callable[[Any, dict[str, Any]], bool]
    may_confirm: Callable[[Any, dict[str, Any]], bool]
    describe: Callable[[dict[str, Any]], list[tuple[Any, Any]]]
    execute: Callable[[Any, dict[str, Any], str], None]
    confirmers: Callable[[], Iterable[Any]]
    concerns: Callable[[dict[str, Any]], int | None] = lambda _arguments: None
    independent: Callable[[Any, Any], bool] = lambda _asked_by, _viewer: True


@dataclass(frozen=True)
class Seats:
    """Where someone sits today: `is_member` of the Forum, and the ids of the `bodies` they sit in."""

    is_member: bool = False
    bodies: frozenset[int] = frozenset()


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

    `pending(limit)` reads at most that many rows, the most urgent first. `confirm(actor, subject_id, field,
    seen)` authorises; raises `NotFound` when there is nothing to confirm, `Reworded` when the pair is no longer `seen`.
    """

    pending: Callable[[int], Iterable[Untranslated]]
    confirm: Callable[[Any, int, str, str], None]


class Registry:
    """Filled by the factory, once for each application."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.persons: list[PersonColumns] = []
        self.checks: list[Check] = []
        self.retentions: list[Retention] = []
        self.indexers: list[Callable[[], int]] = []
        self.site_addresses: list[Callable[[], Iterable[tuple[str, dict[str, Any], datetime | None]]]] = []
        # table -> (viewer, number of a row) -> (label, address); None when it is gone or not for this viewer
        self.subjects: dict[str, Callable[[Any, int], tuple[str, str] | None]] = {}
        self.searchable: dict[str, Any] = {}
        self.todos: list[Callable[[Any], Iterable[Todo]]] = []
        self.desk_links: list[DeskLink] = []
        self.acts: dict[str, Act] = {}
        self.translations: dict[str, Translations] = {}
        # table -> what shows panels on the page of one of its things: (viewer, thing) -> panels
        self.related: dict[str, list[Callable[[Any, Any], Iterable[Panel]]]] = {}
        # (viewer, meeting) -> lines of its checklist, for the secretariat
        self.steps: list[Callable[[Any, Any], Iterable[Step]]] = []
        # (viewer, meeting) -> (label, address) of other screens about it, beside its checklist
        self.meeting_links: list[Callable[[Any, Any], Iterable[tuple[Any, str]]]] = []
        # (meeting) -> lines of its agenda: rooms give what comes back at each meeting of a body
        self.standing_lines: list[Callable[[Any], Iterable[StandingLine]]] = []
        # (meeting, bodies, digest) -> what must be settled before this text of its agenda is public. `bodies`: the
        # numbers of the body that the meeting is of, before and after; `digest`: of what readers would get.
        self.publication_gates: list[Callable[[Any, frozenset[int], str], Passage]] = []
        # (viewer, meeting) -> (label, address) of buttons above its working copy; each address takes a POST
        self.agenda_acts: list[Callable[[Any, Any], Iterable[tuple[Any, str]]]] = []
        # (meeting) -> is its agenda held as it is, so that nothing may be added to it for the moment?
        self.frozen: list[Callable[[Any], bool]] = []
        # (meeting) -> did it lack its quorum, by a record that is closed?
        self.quorum_missed: list[Callable[[Any], bool]] = []
        # (meeting) -> the mandates of those who are in the room at this moment, as its attendance sheet says
        self.people_there: list[Callable[[Any], set[int]]] = []
        # (minutes) -> by the key of a section, what rooms cut out of it and the page sets apart, as plain data:
        # {kind, number, label: {fr, en}, basis: {fr, en}, text: {fr, en} (safe HTML), endpoint, arguments}
        self.minutes_blocks: list[Callable[[Any], dict[str, list[dict[str, Any]]]]] = []
        # (viewer, minutes) -> (label, address) of other screens about them, for whoever may open them
        self.minutes_links: list[Callable[[Any, Any], Iterable[tuple[Any, str]]]] = []
        # (viewer, section of minutes) -> (label, address) of what may be done with it
        self.section_links: list[Callable[[Any, Any], Iterable[tuple[Any, str]]]] = []
        # (actor, minutes): told in the same transaction, once minutes are public or public anew
        self.minutes_published: list[Callable[[Any, Any], None]] = []
        # (viewer, minutes) -> (key of a section, language, place of a paragraph from 1) -> the address where a
        # correction of it is proposed; None when the viewer proposes none
        self.paragraph_links: list[Callable[[Any, Any], Callable[[str, str, int], str | None] | None]] = []
        # () -> what rooms above show beside the rhythm of the meetings: other promises, with where they stand
        self.indicators: list[Callable[[], Iterable[Panel]]] = []
        # (viewer) -> Seats: filled by the members room; until it does, nobody sits anywhere.
        self.seats: Callable[[Any], Seats] = lambda _viewer: Seats()
        # () -> the bodies of the Forum, for lists that filter by body: filled by the members room
        self.bodies: Callable[[], Sequence[Any]] = list
        # room -> (viewer, id of a stored file) -> may the viewer read it?
        self.file_rights: dict[str, Callable[[Any, int], bool]] = {}
        # subject type -> (ids) -> {id: (title, endpoint, arguments)}, for lists that name what a thing belongs to
        self.titles: dict[str, Callable[[list[int]], dict[int, tuple[Any, str, dict[str, Any]]]]] = {}
        self.words: dict[str, Any] = {}
        """What each word of the journal says, as `audit.declare` knows it."""
        self.nouns: dict[str, tuple[Any, Any]] = {}
        """What a row, and what several rows of each table are called: "Meeting", "Meetings" for `meeting`."""
        self.fields: dict[str, Any] = {}
        """What a detail of the journal or a field of an export is called, "First day" for `starts_on`; and what a code
        in it says, "in French" for `lang=fr`."""

    def panels(self, viewer: Any, thing: Any) -> list[Panel]:
        """What the rooms above show on the page of a thing, in order."""
        found = [panel for give in self.related.get(thing.__tablename__, ()) for panel in give(viewer, thing)]
        return sorted(found, key=lambda panel: panel.order)

    def is_frozen(self, meeting: Any) -> bool:
        """Whether a room above holds the agenda of a meeting as it is."""
        return any(holds(meeting) for holds in self.frozen)

    def who_is_there(self, meeting: Any) -> frozenset[int]:
        """The mandates of those who are in the room; nobody before its sheet is opened."""
        return frozenset(number for tell in self.people_there for number in tell(meeting))

    @property
    def due_work(self) -> list[Job]:
        """Everything that `flask work` runs: the jobs, and each retention by its own sweep."""
        return [*self.jobs, *(one.job for one in self.retentions if one.job is not None)]

    def noun(self, table: str) -> Any:
        return self.nouns[table][0] if table in self.nouns else table.replace("_", " ")

    def nouns_of(self, table: str) -> Any:
        return self.nouns[table][1] if table in self.nouns else table.replace("_", " ")

    def field(self, name: str) -> Any:
        return self.fields.get(name, name.replace("_", " "))

    def said(self, name: str, value: Any) -> str:
        """A value of the journal or of an export as a reader reads it: dates and known codes in words."""
        if isinstance(value, dict):
            pairs = [(self.field(key), self.said(key, one)) for key, one in value.items()]
            return " · ".join(_("%(name)s: %(value)s", name=name, value=one) for name, one in pairs)
        if isinstance(value, list):
            return ", ".join(self.said(name, one) for one in value)
        if value is None:
            return "—"
        text = str(value)
        if DAY.fullmatch(text):
            return i18n.day(date.fromisoformat(text))
        if MOMENT.fullmatch(text):
            return i18n.moment(datetime.fromisoformat(text))
        return str(self.words.get(text) or self.fields.get(f"{name}={text}") or text)


def of(app: Any) -> Registry:
    """The registry of one application."""
    return app.extensions.setdefault("forum_registry", Registry())


def current() -> Registry:
    from flask import current_app

    return of(current_app)
