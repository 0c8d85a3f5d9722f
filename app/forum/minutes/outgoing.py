"""The mail of the circulation: to those who were there, each in their language."""

from typing import Any

from sqlalchemy import func, select

from app.accounts.models import User
from app.core import mail
from app.core.extensions import db
from app.core.mail import Obsolete, Recipient
from app.forum.members.models import Mandate, Person
from app.forum.minutes import queries
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import MinutesStatus
from app.forum.sheets import queries as sheets
from app.forum.sheets.models import AttendanceLine, AttendanceSheet, Stay


def _sat() -> Any:
    """(mandate, meeting) of whoever sat in a seat: the full member, or the substitute who came."""
    return (
        select(func.coalesce(Stay.attended_by_id, AttendanceLine.mandate_id).label("mandate_id"))
        .join(AttendanceLine, AttendanceLine.id == Stay.line_id)
        .join(AttendanceSheet, AttendanceSheet.id == AttendanceLine.sheet_id)
    )


def participants(minutes: Minutes) -> list[User]:
    """The open accounts of those who were there, in one statement."""
    sat = _sat().where(AttendanceSheet.meeting_id == minutes.meeting_id).subquery()
    wanted = (
        select(User)
        .join(Person, Person.user_id == User.id)
        .where(Person.id.in_(select(Mandate.person_id).join(sat, sat.c.mandate_id == Mandate.id)))
        .where(User.is_active.is_(True))
    )
    return list(db.session.scalars(wanted.order_by(User.id).limit(sheets.MOST)))


def to(users: list[User]) -> list[Recipient]:
    return [Recipient(user.email, user.lang, {"name": user.name}) for user in users]


def circulated(minutes: Minutes, users: list[User]) -> int:
    return mail.queue_many("minutes/circulated", to(users), minutes_id=minutes.id)


def minutes_of(minutes_id: int) -> Minutes:
    """For the templates of mails. Raises `Obsolete` when there are no such minutes any more."""
    found = queries.find(minutes_id)
    if found is None or found.status == MinutesStatus.DRAFT:
        raise Obsolete
    return found
