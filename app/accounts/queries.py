"""Reads of accounts."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select

from app.accounts import policy
from app.accounts.models import AccountToken, Function, RecoveryCode, SignIn, SignUp, User
from app.accounts.states import FunctionKind, TokenPurpose
from app.core import clock, text
from app.core.audit import AuditEntry
from app.core.clock import PARIS
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.paging import Page

STAFF_SESSION, MEMBER_SESSION = timedelta(hours=12), timedelta(days=7)
PAGE_SIZE = 30

MOST_UNUSED = 100


def email_key(email: str) -> str:
    """Addresses are compared without case, after NFC."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email_key == email_key(email)))


def find(user_id: int) -> User | None:
    return db.session.get(User, user_id)


def get(user_id: int) -> User:
    """One account. Raises `NotFound`."""
    user = find(user_id)
    if user is None:
        raise NotFound
    return user


def get_function(function_id: int) -> Function:
    """One function, with its account. Raises `NotFound`."""
    function = db.session.get(Function, function_id)
    if function is None:
        raise NotFound
    return function


def accounts_page(number: int = 1, *, words: str = "", kind: FunctionKind | None = None, size: int = PAGE_SIZE) -> Page:
    """Accounts by name, whose name or address holds `words`; with `kind`, those who hold that function today."""
    wanted = select(User)
    if words.strip():
        wanted = wanted.where(
            or_(
                User.name_key.contains(text.fold(words.strip()), autoescape=True),
                User.email_key.contains(email_key(words), autoescape=True),
            )
        )
    if kind is not None:
        wanted = wanted.where(User.id.in_(_holders(kind, clock.today())))
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = wanted.order_by(User.name_key, User.id).offset((number - 1) * size).limit(size)
    return Page(db.session.scalars(rows).all(), number, size, total)


def _holders(kind: FunctionKind, day: date):  # type: ignore[no-untyped-def]
    return select(Function.user_id).where(
        Function.kind == kind,
        Function.withdrawn_at.is_(None),
        Function.starts_on <= day,
        or_(Function.ends_on.is_(None), Function.ends_on >= day),
    )


def has_other_administrator(user: User, day: date) -> bool:
    """Whether somebody else with an open account will be administrator on that day."""
    others = select(User.id).where(
        User.id.in_(_holders(FunctionKind.ADMINISTRATOR, day)), User.id != user.id, User.is_active.is_(True)
    )
    return db.session.scalar(others.limit(1)) is not None


def session_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def live_session(secret: str, now: datetime) -> SignIn | None:
    """The session of a cookie's secret, when it is still good (S05, S06).

    Whoever must have a second factor has none of their rights in a session opened without it, and the absolute limit
    of staff holds from the day a function starts, also for a session opened before.
    """
    row = db.session.scalar(select(SignIn).where(SignIn.digest == session_digest(secret), SignIn.ends_at > now))
    if row is None or not row.user.is_active:
        return None
    if policy.needs_second_factor(row.user) and (not row.strong or row.created_at + STAFF_SESSION <= now):
        return None
    return row


def sessions_of(user: User) -> list[SignIn]:
    """The open sessions of an account, the newest first; at most fifty are shown."""
    rows = select(SignIn).where(SignIn.user_id == user.id, SignIn.ends_at > clock.now())
    return list(db.session.scalars(rows.order_by(SignIn.created_at.desc(), SignIn.id.desc()).limit(50)))


def token(purpose: TokenPurpose, token_id: int) -> AccountToken | None:
    """The row of a link, whatever its state; the secret is compared by `tokens`."""
    return db.session.scalar(select(AccountToken).where(AccountToken.id == token_id, AccountToken.purpose == purpose))


def invitation_of(user: User) -> AccountToken | None:
    """The last invitation sent to an account: its `expires_at` is None until the mail has left."""
    rows = select(AccountToken).where(AccountToken.user_id == user.id, AccountToken.purpose == TokenPurpose.INVITATION)
    return db.session.scalar(rows.order_by(AccountToken.id.desc()).limit(1))


def recovery_codes_left(user: User) -> int:
    unused = select(func.count()).select_from(RecoveryCode)
    return db.session.scalar(unused.where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))) or 0


def sign_ups(email: str) -> list[SignUp]:
    rows = select(SignUp).where(SignUp.email_key == email_key(email)).order_by(SignUp.id)
    return list(db.session.scalars(rows))


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


def ways_back_that_mails_need(before: datetime) -> list[int]:
    """The ways back made before an instant to addresses that the outbox still holds, however they are written."""
    rows = db.session.execute(
        select(AccountToken.id, AccountToken.email)
        .where(AccountToken.purpose == TokenPurpose.EMAIL_UNDO, AccountToken.created_at < before)
        .order_by(AccountToken.id)
    ).all()
    if not rows:
        return []
    held: set[str] = set()
    for column in (OutgoingMail.address, OutgoingMail.reply_to):
        held |= {email_key(one) for one in db.session.scalars(select(column).distinct()) if one}
    return [number for number, email in rows if email and email_key(email) in held]


def former_addresses(email: str) -> list[str]:
    """Addresses that the account of this one had before, as long as a mail that bears them is kept (S27).

    Not one that somebody else's account has now, nor one that was asked for and never confirmed: it proves nothing.
    """
    user = by_email(email)
    if user is None:
        return []
    rows = select(AccountToken.email).where(
        AccountToken.user_id == user.id, AccountToken.purpose == TokenPurpose.EMAIL_UNDO
    )
    former = [one for one in db.session.scalars(rows.order_by(AccountToken.id)) if one]
    taken = select(User.email_key).where(User.email_key.in_([email_key(one) for one in former]))
    kept = set(db.session.scalars(taken))
    return [one for one in former if email_key(one) not in kept]
