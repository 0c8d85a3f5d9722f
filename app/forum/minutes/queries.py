"""Reads of minutes in preparation: by meeting, whole or one text at a time."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import AgendaDay, AgendaPerson, Meeting, Slot
from app.forum.meetings.states import MeetingPhase, PersonRole
from app.forum.members.models import Mandate, Person
from app.forum.minutes import policy
from app.forum.minutes.models import Minutes, Section, SectionDraft, SectionSave, SectionText
from app.forum.minutes.states import IN_PREPARATION, MinutesStatus
from app.forum.sheets.models import AttendanceLine, AttendanceSheet, Stay

MOST = 100


def meeting(meeting_id: int, viewer: Any) -> Meeting:
    """A meeting of a body, without its agenda. Raises `NotFound`: an outside meeting has no minutes of ours."""
    found = db.session.scalar(
        select(Meeting)
        .where(Meeting.id == meeting_id, Meeting.body_id.is_not(None), *meetings.visible_to(viewer))
        .options(joinedload(Meeting.body))
    )
    if found is None:
        raise NotFound
    return found


def _whole() -> Select[Any]:
    """In three statements more, whatever the number of sections."""
    return select(Minutes).options(
        joinedload(Minutes.meeting).joinedload(Meeting.body),
        selectinload(Minutes.sections).selectinload(Section.texts),
        selectinload(Minutes.sections).selectinload(Section.votes),
    )


def of_meeting(meeting_id: int, *, lock: bool = False) -> Minutes | None:
    """The minutes of a meeting, with their sections. `lock`: held until the end of the transaction."""
    if lock:
        db.session.execute(select(Minutes.id).where(Minutes.meeting_id == meeting_id).with_for_update())
    wanted = _whole().where(Minutes.meeting_id == meeting_id)
    return db.session.scalar(wanted.execution_options(populate_existing=lock))


def get(meeting_id: int, viewer: Any, *, lock: bool = False) -> Minutes:
    """The same. Raises `NotFound` when there are none, or none that the viewer may know of."""
    found = of_meeting(meeting_id, lock=lock)
    if found is None or not policy.can_read(viewer, found):
        raise NotFound
    return found


def find(minutes_id: int) -> Minutes | None:
    return db.session.scalar(_whole().where(Minutes.id == minutes_id))


def alone(meeting_id: int) -> Minutes | None:
    """The minutes of a meeting without their sections."""
    return db.session.scalar(select(Minutes).where(Minutes.meeting_id == meeting_id))


def status_of(meeting_id: int) -> MinutesStatus | None:
    return db.session.scalar(select(Minutes.status).where(Minutes.meeting_id == meeting_id))


def section(minutes: Minutes, section_id: int) -> Section:
    """Raises `NotFound`."""
    found = next((one for one in minutes.sections if one.id == section_id), None)
    if found is None:
        raise NotFound
    return found


def draft(section_id: int, lang: str, user_id: int) -> SectionDraft | None:
    """What the account was writing of a text and has not saved."""
    return db.session.scalar(
        select(SectionDraft).where(
            SectionDraft.section_id == section_id, SectionDraft.lang == lang, SectionDraft.user_id == user_id
        )
    )


def drafts_of(minutes: Minutes, user_id: int) -> set[tuple[int, str]]:
    """The texts (section, language) of which the account has a draft."""
    rows = db.session.execute(
        select(SectionDraft.section_id, SectionDraft.lang)
        .join(Section, Section.id == SectionDraft.section_id)
        .where(Section.minutes_id == minutes.id, SectionDraft.user_id == user_id)
    )
    return {(row.section_id, row.lang) for row in rows}


def saves(text: SectionText) -> Sequence[SectionSave]:
    """What a text has been, the newest first."""
    wanted = select(SectionSave).where(SectionSave.text_id == text.id)
    return db.session.scalars(wanted.order_by(SectionSave.number.desc()).limit(MOST)).all()


def history(text: SectionText, limit: int = 30) -> tuple[list[tuple[SectionSave, str]], dict[int, str]]:
    """The last saves of a text, each with what stood there before, the newest first; names of accounts by number."""
    found = saves(text)
    steps = [(one, found[place + 1].source if place + 1 < len(found) else "") for place, one in enumerate(found)]
    kept = steps[:limit]
    numbers = {one.user_id for one, _before in kept if one.user_id is not None}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(numbers)))
    return kept, {row.id: row.name for row in rows}


def writer(text: SectionText | None) -> str | None:
    """The name of whoever saved a text last, while the account has one."""
    if text is None or text.updated_by_id is None:
        return None
    return db.session.scalar(select(User.name).where(User.id == text.updated_by_id))


def items(meeting_id: int) -> list[Slot]:
    """The lines of work of the agenda, in order: pauses and meals are left out."""
    slots = db.session.scalars(
        select(Slot)
        .join(Slot.day)
        .where(AgendaDay.meeting_id == meeting_id)
        .order_by(AgendaDay.day, Slot.position, Slot.id)
    )
    return [slot for slot in slots if slot.kind.is_work]


def chair_of(meeting: Meeting) -> AgendaPerson | None:
    """Whoever the agenda names to chair the meeting."""
    return db.session.scalar(
        select(AgendaPerson)
        .where(
            AgendaPerson.meeting_id == meeting.id, AgendaPerson.slot_id.is_(None),
            AgendaPerson.role == PersonRole.MEETING_CHAIR,
        )
        .limit(1)
    )  # fmt: skip


def names_of_those_there(meeting_id: int) -> Sequence[str]:
    """Everybody on the sheet of a meeting, full members and the substitutes who came, while their names are kept."""
    lines = select(AttendanceLine.mandate_id).join(AttendanceLine.sheet).where(AttendanceSheet.meeting_id == meeting_id)
    came = (
        select(Stay.attended_by_id)
        .join(AttendanceLine, AttendanceLine.id == Stay.line_id)
        .join(AttendanceSheet, AttendanceSheet.id == AttendanceLine.sheet_id)
        .where(AttendanceSheet.meeting_id == meeting_id)
    )
    people = select(Mandate.person_id).where(or_(Mandate.id.in_(lines), Mandate.id.in_(came)))
    return db.session.scalars(select(Person.name).where(Person.id.in_(people)).order_by(Person.name)).all()


def in_preparation(limit: int = 50) -> Sequence[Minutes]:
    """Drafts and circulated minutes, the oldest meeting first."""
    return db.session.scalars(
        select(Minutes)
        .join(Minutes.meeting)
        .where(Minutes.status.in_(IN_PREPARATION))
        .order_by(Meeting.last_day, Meeting.id)
        .limit(limit)
        .options(joinedload(Minutes.meeting))
    ).all()


def without_minutes(since: date, limit: int = 50) -> Sequence[Meeting]:
    """Meetings of a body held since a day, of which nobody has begun the minutes, the oldest first."""
    return db.session.scalars(
        select(Meeting)
        .outerjoin(Minutes, Minutes.meeting_id == Meeting.id)
        .where(Minutes.id.is_(None), Meeting.body_id.is_not(None), Meeting.phase == MeetingPhase.HELD)
        .where(Meeting.last_day >= since)
        .order_by(Meeting.last_day, Meeting.id)
        .limit(limit)
    ).all()


def unadopted(body_id: int, before: date, limit: int = 5) -> Sequence[Minutes]:
    """Minutes that wait for the body's adoption, of its meetings that ended before a day: the oldest first."""
    return db.session.scalars(
        select(Minutes)
        .join(Minutes.meeting)
        .where(Minutes.status.in_(IN_PREPARATION), Meeting.body_id == body_id, Meeting.last_day < before)
        .order_by(Meeting.last_day, Meeting.id)
        .limit(limit)
        .options(joinedload(Minutes.meeting))
    ).all()


def next_position(minutes_id: int) -> int:
    known = db.session.scalar(select(func.max(Section.position)).where(Section.minutes_id == minutes_id))
    return 0 if known is None else known + 1
