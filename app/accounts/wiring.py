"""What accounts register: how a cookie becomes a viewer, jobs, personal data."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask, Request, g, has_request_context, request, session
from sqlalchemy import delete, select

from app.accounts import credentials, freshness, policy, queries, second_factor, sessions, tokens
from app.accounts.models import AccountToken, Function, SignIn, User
from app.accounts.states import TokenPurpose
from app.core import clock, mail, once, throttle
from app.core.access import confirm_with
from app.core.extensions import db, login_manager
from app.core.registry import Job, PersonColumns, Retention, of

SEEN_EVERY = 60
STAFF_IDLE, MEMBER_IDLE = timedelta(hours=2), timedelta(hours=12)
TEMPLATES = (
    (TokenPurpose.VERIFICATION, "accounts/verification"),
    (TokenPurpose.RESET, "accounts/reset"),
    (TokenPurpose.RESET, "accounts/already"),
    (TokenPurpose.INVITATION, "accounts/invitation"),
    (TokenPurpose.EMAIL_CHANGE, "accounts/email_change"),
    (TokenPurpose.EMAIL_UNDO, "accounts/email_changed"),
)


def wire(app: Flask) -> None:
    login_manager.session_protection = None
    login_manager.request_loader(viewer_of)
    app.before_request(_note_idle)
    app.context_processor(lambda: {"viewer": viewer()})
    registry = of(app)
    confirm_with(app, freshness.ask)
    registry.retentions += [
        Retention("sign_up", credentials.SIGN_UP_KEPT, credentials.sweep_sign_ups),
        Retention("account_token", tokens.KEPT, tokens.sweep),
    ]
    registry.jobs += [
        Job("sweep_sign_ups", credentials.sweep_sign_ups, timedelta(hours=1)),
        Job("sweep_links", tokens.sweep, timedelta(days=1)),
        Job("sweep_sessions", sessions.sweep_sessions, timedelta(hours=1)),
        Job("sweep_counters", lambda now: throttle.sweep(now) + once.sweep(now), timedelta(hours=1)),
    ]
    registry.persons += [
        PersonColumns(
            "user",
            frozenset({"email", "email_key", "name", "name_key", "deactivation_reason"}),
            _export_user,
            _erase_user,
        ),
        PersonColumns(
            "user_function",
            frozenset({"user_id", "granted_by_id", "ended_by_id"}),
            _export_functions,
            lambda _email: 0,
        ),
        PersonColumns("sign_in", frozenset({"user_id"}), _export_sessions, _erase_sessions),
        PersonColumns("sign_up", frozenset({"email", "email_key", "name"}), _export_sign_ups, _erase_sign_ups),
        PersonColumns("account_token", frozenset({"user_id", "email"}), _export_tokens, _erase_tokens),
        PersonColumns("recovery_code", frozenset({"user_id"}), _export_codes, lambda _email: 0),
    ]
    for purpose, template in TEMPLATES:
        mail.secret_maker(template, partial(tokens.make_secret, purpose))


def viewer_of(_request: Request) -> User | None:
    """The signed-in person of this request, from the row behind the cookie."""
    secret, seen = session.get("sid"), session.get("seen", 0)
    if not secret or g.get("database_away"):  # the page that says so is made for anybody
        return None
    row, now = queries.live_session(secret, clock.now()), clock.now()
    if row is None:
        return None
    idle = STAFF_IDLE if policy.needs_second_factor(row.user) else MEMBER_IDLE
    if now - datetime.fromtimestamp(seen, now.tzinfo) > idle:
        return None
    g.session_id, g.confirmed_at, g.strong = row.id, row.confirmed_at, row.strong
    return row.user


def _note_idle() -> None:
    """Last-seen lives in the cookie, re-issued at most once a minute: reading a page writes nothing."""
    if "Cookie" in request.headers and session.get("sid") and viewer() is not None:
        now = int(clock.now().timestamp())
        if now - session.get("seen", 0) >= SEEN_EVERY:
            session["seen"] = now


def viewer() -> Any:
    """For templates: the signed-in person, or None; a reader without a cookie never touches the session."""
    from flask_login import current_user

    if not has_request_context() or "Cookie" not in request.headers:
        return None
    return current_user if current_user.is_authenticated else None


def _export_user(email: str) -> list[dict[str, Any]]:
    user = queries.by_email(email)
    return [{"email": user.email, "name": user.name, "lang": user.lang}] if user else []


def _erase_user(email: str) -> int:
    """The account stays as a number, so that the journal keeps its sense; what names the person goes."""
    user = queries.by_email(email)
    if user is None:
        return 0
    second_factor.clear(user)
    db.session.execute(delete(AccountToken).where(AccountToken.user_id == user.id))
    user.email = user.email_key = f"erased-{user.id}@invalid"
    user.rename("—")
    user.password_hash, user.deactivation_reason, user.is_active = None, None, False
    return 1


def _export_functions(email: str) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(Function).join(User, Function.user_id == User.id).where(User.email_key == queries.email_key(email))
    )
    return [
        {"kind": row.kind.value, "from": row.starts_on.isoformat(), "until": str(row.ends_on or "")} for row in rows
    ]


def _export_sessions(email: str) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(SignIn).join(User).where(User.email_key == queries.email_key(email)))
    return [
        {"opened": row.created_at.isoformat(), "ends": row.ends_at.isoformat(), "device": row.device} for row in rows
    ]


def _erase_sessions(email: str) -> int:
    user = queries.by_email(email)
    if user is not None:
        sessions.end_sessions(user)
    return 0


def _export_sign_ups(email: str) -> list[dict[str, Any]]:
    rows = queries.sign_ups(email)
    return [{"email": row.email, "name": row.name, "asked": row.created_at.isoformat()} for row in rows]


def _erase_sign_ups(email: str) -> int:
    rows = queries.sign_ups(email)
    for row in rows:
        db.session.execute(delete(AccountToken).where(AccountToken.sign_up_id == row.id))
        db.session.delete(row)
    return len(rows)


def _export_tokens(email: str) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(AccountToken).join(User).where(User.email_key == queries.email_key(email)))
    return [{"purpose": row.purpose.value, "asked": row.created_at.isoformat(), "email": row.email} for row in rows]


def _erase_tokens(email: str) -> int:
    """Those of an account go with it; a former address kept for its owner's way back goes whoever asks."""
    wanted = queries.email_key(email)
    rows = db.session.scalars(select(AccountToken).where(AccountToken.email.is_not(None))).all()
    theirs = [row for row in rows if row.email and queries.email_key(row.email) == wanted]
    for row in theirs:
        db.session.delete(row)
    return len(theirs)


def _export_codes(email: str) -> list[dict[str, Any]]:
    user = queries.by_email(email)
    left = queries.recovery_codes_left(user) if user else 0
    return [{"recovery codes left": left}] if left else []
