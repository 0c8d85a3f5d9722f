"""Reads of accounts."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select

from app.accounts.models import Function, SignIn, User
from app.core.audit import AuditEntry
from app.core.clock import PARIS
from app.core.extensions import db

MOST_UNUSED = 100


def email_key(email: str) -> str:
    """Addresses are compared without case, after NFC."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email_key == email_key(email)))


def session_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def live_session(secret: str, now: datetime) -> SignIn | None:
    """The session of a cookie's secret, when it has neither ended nor been ended."""
    row = db.session.scalar(select(SignIn).where(SignIn.digest == session_digest(secret), SignIn.ends_at > now))
    return row if row is not None and row.user.is_active else None


def names_of(ids: Iterable[int]) -> dict[int, str | None]:
    """The name of each account, in one statement; None for one that was erased or closed."""
    rows = db.session.execute(select(User.id, User.name, User.is_active).where(User.id.in_(sorted(set(ids)))))
    return {user_id: name if is_active else None for user_id, name, is_active in rows}


def unused_since(limit: datetime) -> Sequence[User]:
    """Open accounts made before `limit` that have since held no function and not signed in; the oldest 100."""
    holds = exists().where(
        Function.user_id == User.id,
        or_(Function.ends_on.is_(None), Function.ends_on >= limit.astimezone(PARIS).date()),
    )
    came = exists().where(
        AuditEntry.actor_id == User.id, AuditEntry.word == "accounts.signed_in", AuditEntry.at >= limit
    )
    return db.session.scalars(
        select(User)
        .where(User.created_at < limit, User.is_active, ~holds, ~came)
        .order_by(User.created_at, User.id)
        .limit(MOST_UNUSED)
    ).all()


def rows_of(model: Any, email: str, *columns: Any) -> list[int]:
    """The ids of the rows whose address is this person's, however its capitals are written.

    Compared here: both engines fold only ASCII alike.
    """
    wanted = email_key(email)
    rows = db.session.execute(select(model.id, *columns).order_by(model.id))
    return [row[0] for row in rows if wanted in {email_key(one) for one in row[1:] if one}]
