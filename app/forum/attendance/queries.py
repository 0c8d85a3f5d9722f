"""Reads of answers, proxies and reminders: whole for one meeting, counted for several."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.core import clock, registry, rules
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.attendance import forecast, opening
from app.forum.attendance.book import Book
from app.forum.attendance.models import Answer, Proxy, Reminder
from app.forum.attendance.opening import ASKED
from app.forum.convocations import second_notice
from app.forum.counting.quorum import Base, Share
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingMode, MeetingPhase
from app.forum.members import directory
from app.forum.members.models import Mandate, Person

FRESH = {"populate_existing": True}
"""What another request wrote while this one waited for the meeting's row is read."""


def answers(meeting: Meeting) -> dict[int, Answer]:
    """By the mandate of the full member: what was last said of each seat for the day of the meeting."""
    rows = db.session.scalars(
        select(Answer)
        .where(Answer.meeting_id == meeting.id, Answer.day == meeting.first_day)
        .order_by(Answer.id)
        .execution_options(**FRESH)
    )
    return {row.mandate_id: row for row in rows}


def proxies(meeting: Meeting) -> Sequence[Proxy]:
    """Every proxy of a meeting, live or void, in the order in which they were given."""
    return db.session.scalars(
        select(Proxy).where(Proxy.meeting_id == meeting.id).order_by(Proxy.id).execution_options(**FRESH)
    ).all()


def live_proxies(meeting: Meeting) -> Sequence[Proxy]:
    """Those that hold, and those of another day or of a mandate that ended, which `service.settle` has yet to end."""
    return db.session.scalars(
        select(Proxy)
        .where(Proxy.meeting_id == meeting.id, Proxy.revoked_at.is_(None))
        .order_by(Proxy.id)
        .execution_options(**FRESH)
    ).all()


def seats(meeting: Meeting) -> dict[int, Mandate]:
    """By mandate, in the order of a sheet: who may answer. None for an outside meeting."""
    if meeting.body_id is None:
        return {}
    return {seat.id: seat for seat in directory.seats_of(meeting.body_id, meeting.first_day)}


def book(meeting: Meeting, sitting: dict[int, Mandate] | None = None, live: Sequence[Proxy] | None = None) -> Book:
    """In five statements, whatever the body, and on the day one more: who is there. `sitting`, `live`: read already."""
    sitting, day = seats(meeting) if sitting is None else sitting, meeting.first_day
    return Book(
        day=day,
        seats=sitting,
        answers={number: one for number, one in answers(meeting).items() if number in sitting},
        proxies=[
            one for one in (live_proxies(meeting) if live is None else live)
            if one.is_live and one.day == day and one.principal_id in sitting and one.holder_id in sitting
        ],
        limit=rules.value("max_proxies_per_holder", scope=meeting.body_id, on=day),
        same_college=rules.value("proxies_same_college", scope=meeting.body_id, on=day),
        there=registry.current().who_is_there(meeting) if opening.has_come(meeting, clock.now()) else frozenset(),
    )  # fmt: skip


def quorum_rule(meeting: Meeting) -> tuple[Share, Base]:
    """What share of whom must take part; a second notice with the same agenda needs nobody (F.6)."""
    day, body = meeting.first_day, meeting.body_id
    base = Base(rules.value("quorum_of", scope=body, on=day))
    if second_notice.needs_no_quorum(meeting):
        return Share.NONE, base
    return Share(rules.value("quorum", scope=body, on=day)), base


def foretell(meeting: Meeting) -> forecast.Forecast:
    """In one statement, besides the rules."""
    day = meeting.first_day
    rows = db.session.execute(
        select(Mandate.id, Mandate.college, Mandate.seat, Answer.choice, Proxy.holder_id)
        .where(Mandate.body_id == meeting.body_id, Mandate.titular_id.is_(None), directory.sitting(day))
        .outerjoin(
            Answer, and_(Answer.mandate_id == Mandate.id, Answer.meeting_id == meeting.id, Answer.day == day)
        )
        .outerjoin(
            Proxy,
            and_(
                Proxy.principal_id == Mandate.id, Proxy.meeting_id == meeting.id, Proxy.day == day,
                Proxy.revoked_at.is_(None),
            ),
        )
        .order_by(Mandate.id)
        .limit(1000)
    )  # fmt: skip
    return forecast.of([forecast.Row(*row) for row in rows], *quorum_rule(meeting))


def proxy(meeting: Meeting, proxy_id: int) -> Proxy:
    """Raises `NotFound`."""
    people = [joinedload(side).joinedload(Mandate.person) for side in (Proxy.principal, Proxy.holder)]
    found = db.session.scalar(select(Proxy).where(Proxy.id == proxy_id).options(*people))
    if found is None or found.meeting_id != meeting.id:
        raise NotFound
    return found


def mandate(mandate_id: int) -> Mandate | None:
    """Any mandate, with its person: one that a form names and that the list does not offer."""
    return db.session.scalar(select(Mandate).where(Mandate.id == mandate_id).options(joinedload(Mandate.person)))


# -- who has not answered --------------------------------------------------------------------------------------------


def _silent() -> Any:
    """(meeting, seat) of the meetings that ask for answers, where the seat has given none for the day."""
    return (
        select(Meeting.id, Mandate.id)
        .join(Mandate, and_(Mandate.body_id == Meeting.body_id, Mandate.titular_id.is_(None)))
        .outerjoin(
            Answer,
            and_(
                Answer.mandate_id == Mandate.id, Answer.meeting_id == Meeting.id, Answer.day == Meeting.first_day
            ),
        )
        .where(
            Answer.id.is_(None),
            Mandate.starts_on <= Meeting.first_day,
            or_(Mandate.sits_until.is_(None), Mandate.sits_until >= Meeting.first_day),
            Meeting.phase.in_(ASKED),
            Meeting.mode != MeetingMode.WRITTEN,
            Meeting.first_day >= clock.today(),
        )
    )  # fmt: skip


def unanswered_by(person_id: int) -> Sequence[Meeting]:
    """The meetings that a person is convened to, as full member, and has not answered: the nearest first."""
    waiting = _silent().where(Mandate.person_id == person_id, Meeting.phase == MeetingPhase.CONVENED).subquery()
    statement = select(Meeting).where(Meeting.id.in_(select(waiting.c[0]))).order_by(Meeting.first_day, Meeting.id)
    return db.session.scalars(statement.limit(20)).all()


def lacking_answers(until: date) -> list[tuple[Meeting, int]]:
    """The meetings up to a day and how many seats of each have not answered; those that lack none are left out."""
    waiting = _silent().where(Meeting.first_day <= until).subquery()
    counted = select(waiting.c[0].label("meeting_id"), func.count().label("seats")).group_by(waiting.c[0]).subquery()
    rows = db.session.execute(
        select(Meeting, counted.c.seats)
        .join(counted, counted.c.meeting_id == Meeting.id)
        .order_by(Meeting.first_day, Meeting.id)
        .limit(20)
    )
    return [(meeting, seats) for meeting, seats in rows]


def coming() -> Sequence[Meeting]:
    """The meetings that ask for answers, the nearest first."""
    statement = select(Meeting).where(Meeting.phase.in_(ASKED), Meeting.last_day >= clock.today())
    statement = statement.where(Meeting.body_id.is_not(None)).order_by(Meeting.first_day, Meeting.id)
    return db.session.scalars(statement.limit(500)).all()


def reminded(meeting: Meeting, since: date) -> Sequence[Reminder]:
    """The reminders sent on a day or after it."""
    return db.session.scalars(
        select(Reminder).where(Reminder.meeting_id == meeting.id, Reminder.sent_on >= since).order_by(Reminder.id)
    ).all()


# -- those who are written to ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reader:
    """Whoever holds a seat, and how to write to them."""

    person_id: int
    name: str
    address: str
    lang: str


def readers(mandate_ids: Iterable[int]) -> dict[int, Reader]:
    """By mandate, those who can be written to: by their account, else by their private contact. In one statement."""
    rows = db.session.execute(
        select(Mandate.id, Person.id, Person.name, Person.contact_email, User.email, User.lang)
        .join(Person, Person.id == Mandate.person_id)
        .outerjoin(User, and_(User.id == Person.user_id, User.is_active.is_(True)))
        .where(Mandate.id.in_(sorted(set(mandate_ids))))
        .order_by(Mandate.id)
    )
    return {
        number: Reader(person_id, name, email or contact or "", lang or "fr")
        for number, person_id, name, contact, email, lang in rows
        if email or contact
    }


def named(proxy_id: int) -> Proxy | None:
    """For a message: the proxy with its meeting and its two members; None when it is no longer kept."""
    people = [joinedload(side).joinedload(Mandate.person) for side in (Proxy.principal, Proxy.holder)]
    return db.session.scalar(select(Proxy).where(Proxy.id == proxy_id).options(joinedload(Proxy.meeting), *people))


def meeting(meeting_id: int) -> Meeting | None:
    """For a message."""
    return db.session.get(Meeting, meeting_id)


def said_of(meeting: Meeting, seats: list[int], own: list[int]) -> tuple[dict[int, Any], Sequence[Proxy]]:
    """The answers of a few seats, and the live proxies given or held by one's `own`: in two statements."""
    day = meeting.first_day
    chosen = select(Answer.mandate_id, Answer.choice).where(
        Answer.meeting_id == meeting.id, Answer.mandate_id.in_(seats), Answer.day == day
    )
    live = (
        select(Proxy)
        .where(Proxy.meeting_id == meeting.id, or_(Proxy.holder_id.in_(own), Proxy.principal_id.in_(own)))
        .where(Proxy.revoked_at.is_(None), Proxy.day == day)
        .options(*(joinedload(side).joinedload(Mandate.person) for side in (Proxy.principal, Proxy.holder)))
        .order_by(Proxy.id)
    )
    rows = db.session.execute(chosen.order_by(Answer.id))
    return {number: choice for number, choice in rows}, db.session.scalars(live).all()  # noqa: C416
