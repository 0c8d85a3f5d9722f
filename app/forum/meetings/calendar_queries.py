"""Reads of the calendars that anybody may follow: bounded, in the same number of statements whatever they hold."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from app.core import clock
from app.core.extensions import db
from app.forum.meetings.models import AgendaDay, Meeting
from app.forum.meetings.queries import KNOWN
from app.forum.members.models import a_year_before

MOST = 300
"""Meetings of one file: those to come first, then the latest."""


def followed(body_id: int | None, *, outside: bool = False) -> Sequence[Meeting]:
    """What the public knows of since a year ago, by day: of a body, of all the Forum, or outside it."""
    whose: list[ColumnElement[bool]] = [Meeting.body_id.is_(None) if outside else Meeting.body_id.is_not(None)]
    if body_id is not None:
        whose = [Meeting.body_id == body_id]
    today = clock.today()
    ids = _ids([*whose, Meeting.last_day >= today], MOST)
    past = [*whose, Meeting.last_day < today, Meeting.last_day >= a_year_before(today)]
    ids += _ids(past, MOST - len(ids), latest_first=True)
    return db.session.scalars(
        select(Meeting)
        .where(Meeting.id.in_(ids))
        .order_by(Meeting.first_day, Meeting.id)
        .options(
            selectinload(Meeting.days).selectinload(AgendaDay.slots),
            selectinload(Meeting.venues),
            selectinload(Meeting.story),
        )
    ).all()


def _ids(conditions: list[ColumnElement[bool]], limit: int, *, latest_first: bool = False) -> list[int]:
    order = (Meeting.last_day.desc(), Meeting.id.desc()) if latest_first else (Meeting.last_day, Meeting.id)
    return list(db.session.scalars(select(Meeting.id).where(KNOWN, *conditions).order_by(*order).limit(limit)))
