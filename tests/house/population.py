"""Something in every table, a draft among the public things, and the digest of all that is stored."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text

from app import demo
from app.accounts import queries as accounts
from app.accounts.models import User
from app.accounts.policy import OPERATOR
from app.accounts.states import FunctionKind
from app.core import clock, mail, once, throttle, work
from app.core.audit import seal_days
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.meetings.models import Meeting
from app.forum.pages import service as pages
from app.forum.pages.states import ContactSubject
from app.forum.personal_data import service as personal_data
from app.forum.personal_data.states import DataRequestKind
from tests import make
from tests.conftest import CAST

NOW = datetime(2027, 3, 15, 10, tzinfo=UTC)
DRAFT, WRITER = "CANARY-DRAFT", "writer@example.org"
CANARY = "CANARY-DESK"
"""In what only the staff reads: messages, requests, mail that failed."""


def fill() -> None:
    demo.fill()
    for who in CAST[1:]:
        person(who)
    make.meeting(DRAFT, DRAFT, published=False, slots=[make.slot(title={"fr": DRAFT, "en": DRAFT})])
    with writing():
        pages.contact(subject=ContactSubject.GENERAL, name="Camille Essai", email=WRITER, message=CANARY)
        personal_data.ask(kind=DataRequestKind.ACCESS, name="Camille Essai", email=WRITER, message=CANARY)
        db.session.add(once.OnceKey(key=once.new_key(), address="/fr/"))
        throttle.count("sign-in", "nobody@example.org", seconds=300)
    erase_somebody()
    clock.freeze(NOW - timedelta(days=2))
    seal(NOW)
    clock.freeze(NOW)
    work.run_due()


def erase_somebody() -> None:
    """The trace of an erasure, and a message that failed."""
    with writing():
        pages.contact(subject=ContactSubject.PRESS, name="Ancien Nom", email="gone@example.org", message="Oubliez-moi.")
        failed = mail.queue("nothing/here", to="nobody@example.org", lang="fr", reference=CANARY)
    with writing():
        failed.status, failed.attempts, failed.error = mail.FAILED, 8, "SMTPRecipientsRefused 550"
        personal_data.erase(OPERATOR, "gone@example.org", reason=CANARY)


def person(who: str) -> User:
    """A member of the cast; the demo has accounts of its own under the usual addresses."""
    email = f"{who}@house.example.org"
    made = accounts.by_email(email)
    if made is None:
        made = make.user(email, who.replace("_", " ").title())
        if who in set(FunctionKind):
            make.function(made, FunctionKind(who))
    return made


def seal(now: datetime) -> None:
    """Seals are made of past days: the journal's first row must be older than today."""
    with writing():
        seal_days(now + timedelta(days=2))


def tables() -> list[Any]:
    return list(db.metadata.sorted_tables)


def counts() -> dict[str, int]:
    found = {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables()}
    db.session.rollback()
    return found


def content() -> dict[str, str]:
    """A digest of each table, the engine's search words included, and of the sequences that hand out ids."""
    found = {}
    for table in tables():
        rows = db.session.execute(select(table).order_by(*table.primary_key.columns))
        found[table.name] = _digest([tuple(row) for row in rows])
    sqlite = db.engine.dialect.name == "sqlite"
    words = "SELECT rowid, title, body FROM search_words ORDER BY 1"
    found["search_words"] = _digest(_rows(words if sqlite else words.replace("rowid", "entry_id")))
    if not sqlite:
        sequences = "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"
        found["sequences"] = _digest(_rows(sequences))
    db.session.rollback()
    return found


def _rows(statement: str) -> list[Any]:
    return [tuple(row) for row in db.session.execute(text(statement))]


def _digest(rows: list[Any]) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def draft() -> Meeting:
    return db.session.scalars(select(Meeting).where(Meeting.title_fr == DRAFT)).one()


def public_meeting() -> Meeting:
    return db.session.scalars(select(Meeting).where(Meeting.published_at.is_not(None)).order_by(Meeting.id)).first()  # type: ignore[return-value]
