"""Reads of corrections and of written procedures. What the viewer may not know of raises `NotFound`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.core import clock, paging, rules
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.adoptions import policy
from app.forum.adoptions.models import Correction, Procedure, ProcedureAnswer
from app.forum.adoptions.states import CorrectionStatus, ProcedureStatus
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.members import directory
from app.forum.members import policy as members
from app.forum.members.models import Mandate, Person
from app.forum.members.states import VOTING_SEATS
from app.forum.minutes import outgoing as minutes_outgoing
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes.models import Minutes, Section, SectionSave, SectionText
from app.forum.minutes.states import MinutesStatus
from app.forum.sheets.models import AttendanceLine, AttendanceSheet, Stay

PAGE_SIZE, MOST = 20, 50
BY_RULE = ("written", "silence")
"""The values of the rule `minutes_adoption` by which a body may adopt without meeting."""


def minutes_of(meeting_id: int, viewer: Any, *, lock: bool = False) -> Minutes:
    """The minutes whose adoption the viewer follows. `lock`: held until the end of the transaction.

    Raises `NotFound`, for the public even once the minutes are published.
    """
    found = minutes_queries.of_meeting(meeting_id, lock=lock)
    if found is None or not policy.can_follow(viewer, found):
        raise NotFound
    return found


def corrected(meeting_id: int, viewer: Any, *, lock: bool = False) -> tuple[Minutes, Mandate | None]:
    """The minutes whose corrections the viewer reads, with the mandate by which they were there, or None.

    As `minutes_of`, and also for whoever was there and no longer sits.
    """
    found = minutes_queries.of_meeting(meeting_id, lock=lock)
    seat = seat_there(viewer, meeting_id) if found is not None else None
    if found is None or not policy.can_follow(viewer, found, was_there=seat is not None):
        raise NotFound
    return found, seat


# -- who was there ---------------------------------------------------------------------------------------------------


def _there(viewer: Any) -> Select[Any, Any]:
    """(mandate, meeting) of each seat in which the viewer sat: their own, or one that they stood in for."""
    sat = func.coalesce(Stay.attended_by_id, AttendanceLine.mandate_id)
    return (
        select(Mandate.id.label("mandate_id"), AttendanceSheet.meeting_id)
        .select_from(Stay)
        .join(AttendanceLine, AttendanceLine.id == Stay.line_id)
        .join(AttendanceSheet, AttendanceSheet.id == AttendanceLine.sheet_id)
        .join(Mandate, Mandate.id == sat)
        .join(Person, Person.id == Mandate.person_id)
        .where(Person.user_id == viewer.id)
    )


def seat_there(viewer: Any, meeting_id: int) -> Mandate | None:
    """The mandate by which the viewer sat in a meeting, as its attendance sheet says; None if they did not."""
    if not viewer.is_authenticated:
        return None
    sat = _there(viewer).where(AttendanceSheet.meeting_id == meeting_id).subquery()
    return db.session.scalar(select(Mandate).join(sat, sat.c.mandate_id == Mandate.id).order_by(Mandate.id).limit(1))


def to_correct(viewer: Any) -> Sequence[Minutes]:
    """The minutes to which the viewer may propose a correction today, those that end first at the head."""
    there = _there(viewer).with_only_columns(AttendanceSheet.meeting_id)
    return db.session.scalars(
        select(Minutes)
        .where(Minutes.status == MinutesStatus.CIRCULATED, Minutes.is_held.is_(False))
        .where(Minutes.corrections_until >= clock.today(), Minutes.meeting_id.in_(there))
        .order_by(Minutes.corrections_until, Minutes.id)
        .limit(MOST)
        .options(joinedload(Minutes.meeting))
    ).all()


# -- corrections -----------------------------------------------------------------------------------------------------


def _corrections() -> Select[Any]:
    mandate = joinedload(Correction.mandate)
    return select(Correction).options(
        joinedload(Correction.section),
        joinedload(Correction.user),
        mandate.joinedload(Mandate.person),
        mandate.joinedload(Mandate.organisation),
    )


def corrections(minutes: Minutes, number: int) -> paging.Page:
    """One page of what was proposed, in the order of the text, then of the proposals."""
    mine = Correction.minutes_id == minutes.id
    total = db.session.scalar(select(func.count()).select_from(Correction).where(mine)) or 0
    ordered = _corrections().join(Section, Section.id == Correction.section_id).where(mine)
    ordered = ordered.order_by(Section.position, Section.id, Correction.lang.desc(), Correction.place, Correction.id)
    items = db.session.scalars(ordered.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return paging.checked(paging.Page(items, number, PAGE_SIZE, total))


def correction(minutes: Minutes, correction_id: int, *, lock: bool = False) -> Correction:
    """Raises `NotFound`."""
    mine = Correction.id == correction_id, Correction.minutes_id == minutes.id
    if lock:
        db.session.execute(select(Correction.id).where(*mine).with_for_update())
    found = db.session.scalar(_corrections().where(*mine).execution_options(populate_existing=lock))
    if found is None:
        raise NotFound
    return found


def find_correction(correction_id: int) -> Correction | None:
    return db.session.get(Correction, correction_id)


def counted(minutes: Minutes) -> dict[CorrectionStatus, int]:
    """How many corrections of each status these minutes have."""
    rows = db.session.execute(
        select(Correction.status, func.count()).where(Correction.minutes_id == minutes.id).group_by(Correction.status)
    )
    found = {row[0]: row[1] for row in rows}
    return {status: found[status] for status in CorrectionStatus if status in found}


def open_corrections(minutes: Minutes) -> int:
    """How many wait for an answer: until then nothing is adopted."""
    waits = Correction.minutes_id == minutes.id, Correction.status == CorrectionStatus.PROPOSED
    return db.session.scalar(select(func.count()).select_from(Correction).where(*waits)) or 0


def applied(minutes: Minutes) -> Sequence[Correction]:
    """The accepted ones of which it is known what was written in the end."""
    mine = Correction.minutes_id == minutes.id, Correction.status == CorrectionStatus.ACCEPTED
    wanted = select(Correction).where(*mine, Correction.applied.is_not(None)).options(joinedload(Correction.section))
    return db.session.scalars(wanted.order_by(Correction.id).limit(MOST * 4)).all()


def changed_since(minutes: Minutes) -> Sequence[Section]:
    """The sections whose French was written again after the text was sent to those who were there."""
    if minutes.circulated_at is None:
        return []
    saved = (
        select(SectionText.section_id)
        .join(SectionSave, SectionSave.text_id == SectionText.id)
        .where(SectionText.lang == "fr", SectionSave.at > minutes.circulated_at)
    )
    wanted = select(Section).where(Section.minutes_id == minutes.id, Section.id.in_(saved))
    return db.session.scalars(wanted.order_by(Section.position, Section.id)).all()


def held_text(section_id: int, lang: str) -> SectionText | None:
    """A section in one language as it is stored at this moment; whoever writes it too waits for us."""
    db.session.execute(select(Section.id).where(Section.id == section_id).with_for_update())
    wanted = select(SectionText).where(SectionText.section_id == section_id, SectionText.lang == lang)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


# -- adoption --------------------------------------------------------------------------------------------------------


def _may_adopt(minutes: Minutes) -> list[ColumnElement[bool]]:
    """Of meetings: those of the body that came after, have begun since the text was circulated, and were not called
    off: a meeting that was over by then had nothing to adopt."""
    meeting, circulated = minutes.meeting, minutes.circulated_at or clock.now()
    return [
        Meeting.last_day >= circulated.astimezone(clock.PARIS).date(),
        Meeting.body_id == meeting.body_id,
        Meeting.id != meeting.id,
        Meeting.first_day >= meeting.last_day,
        Meeting.first_day <= clock.today(),
        Meeting.phase.in_((MeetingPhase.CONVENED, MeetingPhase.HELD)),
    ]


def meetings_to_adopt(minutes: Minutes) -> Sequence[Meeting]:
    """The meetings that may have adopted the minutes, the latest first."""
    wanted = select(Meeting).where(*_may_adopt(minutes))
    return db.session.scalars(wanted.order_by(Meeting.first_day.desc(), Meeting.id.desc()).limit(MOST)).all()


def may_adopt(minutes: Minutes, meeting: Meeting) -> bool:
    return db.session.scalar(select(Meeting.id).where(Meeting.id == meeting.id, *_may_adopt(minutes))) is not None


def rule_of(minutes: Minutes) -> str:
    """The value of the body's rule: meeting, written or silence."""
    return str(rules.value("minutes_adoption", scope=minutes.meeting.body_id))


def _procedures() -> Select[Any]:
    mandate = selectinload(Procedure.answers).joinedload(ProcedureAnswer.mandate)
    return select(Procedure).options(mandate.joinedload(Mandate.person), mandate.joinedload(Mandate.organisation))


def last_procedure(minutes: Minutes, *, lock: bool = False) -> Procedure | None:
    """The newest written procedure of these minutes, with its answers; the open one if there is one."""
    mine = Procedure.minutes_id == minutes.id
    if lock:
        db.session.execute(select(Procedure.id).where(mine).with_for_update())
    wanted = _procedures().where(mine).order_by(Procedure.number.desc()).limit(1)
    return db.session.scalar(wanted.execution_options(populate_existing=lock))


def procedures(minutes: Minutes) -> Sequence[Procedure]:
    """Every written procedure of these minutes with its answers, the newest first."""
    wanted = _procedures().where(Procedure.minutes_id == minutes.id)
    return db.session.scalars(wanted.order_by(Procedure.number.desc()).limit(MOST)).all()


def find_procedure(procedure_id: int) -> Procedure | None:
    return db.session.get(Procedure, procedure_id)


def procedure_answered(answer_id: int) -> Procedure | None:
    found = db.session.get(ProcedureAnswer, answer_id)
    return found.procedure if found is not None else None


def open_for(viewer: Any) -> Sequence[Procedure]:
    """The written procedures under way in the bodies where the viewer votes, the first to end at the head."""
    bodies = {one.body_id for one in members.in_office(viewer) if one.seat in VOTING_SEATS}
    if not bodies:
        return []
    whole = select(Procedure).options(
        selectinload(Procedure.answers), joinedload(Procedure.minutes).joinedload(Minutes.meeting)
    )
    ours = Procedure.status == ProcedureStatus.OPEN, Meeting.body_id.in_(sorted(bodies))
    wanted = whole.join(Minutes, Minutes.id == Procedure.minutes_id).join(Meeting, Meeting.id == Minutes.meeting_id)
    return db.session.scalars(wanted.where(*ours).order_by(Procedure.deadline, Procedure.id).limit(MOST)).all()


def due(today: date) -> Sequence[int]:
    """The meetings whose minutes have a procedure to end, or to recall to those who have not answered."""
    ended = Procedure.deadline < today
    eve = (Procedure.deadline == today + timedelta(days=1)) & Procedure.reminded_at.is_(None)
    wanted = select(Minutes.meeting_id).join(Procedure, Procedure.minutes_id == Minutes.id)
    ours = wanted.where(Procedure.status == ProcedureStatus.OPEN, ended | eve)
    return db.session.scalars(ours.order_by(Procedure.id).limit(MOST)).all()


def may_still_correct(minutes: Minutes) -> bool:
    """Whether somebody who was there has an account, and the time to propose a correction is not over."""
    until = minutes.corrections_until
    return until is not None and clock.today() <= until and bool(minutes_outgoing.participants(minutes))


def voting_seats(minutes: Minutes) -> list[Mandate]:
    """The voting seats of the body held today, with their substitutes."""
    body_id = minutes.meeting.body_id
    held = directory.seats_of(body_id, clock.today()) if body_id is not None else ()
    return [one for one in held if one.seat in VOTING_SEATS]


@dataclass(frozen=True)
class Standing:
    """Where minutes are. `waiting`: corrections not answered, of `proposed`; `failed`: a procedure did not adopt."""

    minutes: Minutes
    waiting: int
    proposed: int
    failed: bool

    @property
    def is_ready(self) -> bool:
        """Nothing but the adoption is left to do."""
        until = self.minutes.corrections_until
        return not self.waiting and (until is None or until < clock.today())


def _standings() -> Select[Any, Any, Any, Any]:
    """In one statement, whatever was proposed."""
    ours = select(func.count()).where(Correction.minutes_id == Minutes.id).correlate(Minutes)
    failed = select(Procedure.id).where(
        Procedure.minutes_id == Minutes.id, Procedure.status == ProcedureStatus.OPPOSED
    )  # fmt: skip
    waiting = ours.where(Correction.status == CorrectionStatus.PROPOSED)
    found = select(Minutes, waiting.scalar_subquery(), ours.scalar_subquery(), failed.exists())
    return found.join(Minutes.meeting).options(joinedload(Minutes.meeting))


def unfinished() -> list[Standing]:
    """The circulated minutes on which no written procedure runs, the oldest meeting first."""
    rows = db.session.execute(
        _standings()
        .where(Minutes.status == MinutesStatus.CIRCULATED, Minutes.is_held.is_(False))
        .order_by(Meeting.last_day, Meeting.id)
        .limit(MOST)
    )
    return [Standing(*row) for row in rows]


def standing_of(meeting: Meeting) -> Standing | None:
    """Of the minutes of a meeting; None before its day, for they begin on it."""
    if meeting.body_id is None or meeting.first_day > clock.today():
        return None
    row = db.session.execute(_standings().where(Minutes.meeting_id == meeting.id)).first()
    return Standing(*row) if row is not None else None
