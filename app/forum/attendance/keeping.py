"""Answers and reminders are kept for a year after the meeting; proxies prove its quorum and stay."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update

from app.accounts import queries as accounts
from app.core import clock
from app.core.database import rows_touched
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.attendance.models import Answer, Proxy, Reminder
from app.forum.meetings.models import Meeting
from app.forum.members import keeping as members

KEPT = timedelta(days=365)


def _account(email: str) -> int:
    user = accounts.by_email(email)
    return user.id if user is not None else 0


def _export_answers(email: str, people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    """What was said for one's own seats; of what one wrote down for others, the meeting and the date alone."""
    own, account = set(members.mandates(email, people)), _account(email)
    concerned = or_(Answer.by_user_id == account, Answer.mandate_id.in_(own), Answer.substitute_id.in_(own))
    rows = db.session.scalars(select(Answer).where(concerned).order_by(Answer.id))
    return [
        {
            "meeting": row.meeting_id,
            "mandate": row.mandate_id,
            "choice": row.choice.value,
            "substitute": row.substitute_id,
            "on_behalf": row.on_behalf,
            "at": row.answered_at.isoformat(),
        }
        if {row.mandate_id, row.substitute_id} & own
        else {"meeting": row.meeting_id, "at": row.answered_at.isoformat()}
        for row in rows
    ]


def _export_proxies(email: str, people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    """Those given or held; of those that one wrote down for others, the meeting and the dates alone."""
    own, account = set(members.mandates(email, people)), _account(email)
    concerned = or_(
        Proxy.given_by_user_id == account, Proxy.revoked_by_user_id == account,
        Proxy.principal_id.in_(own), Proxy.holder_id.in_(own),
    )  # fmt: skip
    rows = db.session.scalars(select(Proxy).where(concerned).order_by(Proxy.id))
    return [_proxy(row, is_own=bool({row.principal_id, row.holder_id} & own)) for row in rows]


def _proxy(row: Proxy, *, is_own: bool) -> dict[str, Any]:
    between = {"principal": row.principal_id, "holder": row.holder_id} if is_own else {}
    ended = row.revoked_at.isoformat() if row.revoked_at else None
    return {"meeting": row.meeting_id, **between, "given": row.given_at.isoformat(), "ended": ended}


def _export_reminders(email: str, people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    own, account = set(members.mandates(email, people)), _account(email)
    concerned = or_(Reminder.by_user_id == account, Reminder.mandate_id.in_(own))
    rows = db.session.scalars(select(Reminder).where(concerned).order_by(Reminder.id))
    return [
        {
            "meeting": row.meeting_id,
            **({"mandate": row.mandate_id} if row.mandate_id in own else {}),
            "on": row.sent_on.isoformat(),
        }
        for row in rows
    ]


def _erase(_email: str, _people: Iterable[int] | None = None) -> int:
    return 0


def _over(now: datetime) -> Any:
    """The meetings that ended a year ago."""
    return select(Meeting.id).where(Meeting.last_day < (now - KEPT).astimezone(clock.PARIS).date())


def sweep_answers(now: datetime) -> int:
    return rows_touched(db.session.execute(delete(Answer).where(Answer.meeting_id.in_(_over(now)))))


def sweep_proxies(now: datetime) -> int:
    """Who wrote them down is forgotten; the proxies stay: the quorum of the meeting is worked out from them."""
    known = or_(Proxy.given_by_user_id.is_not(None), Proxy.revoked_by_user_id.is_not(None))
    forget = update(Proxy).where(Proxy.meeting_id.in_(_over(now)), known)
    done = forget.values(given_by_user_id=None, revoked_by_user_id=None)
    return rows_touched(db.session.execute(done.execution_options(synchronize_session=False)))


def sweep_reminders(now: datetime) -> int:
    return rows_touched(db.session.execute(delete(Reminder).where(Reminder.meeting_id.in_(_over(now)))))


STAYS = _l("Kept under the number of the account and of the mandate, until a year after the meeting.")
PROVES = _l(
    "Kept under the numbers of the two mandates: it proves the quorum. The accounts go a year after the meeting."
)
PERSONS = [
    PersonColumns("attendance_answer", frozenset({"by_user_id"}), _export_answers, _erase, STAYS, by_people=True),
    PersonColumns(
        "proxy",
        frozenset({"given_by_user_id", "revoked_by_user_id", "holder_id"}),
        _export_proxies,
        _erase,
        PROVES,
        by_people=True,
    ),
    PersonColumns("answer_reminder", frozenset({"by_user_id"}), _export_reminders, _erase, STAYS, by_people=True),
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
        then=_l("Deleted. The journal says that a seat answered, never what"),
    ),
    Retention(
        "proxy",
        KEPT,
        sweep_proxies,
        label=_l("Proxies between members"),
        data=_l("The two mandates, dates, numbers of the accounts that gave and ended it, why it ended"),
        recipients=RECIPIENTS,
        since=SINCE,
        then=_l("The numbers of the accounts are deleted; the proxy stays with the minutes, whose quorum it proves"),
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
