"""Writes of the administration: rules and identity, from today on and never of the past; accounts and functions,
alone or by two people (S20)."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from app.accounts import queries as account_queries
from app.accounts import service as accounts
from app.accounts.models import Function, User
from app.accounts.states import FunctionKind
from app.core import clock, four_eyes, rules
from app.core.access import authorize
from app.core.errors import Refused
from app.core.four_eyes import PendingAct
from app.core.i18n import day as day_words
from app.core.rules import Rule, RuleValue
from app.forum.administration import acts, policy
from app.forum.administration.states import Decider
from app.forum.members.models import Body


def change_rule(
    actor: Any,
    rule: Rule,
    *,
    value: Any,
    valid_from: date,
    reason: str,
    seen: int,
    body: Body | None = None,
    reason_en: str | None = None,
    decided_by: Decider = Decider.ADMINISTRATOR,
) -> RuleValue:
    """A new value from a Paris day on, today at the earliest: a change never applies to the past.

    `body`: for this body alone. `seen`: the number of the newest value that the actor had read. Raises `Refused`
    (value, valid_from), and `rules.Changed` when somebody else changed the rule meanwhile.
    """
    authorize(policy.can_administer(actor))
    _refuse_past(valid_from)
    scope = body.id if body is not None else None
    stored = rule.kind.clean(value)
    _refuse_same(rule, stored, valid_from, scope)
    _refuse_crossing(rule, stored, valid_from, scope)
    return rules.put(
        rule.key, stored, valid_from=valid_from, reason=reason, reason_en=reason_en, author=actor, scope=scope,
        decided_by=decided_by.value, seen=seen,
    )  # fmt: skip


def end_exception(
    actor: Any,
    rule: Rule,
    body: Body,
    *,
    valid_from: date,
    reason: str,
    seen: int,
    reason_en: str | None = None,
    decided_by: Decider = Decider.ADMINISTRATOR,
) -> RuleValue:
    """From that day on the body follows the general rule again."""
    authorize(policy.can_administer(actor))
    _refuse_past(valid_from)
    own = rules.in_force(valid_from).get((rule.key, rules.scope_of(body.id)))
    if own is None or own.value is None:
        raise Refused("valid_from", _("On that day this body already follows the general rule."))
    return rules.put(
        rule.key, None, valid_from=valid_from, reason=reason, reason_en=reason_en, author=actor, scope=body.id,
        decided_by=decided_by.value, seen=seen,
    )  # fmt: skip


def withdraw_value(actor: Any, row: RuleValue, *, reason: str, reason_en: str | None = None) -> None:
    """Take back a value before its day. Raises `Refused` once the day has come, or a second time."""
    authorize(policy.can_administer(actor))
    rules.withdraw(row, reason=reason, reason_en=reason_en, author=actor)


def _refuse_past(valid_from: date) -> None:
    if valid_from < clock.today():
        raise Refused("valid_from", _("A change never applies to the past: choose today or a later day."))


def _refuse_same(rule: Rule, stored: Any, valid_from: date, scope: int | None) -> None:
    """What was said already is not said twice; a default may be decided, and an exception may equal the rule."""
    row = rules.in_force(valid_from).get((rule.key, rules.scope_of(scope)))
    if row is not None and row.value is not None and rule.kind.read(row.value) == stored:
        raise Refused("value", _("This is already the value on %(day)s.", day=day_words(valid_from)))


def _refuse_crossing(rule: Rule, stored: Any, valid_from: date, scope: int | None) -> None:
    """Two rules that bound each other, such as the usual and the shortest notice."""
    known = rules.in_force(valid_from)
    if rule.at_least is not None:
        other = rules.RULES[rule.at_least]
        floor = rules.value_among(known, other, scope)
        if stored < floor:
            raise Refused(
                "value",
                _("Not less than “%(rule)s” on that day: %(value)s.", rule=other.label, value=other.show(floor)),
            )
    if rule.at_most is not None:
        other = rules.RULES[rule.at_most]
        for whose in _scopes(known, other):
            ceiling = rules.value_among(known, other, whose)
            if stored > ceiling:
                raise Refused(
                    "value",
                    _("Not more than “%(rule)s” on that day: %(value)s.", rule=other.label, value=other.show(ceiling)),
                )


def _scopes(known: rules.Known, rule: Rule) -> list[int | None]:
    """The general rule, then each body that has its own value of it."""
    return [None, *(int(scope) for key, scope in known if key == rule.key and scope)]


# -- accounts and functions ------------------------------------------------------------------------------------------


def invite(
    actor: Any,
    *,
    email: str,
    name: str,
    lang: str,
    kind: FunctionKind,
    starts_on: date,
    ends_on: date | None,
    reason: str,
) -> tuple[User, PendingAct | None]:
    """A new account, invited by mail, with its first function; a guarded one waits for a second person.

    Raises `Refused` (email, starts_on, ends_on, reason).
    """
    authorize(policy.can_administer(actor))
    user = accounts.invite(actor, email=email, name=name, lang=lang)
    return user, grant_function(actor, user, kind, starts_on=starts_on, ends_on=ends_on, reason=reason)


def grant_function(
    actor: Any, user: User, kind: FunctionKind, *, starts_on: date, ends_on: date | None, reason: str
) -> PendingAct | None:
    """Give a function between two Paris days, today at the earliest; a guarded one is only asked for.

    Raises `NotAllowed` for one's own account; `Refused` (starts_on, ends_on, reason).
    """
    authorize(policy.can_change(actor, user))
    if starts_on < clock.today():
        raise Refused("starts_on", _("A function begins today at the earliest."))
    if ends_on is not None and ends_on < starts_on:
        raise Refused("ends_on", _("The last day comes before the first."))
    if not user.is_active:
        raise Refused("kind", _("This account is closed: open it again first."))
    if not policy.is_guarded(kind):
        accounts.grant(user, kind, starts_on=starts_on, ends_on=ends_on, by=actor, reason=reason)
        return None
    arguments = {
        "user_id": user.id,
        "kind": kind.value,
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat() if ends_on else None,
    }
    return four_eyes.ask(actor, acts.GRANT, arguments, reason=reason)


def end_function(actor: Any, function: Function, *, ends_on: date, reason: str) -> PendingAct | None:
    """`ends_on` becomes the last day; an administrator's function ends with two people.

    Raises `Refused` when nobody would be left to administer the portal, before anybody is asked to confirm.
    """
    authorize(policy.can_end(actor, function))
    if not _must_keep(function):
        accounts.end_function(actor, function, ends_on=ends_on, reason=reason)
        return None
    if not account_queries.has_other_administrator(function.user, ends_on + timedelta(days=1)):
        raise Refused("ends_on", _("Nobody would be left to administer the portal. Name another administrator first."))
    arguments = {"user_id": function.user_id, "function_id": function.id, "ends_on": ends_on.isoformat()}
    return four_eyes.ask(actor, acts.END, arguments, reason=reason)


def _must_keep(function: Function) -> bool:
    return function.kind == FunctionKind.ADMINISTRATOR


def deactivate(actor: Any, user: User, *, reason: str) -> PendingAct | None:
    """Close an account; with a guarded function, by two people. Raises `Refused` for the last administrator."""
    authorize(policy.can_change(actor, user))
    if not user.is_active:
        raise Refused("reason", _("This account is closed already."))
    if not policy.needs_two(user):
        accounts.deactivate(actor, user, reason=reason)
        return None
    return four_eyes.ask(actor, acts.CLOSE, {"user_id": user.id}, reason=reason)


def reactivate(actor: Any, user: User, *, reason: str) -> PendingAct | None:
    """Open a closed account again, with the functions that it still holds: by two people when one is guarded."""
    authorize(policy.can_change(actor, user))
    if user.is_active:
        raise Refused("reason", _("This account is open already."))
    if not policy.needs_two(user):
        accounts.reactivate(actor, user, reason=reason)
        return None
    return four_eyes.ask(actor, acts.REOPEN, {"user_id": user.id}, reason=reason)


def reset_second_factor(actor: Any, user: User, *, reason: str) -> PendingAct:
    """Always by two people: whoever holds the mailbox of the account could then take its place (S26)."""
    authorize(policy.can_change(actor, user))
    if not user.has_second_factor:
        raise Refused("reason", _("This account has no second factor."))
    return four_eyes.ask(actor, acts.RESET, {"user_id": user.id}, reason=reason)


def resend_invitation(actor: Any, user: User) -> None:
    """A new link; the former one stops working. Raises `NotAllowed` once the invitation was accepted."""
    authorize(policy.can_resend(actor, user))
    accounts.resend_invitation(actor, user)
