"""One-time form keys: the same submission twice is one thing, answered with the first one's page (R10)."""

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Response
from sqlalchemy import String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.database import Identified, UTCDateTime, rows_touched
from app.core.extensions import db
from app.core.hypermedia import go_to

KEPT = timedelta(days=7)
KEY = re.compile(r"[A-Za-z0-9_-]{20,60}")


class OnceKey(Identified, db.Model):
    __tablename__ = "once_key"

    key: Mapped[str] = mapped_column(String(60), unique=True)
    address: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)


def new_key() -> str:
    return secrets.token_urlsafe(24)


def answer(key: str, act: Callable[[], str], *, content: object = None) -> Response:
    """Do `act` the first time (it returns the address to go to); afterwards only repeat that address.

    The unique key makes parallel copies wait for the first one's commit, then read its address. `content`: what was
    typed; a form sent again with other words, after a step back, is another thing.
    """
    key = hashlib.sha256(f"{key}\n{content!r}".encode()).hexdigest()[:60]
    row = OnceKey(key=key)
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        first = db.session.scalar(select(OnceKey.address).where(OnceKey.key == key))
        return go_to(first or "/")
    row.address = act()
    return go_to(row.address)


def sweep(now: datetime) -> int:
    done = db.session.execute(delete(OnceKey).where(OnceKey.created_at < now - KEPT))
    return rows_touched(done)
