"""What accounts register: how a cookie becomes a viewer, jobs, personal data."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, g, has_request_context, request, session
from sqlalchemy import select

from app.accounts import policy, queries, service
from app.accounts.models import Function, SignIn, User
from app.core import clock, once, throttle
from app.core.extensions import db, login_manager
from app.core.registry import Job, PersonColumns, of

SEEN_EVERY = 60


def wire(app: Flask) -> None:
    login_manager.session_protection = None
    login_manager.request_loader(viewer_of)
    app.before_request(_note_idle)
    app.context_processor(lambda: {"viewer": viewer()})
    registry = of(app)
    registry.jobs += [
        Job("sweep_sessions", service.sweep_sessions, timedelta(hours=1)),
        Job("sweep_counters", lambda now: throttle.sweep(now) + once.sweep(now), timedelta(hours=1)),
    ]
    registry.persons += [
        PersonColumns("user", frozenset({"email", "email_key", "name"}), _export_user, _erase_user),
        PersonColumns("user_function", frozenset({"user_id", "granted_by_id"}), _export_functions, lambda _email: 0),
        PersonColumns("sign_in", frozenset({"user_id"}), _export_sessions, _erase_sessions),
    ]


def viewer_of(_request: Request) -> User | None:
    """The signed-in person of this request, from the row behind the cookie."""
    secret, seen = session.get("sid"), session.get("seen", 0)
    if not secret or g.get("database_away"):  # the page that says so is made for anybody
        return None
    row = queries.live_session(secret, clock.now())
    if row is None:
        return None
    idle = service.STAFF_IDLE if policy.is_staff(row.user) else service.MEMBER_IDLE
    return row.user if clock.now() - datetime.fromtimestamp(seen, clock.now().tzinfo) <= idle else None


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
    service.end_sessions(user)
    user.email = user.email_key = f"erased-{user.id}@invalid"
    user.name, user.password_hash, user.is_active = "—", None, False
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
    return [{"opened": row.created_at.isoformat(), "ends": row.ends_at.isoformat()} for row in rows]


def _erase_sessions(email: str) -> int:
    user = queries.by_email(email)
    if user is not None:
        service.end_sessions(user)
    return 0
