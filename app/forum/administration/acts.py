"""The acts of the administration that need two people (S20): what each one says before it is confirmed, and does.

Arguments hold ids and codes only: a request must not keep the name of somebody who was erased.
"""

from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import queries as accounts
from app.accounts import service
from app.accounts.models import Function, User
from app.accounts.states import FunctionKind
from app.core import i18n
from app.core.registry import Act
from app.forum.administration import policy, queries

GRANT, END = "accounts.grant_function", "accounts.end_function"
RESET, CLOSE, REOPEN = "accounts.reset_second_factor", "accounts.deactivate", "accounts.reactivate"
Arguments = dict[str, Any]


def plain_domain(email: str) -> str:
    """An address with its domain in ASCII: look-alike letters show as xn-- (S27)."""
    try:
        found = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return email.encode("ascii", "backslashreplace").decode()
    return f"{found.local_part}@{found.ascii_domain}"


def who(user: User) -> str:
    """Somebody by name and address: a name is what each one makes of it, an address is proved (S27)."""
    return f"{user.name} <{plain_domain(user.email)}>" if user.is_active else user.name


def _concerned(arguments: Arguments) -> int:
    return int(arguments["user_id"])


def _may(viewer: Any, _arguments: Arguments) -> bool:
    return policy.can_administer(viewer)


def _account(arguments: Arguments) -> list[tuple[Any, Any]]:
    user = accounts.get(arguments["user_id"])
    return [(_("Account"), user.name), (_("E-mail address"), plain_domain(user.email))]


def _until(value: str | None) -> str:
    return i18n.day(date.fromisoformat(value)) if value else _("no end date")


def _describe_grant(arguments: Arguments) -> list[tuple[Any, Any]]:
    return [
        *_account(arguments),
        (_("Function"), FunctionKind(arguments["kind"]).label),
        (_("First day"), _until(arguments["starts_on"])),
        (_("Last day"), _until(arguments["ends_on"])),
    ]


def _grant(actor: Any, arguments: Arguments, reason: str) -> None:
    """A request may wait for a week: a first day that has passed meanwhile becomes the day of the confirmation."""
    ends_on = arguments["ends_on"]
    service.grant(
        accounts.get(arguments["user_id"]),
        FunctionKind(arguments["kind"]),
        starts_on=queries.not_before_today(date.fromisoformat(arguments["starts_on"])),
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
        by=actor,
        reason=reason,
    )


def _function(arguments: Arguments) -> Function:
    return accounts.get_function(arguments["function_id"])


def _describe_end(arguments: Arguments) -> list[tuple[Any, Any]]:
    return [
        *_account(arguments),
        (_("Function"), _function(arguments).kind.label),
        (_("Last day"), _until(arguments["ends_on"])),
    ]


def _end(actor: Any, arguments: Arguments, reason: str) -> None:
    queries.hold_administrators()
    last_day = queries.not_before_yesterday(date.fromisoformat(arguments["ends_on"]))
    service.end_function(actor, _function(arguments), ends_on=last_day, reason=reason)


def _reset(actor: Any, arguments: Arguments, _reason: str) -> None:
    service.reset_second_factor(actor, accounts.get(arguments["user_id"]))


def _close(actor: Any, arguments: Arguments, reason: str) -> None:
    queries.hold_administrators()
    service.deactivate(actor, accounts.get(arguments["user_id"]), reason=reason)


def _reopen(actor: Any, arguments: Arguments, reason: str) -> None:
    service.reactivate(actor, accounts.get(arguments["user_id"]), reason=reason)


def _act(word: str, label: Any, describe: Any, execute: Any) -> Act:
    return Act(word, label, _may, _may, describe, execute, queries.administrators, _concerned)


ACTS = [
    _act(GRANT, _l("Give the function of administrator or of electoral board"), _describe_grant, _grant),
    _act(END, _l("End the function of an administrator"), _describe_end, _end),
    _act(RESET, _l("Take away the second factor of an account"), _account, _reset),
    _act(CLOSE, _l("Close the account of an administrator or of the electoral board"), _account, _close),
    _act(REOPEN, _l("Open the account of an administrator or of the electoral board again"), _account, _reopen),
]
