"""Reads of working copies. A meeting that the viewer may not edit has none that they may know of."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.core import clock
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.agendas import policy
from app.forum.agendas.models import WorkingCopy, WorkingPart
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import AgendaStatus
from app.forum.members.models import Body

RECENT = 60


def meeting(meeting_id: int, viewer: Any) -> Meeting:
    """A meeting with its whole agenda, for whoever may edit it. Raises `NotFound`."""
    found = meetings.get(meeting_id, viewer)
    if not policy.can_edit(viewer, found):
        raise NotFound
    return found


def copy(meeting_id: int, viewer: Any, *, lock: bool = False) -> WorkingCopy | None:
    """The working copy of a meeting with its parts, None when there is none. Raises `NotFound` for no such meeting.

    `lock`: hold it to the end of the transaction, so that those who save at once do so one after the other.
    """
    wanted = select(WorkingCopy).where(WorkingCopy.meeting_id == meeting_id)
    if lock:
        db.session.execute(select(WorkingCopy.id).where(WorkingCopy.meeting_id == meeting_id).with_for_update())
    found = db.session.scalar(
        wanted.options(
            joinedload(WorkingCopy.meeting).joinedload(Meeting.body),
            joinedload(WorkingCopy.started_by),
            joinedload(WorkingCopy.copied_from),
            selectinload(WorkingCopy.parts).joinedload(WorkingPart.updated_by),
        )
    )
    if found is None:
        meeting(meeting_id, viewer)
    elif not policy.can_edit(viewer, found.meeting):
        raise NotFound
    return found


def part(copy: WorkingCopy, part_id: int) -> WorkingPart | None:
    return next((one for one in copy.parts if one.id == part_id), None)


def next_numbers() -> dict[int, int]:
    """For each body, the number that its next meeting would have in its series."""
    rows = db.session.execute(
        select(Meeting.body_id, func.max(Meeting.series_number))
        .where(Meeting.body_id.is_not(None))
        .group_by(Meeting.body_id)
        .order_by(Meeting.body_id)
        .limit(200)
    )
    return {body_id: (number or 0) + 1 for body_id, number in rows if body_id is not None}


def recent() -> Sequence[Meeting]:
    """The meetings that a new one may take its agenda from, the latest first."""
    return db.session.scalars(select(Meeting).order_by(Meeting.first_day.desc(), Meeting.id.desc()).limit(RECENT)).all()


def body(body_id: int) -> Body | None:
    return db.session.get(Body, body_id)


def in_progress(limit: int = 50) -> Sequence[WorkingCopy]:
    """The working copies not yet published, the next meeting first."""
    return db.session.scalars(
        select(WorkingCopy)
        .join(Meeting, WorkingCopy.meeting_id == Meeting.id)
        .options(joinedload(WorkingCopy.meeting))
        .order_by(Meeting.first_day, Meeting.id)
        .limit(limit)
    ).all()


def drafts_due(within: timedelta, limit: int = 50) -> Sequence[Meeting]:
    """Meetings of the coming days whose agenda is not public, and that nobody is writing; the next one first."""
    today = clock.today()
    return db.session.scalars(
        select(Meeting)
        .where(
            Meeting.status == AgendaStatus.DRAFT,
            Meeting.first_day >= today,
            Meeting.first_day <= today + within,
            Meeting.id.not_in(select(WorkingCopy.meeting_id)),
        )
        .order_by(Meeting.first_day, Meeting.id)
        .limit(limit)
    ).all()


def labels(copy: Any) -> dict[str, str]:
    """How each venue is called in a choice: room, building."""
    found = {}
    for venue in copy.venues:
        room, building = venue.data["room"], venue.data["building"]
        found[venue.key] = ", ".join([*([room["fr"]] if room else []), building["fr"]])
    return found
