"""Who works at the desk, and who reads what there."""

from typing import Any

from app.accounts.policy import is_administrator, is_secretariat, is_staff
from app.forum.administration.policy import can_administer
from app.forum.members.policy import is_committee_member


def can_use_desk(viewer: Any) -> bool:
    """Whoever holds a function today, and the management committee, for which agendas wait."""
    return is_staff(viewer) or is_committee_member(viewer)


def can_read_outbox(viewer: Any) -> bool:
    return is_secretariat(viewer) or is_administrator(viewer)


def can_send_again(viewer: Any) -> bool:
    return can_read_outbox(viewer)


def can_read_journal(viewer: Any) -> bool:
    """Read only, for everybody: nobody can change the journal."""
    return is_secretariat(viewer) or is_administrator(viewer)


def can_open_accounts(viewer: Any) -> bool:
    """The pages of the accounts, that the names of the desk lead to."""
    return can_administer(viewer)


def can_read_retention(viewer: Any) -> bool:
    return is_secretariat(viewer) or is_administrator(viewer)
