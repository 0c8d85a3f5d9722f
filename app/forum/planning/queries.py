"""Reads of templates, of the meetings of a year, of polls and of who has answered them."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.accounts.models import User
from app.core import clock
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.mail import Recipient
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.members.directory import sitting
from app.forum.members.models import Body, Mandate, Person
from app.forum.members.policy import in_office
from app.forum.organisations.models import Organisation
from app.forum.organisations.states import College
from app.forum.planning import policy
from app.forum.planning.models import DatePoll, MeetingTemplate, PollAnswer, PollOption
from app.forum.planning.states import Choice, PollStatus

MOST = 100
MOST_SEATS = 1000


# -- templates and series ----------------------------------------------------------------------------------------------
def templates(*, only_active: bool = False) -> Sequence[MeetingTemplate]:
    """Those in use first, by body."""
    wanted = select(MeetingTemplate).options(joinedload(MeetingTemplate.body))
    if only_active:
        wanted = wanted.where(MeetingTemplate.is_active)
    order = MeetingTemplate.is_active.desc(), MeetingTemplate.body_id, MeetingTemplate.id
    return db.session.scalars(wanted.order_by(*order).limit(MOST)).all()


def template(template_id: int) -> MeetingTemplate:
    """Raises `NotFound`."""
    wanted = select(MeetingTemplate).where(MeetingTemplate.id == template_id).options(joinedload(MeetingTemplate.body))
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def hold_body(body_id: int) -> None:
    """To the end of the transaction: those who plan the meetings of one body at once do so in turn."""
    db.session.execute(select(Body.id).where(Body.id == body_id).with_for_update())


def meetings_of(body_id: int, year: int) -> Sequence[Meeting]:
    """Those of a body in a year, in order, whatever became of them."""
    return db.session.scalars(
        select(Meeting)
        .where(Meeting.body_id == body_id)
        .where(Meeting.first_day >= date(year, 1, 1), Meeting.first_day <= date(year, 12, 31))
        .order_by(Meeting.first_day, Meeting.id)
        .limit(MOST)
    ).all()


def seen(meetings: Iterable[Meeting]) -> str:
    """What somebody read of the meetings of a year: a series is stale when it is no longer so."""
    known = repr([(one.id, one.first_day.isoformat(), one.phase.value) for one in meetings])
    return hashlib.sha256(known.encode()).hexdigest()[:32]


def next_number(body_id: int) -> int:
    return (db.session.scalar(select(func.max(Meeting.series_number)).where(Meeting.body_id == body_id)) or 0) + 1


def taken_numbers(body_id: int, numbers: Sequence[int]) -> set[int]:
    rows = select(Meeting.series_number).where(Meeting.body_id == body_id, Meeting.series_number.in_(numbers))
    return {number for number in db.session.scalars(rows) if number is not None}


def last_before(body_id: int, year: int) -> date | None:
    """The day of the last meeting of a body before a year, unless it was cancelled."""
    return db.session.scalar(
        select(func.max(Meeting.first_day)).where(
            Meeting.body_id == body_id,
            Meeting.first_day < date(year, 1, 1),
            Meeting.phase != MeetingPhase.CANCELLED,
        )
    )


def previous_held(meeting: Meeting) -> date | None:
    """The day of the last meeting of the same body that was held before this one."""
    return db.session.scalar(
        select(func.max(Meeting.first_day)).where(
            Meeting.body_id == meeting.body_id,
            Meeting.phase == MeetingPhase.HELD,
            Meeting.first_day < meeting.first_day,
        )
    )


def joined(body_id: int, after: date, until: date) -> list[str | None]:
    """The organisation of each seat taken between two days by somebody who had none in the body on the first one."""
    former = aliased(Mandate)
    sat = select(former.id).where(
        former.body_id == body_id,
        former.person_id == Mandate.person_id,
        former.starts_on <= after,
        or_(former.sits_until.is_(None), former.sits_until >= after),
    )
    rows = db.session.scalars(
        select(Organisation.name_fr)
        .select_from(Mandate)
        .outerjoin(Organisation, Organisation.id == Mandate.organisation_id)
        .where(Mandate.body_id == body_id, Mandate.starts_on > after, sitting(until), ~sat.exists())
        .order_by(Organisation.name_key, Mandate.id)
        .limit(MOST_SEATS)
    )
    return list(rows)


# -- polls -------------------------------------------------------------------------------------------------------------
WHOLE = (
    joinedload(DatePoll.body),
    joinedload(DatePoll.meeting),
    joinedload(DatePoll.template),
    selectinload(DatePoll.options),
)


def poll(poll_id: int, viewer: Any, *, lock: bool = False) -> DatePoll:
    """One poll with its dates. Raises `NotFound` for whoever may not know of it.

    `lock`: hold it to the end of the transaction: whoever answers or chooses at the same moment does so afterwards.
    """
    if lock:
        db.session.execute(select(DatePoll.id).where(DatePoll.id == poll_id).with_for_update())
    wanted = select(DatePoll).where(DatePoll.id == poll_id).options(*WHOLE)
    found = db.session.scalar(wanted.execution_options(populate_existing=lock))
    if found is None or not policy.can_read_poll(viewer, found):
        raise NotFound
    return found


def polls() -> Sequence[DatePoll]:
    """Those still open first, then the latest."""
    order = (DatePoll.status != PollStatus.OPEN), DatePoll.closes_on.desc(), DatePoll.id.desc()
    wanted = select(DatePoll).options(joinedload(DatePoll.body), joinedload(DatePoll.meeting))
    return db.session.scalars(wanted.order_by(*order).limit(MOST)).all()


def open_poll_of(meeting_id: int) -> DatePoll | None:
    wanted = select(DatePoll).where(DatePoll.meeting_id == meeting_id, DatePoll.status == PollStatus.OPEN)
    return db.session.scalar(wanted.options(joinedload(DatePoll.meeting)).order_by(DatePoll.id).limit(1))


def last_poll_of(meeting_id: int) -> DatePoll | None:
    wanted = select(DatePoll).where(DatePoll.meeting_id == meeting_id, DatePoll.status != PollStatus.WITHDRAWN)
    return db.session.scalar(wanted.order_by(DatePoll.id.desc()).limit(1))


def late_polls() -> Sequence[DatePoll]:
    """Open ones whose closing day has passed."""
    return db.session.scalars(
        select(DatePoll)
        .where(DatePoll.status == PollStatus.OPEN, DatePoll.closes_on < clock.today())
        .options(joinedload(DatePoll.meeting))
        .order_by(DatePoll.closes_on, DatePoll.id)
        .limit(MOST)
    ).all()


def unanswered_by(viewer: Any) -> list[DatePoll]:
    """The polls that take answers and that one of the viewer's seats has not answered."""
    held: dict[int, set[int]] = {}
    for mandate in in_office(viewer):
        held.setdefault(mandate.body_id, set()).add(mandate.id)
    if not held:
        return []
    rows = db.session.scalars(
        select(DatePoll)
        .where(DatePoll.status == PollStatus.OPEN, DatePoll.body_id.in_(held), DatePoll.closes_on >= clock.today())
        .options(joinedload(DatePoll.meeting))
        .order_by(DatePoll.closes_on, DatePoll.id)
        .limit(MOST)
    ).all()
    given = _answered([one.id for one in rows], [number for ids in held.values() for number in ids])
    return [one for one in rows if any((one.id, number) not in given for number in held[one.body_id])]


def _answered(polls: Sequence[int], mandates: Sequence[int]) -> set[tuple[int, int]]:
    if not polls:
        return set()
    rows = db.session.execute(
        select(PollOption.poll_id, PollAnswer.mandate_id)
        .join(PollAnswer, PollAnswer.option_id == PollOption.id)
        .where(PollOption.poll_id.in_(polls), PollAnswer.mandate_id.in_(mandates))
        .distinct()
    )
    return {(poll_id, mandate_id) for poll_id, mandate_id in rows}


def answers_of(poll: DatePoll, mandate_ids: Sequence[int]) -> dict[tuple[int, int], PollAnswer]:
    """{(seat, date): answer} of some seats."""
    rows = db.session.scalars(
        select(PollAnswer)
        .join(PollOption, PollOption.id == PollAnswer.option_id)
        .where(PollOption.poll_id == poll.id, PollAnswer.mandate_id.in_(mandate_ids))
        .order_by(PollAnswer.id)
    )
    return {(row.mandate_id, row.option_id): row for row in rows}


Count = dict[Choice, int]


@dataclass(frozen=True)
class Result:
    """What was answered to one date: by everyone, then by each college that answered."""

    total: Count
    colleges: list[tuple[College, Count]]


def results(poll: DatePoll) -> dict[int, Result]:
    """{date: what was answered}, in one statement."""
    rows = db.session.execute(
        select(PollAnswer.option_id, Mandate.college, PollAnswer.choice, func.count())
        .join(PollOption, PollOption.id == PollAnswer.option_id)
        .join(Mandate, Mandate.id == PollAnswer.mandate_id)
        .where(PollOption.poll_id == poll.id)
        .group_by(PollAnswer.option_id, Mandate.college, PollAnswer.choice)
    )
    counted = {(option, college, choice): number for option, college, choice, number in rows}
    return {option.id: _result(option.id, counted) for option in poll.options}


def _result(option_id: int, counted: dict[tuple[int, College, Choice], int]) -> Result:
    def count(colleges: Iterable[College]) -> Count:
        return {choice: sum(counted.get((option_id, one, choice), 0) for one in colleges) for choice in Choice}

    present = [one for one in College if any(counted.get((option_id, one, choice)) for choice in Choice)]
    return Result(count(present), [(one, count([one])) for one in present])


@dataclass(frozen=True)
class Seat:
    """Somebody who is asked. `address`, `lang`: None when nothing can be sent to them."""

    mandate_id: int
    person_id: int | None
    name: str
    college: College
    address: str | None
    lang: str


def seats(body_id: int) -> list[Seat]:
    """Every seat held today, of full members and of substitutes, by college and name, in one statement."""
    rows = db.session.execute(
        select(Mandate.id, Mandate.person_id, Person.name, Mandate.college, User.email, User.lang, Person.contact_email)
        .join(Person, Person.id == Mandate.person_id)
        .outerjoin(User, and_(User.id == Person.user_id, User.is_active))
        .where(Mandate.body_id == body_id, sitting(clock.today()))
        .order_by(Mandate.college, Person.name_key, Mandate.id)
        .limit(MOST_SEATS)
    )
    return [
        Seat(mandate, person, name, college, email or private, lang or "fr")
        for mandate, person, name, college, email, lang, private in rows
    ]


def recipients(seats: Iterable[Seat]) -> list[Recipient]:
    """One for each person, however many seats they hold."""
    found = {seat.person_id: Recipient(seat.address, seat.lang, {"name": seat.name}) for seat in seats if seat.address}
    return list(found.values())


def silent(poll: DatePoll) -> list[Seat]:
    """The seats that have answered nothing yet."""
    rows = select(PollAnswer.mandate_id).join(PollOption).where(PollOption.poll_id == poll.id).distinct()
    answered = set(db.session.scalars(rows))
    return [seat for seat in seats(poll.body_id) if seat.mandate_id not in answered]
