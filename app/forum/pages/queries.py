"""What the pages of duty and of machines read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.core import paging
from app.core.audit import AuditSeal
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.rules import Rule
from app.forum.administration import queries as administration
from app.forum.administration.forum_rules import GROUPS
from app.forum.administration.queries import RuleView
from app.forum.pages.models import ContactMessage

SEALS, MESSAGES, WAITING = 50, 20, 20


@dataclass(frozen=True)
class RuleGroup:
    title: Any
    views: list[RuleView]


def rules_in_force() -> list[RuleGroup]:
    """The Forum's rules by group: in force today, to come, and the exceptions of bodies."""
    found = administration.views(GROUPS)
    return [RuleGroup(title, found[group]) for group, title in GROUPS.items()]


def forum_rule(slug: str) -> Rule:
    """A rule of the Forum. Raises `NotFound`, also for the site's identity, which has pages of its own."""
    rule = administration.rule_by_slug(slug)
    if rule.group not in GROUPS:
        raise NotFound
    return rule


def seals(number: int) -> paging.Page:
    total = db.session.scalar(select(func.count()).select_from(AuditSeal)) or 0
    rows = db.session.scalars(
        select(AuditSeal).order_by(AuditSeal.day.desc()).offset((number - 1) * SEALS).limit(SEALS)
    )
    return paging.checked(paging.Page(rows.all(), number, SEALS, total))


def contact_by_reference(reference: str) -> ContactMessage | None:
    return db.session.scalar(select(ContactMessage).where(ContactMessage.reference == reference))


def messages(answered: bool, number: int) -> paging.Page:
    """Contact messages that wait, what is due first; or those that were answered, the latest received first."""
    condition, order = ContactMessage.answered_at.is_(None), ContactMessage.due_at.asc()
    if answered:
        condition, order = ContactMessage.answered_at.is_not(None), ContactMessage.received_at.desc()
    total = db.session.scalar(select(func.count()).select_from(ContactMessage).where(condition)) or 0
    statement = select(ContactMessage).where(condition).order_by(order, ContactMessage.id)
    rows = db.session.scalars(statement.offset((number - 1) * MESSAGES).limit(MESSAGES))
    return paging.checked(paging.Page(rows.all(), number, MESSAGES, total))


def waiting_messages() -> Sequence[ContactMessage]:
    """The first twenty to be answered."""
    return db.session.scalars(
        select(ContactMessage)
        .where(ContactMessage.answered_at.is_(None))
        .order_by(ContactMessage.due_at, ContactMessage.id)
        .limit(WAITING)
    ).all()


def message(message_id: int) -> ContactMessage:
    """Raises `NotFound`."""
    found = db.session.get(ContactMessage, message_id)
    if found is None:
        raise NotFound
    return found
