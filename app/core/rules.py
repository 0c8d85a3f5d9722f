"""Dated settings: the Forum's rules (A.20) and the site's identity (D.7), each value with author, reason and history.

A rule is declared once with its default; a dated value replaces it from a day on. A value may concern one body only:
its own value goes before the general one, which goes before the default. Nothing is ever rewritten: a value that is
withdrawn before its day stays in the history. The reader never sees a setting whose day has not come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g
from sqlalchemy import JSON, Date, ForeignKey, Index, Select, String, Text, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.core import audit, clock
from app.core.database import Identified, UTCDateTime
from app.core.errors import IllegalMove, Refused
from app.core.extensions import db
from app.core.i18n import Text as Words
from app.core.i18n import pick
from app.core.rule_kinds import Kind

EVERYBODY = ""
Known = dict[tuple[str, str], "RuleValue"]


@dataclass(frozen=True)
class Rule:
    """`source`: where the rule comes from, for the reader. `help`: what it changes, for whoever sets it.

    `scoped`: one body may have a value of its own. `at_least`, `at_most`: the rule whose value bounds this one.
    """

    key: str
    group: str
    label: Any
    default: Any
    source: Any
    kind: Kind
    help: Any = ""
    scoped: bool = False
    at_least: str | None = None
    at_most: str | None = None

    @property
    def slug(self) -> str:
        return self.key.replace(".", "-").replace("_", "-")

    def show(self, value: Any) -> Any:
        """The value in words, in the reader's language."""
        return self.kind.show(self.kind.read(value))


class RuleValue(Identified, db.Model):
    """One dated value. `scope`: a body's id as text, empty for all. `number`: its place in the history of its key and
    scope; unique, so that of two changes made at the same time one is told of the other (R04).

    A value of None ends the exception of a body: from that day it follows the general rule again.
    """

    __tablename__ = "rule_value"
    __table_args__ = (
        UniqueConstraint("key", "scope", "number"),
        Index("ix_rule_value_key_valid_from", "key", "valid_from"),
    )

    key: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str] = mapped_column(String(80), default=EVERYBODY)
    number: Mapped[int] = mapped_column()
    value: Mapped[Any] = mapped_column(JSON)
    valid_from: Mapped[date] = mapped_column(Date)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    decided_by: Mapped[str] = mapped_column(String(30), default="administrator")
    reason: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    withdrawal_reason: Mapped[str | None] = mapped_column(Text)
    withdrawal_reason_en: Mapped[str | None] = mapped_column(Text)

    @property
    def why(self) -> Words:
        """The reason, in the reader's language when it was written in both."""
        return pick(self.reason, self.reason_en)

    @property
    def why_withdrawn(self) -> Words:
        return pick(self.withdrawal_reason, self.withdrawal_reason_en)


class Changed(IllegalMove):
    """Somebody changed the rule since it was read (409). `last`: the newest value of the same key and scope."""

    def __init__(self, last: RuleValue | None) -> None:
        super().__init__("rule_value: changed meanwhile")
        self.last = last


RULES: dict[str, Rule] = {}

audit.declare("rules.set", "key", "scope", "valid_from")
audit.declare("rules.withdrawn", "key", "scope", "valid_from")


def declare(*rules: Rule) -> None:
    for rule in rules:
        RULES[rule.key] = rule


def by_slug(slug: str) -> Rule | None:
    return next((rule for rule in RULES.values() if rule.slug == slug), None)


def in_force(on: date | None = None) -> Known:
    """The last value of each (key, scope) whose day has come on a Paris day (today by default), in one statement."""
    rows = db.session.scalars(_come(select(RuleValue), on or clock.today()))
    return {(row.key, row.scope): row for row in rows}


def _come(statement: Select[Any], day: date) -> Select[Any]:
    return statement.where(RuleValue.valid_from <= day, RuleValue.withdrawn_at.is_(None)).order_by(
        RuleValue.valid_from, RuleValue.id
    )


def value(key: str, *, scope: int | None = None, on: date | None = None) -> Any:
    """The value on a Paris day (today by default): of the body `scope`, else the general one, else the default.

    One statement for each day asked for in a request. Raises KeyError for a rule that nobody declared.
    """
    return value_among(_kept(on or clock.today()), RULES[key], scope)


def value_among(known: Mapping[tuple[str, str], Any], rule: Rule, scope: int | None = None) -> Any:
    """As `value`, among values already read."""
    row = _row(known, rule, scope)
    return rule.kind.read(row.value) if row is not None else rule.default


def since(key: str, *, scope: int | None = None, on: date | None = None) -> date | None:
    """The first day of what `value` reads; None while the default stands."""
    found = _row(_kept(on or clock.today()), RULES[key], scope)
    return found.valid_from if found is not None else None


def _row(known: Mapping[tuple[str, str], Any], rule: Rule, scope: int | None) -> Any:
    own = known.get((rule.key, scope_of(scope))) if rule.scoped else None
    return own if own is not None and own.value is not None else known.get((rule.key, EVERYBODY))


def scope_of(body_id: int | None) -> str:
    return EVERYBODY if body_id is None else str(body_id)


def _kept(day: date) -> Mapping[tuple[str, str], Any]:
    """As `in_force`, the values alone: every page reads some for its foot, and objects would cost it more."""
    kept: dict[date, dict[tuple[str, str], Any]] = g.setdefault("rules_in_force", {}) if g else {}
    if day not in kept:
        rows = db.session.execute(
            _come(select(RuleValue.key, RuleValue.scope, RuleValue.value, RuleValue.valid_from), day)
        )
        kept[day] = {(row.key, row.scope): row for row in rows}
    return kept[day]


def last(key: str, scope: str = EVERYBODY) -> RuleValue | None:
    """The newest value of a key and scope, withdrawn or not: what a form must have seen."""
    return db.session.scalar(
        select(RuleValue)
        .where(RuleValue.key == key, RuleValue.scope == scope)
        .order_by(RuleValue.number.desc())
        .limit(1)
    )


def put(
    key: str,
    new: Any,
    *,
    valid_from: date,
    reason: str,
    author: Any = None,
    scope: int | None = None,
    reason_en: str | None = None,
    decided_by: str = "administrator",
    seen: int | None = None,
) -> RuleValue:
    """A dated value. `seen`: the number of the newest value that the author had read, None not to ask.

    Raises `Refused` for an unknown key, a value that the rule does not take or a missing reason; `Changed` when
    another value came in meanwhile.
    """
    stored, where = _checked(key, new, scope, reason), scope_of(scope)
    known = db.session.scalar(select(func.max(RuleValue.number)).where(RuleValue.key == key, RuleValue.scope == where))
    if seen is not None and seen != (known or 0):
        raise Changed(last(key, where))
    row = RuleValue(
        key=key, scope=where, number=(known or 0) + 1, value=stored, valid_from=valid_from, reason=reason,
        reason_en=reason_en, decided_by=decided_by, author_id=getattr(author, "id", None),
    )  # fmt: skip
    _add(row)
    audit.record(author, "rules.set", row, key=key, scope=where, valid_from=valid_from.isoformat())
    g.pop("rules_in_force", None)
    return row


def _checked(key: str, new: Any, scope: int | None, reason: str) -> Any:
    rule = RULES.get(key)
    if rule is None:
        raise Refused("key", f"unknown rule: {key}")
    if scope is not None and not rule.scoped:
        raise Refused("scope", f"{key} is the same for every body")
    if not reason.strip():
        raise Refused("reason", "a reason is needed")
    return None if new is None and scope is not None else rule.kind.clean(new)


def _add(row: RuleValue) -> None:
    """Two authors who wrote at the same moment: the second one waits, then is told of the first one's value."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as fault:
        raise Changed(last(row.key, row.scope)) from fault


def withdraw(row: RuleValue, *, reason: str, reason_en: str | None = None, author: Any = None) -> None:
    """Take back a value before its day; it stays in the history. Raises `Refused` afterwards, or a second time."""
    db.session.refresh(row, with_for_update=True)
    if row.withdrawn_at is not None or row.valid_from <= clock.today():
        raise Refused("value", "only a value to come can be withdrawn, once")
    row.withdrawn_at, row.withdrawn_by_id = clock.now(), getattr(author, "id", None)
    row.withdrawal_reason, row.withdrawal_reason_en = reason, reason_en
    audit.record(author, "rules.withdrawn", row, key=row.key, scope=row.scope, valid_from=row.valid_from.isoformat())
    g.pop("rules_in_force", None)
