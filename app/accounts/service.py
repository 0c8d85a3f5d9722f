"""Writes of accounts: sign in, sign out, functions."""

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import delete

from app.accounts import passwords, policy, queries
from app.accounts.models import Function, SignIn, User
from app.accounts.states import FunctionKind
from app.core import audit, clock
from app.core.errors import Refused
from app.core.extensions import db

STAFF_SESSION, MEMBER_SESSION = timedelta(hours=12), timedelta(days=7)
STAFF_IDLE, MEMBER_IDLE = timedelta(hours=2), timedelta(hours=12)

audit.declare("accounts.signed_in")
audit.declare("accounts.sign_in_refused")
audit.declare("accounts.signed_out")
audit.declare("accounts.created", "by")
audit.declare("accounts.function_granted", "kind", "starts_on", "ends_on")


def create(email: str, name: str, *, lang: str = "fr", password: str | None = None, by: str = "command") -> User:
    """A new account. Raises `Refused` when the address is taken."""
    if queries.by_email(email) is not None:
        raise Refused("email", "this address already has an account")
    user = User(
        email=email.strip(),
        email_key=queries.email_key(email),
        name=name,
        lang=lang,
        password_hash=passwords.make(password) if password else None,
    )
    db.session.add(user)
    db.session.flush()
    audit.record(None, "accounts.created", user, by=by)
    return user


def grant(
    user: User,
    kind: FunctionKind,
    *,
    starts_on: date,
    ends_on: date | None = None,
    by: User | None = None,
    reason: str | None = None,
) -> Function:
    """Give a function between two dates; every session of the account ends, since its rights change (S06)."""
    if ends_on is not None and ends_on < starts_on:
        raise Refused("ends_on", "the last day comes before the first")
    function = Function(
        user=user, kind=kind, starts_on=starts_on, ends_on=ends_on, reason=reason, granted_by_id=by.id if by else None
    )
    db.session.add(function)
    end_sessions(user)
    audit.record(
        by,
        "accounts.function_granted",
        user,
        kind=kind.value,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat() if ends_on else None,
    )
    return function


def sign_in(user: User) -> str:
    """Open a session; returns the secret for the cookie. Its row holds only the digest."""
    secret = secrets.token_urlsafe(32)
    length = STAFF_SESSION if policy.is_staff(user) else MEMBER_SESSION
    db.session.add(SignIn(digest=queries.session_digest(secret), user_id=user.id, ends_at=clock.now() + length))
    audit.record(user, "accounts.signed_in", user)
    return secret


def sign_out(user: User, secret: str) -> None:
    db.session.execute(delete(SignIn).where(SignIn.digest == queries.session_digest(secret)))
    audit.record(user, "accounts.signed_out", user)


def end_sessions(user: User) -> None:
    db.session.flush()
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id))


def sweep_sessions(now: datetime) -> int:
    done = db.session.execute(delete(SignIn).where(SignIn.ends_at <= now))
    return done.rowcount  # type: ignore[attr-defined]
