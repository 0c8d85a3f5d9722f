"""What accounts register: how a cookie becomes a viewer, jobs, personal data."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask, Request, g, has_request_context, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy import delete, or_, select, update

from app.accounts import (
    ended,
    freshness,
    journal,
    keeping,
    policy,
    queries,
    second_factor,
    service,
    sessions,
    tokens,
)
from app.accounts.models import AccountToken, Function, SignIn, User
from app.accounts.states import TokenPurpose
from app.core import clock, mail
from app.core.access import confirm_with, return_typed_with
from app.core.database import rows_touched
from app.core.extensions import db, login_manager
from app.core.registry import PersonColumns, of

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
    return_typed_with(app, ended.after_its_sign_in)
    app.register_error_handler(CSRFError, ended.with_another_token)
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.subjects["user"] = _label_user
    registry.retentions += keeping.RETENTIONS
    registry.persons += [
        PersonColumns(
            "user",
            frozenset({"email", "email_key", "name", "name_key", "deactivated_at", "deactivation_reason"}),
            _export_user,
            _erase_user,
            _l(
                "The name and the address are removed and the account is closed. "
                "Its number stays, so that the journal keeps its meaning."
            ),
        ),
        PersonColumns(
            "user_function",
            frozenset({"user_id", "granted_by_id", "ended_by_id", "reason", "end_reason"}),
            _export_functions,
            _erase_functions,
            _l("Kept under the number of the account: who could do what, and when, is part of the record."),
        ),
        PersonColumns("sign_in", frozenset({"user_id"}), _export_sessions, _erase_sessions, _l("Ended and deleted.")),
        PersonColumns(
            "sign_up", frozenset({"email", "email_key", "name"}), _export_sign_ups, _erase_sign_ups, _l("Deleted.")
        ),
        PersonColumns("account_token", frozenset({"user_id", "email"}), _export_tokens, _erase_tokens, _l("Deleted.")),
        PersonColumns(
            "recovery_code", frozenset({"user_id"}), _export_codes, lambda _email: 0, _l("Deleted with the account.")
        ),
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
    if user is None:
        return []
    closed = {"deactivation_reason": user.deactivation_reason} if user.deactivation_reason else {}
    return [{"email": user.email, "name": user.name, "lang": user.lang, **closed}]


def _erase_user(email: str) -> int:
    """The account stays as a number, so that the journal keeps its sense; what names the person goes."""
    user = queries.by_email(email)
    if user is None:
        return 0
    service.end_functions(user)
    second_factor.clear(user)
    db.session.execute(delete(AccountToken).where(AccountToken.user_id == user.id))
    user.email = user.email_key = f"erased-{user.id}@invalid"
    user.rename("—")
    user.password_hash, user.is_active = None, False
    user.deactivated_at, user.deactivation_reason = None, None
    return 1


def _label_user(_viewer: Any, user_id: int) -> tuple[str, str] | None:
    """An erased account is a number; its page is for the administrators: the journal links it for them only."""
    user = db.session.get(User, user_id)
    if user is None:
        return None
    name = user.name if user.is_active else _("account %(number)s", number=user.id)
    return name, url_for("administration.account", user_id=user.id)


def _export_functions(email: str) -> list[dict[str, Any]]:
    """The functions that the person held, and those that they gave to others or ended."""
    user = queries.by_email(email)
    if user is None:
        return []
    theirs = (Function.user_id, Function.granted_by_id, Function.ended_by_id)
    rows = db.session.scalars(
        select(Function).where(or_(*(one == user.id for one in theirs))).order_by(Function.starts_on, Function.id)
    )
    return [
        {
            "kind": row.kind.value,
            "role": _part_in(row, user),
            "from": row.starts_on.isoformat(),
            "until": str(row.ends_on or ""),
            **_said_of(row, user),
        }
        for row in rows
    ]


def _said_of(row: Function, user: User) -> dict[str, str]:
    """Why a function was given, and ended: told to its holder."""
    said = {"reason": row.reason, "end_reason": row.end_reason} if row.user_id == user.id else {}
    return {name: words for name, words in said.items() if words}


def _erase_functions(email: str) -> int:
    """What was said of the holder goes; which function, from when until when and by whom stays."""
    user = queries.by_email(email)
    if user is None:
        return 0
    said = or_(Function.reason.is_not(None), Function.end_reason.is_not(None))
    blanked = update(Function).where(Function.user_id == user.id, said).values(reason=None, end_reason=None)
    return rows_touched(db.session.execute(blanked))


def _part_in(row: Function, user: User) -> str:
    if row.user_id == user.id:
        return "holder"
    return "granted_by" if row.granted_by_id == user.id else "ended_by"


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
    return [{"recovery_codes_left": left}] if left else []
