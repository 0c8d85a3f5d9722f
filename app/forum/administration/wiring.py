"""What the administration registers: rules, acts that need two people, desk, personal data, journal."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import four_eyes, intake, rules
from app.core.clock import PARIS
from app.core.extensions import db
from app.core.four_eyes import ActStatus, PendingAct
from app.core.registry import DeskGroup, DeskLink, Job, Todo, current, of
from app.core.rules import RuleValue
from app.forum.administration import acts, editors, forum_rules, journal, keeping, policy, site_identity


def wire(app: Flask) -> None:
    forum_rules.declare()
    site_identity.declare()
    intake.accept_lists(app, editors.LIST_FIELD)
    app.jinja_env.filters["who"] = acts.who
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
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS | journal.codes(registry))


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


def _rule_subject(_viewer: Any, value_id: int) -> tuple[str, str] | None:
    row = db.session.get(RuleValue, value_id)
    rule = rules.RULES.get(row.key) if row is not None else None
    return (str(rule.label), url_for("administration.rule", key=rule.slug)) if rule is not None else None


def _act_subject(_viewer: Any, act_id: int) -> tuple[str, str] | None:
    asked = db.session.get(PendingAct, act_id)
    if asked is None or asked.word not in current().acts:
        return None
    return str(asked.act.label), url_for("administration.act", act_id=act_id)
