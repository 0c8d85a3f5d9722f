"""Who is who: questions on a viewer, anonymous or not."""

from typing import Any

from app.accounts.states import FunctionKind


def is_secretariat(viewer: Any) -> bool:
    return bool(viewer.is_authenticated and viewer.holds(FunctionKind.SECRETARIAT))


def is_administrator(viewer: Any) -> bool:
    return bool(viewer.is_authenticated and viewer.holds(FunctionKind.ADMINISTRATOR))


def is_staff(viewer: Any) -> bool:
    """Someone who holds any function today: shorter sessions (S06)."""
    return bool(viewer.is_authenticated and any(viewer.holds(kind) for kind in FunctionKind))


class Operator:
    """Whoever runs a command on the server: allowed what the secretariat is, recorded without a name."""

    id = None
    is_authenticated = True

    def holds(self, _kind: FunctionKind) -> bool:
        return True


OPERATOR = Operator()
