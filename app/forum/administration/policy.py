"""Who may change the rules, the accounts and what needs two people."""

from typing import Any

from app.accounts import policy as accounts
from app.accounts.models import Function, User
from app.accounts.states import FunctionKind
from app.core import clock
from app.core.four_eyes import PendingAct

GUARDED = (FunctionKind.ADMINISTRATOR, FunctionKind.ELECTORAL_BOARD)
"""The functions that one person alone cannot give (S20)."""


def can_administer(viewer: Any) -> bool:
    return accounts.is_administrator(viewer)


def can_follow(viewer: Any) -> bool:
    """Whoever may ask for an act that needs two people, the secretariat for an erasure included."""
    return can_administer(viewer) or accounts.is_secretariat(viewer)


def can_read_act(viewer: Any, asked: PendingAct) -> bool:
    """The administrators read every request; whoever asked reads what became of their own."""
    return can_administer(viewer) or asked.asked_by_id == viewer.id


def can_change(viewer: Any, user: User) -> bool:
    """Nobody changes their own functions or account from here."""
    return can_administer(viewer) and user.id != viewer.id


def can_resend(viewer: Any, user: User) -> bool:
    return can_change(viewer, user) and accounts.can_resend(viewer, user)


def is_guarded(kind: FunctionKind) -> bool:
    return kind in GUARDED


def needs_two(user: User) -> bool:
    """An account with a guarded function, today or to come: switching it off or on again takes two people."""
    return any(is_guarded(one.kind) and not has_ended(one) for one in user.functions)


def has_ended(function: Function) -> bool:
    """Over, or withdrawn before it had begun."""
    over = function.ends_on is not None and function.ends_on < clock.today()
    return over or function.withdrawn_at is not None


def can_end(viewer: Any, function: Function) -> bool:
    """A function of somebody else that has not ended yet."""
    return can_change(viewer, function.user) and not has_ended(function)
