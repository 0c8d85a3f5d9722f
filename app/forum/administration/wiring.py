"""What the administration registers: rules, acts that need two people, desk, personal data, journal."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts import queries as accounts
from app.core import four_eyes, intake, rules
from app.core.clock import PARIS
from app.core.extensions import db
from app.core.four_eyes import ActStatus, PendingAct
from app.core.registry import DeskGroup, DeskLink, Job, PersonColumns, Todo, current, of
from app.core.rules import RuleValue
from app.forum.administration import acts, editors, forum_rules, policy, site_identity

GONE = "—"


def wire(app: Flask) -> None:
    forum_rules.declare()
    site_identity.declare()
    intake.accept_lists(app, editors.LIST_FIELD)
    app.jinja_env.filters["act_label"] = lambda word: current().acts[word].label
    app.jinja_env.filters["act_status"] = lambda value: ActStatus(value).label
    app.jinja_env.filters["plain_domain"] = acts.plain_domain
    registry = of(app)
    registry.acts |= {act.word: act for act in acts.ACTS}
    registry.jobs.append(Job("expire_acts", four_eyes.expire, timedelta(minutes=10)))
    registry.todos.append(todos)
    registry.desk_links += [
        DeskLink(DeskGroup.ADMINISTRATION, _l("Administration"), "administration.index", policy.can_administer),
    ]
    registry.subjects |= {"rule_value": _rule_subject, "pending_act": _act_subject}
    registry.persons += [
        PersonColumns("rule_value", frozenset({"author_id", "withdrawn_by_id"}), _export_rules, lambda _email: 0),
        PersonColumns(
            "pending_act", frozenset({"asked_by_id", "settled_by_id", "arguments"}), _export_acts, _erase_acts
        ),
    ]


def todos(viewer: Any) -> Iterable[Todo]:
    """The requests that this viewer may confirm, with the last day of each."""
    if not policy.can_administer(viewer):
        return
    for asked in four_eyes.waiting():
        if four_eyes.can_settle(viewer, asked):
            yield Todo(
                _("Confirm or refuse: %(act)s", act=asked.act.label),
                url_for("administration.act", act_id=asked.id),
                asked.expires_at.astimezone(PARIS).date(),
            )


def _rule_subject(value_id: int) -> tuple[str, str] | None:
    row = db.session.get(RuleValue, value_id)
    rule = rules.RULES.get(row.key) if row is not None else None
    return (str(rule.label), url_for("administration.rule", key=rule.slug)) if rule is not None else None


def _act_subject(act_id: int) -> tuple[str, str] | None:
    asked = db.session.get(PendingAct, act_id)
    if asked is None or asked.word not in current().acts:
        return None
    return str(asked.act.label), url_for("administration.act", act_id=act_id)


def _export_rules(email: str) -> list[dict[str, Any]]:
    """What somebody decided in a public function: given back to them, kept with the rule's history."""
    user = accounts.by_email(email)
    rows = db.session.scalars(select(RuleValue).where(RuleValue.author_id == user.id)) if user else ()
    return [{"rule": row.key, "from": row.valid_from.isoformat(), "reason": row.reason} for row in rows]


def _theirs(email: str) -> list[PendingAct]:
    """The requests that somebody made or settled, that concern their account, or that name their address."""
    user, wanted = accounts.by_email(email), accounts.email_key(email)
    rows = db.session.scalars(select(PendingAct).order_by(PendingAct.id))
    return [row for row in rows if _names(row, user, wanted)]


def _names(row: PendingAct, user: Any, wanted: str) -> bool:
    if user is not None and user.id in (row.asked_by_id, row.settled_by_id, row.arguments.get("user_id")):
        return True
    return accounts.email_key(str(row.arguments.get("email") or "")) == wanted


def _export_acts(email: str) -> list[dict[str, Any]]:
    return [{"act": row.word, "asked": row.asked_at.isoformat(), "status": row.status.value} for row in _theirs(email)]


def _erase_acts(email: str) -> int:
    """The rows stay, as numbers, with their outcome; what was written about or by the person goes."""
    rows = _theirs(email)
    for row in rows:
        row.reason = GONE
        row.answer = GONE if row.answer else None
        if row.arguments.get("email"):
            row.arguments = {**row.arguments, "email": GONE}
    return len(rows)
