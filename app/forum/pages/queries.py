"""What the pages of duty and of machines read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.core import paging, rules
from app.core.audit import AuditSeal
from app.core.extensions import db
from app.forum.pages.identity import GROUPS
from app.forum.pages.models import ContactMessage

SEALS = 50


@dataclass(frozen=True)
class RuleLine:
    label: Any
    value: Any
    source: str
    since: date | None


@dataclass(frozen=True)
class RuleGroup:
    title: Any
    rules: list[RuleLine]


def rules_in_force() -> list[RuleGroup]:
    """The Forum's rules by group; `since` is None for a rule that still has its first value."""
    kept = rules.in_force()
    return [
        RuleGroup(
            title,
            [
                RuleLine(
                    rule.label,
                    rule.show(kept[rule.key].value if rule.key in kept else rule.default),
                    rule.source,
                    kept[rule.key].valid_from if rule.key in kept else None,
                )
                for rule in rules.RULES.values()
                if rule.group == group
            ],
        )
        for group, title in GROUPS.items()
    ]


def seals(number: int) -> paging.Page:
    total = db.session.scalar(select(func.count()).select_from(AuditSeal)) or 0
    rows = db.session.scalars(
        select(AuditSeal).order_by(AuditSeal.day.desc()).offset((number - 1) * SEALS).limit(SEALS)
    )
    return paging.checked(paging.Page(rows.all(), number, SEALS, total))


def contact_by_reference(reference: str) -> ContactMessage | None:
    return db.session.scalar(select(ContactMessage).where(ContactMessage.reference == reference))
