"""Links sent by mail: made when the mail is written, good once, for a time (S25).

The row is made with the act that asks for the link; it holds no secret yet. Each attempt to send the mail makes a new
random secret and adds its digest: whichever attempt arrives works, the first that is used ends them all. Neither the
outbox nor the database ever holds a link that works.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from app.accounts import queries
from app.accounts.models import AccountToken, SignUp, User
from app.accounts.states import TokenPurpose
from app.core import clock, mail
from app.core.database import rows_touched
from app.core.extensions import db

KEPT = timedelta(days=30)
SURVIVES = (TokenPurpose.EMAIL_UNDO,)


def issue(
    purpose: TokenPurpose, *, user: User | None = None, sign_up: SignUp | None = None, email: str | None = None
) -> AccountToken:
    """The right to one link, whose mail is queued in the same transaction with `token_id`."""
    row = AccountToken(purpose=purpose, user=user, sign_up=sign_up, email=email, digests=[])
    db.session.add(row)
    db.session.flush()
    return row


def make_secret(purpose: TokenPurpose, arguments: dict[str, Any]) -> str:
    """A new secret for the mail being written; the link's time starts now. Raises `mail.Obsolete` when it has ended."""
    row = queries.token(purpose, arguments["token_id"])
    if row is None or row.used_at is not None:
        raise mail.Obsolete
    secret = secrets.token_urlsafe(32)
    row.digests = [*row.digests, digest(secret)]
    row.expires_at = clock.now() + purpose.life
    return secret


def find(purpose: TokenPurpose, token_id: int, secret: str) -> AccountToken | None:
    """The row of a link that still works, or None: unknown, used, revoked or over is all the same."""
    row, given = queries.token(purpose, token_id), digest(secret)
    known = [hmac.compare_digest(given, one) for one in (row.digests if row else ())]
    if row is None or not any(known) or row.used_at is not None:
        return None
    if row.expires_at is None or row.expires_at <= clock.now() or (row.user is not None and not row.user.is_active):
        return None
    return row


def use(row: AccountToken) -> bool:
    """Take the right; False when somebody else has just taken it."""
    taken = update(AccountToken).where(AccountToken.id == row.id, AccountToken.used_at.is_(None))
    return rows_touched(db.session.execute(taken.values(used_at=clock.now()))) == 1


def revoke(user: User, *purposes: TokenPurpose) -> None:
    """End the links of an account: those named, or all but the one that gives an address back to its owner."""
    db.session.flush()
    ended = update(AccountToken).where(AccountToken.user_id == user.id, AccountToken.used_at.is_(None))
    ended = ended.where(AccountToken.purpose.in_(purposes) if purposes else AccountToken.purpose.not_in(SURVIVES))
    db.session.execute(ended.values(used_at=clock.now()))


def revoke_later(row: AccountToken) -> None:
    """End the links of the same account and purpose that were made after this one."""
    later = update(AccountToken).where(
        AccountToken.user_id == row.user_id,
        AccountToken.purpose == row.purpose,
        AccountToken.id > row.id,
        AccountToken.used_at.is_(None),
    )
    db.session.execute(later.values(used_at=clock.now()))


def sweep(now: datetime) -> int:
    """Links that nobody can use any more, thirty days later.

    A way back is also what tells whose the mails to a former address are: it stays as long as one of them does.
    """
    needed = queries.ways_back_that_mails_need(now - KEPT)
    old = delete(AccountToken).where(AccountToken.created_at < now - KEPT, AccountToken.id.not_in(needed))
    return rows_touched(db.session.execute(old))


def digest(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
