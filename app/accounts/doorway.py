"""From the password to the session: what the signed cookie holds on the way, and for how long.

    password ── no second factor needed ─────────────────────────────▶ session
       └─ pending (10 minutes) ── code, or first set-up ─────────────▶ session

Someone who is pending is nobody yet: the portal sees an anonymous reader until the last step.
"""

import hashlib
import hmac
import re
from datetime import timedelta
from typing import Any

from flask import Response, g, request, session

from app.accounts import devices, limits, passwords, policy, queries, sessions
from app.accounts.models import User
from app.core import audit, clock, sealing
from app.core.extensions import db
from app.core.hypermedia import go, go_to
from app.core.transaction import keep

PENDING = timedelta(minutes=10)
SAFE_NEXT = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")

audit.declare("accounts.sign_in_refused")


def safe_next(address: str | None) -> str | None:
    """An address of this site, or None: printable ASCII, one leading slash, nothing a browser reads as a host (S12)."""
    return address if address and len(address) <= 500 and SAFE_NEXT.fullmatch(address) else None


def address() -> str:
    return request.remote_addr or "-"


def let_go() -> None:
    """End the reading transaction: nobody waits while a password is hashed (S23)."""
    db.session.rollback()


def verified(email: str, password: str) -> User | None:
    """The account, or None. Reads, then hashes outside any transaction, then the caller writes (S22, S23)."""
    counted = limits.sign_in(queries.email_key(email), address())
    limits.check(counted)
    user = queries.by_email(email)
    stored = user.password_hash if user is not None and user.is_active else None
    let_go()
    if passwords.matches(password, stored):
        return queries.by_email(email)
    keep(limits.counting(counted))
    keep(lambda: audit.record(None, "accounts.sign_in_refused", None))
    return None


def passed(user: User, destination: str | None) -> Response:
    """The password is right: a session, or the step that is still missing."""
    if user.has_second_factor or policy.needs_second_factor(user):
        session.clear()
        session["pending"] = {"user": user.id, "at": _seconds(), "state": _state(user), "next": destination}
        return go("accounts.code" if user.has_second_factor else "accounts.set_up_first")
    enter(user, strong=False)
    return go_to(destination) if destination else go("accounts.account")


def pending() -> User | None:
    """Who has shown a password within ten minutes and has one step left, if nothing of the account changed since."""
    step = session.get("pending")
    if not step or _seconds() - step["at"] > PENDING.total_seconds():
        return None
    user = queries.find(step["user"])
    if user is None or not user.is_active or not hmac.compare_digest(_state(user), step["state"]):
        return None
    return user


def pending_destination() -> str | None:
    return safe_next((session.get("pending") or {}).get("next"))


def enter(user: User, *, strong: bool) -> None:
    """Open a session: a new identifier and a new CSRF secret at each sign-in (S06)."""
    session.clear()
    secret = sessions.sign_in(user, strong=strong, device=devices.name(request.headers.get("User-Agent", "")))
    session["sid"], session["seen"] = secret, _seconds()
    session.permanent = True


def again(user: User) -> None:
    """After an act that ends every session of the account: the one that did it goes on under a new identifier."""
    sessions.end_sessions(user)
    enter(user, strong=g.strong)


def hold(name: str, value: str) -> None:
    """Keep a secret that the person has on screen, sealed in the cookie: a page that reads cannot store it."""
    session[name] = {"sealed": sealing.seal(value), "at": _seconds()}


def held(name: str) -> str | None:
    kept: dict[str, Any] = session.get(name) or {}
    if not kept or _seconds() - kept["at"] > PENDING.total_seconds():
        return None
    try:
        return sealing.unseal(kept["sealed"])
    except sealing.Unsealable:
        return None


def drop(name: str) -> None:
    session.pop(name, None)


def _seconds() -> int:
    return int(clock.now().timestamp())


def _state(user: User) -> str:
    """Changes with the password, the second factor and the address: a step begun before is worth nothing after."""
    told = "\n".join(str(one) for one in (user.id, user.password_hash, user.totp_secret, user.email_key))
    return hashlib.sha256(told.encode()).hexdigest()
