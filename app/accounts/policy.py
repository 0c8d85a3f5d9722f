"""Who is who: questions on a viewer, anonymous or not."""

from typing import Any

from app.accounts.states import AccountState, FunctionKind


def is_secretariat(viewer: Any) -> bool:
    return bool(viewer.is_authenticated and viewer.holds(FunctionKind.SECRETARIAT))


def is_administrator(viewer: Any) -> bool:
    return bool(viewer.is_authenticated and viewer.holds(FunctionKind.ADMINISTRATOR))


def is_staff(viewer: Any) -> bool:
    """Someone who holds any function today."""
    return bool(viewer.is_authenticated and any(viewer.holds(kind) for kind in FunctionKind))


def needs_second_factor(user: Any) -> bool:
    """Functions in force, and co-chairs and committee; the same people have short sessions (S06, S26)."""
    return is_staff(user) or bool(user.requires_second_factor)


def can_invite(actor: Any) -> bool:
    return is_administrator(actor)


def can_resend(actor: Any, user: Any) -> bool:
    return is_administrator(actor) and user.state == AccountState.INVITED


def can_administer(actor: Any, user: Any) -> bool:
    """Functions, closing, second factor of somebody else: nobody changes their own rights."""
    return is_administrator(actor) and actor.id != user.id


def can_deactivate(actor: Any, user: Any) -> bool:
    return can_administer(actor, user) and user.is_active


def can_reactivate(actor: Any, user: Any) -> bool:
    return can_administer(actor, user) and not user.is_active


def can_reset_second_factor(actor: Any, user: Any) -> bool:
    """A second administrator, never the person (S26)."""
    return can_administer(actor, user) and user.has_second_factor


class Operator:
    """Whoever runs a command on the server: allowed what the secretariat is, recorded without a name."""

    id = None
    is_authenticated = True

    def holds(self, _kind: FunctionKind) -> bool:
        return True


OPERATOR = Operator()
