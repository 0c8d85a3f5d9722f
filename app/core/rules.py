"""Dated settings: the Forum's rules (A.20) and the site's identity (D.7), each with author and reason.

A rule is declared once with its default; a dated value replaces it from a day on. Values are JSON; the reader never
sees a setting whose day has not come.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g
from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import audit, clock
from app.core.database import Identified, UTCDateTime
from app.core.errors import Refused
from app.core.extensions import db


@dataclass(frozen=True)
class Rule:
    """`source`: where the rule comes from, for the reader. `show`: the value in words, in the reader's language."""

    key: str
    group: str
    label: Any
    default: Any
    source: Any
    show: Callable[[Any], Any] = str
    type: type = str


class RuleValue(Identified, db.Model):
    __tablename__ = "rule_value"
    __table_args__ = (Index("ix_rule_value_key_valid_from", "key", "valid_from"),)

    key: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str | None] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(JSON)
    valid_from: Mapped[date] = mapped_column(Date)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


RULES: dict[str, Rule] = {}


def declare(*rules: Rule) -> None:
    for rule in rules:
        RULES[rule.key] = rule


def in_force(on: date | None = None) -> dict[str, RuleValue]:
    """The last value of each key whose day has come, in one statement."""
    rows = db.session.scalars(
        select(RuleValue)
        .where(RuleValue.valid_from <= (on or clock.today()), RuleValue.scope.is_(None))
        .order_by(RuleValue.valid_from, RuleValue.id)
    )
    return {row.key: row for row in rows}


def value(key: str) -> Any:
    """The value in force today; raises KeyError for a rule nobody declared."""
    rule = RULES[key]
    kept = g.get("rules_in_force") if g else None
    if kept is None:
        kept = in_force()
        if g:
            g.rules_in_force = kept
    return kept[key].value if key in kept else rule.default


def put(key: str, new: Any, *, valid_from: date, reason: str, author: Any = None) -> RuleValue:
    """A dated value. Raises `Refused` for an unknown key, a wrong type or a missing reason."""
    if key not in RULES:
        raise Refused("key", f"unknown rule: {key}")
    if not isinstance(new, RULES[key].type) or isinstance(new, bool) != (RULES[key].type is bool):
        raise Refused("value", f"{key} takes a value of type {RULES[key].type.__name__}")
    try:
        RULES[key].show(new)
    except (KeyError, TypeError, ValueError) as fault:  # stored, it would break the page that shows it
        raise Refused("value", f"{key} cannot be shown with this value: {fault!r}") from fault
    if not reason.strip():
        raise Refused("reason", "a reason is needed")
    row = RuleValue(key=key, value=new, valid_from=valid_from, reason=reason, author_id=getattr(author, "id", None))
    db.session.add(row)
    audit.record(author, "rules.set", None, key=key, valid_from=valid_from.isoformat())
    g.pop("rules_in_force", None)
    return row
