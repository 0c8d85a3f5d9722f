"""Attempt counters in the database, so that every worker counts together. Keys are keyed hashes, never an address."""

import hashlib
import hmac
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import String, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.database import Identified, UTCDateTime, rows_touched
from app.core.errors import TooManyAttempts
from app.core.extensions import db


class AttemptCount(Identified, db.Model):
    __tablename__ = "attempt_count"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    count: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


def _key(name: str, who: str) -> str:
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, f"{name}\n{who}".encode(), hashlib.sha256).hexdigest()


def check(name: str, who: str, *, limit: int) -> None:
    """Raise `TooManyAttempts` when `who` has reached `limit` in the running window."""
    row = db.session.scalar(select(AttemptCount).where(AttemptCount.key == _key(name, who)))
    if row is not None and row.ends_at > clock.now() and row.count >= limit:
        raise TooManyAttempts(max(1, int((row.ends_at - clock.now()).total_seconds())))


def count(name: str, who: str, *, seconds: int) -> int:
    """Add one attempt and tell how many the window now has; it starts at its first attempt.

    One statement: parallel attempts wait for each other, none is lost.
    """
    key, now = _key(name, who), clock.now()
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    ends_at = now + timedelta(seconds=seconds)
    first = dialect.insert(AttemptCount).values(key=key, count=1, ends_at=ends_at)
    runs = AttemptCount.ends_at > now
    done: int = db.session.execute(
        first.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((runs, AttemptCount.count + 1), else_=1),
                "ends_at": case((runs, AttemptCount.ends_at), else_=ends_at),
            },
        ).returning(AttemptCount.count)
    ).scalar_one()
    return done


def forget(name: str, who: str) -> None:
    db.session.execute(delete(AttemptCount).where(AttemptCount.key == _key(name, who)))


def sweep(now: datetime) -> int:
    done = db.session.execute(delete(AttemptCount).where(AttemptCount.ends_at <= now))
    return rows_touched(done)
