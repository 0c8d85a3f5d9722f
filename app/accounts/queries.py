"""Reads of accounts."""

import hashlib
import unicodedata
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import SignIn, User
from app.core.extensions import db


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
