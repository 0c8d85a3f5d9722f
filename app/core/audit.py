"""The journal: one row for each act that matters, append-only, sealed each day (S28, S58).

Each word is declared with its exact fields: a missing or extra one raises, so that no event is dropped in silence.
Rows hold ids, never names, addresses or texts; ballots never appear here.
"""

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Date, Index, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.clock import PARIS
from app.core.database import Identified, UTCDateTime
from app.core.extensions import db

GENESIS = "0" * 64
SETTLED = timedelta(minutes=10)  # a transaction begun before midnight may end after it: its rows belong to the day
WORDS: dict[str, frozenset[str]] = {}


class AuditEntry(Identified, db.Model):
    __tablename__ = "audit_entry"
    __table_args__ = (  # one for each way of reading the journal, in the order in which it is read
        Index("ix_audit_entry_at_id", "at", "id"),
        Index("ix_audit_entry_actor_id_at_id", "actor_id", "at", "id"),
        Index("ix_audit_entry_word_at_id", "word", "at", "id"),
        Index("ix_audit_entry_subject_type_subject_id_at_id", "subject_type", "subject_id", "at", "id"),
    )

    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    actor_id: Mapped[int | None] = mapped_column()
    word: Mapped[str] = mapped_column(String(80))
    subject_type: Mapped[str | None] = mapped_column(String(60))
    subject_id: Mapped[int | None] = mapped_column()
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class AuditSeal(Identified, db.Model):
    __tablename__ = "audit_seal"

    day: Mapped[date] = mapped_column(Date, unique=True)
    entries: Mapped[int] = mapped_column()
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


def declare(word: str, *fields: str) -> None:
    WORDS[word] = frozenset(fields)


def record(actor: Any, word: str, subject: Any, /, **details: Any) -> None:
    """Write one row. `actor` None: the portal itself or a command. Raises on an undeclared word or other fields."""
    expected = WORDS[word]
    if expected != set(details):
        raise ValueError(f"{word}: fields {sorted(details)} instead of {sorted(expected)}")
    if subject is not None and subject.id is None:
        db.session.flush()
    db.session.add(
        AuditEntry(
            actor_id=getattr(actor, "id", None),
            word=word,
            details=details,
            subject_type=subject.__tablename__ if subject is not None else None,
            subject_id=subject.id if subject is not None else None,
        )
    )


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of a Paris day and the first one after it."""
    start = datetime(day.year, day.month, day.day, tzinfo=PARIS)
    return start, clock.end_of_day(start)


def digest(day: date, previous: str) -> tuple[str, int]:
    """SHA-256 of the day's rows (Paris day, canonical JSON, id order) over the previous seal; and their count."""
    start, end = bounds(day)
    seal, count = hashlib.sha256(f"{previous}\n{day.isoformat()}\n".encode()), 0
    entry = AuditEntry  # columns, not objects: a million rows are read within a request's time
    rows = db.session.execute(
        select(entry.id, entry.at, entry.actor_id, entry.word, entry.subject_type, entry.subject_id, entry.details)
        .where(entry.at >= start, entry.at < end)
        .order_by(entry.id)
        .execution_options(yield_per=1000)
    )
    for number, at, *rest in rows:
        line = [number, at.isoformat(), *rest]
        seal.update(json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n")
        count += 1
    return seal.hexdigest(), count


def seal_days(now: datetime) -> int:
    """Seal each finished day since the last seal; returns how many."""
    last = db.session.scalar(select(AuditSeal).order_by(AuditSeal.day.desc()).limit(1))
    first_row = db.session.scalar(select(func.min(AuditEntry.at)))
    if first_row is None:
        return 0
    day = last.day + timedelta(days=1) if last else first_row.astimezone(PARIS).date()
    previous, sealed = (last.digest if last else GENESIS), 0
    while day < (now - SETTLED).astimezone(PARIS).date():
        previous, count = digest(day, previous)
        db.session.add(AuditSeal(day=day, digest=previous, entries=count))
        day, sealed = day + timedelta(days=1), sealed + 1
    return sealed


def faults() -> list[str]:
    """The seals that no longer match their rows, and rows older than the first seal."""
    found, previous, expected_day = [], GENESIS, None
    for seal in db.session.scalars(select(AuditSeal).order_by(AuditSeal.day)):
        if expected_day and seal.day != expected_day:
            found.append(f"no seal for {expected_day}")
        value, count = digest(seal.day, previous)
        if value != seal.digest:
            found.append(f"journal of {seal.day} does not match its seal ({count} rows now, {seal.entries} sealed)")
        if expected_day is None:
            start, _ = bounds(seal.day)
            if db.session.scalar(select(AuditEntry.id).where(AuditEntry.at < start).limit(1)):
                found.append(f"rows before the first seal, {seal.day}")
        previous, expected_day = seal.digest, seal.day + timedelta(days=1)
    return found
