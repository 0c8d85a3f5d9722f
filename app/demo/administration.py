"""The demo's administration: an identity, rules with a history, one to come, one withdrawn, a request that waits."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.states import FunctionKind
from app.core import clock, rules
from app.core.extensions import db
from app.forum.administration import queries, service
from app.forum.meetings.models import Meeting
from app.forum.members import queries as members
from app.forum.members.models import Body
from app.forum.members.states import BodyKind

FILE = Path(__file__).parent / "administration.yaml"


def fill() -> None:
    """Called once the accounts and the bodies are there. Past values are put as such: the demo has a history."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text())
    author = queries.administrators()[0]
    for name, value in content["identity"].items():
        _put({"key": f"identity.{name}", "value": value, "days": -400, "reason": "Démonstration."}, author)
    statement = _day(-60).isoformat()
    _put(
        {"key": "identity.accessibility_statement_date", "value": statement, "days": -60, "reason": "Mise à jour."},
        author,
    )
    for one in content["rules"]:
        _put(one, author)
    _withdraw(content["withdrawn"], author)
    _ask(content["request"], author)


def _day(days: int) -> date:
    return clock.today() + timedelta(days=days)


def _plenaries() -> list[date]:
    """The days of the demo's plenary sessions, the first one being the constituting one."""
    held = select(Meeting.first_day).join(Body).where(Body.kind == BodyKind.PLENARY).order_by(Meeting.first_day)
    return list(db.session.scalars(held))


def _put(one: dict[str, Any], author: Any) -> Any:
    groups = members.working_groups()
    day = _plenaries()[one["plenary"]] if "plenary" in one else _day(one["days"])
    value = day.isoformat() if one["value"] == "founded" else one["value"]
    return rules.put(
        one["key"],
        value,
        valid_from=day,
        reason=one["reason"],
        reason_en=one.get("reason_en"),
        decided_by=one.get("decided_by", "administrator"),
        scope=groups[one["group"]].id if "group" in one else None,
        author=author,
    )


def _withdraw(one: dict[str, Any], author: Any) -> None:
    row = _put(one, author)
    service.withdraw_value(author, row, reason=one["withdrawal_reason"], reason_en=one["withdrawal_reason_en"])


def _ask(one: dict[str, Any], author: Any) -> None:
    user = accounts.by_email(one["email"])
    if user is not None:
        service.grant_function(
            author,
            user,
            FunctionKind.ADMINISTRATOR,
            starts_on=_day(1),
            ends_on=_day(120),
            reason=one["reason"],
        )
