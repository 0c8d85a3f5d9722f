"""What is kept of those who answer a poll, and of who opened it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, delete, or_, select

from app.accounts import queries as accounts
from app.core.clock import PARIS
from app.core.database import rows_touched
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.members import keeping as members
from app.forum.planning.models import DatePoll, PollAnswer, PollOption
from app.forum.planning.states import PollStatus

KEPT = timedelta(days=90)


def _export_answers(email: str, people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(PollOption.poll_id, PollOption.day, PollAnswer.choice, PollAnswer.at)
        .join(PollAnswer, PollAnswer.option_id == PollOption.id)
        .where(PollAnswer.mandate_id.in_(members.mandates(email, people)))
        .order_by(PollAnswer.id)
    )
    return [
        {"poll": poll, "day": day.isoformat(), "answer": choice.value, "at": at.isoformat()}
        for poll, day, choice, at in rows
    ]


def _erase_answers(email: str, people: Iterable[int] | None = None) -> int:
    return rows_touched(
        db.session.execute(
            delete(PollAnswer)
            .where(PollAnswer.mandate_id.in_(members.mandates(email, people)))
            .execution_options(synchronize_session=False)
        )
    )


def _export_polls(email: str) -> list[dict[str, Any]]:
    user = accounts.by_email(email)
    rows = db.session.scalars(
        select(DatePoll).where(DatePoll.opened_by_id == (user.id if user else 0)).order_by(DatePoll.id)
    )
    return [{"poll": row.id, "at": row.created_at.isoformat(), "closes_on": row.closes_on.isoformat()} for row in rows]


def sweep(now: datetime) -> int:
    """The answers to polls settled, or closed and left without a choice, three months ago."""
    before = now - KEPT
    left = and_(DatePoll.status == PollStatus.OPEN, DatePoll.closes_on < before.astimezone(PARIS).date())
    over = select(DatePoll.id).where(or_(DatePoll.settled_at < before, left))
    options = select(PollOption.id).where(PollOption.poll_id.in_(over))
    gone = delete(PollAnswer).where(PollAnswer.option_id.in_(options)).execution_options(synchronize_session=False)
    return rows_touched(db.session.execute(gone))


PERSONS = [
    PersonColumns(
        "date_poll",
        frozenset({"opened_by_id"}),
        _export_polls,
        lambda _email: 0,
        _l("Kept under the number of the account: who of the secretariat asked for a date."),
    ),
    PersonColumns(
        "poll_answer", frozenset({"mandate_id"}), _export_answers, _erase_answers, _l("Deleted."), by_people=True
    ),
]
RETENTIONS = [
    Retention(
        "poll_answer",
        KEPT,
        sweep,
        label=_l("Answers to polls on the date of a meeting"),
        data=_l("Number of the mandate, dates on which the person can come, date of the answer"),
        recipients=_l("The secretariat; those who sit in the same body read the totals"),
        since=_l("the choice of a date, the withdrawal of the poll or, without either, its closing day"),
        then=_l("Deleted"),
    ),
    Retention(
        "date_poll",
        None,
        None,
        label=_l("Polls on the date of a meeting"),
        data=_l("Number of the account of the secretariat, dates offered, date chosen, reason of a withdrawal"),
        recipients=_l("Those who sit in the body, the secretariat"),
        then=_l("As long as the meeting whose date was chosen"),
    ),
]
