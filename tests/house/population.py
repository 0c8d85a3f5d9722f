"""Something in every table, a draft among the public things, and the digest of all that is stored."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text

from app import demo
from app.accounts import passwords, tokens
from app.accounts import queries as accounts
from app.accounts.models import AccountToken, SignUp, User
from app.accounts.states import FunctionKind, TokenPurpose
from app.core import clock, once, throttle, work
from app.core.audit import seal_days
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.administration import service as administration_service
from app.forum.meetings.models import Meeting
from app.forum.members import queries as members
from app.forum.pages import service as pages
from app.forum.pages.states import ContactSubject
from tests import make
from tests.conftest import CAST

NOW = datetime(2027, 3, 15, 10, tzinfo=UTC)
DRAFT, REQUEST, WRITER = "CANARY-DRAFT", "CANARY-REQUEST", "writer@example.org"
SECRET = "CANARY-SECRET" + "x" * 30  # of a link in each purpose


def fill() -> None:
    demo.fill()
    for who in CAST[1:]:
        person(who)
    administration()
    make.meeting(DRAFT, DRAFT, published=False, slots=[make.slot(title={"fr": DRAFT, "en": DRAFT})])
    with writing():
        pages.contact(subject=ContactSubject.GENERAL, name="Camille Essai", email=WRITER, message="Bonjour.")
        db.session.add(once.OnceKey(key=once.new_key(), address="/fr/"))
        throttle.count("sign-in", "nobody@example.org", seconds=300)
    for purpose in TokenPurpose:
        link(purpose)
    clock.freeze(NOW - timedelta(days=2))
    seal(NOW)
    clock.freeze(NOW)
    work.run_due()


def administration() -> None:
    """A second administrator, a request that waits, a body's own value and one to come."""
    asking, user = person("administrator").id, make.user("invited@house.example.org", "Personne invitée").id
    make.function(make.user("second@house.example.org", "Seconde"), FunctionKind.ADMINISTRATOR)
    make.rule("term_months", 36, valid_from=clock.today() + timedelta(days=60), reason_en="A decision")
    make.rule("max_proxies_per_holder", 2, scope=members.working_groups()[0].id)
    with writing():
        waits = administration_service.grant_function(
            accounts.get(asking), accounts.get(user), FunctionKind.ADMINISTRATOR,
            starts_on=clock.today(), ends_on=None, reason=REQUEST,
        )  # fmt: skip
    assert waits is not None


def link(purpose: TokenPurpose) -> AccountToken:
    """The link of one purpose, made on first call; its owner is nobody else in the forum."""
    row = db.session.scalars(
        select(AccountToken).where(AccountToken.purpose == purpose, AccountToken.expires_at.is_not(None))
    ).first()
    if row is not None:
        return row
    with writing():
        email, values = f"link-{purpose.value}@house.example.org", {}
        if purpose == TokenPurpose.VERIFICATION:
            asked = SignUp(
                email=email,
                email_key=email,
                name="CANARY-SIGN-UP",
                lang="fr",
                password_hash=passwords.make(make.PASSWORD),
            )
            db.session.add(asked)
            values = {"sign_up": asked}
        else:
            values = {"user": make.user(email, "Link Essai")}
        if purpose in (TokenPurpose.EMAIL_CHANGE, TokenPurpose.EMAIL_UNDO):
            values["email"] = f"CANARY-{purpose.value}@house.example.org"
        row = tokens.issue(purpose, **values)
        row.digests, row.expires_at = [tokens.digest(SECRET)], NOW + timedelta(days=3650)
    return row


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
