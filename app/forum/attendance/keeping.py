"""Answers, proxies and reminders: kept for a year after the meeting, whose minutes keep what counts."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select

from app.accounts import queries as accounts
from app.accounts.models import User
from app.core import clock
from app.core.database import rows_touched
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.attendance.models import Answer, Proxy, Reminder
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate, Person

KEPT = timedelta(days=365)


def _seats(user: User) -> Any:
    """The mandates of the person behind an account."""
    return select(Mandate.id).join(Person, Person.id == Mandate.person_id).where(Person.user_id == user.id)


def _export_answers(email: str) -> list[dict[str, Any]]:
    """What was said for one's own seats, and what one wrote down for others."""
    user = accounts.by_email(email)
    if user is None:
        return []
    concerned = or_(Answer.by_user_id == user.id, Answer.mandate_id.in_(_seats(user)))
    rows = db.session.scalars(select(Answer).where(concerned).order_by(Answer.id))
    return [
        {
            "meeting": row.meeting_id,
            "mandate": row.mandate_id,
            "choice": row.choice.value,
            "on_behalf": row.on_behalf,
            "at": row.answered_at.isoformat(),
        }
        for row in rows
    ]


def _export_proxies(email: str) -> list[dict[str, Any]]:
    user = accounts.by_email(email)
    if user is None:
        return []
    own, wrote = _seats(user), user.id
    concerned = or_(
        Proxy.given_by_user_id == wrote, Proxy.revoked_by_user_id == wrote,
        Proxy.principal_id.in_(own), Proxy.holder_id.in_(own),
    )  # fmt: skip
    rows = db.session.scalars(select(Proxy).where(concerned).order_by(Proxy.id))
    return [
        {
            "meeting": row.meeting_id,
            "principal": row.principal_id,
            "holder": row.holder_id,
            "given": row.given_at.isoformat(),
            "ended": row.revoked_at.isoformat() if row.revoked_at else None,
        }
        for row in rows
    ]


def _export_reminders(email: str) -> list[dict[str, Any]]:
    user = accounts.by_email(email)
    if user is None:
        return []
    concerned = or_(Reminder.by_user_id == user.id, Reminder.mandate_id.in_(_seats(user)))
    rows = db.session.scalars(select(Reminder).where(concerned).order_by(Reminder.id))
    return [{"meeting": row.meeting_id, "mandate": row.mandate_id, "on": row.sent_on.isoformat()} for row in rows]


def _over(now: datetime) -> Any:
    """The meetings that ended a year ago."""
    return select(Meeting.id).where(Meeting.last_day < (now - KEPT).astimezone(clock.PARIS).date())


def sweep_answers(now: datetime) -> int:
    return rows_touched(db.session.execute(delete(Answer).where(Answer.meeting_id.in_(_over(now)))))


def sweep_proxies(now: datetime) -> int:
    return rows_touched(db.session.execute(delete(Proxy).where(Proxy.meeting_id.in_(_over(now)))))


def sweep_reminders(now: datetime) -> int:
    return rows_touched(db.session.execute(delete(Reminder).where(Reminder.meeting_id.in_(_over(now)))))


STAYS = _l("Kept under the number of the account and of the mandate, until a year after the meeting.")
PERSONS = [
    PersonColumns("attendance_answer", frozenset({"by_user_id"}), _export_answers, lambda _email: 0, STAYS),
    PersonColumns(
        "proxy",
        frozenset({"given_by_user_id", "revoked_by_user_id", "holder_id"}),
        _export_proxies,
        lambda _email: 0,
        STAYS,
    ),
    PersonColumns("answer_reminder", frozenset({"by_user_id"}), _export_reminders, lambda _email: 0, STAYS),
]
SINCE, RECIPIENTS = _l("after the meeting"), _l("The secretariat; each member for what concerns them")
RETENTIONS = [
    Retention(
        "attendance_answer",
        KEPT,
        sweep_answers,
        label=_l("Answers of members before a meeting"),
        data=_l("Mandate, answer, date, number of the account that gave or wrote it down"),
        recipients=RECIPIENTS,
        since=SINCE,
        then=_l("Deleted: the attendance sheet and the minutes keep who was there"),
    ),
    Retention(
        "proxy",
        KEPT,
        sweep_proxies,
        label=_l("Proxies between members"),
        data=_l("The two mandates, dates, numbers of the accounts that gave and ended it, why it ended"),
        recipients=RECIPIENTS,
        since=SINCE,
        then=_l("Deleted: the attendance sheet and the minutes keep who was represented"),
    ),
    Retention(
        "answer_reminder",
        KEPT,
        sweep_reminders,
        label=_l("Reminders to members who have not answered"),
        data=_l("Mandate, day, number of the account of the secretariat"),
        recipients=_l("The secretariat"),
        since=SINCE,
        then=_l("Deleted"),
    ),
]
