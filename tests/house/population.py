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
from app.core import clock, once, throttle, work
from app.core.audit import seal_days
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.agendas import queries as working_copies
from app.forum.agendas import service as agendas
from app.forum.agendas import working
from app.forum.agendas.models import WorkingCopy
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting
from app.forum.pages import service as pages
from app.forum.pages.states import ContactSubject
from tests import make
from tests.conftest import CAST

NOW = datetime(2027, 3, 15, 10, tzinfo=UTC)
DRAFT, WRITER = "CANARY-DRAFT", "writer@example.org"


def fill() -> None:
    demo.fill()
    for who in CAST[1:]:
        person(who)
    draft = make.meeting(DRAFT, DRAFT, published=False, slots=[make.slot(title={"fr": DRAFT, "en": DRAFT})])
    copies(draft.id)
    with writing():
        pages.contact(subject=ContactSubject.GENERAL, name="Camille Essai", email=WRITER, message="Bonjour.")
        db.session.add(once.OnceKey(key=once.new_key(), address="/fr/"))
        throttle.count("sign-in", "nobody@example.org", seconds=300)
    clock.freeze(NOW - timedelta(days=2))
    seal(NOW)
    clock.freeze(NOW)
    work.run_due()


def copies(draft_id: int) -> None:
    """A draft and a revision that are being written, and the reason of a revision that was published."""
    actor = person("secretariat")
    public = make.meeting("Réunion révisée", "Revised meeting", slots=[make.slot(key="s1"), make.slot(key="s2")])
    public_id = public.id
    with writing():
        agendas.begin(actor, meetings.get(draft_id, OPERATOR))
        agendas.begin(actor, meetings.get(public_id, OPERATOR))
    _retitle(actor, public_id, "Point corrigé")
    with writing():
        copy, meeting = working_copies.copy(public_id, OPERATOR), meetings.get(public_id, OPERATOR)
        agendas.publish(actor, copy, meeting, reason=("Salle corrigée", "Room corrected"))
    with writing():
        agendas.begin(actor, meetings.get(public_id, OPERATOR))
    _retitle(actor, public_id, DRAFT)


def _retitle(actor: User, meeting_id: int, title: str) -> None:
    with writing():
        slot = working_copies.copy(meeting_id, OPERATOR).slots[0]
        data = {**slot.data, "title": {"fr": title, "en": title}}
        agendas.save(actor, slot, data, working.seen(slot.kind, slot.data))


def editing() -> tuple[WorkingCopy, WorkingCopy]:
    """The working copies of the draft and of the revision."""
    revised = db.session.scalars(select(Meeting).where(Meeting.title_fr == "Réunion révisée")).one()
    found = [working_copies.copy(meeting.id, OPERATOR) for meeting in (draft(), revised)]
    assert found[0] and found[1]
    return found[0], found[1]


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
