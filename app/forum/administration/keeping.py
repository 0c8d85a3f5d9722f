"""What is kept of whoever sets a rule, asks for an act or confirms it: how long, given back and erased how."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from app.accounts import queries as accounts
from app.core import four_eyes
from app.core.extensions import db
from app.core.four_eyes import GONE, PendingAct
from app.core.registry import PersonColumns, Retention
from app.core.rules import RuleValue


def _export_rules(email: str) -> list[dict[str, Any]]:
    """What somebody decided in a public function: given back to them, kept with the rule's history."""
    user = accounts.by_email(email)
    number = user.id if user else 0
    theirs = or_(RuleValue.author_id == number, RuleValue.withdrawn_by_id == number)
    return [
        {
            "key": row.key,
            "role": "author" if row.author_id == number else "withdrawn_by",
            "from": row.valid_from.isoformat(),
            "reason": row.reason if row.author_id == number else row.withdrawal_reason,
        }
        for row in db.session.scalars(select(RuleValue).where(theirs).order_by(RuleValue.id))
    ]


def _theirs(email: str) -> list[PendingAct]:
    """The requests that somebody made or settled, that concern their account, or that name their address."""
    user, wanted = accounts.by_email(email), accounts.email_key(email)
    rows = db.session.scalars(select(PendingAct).order_by(PendingAct.id))
    return [row for row in rows if _names(row, user, wanted)]


def _names(row: PendingAct, user: Any, wanted: str) -> bool:
    took_part = user is not None and user.id in (row.asked_by_id, row.settled_by_id)
    return took_part or _concerns(row, user, wanted)


def _concerns(row: PendingAct, user: Any, wanted: str) -> bool:
    if user is not None and user.id == row.arguments.get("user_id"):
        return True
    return accounts.email_key(str(row.arguments.get("email") or "")) == wanted


def _part_in(row: PendingAct, user: Any) -> str:
    if user is not None and user.id == row.asked_by_id:
        return "asked_by"
    return "settled_by" if user is not None and user.id == row.settled_by_id else "concerned"


def _export_acts(email: str) -> list[dict[str, Any]]:
    """The reason and the answer are given back to who is concerned, and to who wrote them."""
    user = accounts.by_email(email)
    return [
        {
            "act": row.word,
            "role": _part_in(row, user),
            "asked": row.asked_at.isoformat(),
            "status": row.status.value,
            "reason": row.reason,
            "answer": row.answer,
        }
        for row in _theirs(email)
    ]


def _erase_acts(email: str) -> int:
    """The rows stay, as numbers, with their outcome; what was written about the person goes, and what waits ends.

    What the person wrote about others in a public function stays: it is why something was done to somebody else.
    """
    user, wanted, rows = accounts.by_email(email), accounts.email_key(email), _theirs(email)
    for row in rows:
        is_about_them = _concerns(row, user, wanted)  # asked before the address goes
        four_eyes.drop(row, tell=user is None or row.asked_by_id != user.id)
        if is_about_them:
            row.reason = GONE
            row.answer = GONE if row.answer else None
        if accounts.email_key(str(row.arguments.get("email") or "")) == wanted:
            row.arguments = {**row.arguments, "email": GONE}
    return len(rows)


PERSONS = [
    PersonColumns(
        "rule_value",
        frozenset({"author_id", "withdrawn_by_id"}),
        _export_rules,
        lambda _email: 0,
        _l("Kept under the number of the account: the history of the rules is public."),
    ),
    PersonColumns(
        "pending_act",
        frozenset({"asked_by_id", "settled_by_id", "arguments", "reason", "answer"}),
        _export_acts,
        _erase_acts,
        _l(
            "What was written about the person is removed; what waits is withdrawn. What was asked and decided stays, "
            "under numbers."
        ),
    ),
]
RETENTIONS = [
    Retention(
        "rule_value",
        None,
        None,
        label=_l("History of the rules of the Forum"),
        data=_l("Number of the account that set a rule or withdrew it, value, date and reason"),
        recipients=_l("Everyone for the value, the date and the reason; the administrators for the author"),
        then=_l("As long as the rules and their history"),
    ),
    Retention(
        "pending_act",
        None,
        None,
        label=_l("Acts that need two people"),
        data=_l("Numbers of the accounts that ask, answer and are concerned, address to erase, reason, answer, dates"),
        recipients=_l("The administrators of the site; whoever asked"),
        then=_l("As long as the acts it proves; on erasure the address, the reason and the answer go"),
    ),
]
