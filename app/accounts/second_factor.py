"""The second factor: six-digit codes of an application (RFC 6238) and ten recovery codes (S26)."""

import hashlib
import hmac
import re
import secrets
from typing import Any

import pyotp
from sqlalchemy import delete, select, update

from app.accounts import sessions
from app.accounts.models import RecoveryCode, User
from app.core import audit, clock, mail, sealing
from app.core.database import rows_touched
from app.core.extensions import db

STEP, WINDOW = 30, 1  # seconds; how many steps a clock may be wrong on either side
CODES = 10
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NOT_CODE = re.compile(r"[\s-]")

audit.declare("accounts.second_factor_set")
audit.declare("accounts.second_factor_removed")
audit.declare("accounts.second_factor_reset")
audit.declare("accounts.recovery_codes_made", "codes")
audit.declare("accounts.recovery_code_used", "left")


def new_secret() -> str:
    return pyotp.random_base32()


def step_of(secret: str, typed: str, *, after: int | None = None) -> int | None:
    """The time step whose code was typed, one step early or late at most, later than `after`; None otherwise."""
    code = NOT_CODE.sub("", typed)
    now = int(clock.now().timestamp()) // STEP
    totp, found = pyotp.TOTP(secret), None
    for step in range(now - WINDOW, now + WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()) and step > (after or 0):
            found = step
    return found


def code_now(user: User) -> str:
    """The code that the application of an account shows now."""
    secret = sealing.unseal(str(user.totp_secret))
    return pyotp.TOTP(secret).generate_otp(int(clock.now().timestamp()) // STEP)


def enrol(user: User, secret: str, *, step: int | None = None) -> list[str]:
    """Set the second factor and give ten recovery codes, shown once. Every other session ends: it showed none."""
    user.totp_secret, user.totp_step, user.second_factor_at = sealing.seal(secret), step, clock.now()
    sessions.end_sessions(user)
    audit.record(user, "accounts.second_factor_set", user)
    return make_codes(user)


def accept(user: User, typed: str) -> bool:
    """Whether a code of the application, or an unused recovery code, was typed; either is then used up.

    The step is taken by a conditional statement: of two that show the same code at once, one is let in.
    """
    step = step_of(_secret_of(user), typed, after=user.totp_step) if user.totp_secret else None
    if step is not None:
        return _take_step(user, step)
    return _take_code(user, typed)


def _secret_of(user: User) -> str:
    """A key that no longer opens, the site's secret having been lost, makes no code; recovery codes still open."""
    try:
        return sealing.unseal(str(user.totp_secret))
    except sealing.Unsealable:
        return new_secret()


def _take_step(user: User, step: int) -> bool:
    later = (User.totp_step.is_(None)) | (User.totp_step < step)
    values: dict[str, Any] = {"totp_step": step}
    if not sealing.is_current(str(user.totp_secret)):
        values["totp_secret"] = sealing.seal(_secret_of(user))
    taken = update(User).where(User.id == user.id, later).values(**values)
    return rows_touched(db.session.execute(taken.execution_options(synchronize_session="fetch"))) == 1


def _take_code(user: User, typed: str) -> bool:
    digest = _digest(typed)
    unused = update(RecoveryCode).where(
        RecoveryCode.user_id == user.id, RecoveryCode.digest == digest, RecoveryCode.used_at.is_(None)
    )
    if rows_touched(db.session.execute(unused.values(used_at=clock.now()))) != 1:
        return False
    left = db.session.query(RecoveryCode).filter_by(user_id=user.id, used_at=None).count()
    audit.record(user, "accounts.recovery_code_used", user, left=left)
    mail.queue("accounts/recovery_code_used", to=user.email, lang=user.lang, name=user.name, left=left)
    return True


def reseal() -> int:
    """Seal with the present key what a former one sealed; returns how many."""
    sealed = db.session.scalars(select(User).where(User.totp_secret.is_not(None)).order_by(User.id))
    stale = [user for user in sealed if not sealing.is_current(str(user.totp_secret))]
    for user in stale:
        user.totp_secret = sealing.seal(sealing.unseal(str(user.totp_secret)))
    return len(stale)


def make_codes(user: User) -> list[str]:
    """Ten new recovery codes; the former ones are worth nothing."""
    codes = ["-".join(_random(4) for _ in range(4)) for _ in range(CODES)]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.session.add_all(RecoveryCode(user_id=user.id, digest=_digest(code)) for code in codes)
    audit.record(user, "accounts.recovery_codes_made", user, codes=len(codes))
    return codes


def clear(user: User) -> None:
    """No second factor any more; every session ends."""
    user.totp_secret = user.totp_step = user.second_factor_at = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    sessions.end_sessions(user)


def remove(user: User) -> None:
    """Somebody gives up their own, where nothing requires it."""
    clear(user)
    audit.record(user, "accounts.second_factor_removed", user)
    mail.queue("accounts/second_factor_changed", to=user.email, lang=user.lang, name=user.name, change="removed")


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _digest(code: str) -> str:
    return hashlib.sha256(NOT_CODE.sub("", code).upper().encode()).hexdigest()
