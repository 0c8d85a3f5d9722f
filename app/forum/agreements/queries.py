"""Reads of versions, of who agrees, and of requests for items. What the viewer may not know of raises `NotFound`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from app.accounts.models import User
from app.accounts.policy import is_secretariat
from app.core import clock, rules
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.agendas.models import WorkingCopy
from app.forum.agreements import policy, tally
from app.forum.agreements.models import AgendaVersion, ItemRequest, VersionAnswer
from app.forum.agreements.states import OPEN, RequestStatus, Threshold, VersionStatus
from app.forum.meetings.models import Meeting
from app.forum.members import directory
from app.forum.members import queries as members
from app.forum.members.models import Mandate, Person
from app.forum.members.states import VOTING_SEATS, BodyKind

MOST = 50


def meeting(meeting_id: int) -> Meeting:
    """A meeting of a body, whoever may know of it. Raises `NotFound`."""
    found = db.session.scalar(select(Meeting).where(Meeting.id == meeting_id).options(joinedload(Meeting.body)))
    if found is None or found.body_id is None:
        raise NotFound
    return found


def copy_of(meeting_id: int, *, lock: bool = False) -> WorkingCopy | None:
    """The working copy with its parts. `lock`: hold it, so that an edit and an answer come one after the other."""
    if lock:
        db.session.execute(select(WorkingCopy.id).where(WorkingCopy.meeting_id == meeting_id).with_for_update())
    wanted = select(WorkingCopy).where(WorkingCopy.meeting_id == meeting_id)
    options = (joinedload(WorkingCopy.meeting).joinedload(Meeting.body), selectinload(WorkingCopy.parts))
    return db.session.scalar(wanted.options(*options).execution_options(populate_existing=lock))


def _versions() -> Select[Any]:
    mandate = selectinload(AgendaVersion.answers).joinedload(VersionAnswer.mandate)
    return select(AgendaVersion).options(
        joinedload(AgendaVersion.meeting).joinedload(Meeting.body),
        mandate.joinedload(Mandate.person),
        mandate.joinedload(Mandate.organisation),
    )


def opened(meeting_id: int, *, lock: bool = False) -> AgendaVersion | None:
    """The version that is being agreed, with its text; with `lock`, held by whoever writes."""
    wanted = _versions().where(AgendaVersion.meeting_id == meeting_id, AgendaVersion.status.in_(OPEN))
    if lock:
        own = select(AgendaVersion.id).where(AgendaVersion.meeting_id == meeting_id, AgendaVersion.status.in_(OPEN))
        db.session.execute(own.with_for_update())
    options = undefer(AgendaVersion.content)
    return db.session.scalar(wanted.options(options).execution_options(populate_existing=lock))


def held_open(meeting_id: int) -> AgendaVersion | None:
    """The open version alone, held, in one statement."""
    wanted = select(AgendaVersion).where(AgendaVersion.meeting_id == meeting_id, AgendaVersion.status.in_(OPEN))
    return db.session.scalar(wanted.with_for_update().execution_options(populate_existing=True))


def last(meeting_id: int, *, before: int | None = None) -> AgendaVersion | None:
    """The newest version of a meeting, or the one before a number, with its text."""
    wanted = _versions().where(AgendaVersion.meeting_id == meeting_id)
    if before is not None:
        wanted = wanted.where(AgendaVersion.number < before)
    ranked = wanted.order_by(AgendaVersion.number.desc()).limit(1)
    return db.session.scalar(ranked.options(undefer(AgendaVersion.content)))


def version(meeting_id: int, number: int, viewer: Any) -> AgendaVersion:
    """One version with its text. Raises `NotFound` when it is not for this viewer."""
    wanted = _versions().where(AgendaVersion.meeting_id == meeting_id, AgendaVersion.number == number)
    found = db.session.scalar(wanted.options(undefer(AgendaVersion.content)))
    if found is None or not policy.can_read(viewer, found):
        raise NotFound
    return found


def find(version_id: int) -> AgendaVersion | None:
    return db.session.get(AgendaVersion, version_id)


def version_answered(answer_id: int) -> AgendaVersion | None:
    found = db.session.get(VersionAnswer, answer_id)
    return found.version if found is not None else None


def current(meeting_id: int) -> AgendaVersion | None:
    """The open version without its text, in one statement."""
    wanted = select(AgendaVersion).where(AgendaVersion.meeting_id == meeting_id, AgendaVersion.status.in_(OPEN))
    return db.session.scalar(wanted.options(joinedload(AgendaVersion.meeting)))


def next_number(meeting_id: int) -> int:
    known = db.session.scalar(select(func.max(AgendaVersion.number)).where(AgendaVersion.meeting_id == meeting_id))
    return (known or 0) + 1


def has_open(meeting_id: int) -> bool:
    wanted = select(AgendaVersion.id).where(AgendaVersion.meeting_id == meeting_id, AgendaVersion.status.in_(OPEN))
    return db.session.scalar(wanted) is not None


def versions(meeting_id: int) -> Sequence[AgendaVersion]:
    """Every version of a meeting, the newest first, without its text."""
    wanted = select(AgendaVersion).where(AgendaVersion.meeting_id == meeting_id)
    return db.session.scalars(wanted.order_by(AgendaVersion.number.desc()).limit(MOST)).all()


def published(meeting_id: int) -> Sequence[AgendaVersion]:
    """What the public may read: the newest first, with who agreed."""
    wanted = _versions().where(AgendaVersion.meeting_id == meeting_id, AgendaVersion.status == VersionStatus.PUBLISHED)
    return db.session.scalars(wanted.order_by(AgendaVersion.number.desc()).limit(MOST)).all()


def all_open(limit: int = 200) -> Sequence[AgendaVersion]:
    wanted = _versions().where(AgendaVersion.status.in_(OPEN))
    return db.session.scalars(wanted.order_by(AgendaVersion.id).limit(limit)).all()


# -- who agrees ------------------------------------------------------------------------------------------------------


def committee_seats() -> list[Mandate]:
    """The seats of the management committee held today, with their substitutes; none before a committee exists."""
    body = next((one for one in members.bodies() if one.kind == BodyKind.MANAGEMENT_COMMITTEE), None)
    seats = directory.seats_of(body.id, clock.today()) if body is not None else ()
    return [one for one in seats if one.seat in policy.COMMITTEE]


def _voting(body_id: int) -> list[Mandate]:
    return [one for one in directory.seats_of(body_id, clock.today()) if one.seat in VOTING_SEATS]


def seats_of_body(meeting: Meeting) -> list[Mandate]:
    """The voting seats of the body of a meeting, held today."""
    return _voting(meeting.body_id) if meeting.body_id else []


def seats_for(version: AgendaVersion) -> list[Mandate]:
    """The seats held today that answer for a version."""
    if version.threshold == Threshold.MEMBERS:
        return seats_of_body(version.meeting)
    return committee_seats() if version.threshold != Threshold.SECRETARIAT else []


def need_for(body_id: int, committee: Sequence[Mandate]) -> tally.Need:
    """What an agenda of a body needs when it is shared today, with these seats of the committee."""
    stand_in = rules.value("agenda_stand_in", scope=body_id)
    return tally.need(
        rules.value("agenda_agreement_threshold", scope=body_id),
        rules.value("agenda_agreement_count", scope=body_id),
        committee,
        stand_in,
        _voting(body_id) if not committee and stand_in == Threshold.MEMBERS else (),
    )


def is_required(body_id: int) -> bool:
    return bool(rules.value("agenda_requires_committee_agreement", scope=body_id))


def is_silence_consent(body_id: int) -> bool:
    return bool(rules.value("agenda_silent_consent", scope=body_id))


def accounts_of(seats: Sequence[Mandate]) -> Sequence[User]:
    """The open accounts of those who hold some seats and of their substitutes of today, in one statement."""
    people = sorted({number for seat in seats for number in _people_of(seat)})
    wanted = select(User).join(Person, Person.user_id == User.id)
    return db.session.scalars(wanted.where(Person.id.in_(people), User.is_active.is_(True)).order_by(User.id)).all()


def _people_of(seat: Mandate) -> set[int]:
    """Who answers for a seat today: its holder and their substitutes."""
    today = clock.today()
    holders = (seat, *(alternate for alternate in seat.alternates if alternate.covers(today)))
    return {one.person_id for one in holders if one.person_id is not None}


def unreachable(seats: Sequence[Mandate]) -> list[Mandate]:
    """The seats for which nobody has an account: no message reaches them, and their silence says nothing."""
    people = sorted({number for seat in seats for number in _people_of(seat)})
    wanted = select(Person.id).join(User, Person.user_id == User.id).where(Person.id.in_(people), User.is_active)
    reached = set(db.session.scalars(wanted.order_by(Person.id)))
    return [seat for seat in seats if not _people_of(seat) & reached]


# -- requests for items ----------------------------------------------------------------------------------------------


def _requests() -> Select[Any]:
    return select(ItemRequest).options(
        joinedload(ItemRequest.meeting).joinedload(Meeting.body),
        joinedload(ItemRequest.mandate).joinedload(Mandate.person),
        joinedload(ItemRequest.mandate).joinedload(Mandate.organisation),
    )


def requests_of(viewer: Any, limit: int = 100) -> Sequence[ItemRequest]:
    """What the viewer asked for, the latest first."""
    wanted = _requests().where(ItemRequest.user_id == viewer.id)
    return db.session.scalars(wanted.order_by(ItemRequest.id.desc()).limit(limit)).all()


def requests_for(meeting_id: int, viewer: Any, limit: int = 200) -> Sequence[ItemRequest]:
    """What was asked for a meeting, in the order of asking, for the secretariat. Raises `NotFound`."""
    if not policy.can_answer_requests(viewer):
        raise NotFound
    wanted = _requests().where(ItemRequest.meeting_id == meeting_id)
    return db.session.scalars(wanted.order_by(ItemRequest.id).limit(limit)).all()


def request(request_id: int, viewer: Any, *, lock: bool = False) -> ItemRequest:
    """One request, for the secretariat and for whoever asked. Raises `NotFound`."""
    if lock:
        db.session.execute(select(ItemRequest.id).where(ItemRequest.id == request_id).with_for_update())
    wanted = _requests().where(ItemRequest.id == request_id)
    found = db.session.scalar(wanted.execution_options(populate_existing=lock))
    if found is None or not (policy.can_answer_requests(viewer) or found.user_id == viewer.id):
        raise NotFound
    return found


def find_request(request_id: int) -> ItemRequest | None:
    return db.session.get(ItemRequest, request_id)


def waiting(viewer: Any, limit: int = 50) -> list[tuple[Meeting, int]]:
    """The meetings for which requests wait, with how many, for the secretariat."""
    if not is_secretariat(viewer):
        return []
    counted = (
        select(ItemRequest.meeting_id, func.count().label("waiting"))
        .where(ItemRequest.status == RequestStatus.ASKED)
        .group_by(ItemRequest.meeting_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Meeting, counted.c.waiting)
        .join(counted, counted.c.meeting_id == Meeting.id)
        .order_by(Meeting.first_day, Meeting.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def count_waiting(meeting_id: int) -> int:
    wanted = select(func.count()).where(ItemRequest.meeting_id == meeting_id, ItemRequest.status == RequestStatus.ASKED)
    return db.session.scalar(wanted) or 0
