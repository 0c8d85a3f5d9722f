"""Reads of the desk: what waits, the outbox, the journal, what is past its term."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.accounts import queries as accounts
from app.core import audit, paging, registry
from app.core.audit import AuditEntry, AuditSeal
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.registry import DeskGroup, DeskLink, Retention, Todo
from app.core.work import JobRun

MAILS, ENTRIES, WAITING = 25, 50, 30


# -- the desk --------------------------------------------------------------------------------------------------------
def waiting(viewer: Any) -> list[Todo]:
    """What waits for the viewer: the oldest due day first, then what has none, in the rooms' order."""
    found = [todo for provide in registry.current().todos for todo in provide(viewer)]
    return sorted(found, key=lambda todo: todo.due or date.max)


def screens(viewer: Any) -> list[tuple[DeskGroup, list[DeskLink]]]:
    """The staff screens that the viewer may open, by group; a group without any is left out."""
    links = [link for link in registry.current().desk_links if link.rule(viewer)]
    groups = [(group, [link for link in links if link.group == group]) for group in DeskGroup]
    return [(group, found) for group, found in groups if found]


# -- the outbox ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class MailFilters:
    status: str | None = None
    day: date | None = None


def mails(filters: MailFilters, before: int | None) -> paging.Stretch:
    """Messages of a status and of a day, the latest first."""
    statement = select(OutgoingMail).where(*_on_day(OutgoingMail.created_at, filters.day))
    if filters.status:
        statement = statement.where(OutgoingMail.status == filters.status)
    return paging.stretch(OutgoingMail, OutgoingMail.created_at, statement, before=before, size=MAILS)


def mail_counts() -> dict[str, int]:
    """How many messages there are of each status."""
    rows = db.session.execute(select(OutgoingMail.status, func.count()).group_by(OutgoingMail.status))
    return dict(rows.all())


def mail(mail_id: int) -> OutgoingMail:
    """Raises `NotFound`."""
    found = db.session.get(OutgoingMail, mail_id)
    if found is None:
        raise NotFound
    return found


def _on_day(column: Any, day: date | None) -> list[ColumnElement[bool]]:
    if day is None:
        return []
    start, end = audit.bounds(day)
    return [column >= start, column < end]


# -- the journal -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class JournalFilters:
    """`actor`: an account's number, 0 for the portal itself. `thing`: a table, with `number` one of its rows."""

    actor: int | None = None
    word: str | None = None
    thing: str | None = None
    number: int | None = None
    day: date | None = None


def journal(filters: JournalFilters, before: int | None) -> paging.Stretch:
    """Acts that match, the latest first. Each filter has its index."""
    statement = select(AuditEntry).where(*_on_day(AuditEntry.at, filters.day))
    if filters.actor is not None:
        actor = AuditEntry.actor_id.is_(None) if filters.actor == 0 else AuditEntry.actor_id == filters.actor
        statement = statement.where(actor)
    if filters.word:
        statement = statement.where(AuditEntry.word == filters.word)
    if filters.thing:
        statement = statement.where(AuditEntry.subject_type == filters.thing)
    if filters.number is not None:
        statement = statement.where(AuditEntry.subject_id == filters.number)
    return paging.stretch(AuditEntry, AuditEntry.at, statement, before=before, size=ENTRIES)


def actors(entries: Iterable[AuditEntry]) -> dict[int, str | None]:
    """The names behind the numbers of a list, in one statement; None for an erased account."""
    return accounts.names_of(one.actor_id for one in entries if one.actor_id is not None)


def entry(entry_id: int) -> AuditEntry:
    """Raises `NotFound`."""
    found = db.session.get(AuditEntry, entry_id)
    if found is None:
        raise NotFound
    return found


def subject_of(viewer: Any, entry: AuditEntry) -> tuple[str, str] | None:
    """(label, address) of what an act was about, when it still exists and the viewer may know of it."""
    label = registry.current().subjects.get(entry.subject_type or "")
    return label(viewer, entry.subject_id) if label is not None and entry.subject_id is not None else None


def last_seal() -> AuditSeal | None:
    return db.session.scalar(select(AuditSeal).order_by(AuditSeal.day.desc()).limit(1))


# -- what is kept, and for how long ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Kept:
    """A line of the retention table, with when its sweep last ran and what waits for a decision."""

    retention: Retention
    last_run: datetime | None
    proposals: Sequence[Todo]


def kept(now: datetime) -> list[Kept]:
    runs: dict[str, datetime] = dict(db.session.execute(select(JobRun.name, JobRun.last_at)).all())
    return [
        Kept(
            one,
            runs.get(one.job.name) if one.job else None,
            list(one.propose(now)) if one.propose else [],
        )
        for one in registry.current().retentions
    ]


def proposals(now: datetime) -> int:
    """How many records have passed their term and wait for somebody to decide."""
    return sum(len(list(one.propose(now))) for one in registry.current().retentions if one.propose)


def late_sweeps(now: datetime) -> list[str]:
    """For the doctor: retentions whose sweep has not run for three times its own interval."""
    runs: dict[str, datetime] = dict(db.session.execute(select(JobRun.name, JobRun.last_at)).all())
    if not runs:  # the work has never run here
        return []
    jobs = [one.job for one in registry.current().retentions if one.job is not None]
    late = [job for job in jobs if job.name not in runs or now - runs[job.name] > max(3 * job.every, timedelta(days=3))]
    return [
        f"{job.name} has not run" + (f" since {runs[job.name]:%Y-%m-%d}" if job.name in runs else "") for job in late
    ]
