"""Writes of accounts: who has one, which functions they hold, when that ends. `actor` None: a command or the demo."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from app.accounts import passwords, policy, queries, second_factor, sessions, tokens
from app.accounts.models import Function, User
from app.accounts.states import FunctionKind, TokenPurpose
from app.core import audit, clock, mail
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db

audit.declare("accounts.created", "by")
audit.declare("accounts.invited")
audit.declare("accounts.invitation_sent_again")
audit.declare("accounts.function_granted", "kind", "starts_on", "ends_on")
audit.declare("accounts.function_ended", "kind", "function", "ends_on", "withdrawn")
audit.declare("accounts.deactivated")
audit.declare("accounts.reactivated")
audit.declare("accounts.second_factor_required", "required")


def create(
    email: str,
    name: str,
    *,
    lang: str = "fr",
    password: str | None = None,
    password_hash: str | None = None,
    by: str = "command",
) -> User:
    """A new account. `by`: command, demo, invitation or sign_up. Raises `Refused` when the address is taken."""
    if queries.by_email(email) is not None:
        raise Refused("email", _("This address already has an account."))
    user = User(email=email.strip(), email_key=queries.email_key(email), lang=lang)
    user.rename(name)
    user.password_hash = passwords.make(password) if password else password_hash
    db.session.add(user)
    db.session.flush()
    audit.record(None, "accounts.created", user, by=by)
    return user


def invite(actor: Any, *, email: str, name: str, lang: str) -> User:
    """A new account without a password, and the mail whose link lets its owner choose one within seven days.

    Raises `Refused` when the address has an account.
    """
    authorize(policy.can_invite(actor))
    user = create(email, name, lang=lang, by="invitation")
    _send_invitation(user)
    audit.record(actor, "accounts.invited", user)
    return user


def resend_invitation(actor: Any, user: User) -> None:
    """A new link for an invitation not yet accepted; the former one stops working."""
    authorize(policy.can_resend(actor, user))
    tokens.revoke(user, TokenPurpose.INVITATION)
    _send_invitation(user)
    audit.record(actor, "accounts.invitation_sent_again", user)


def _send_invitation(user: User) -> None:
    token = tokens.issue(TokenPurpose.INVITATION, user=user)
    mail.queue("accounts/invitation", to=user.email, lang=user.lang, name=user.name, token_id=token.id)


def grant(
    user: User,
    kind: FunctionKind,
    *,
    starts_on: date,
    ends_on: date | None = None,
    by: Any = None,
    reason: str | None = None,
) -> Function:
    """Give a function between two dates; every session of the account ends, since its rights change (S06).

    `by`: the administrator who gives it, somebody else than its holder; None for a command. Raises `Refused` when the
    dates are in the wrong order or the account already holds the function then.
    """
    authorize(by is None or policy.can_administer(by, user))
    if ends_on is not None and ends_on < starts_on:
        raise Refused("ends_on", _("The last day comes before the first."))
    if any(_overlaps(one, kind, starts_on, ends_on) for one in user.functions):
        raise Refused("starts_on", _("This account already holds this function on these dates."))
    function = Function(
        user=user, kind=kind, starts_on=starts_on, ends_on=ends_on, reason=reason, granted_by_id=getattr(by, "id", None)
    )
    db.session.add(function)
    sessions.end_sessions(user)
    audit.record(
        by,
        "accounts.function_granted",
        user,
        kind=kind.value,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat() if ends_on else None,
    )
    return function


def _overlaps(function: Function, kind: FunctionKind, starts_on: date, ends_on: date | None) -> bool:
    if function.kind != kind or function.withdrawn_at is not None:
        return False
    return function.starts_on <= (ends_on or date.max) and starts_on <= (function.ends_on or date.max)


def end_function(actor: Any, function: Function, *, ends_on: date, reason: str) -> None:
    """Make `ends_on` the last day of a function, yesterday at the earliest: the past is never rewritten.

    A function that would end before its first day is withdrawn. Sessions end at once (S19). Raises `Refused` for a date
    too early, after the end already set, or when nobody would be left to administer the portal.
    """
    user = function.user
    authorize(policy.can_administer(actor, user))
    if ends_on < clock.today() - timedelta(days=1):
        raise Refused("ends_on", _("The last day can be yesterday at the earliest."))
    if function.withdrawn_at is not None or (function.ends_on is not None and ends_on >= function.ends_on):
        raise Refused("ends_on", _("This function already ends by then."))
    _end(actor, function, ends_on, reason)


def end_functions(user: User) -> None:
    """Nothing is held by an account that is erased: what began ends yesterday, the rest is withdrawn.

    Raises `Refused` when nobody would be left to administer the portal.
    """
    yesterday = clock.today() - timedelta(days=1)
    for function in user.functions:
        if function.withdrawn_at is None and (function.ends_on is None or function.ends_on > yesterday):
            _end(None, function, yesterday, None)


def _end(actor: Any, function: Function, ends_on: date, reason: str | None) -> None:
    user = function.user
    _keep_an_administrator(function, ends_on + timedelta(days=1))
    if ends_on < function.starts_on:
        function.withdrawn_at = clock.now()
    else:
        function.ends_on = ends_on
    function.ended_by_id, function.end_reason = getattr(actor, "id", None), reason
    sessions.end_sessions(user)
    audit.record(
        actor,
        "accounts.function_ended",
        user,
        kind=function.kind.value,
        function=function.id,
        ends_on=ends_on.isoformat(),
        withdrawn=function.withdrawn_at is not None,
    )


def _keep_an_administrator(function: Function, first_day_without: date) -> None:
    day = max(first_day_without, clock.today())
    if function.kind != FunctionKind.ADMINISTRATOR or not function.covers(day):
        return
    if not queries.has_other_administrator(function.user, day):
        raise Refused("ends_on", _("Nobody would be left to administer the portal. Name another administrator first."))


def deactivate(actor: Any, user: User, *, reason: str) -> None:
    """Close an account: no sign-in, no link, no session. Raises `Refused` for the last administrator.

    A former address has its way back again if the account is opened within its seven days: an intruder's change of
    address is a reason to close an account.
    """
    authorize(policy.can_deactivate(actor, user))
    for function in user.functions:
        if function.covers(clock.today()):
            _keep_an_administrator(function, clock.today())
    user.is_active, user.deactivated_at, user.deactivation_reason = False, clock.now(), reason
    sessions.end_sessions(user)
    tokens.revoke(user)
    audit.record(actor, "accounts.deactivated", user)


def reactivate(actor: Any, user: User, *, reason: str) -> None:
    """Open a closed account again, with the password and second factor that it had. `reason` takes the place of the
    reason of the closing.
    """
    authorize(policy.can_reactivate(actor, user))
    user.is_active, user.deactivated_at, user.deactivation_reason = True, None, reason
    audit.record(actor, "accounts.reactivated", user)


def reset_second_factor(actor: Any, user: User) -> None:
    """Somebody lost their device and codes: a second administrator takes the factor away; its owner is told (S26)."""
    authorize(policy.can_reset_second_factor(actor, user))
    second_factor.clear(user)
    audit.record(actor, "accounts.second_factor_reset", user)
    mail.queue("accounts/second_factor_changed", to=user.email, lang=user.lang, name=user.name, change="reset")


def set_second_factor_required(user: User, required: bool) -> None:
    """For the members room, when a mandate that demands one starts or ends; a change ends the sessions (S06)."""
    if user.requires_second_factor == required:
        return
    user.requires_second_factor = required
    sessions.end_sessions(user)
    audit.record(None, "accounts.second_factor_required", user, required=required)
