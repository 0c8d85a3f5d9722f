"""Reads of the rules: what is in force, what is to come, and the history of each one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from app.accounts import queries as account_queries
from app.accounts.models import Function, User
from app.accounts.states import FunctionKind
from app.core import clock, four_eyes, paging, rules
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.four_eyes import PendingAct
from app.core.i18n import Text
from app.core.rules import EVERYBODY, Known, Rule, RuleValue
from app.forum.administration import forum_rules, policy
from app.forum.administration.states import Decider, ValueState
from app.forum.members import queries as members
from app.forum.members.models import Body

HISTORY = 25


@dataclass(frozen=True)
class ValueLine:
    """One dated value as it is printed. `body`: whose exception it is, None for the general rule.

    `shown`: the value in words, None when a body follows the general rule again from that day.
    """

    row: RuleValue
    rule: Rule
    body: Any
    state: ValueState

    @property
    def shown(self) -> Any:
        return None if self.row.value is None else self.rule.show(self.row.value)

    @property
    def decider(self) -> Any:
        return Decider(self.row.decided_by).label


@dataclass
class RuleView:
    """A rule today. `now`: its line in force, None while it has its default. `coming`: nearest day first."""

    rule: Rule
    value: Any
    now: ValueLine | None = None
    exceptions: list[ValueLine] = field(default_factory=list)
    coming: list[ValueLine] = field(default_factory=list)

    @property
    def source(self) -> Any:
        """Where the value comes from: what somebody has decided is no longer a default of the site."""
        decided = self.rule.source == forum_rules.DEFAULT and self.now is not None
        return self.now.decider if decided and self.now else self.rule.source


def rule_by_slug(slug: str) -> Rule:
    """Raises `NotFound`."""
    rule = rules.by_slug(slug)
    if rule is None:
        raise NotFound
    return rule


def body_for(rule: Rule, body_id: int | None) -> Body | None:
    """The body whose own value is asked for. Raises `NotFound`, also for a rule that is the same for every body."""
    if body_id is None:
        return None
    found = db.session.get(Body, body_id) if rule.scoped else None
    if found is None:
        raise NotFound
    return found


def value_line(value_id: int) -> ValueLine:
    """Raises `NotFound` for an unknown value, or one of a rule that no longer exists."""
    row = db.session.get(RuleValue, value_id)
    if row is None or row.key not in rules.RULES:
        raise NotFound
    return next(iter(_lines([row], rules.in_force())))


def views(groups: Iterable[str]) -> dict[str, list[RuleView]]:
    """The rules of each group, today: four statements, whatever the number of rules and values."""
    known, today = rules.in_force(), clock.today()
    later = db.session.scalars(
        select(RuleValue)
        .where(RuleValue.valid_from > today, RuleValue.withdrawn_at.is_(None))
        .order_by(RuleValue.valid_from, RuleValue.id)
        .limit(500)
    )
    found = {rule.key: RuleView(rule, rule.show(rules.value_among(known, rule))) for rule in rules.RULES.values()}
    rows = [row for row in (*known.values(), *later) if row.key in found]
    for line in _lines(rows, known):
        _place(found[line.row.key], line)
    return {group: [view for view in found.values() if view.rule.group == group] for group in groups}


def _place(view: RuleView, line: ValueLine) -> None:
    if line.state == ValueState.TO_COME:
        view.coming.append(line)
    elif line.body is None:
        view.now = line
    elif line.row.value is not None:
        view.exceptions.append(line)


def view(rule: Rule) -> RuleView:
    return next(one for one in views([rule.group])[rule.group] if one.rule is rule)


def history(rule: Rule, number: int) -> paging.Page:
    """Every value that the rule ever had or will have, the latest said first."""
    of_rule = RuleValue.key == rule.key
    total = db.session.scalar(select(func.count()).select_from(RuleValue).where(of_rule)) or 0
    rows = db.session.scalars(
        select(RuleValue).where(of_rule).order_by(RuleValue.id.desc()).offset((number - 1) * HISTORY).limit(HISTORY)
    ).all()
    return paging.checked(paging.Page(list(_lines(rows, rules.in_force())), number, HISTORY, total))


def _lines(rows: Sequence[RuleValue], known: Known) -> Iterable[ValueLine]:
    names = _body_names() if any(row.scope for row in rows) else {}
    for row in rows:
        whose = names.get(row.scope, Text(row.scope, "fr")) if row.scope != EVERYBODY else None
        yield ValueLine(row, rules.RULES[row.key], whose, _state(row, known))


def _body_names() -> dict[str, Any]:
    return {str(body.id): body.name for body in members.bodies()}


def _state(row: RuleValue, known: Known) -> ValueState:
    if row.withdrawn_at is not None:
        return ValueState.WITHDRAWN
    if row.valid_from > clock.today():
        return ValueState.TO_COME
    current = known.get((row.key, row.scope))
    return ValueState.IN_FORCE if current is not None and current.id == row.id else ValueState.REPLACED


def line_of(row: RuleValue | None) -> ValueLine | None:
    return next(iter(_lines([row], rules.in_force())), None) if row is not None else None


@dataclass(frozen=True)
class BodyChoice:
    """A body, and its own value today if it has one."""

    body: Body
    own: Any
    row: RuleValue | None


def body_choices(rule: Rule) -> list[BodyChoice]:
    """For a rule that a body may have its own value of: each body with that value."""
    if not rule.scoped:
        return []
    known, found = rules.in_force(), []
    for one in members.bodies():
        row = known.get((rule.key, rules.scope_of(one.id)))
        own = rule.show(row.value) if row is not None and row.value is not None else None
        found.append(BodyChoice(one, own, row if own is not None else None))
    return found


def seen(rule: Rule, body_id: int | None) -> int:
    """The number of the newest value of a rule: what its form shows to have been read."""
    row = rules.last(rule.key, rules.scope_of(body_id))
    return row.number if row is not None else 0


def administrators(on: date | None = None) -> list[User]:
    """The active accounts that hold the function of administrator on a day (today by default)."""
    day = on or clock.today()
    rows = db.session.scalars(
        select(User)
        .join(Function, Function.user_id == User.id)
        .where(Function.kind == FunctionKind.ADMINISTRATOR, User.is_active.is_(True))
        .order_by(User.id)
        .distinct()
    )
    return [user for user in rows if user.holds(FunctionKind.ADMINISTRATOR, day)]


def is_alone() -> bool:
    """A single administrator: nobody could confirm what needs two people."""
    return len(administrators()) < 2


def hold_administrators() -> None:
    """Until the end of the transaction: of two endings confirmed at once, the second one counts who is left."""
    db.session.execute(
        select(Function.id).where(Function.kind == FunctionKind.ADMINISTRATOR).order_by(Function.id).with_for_update()
    )
    db.session.expire_all()


def not_before_today(day: date) -> date:
    return max(day, clock.today())


def not_before_yesterday(day: date) -> date:
    return max(day, clock.today() - timedelta(days=1))


def accounts(number: int, *, words: str, kind: FunctionKind | None) -> paging.Page:
    """Accounts by name. Raises `NotFound` beyond the last page."""
    return paging.checked(account_queries.accounts_page(number, words=words, kind=kind))


def kind_of(asked: str | None) -> FunctionKind | None:
    """The function that a reader filters by. Raises `NotFound` for a word that is none."""
    if not asked:
        return None
    try:
        return FunctionKind(asked)
    except ValueError as fault:
        raise NotFound from fault


def functions_of(user: User) -> dict[str, list[Function]]:
    """Held now, to come, and over: the latest first in each."""
    today, found = clock.today(), {"now": [], "coming": [], "over": []}  # type: ignore[var-annotated]
    for one in sorted(user.functions, key=lambda one: (one.starts_on, one.id), reverse=True):
        began = one.starts_on <= today
        found["over" if policy.has_ended(one) else "now" if began else "coming"].append(one)
    return found


def waiting_about(user: User) -> list[PendingAct]:
    """The requests about this account that wait for a second person."""
    return [one for one in four_eyes.waiting() if one.concerns == user.id]
