"""Writes of sessions: opened by a sign-in, renewed at each step up, ended by whatever changes who may do what."""

import secrets
from datetime import datetime

from sqlalchemy import delete, update

from app.accounts import policy, queries
from app.accounts.models import SignIn, User
from app.core import audit, clock
from app.core.database import rows_touched
from app.core.extensions import db

audit.declare("accounts.signed_in", "second_factor")
audit.declare("accounts.signed_out")
audit.declare("accounts.signed_out_elsewhere", "sessions")
audit.declare("accounts.confirmed")


def sign_in(user: User, *, strong: bool = False, device: str = "") -> str:
    """Open a session; returns the secret for the cookie. Its row holds only the digest.

    `strong`: a second factor was shown. It counts as confirmed: the password has just been typed.
    """
    secret, now = secrets.token_urlsafe(32), clock.now()
    length = queries.STAFF_SESSION if policy.needs_second_factor(user) else queries.MEMBER_SESSION
    db.session.add(
        SignIn(
            digest=queries.session_digest(secret),
            user_id=user.id,
            created_at=now,
            ends_at=now + length,
            strong=strong,
            confirmed_at=now,
            device=device[:60],
        )
    )
    audit.record(user, "accounts.signed_in", user, second_factor=strong)
    return secret


def sign_out(user: User, secret: str) -> None:
    db.session.execute(delete(SignIn).where(SignIn.digest == queries.session_digest(secret)))
    audit.record(user, "accounts.signed_out", user)


def new_secret() -> str:
    """A session's next identifier, for the cookie; `renew` or `confirm` then gives it to the row (S06)."""
    return secrets.token_urlsafe(32)


def renew(session_id: int, secret: str, *, strong: bool) -> None:
    """The same session under a new identifier: what was known of it before the step up is worth nothing after."""
    values = {"digest": queries.session_digest(secret), **({"strong": True} if strong else {})}
    db.session.execute(update(SignIn).where(SignIn.id == session_id).values(**values))


def confirm(user: User, session_id: int, secret: str, now: datetime) -> None:
    """The password was typed again: dangerous acts are open for ten minutes, under a new identifier."""
    values = {"digest": queries.session_digest(secret), "confirmed_at": now}
    db.session.execute(update(SignIn).where(SignIn.id == session_id).values(**values))
    audit.record(user, "accounts.confirmed", user)


def end_sessions(user: User, *, but: int | None = None) -> int:
    """End every session of an account, but one if asked; returns how many."""
    db.session.flush()
    ended = delete(SignIn).where(SignIn.user_id == user.id)
    done = db.session.execute(ended.where(SignIn.id != but) if but is not None else ended)
    return rows_touched(done)


def sign_out_elsewhere(user: User, *, here: int) -> int:
    """End every other session of one's own account; returns how many."""
    ended = end_sessions(user, but=here)
    audit.record(user, "accounts.signed_out_elsewhere", user, sessions=ended)
    return ended


def sweep_sessions(now: datetime) -> int:
    done = db.session.execute(delete(SignIn).where(SignIn.ends_at <= now))
    return rows_touched(done)
