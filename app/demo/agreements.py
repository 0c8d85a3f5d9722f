"""The demo's agendas between the two parties: one agreed and published, one that waits for the second co-chair."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.policy import OPERATOR, is_secretariat
from app.core import clock
from app.core.extensions import db
from app.core.workflow import move
from app.forum.agendas import working
from app.forum.agreements import items, service
from app.forum.agreements.models import AgendaVersion, ItemRequest, VersionAnswer
from app.forum.agreements.states import Threshold, VersionStatus
from app.forum.meetings import phases
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import AgendaStatus, MeetingPhase
from app.forum.members import policy as members
from app.forum.members.models import Body
from app.forum.members.states import BodyKind, Consent, SeatKind

ACCEPTED = items.Wanted(
    "fr",
    "Accès aux documents\u00a0: le délai d’un mois",
    "Un point d’étape sur les demandes restées sans réponse.",
    "Trois groupes de travail ont rencontré la même difficulté.",
    30,
)
REFUSED = items.Wanted(
    "fr",
    "Présentation d’un logiciel de consultation",
    "Démonstration par l’éditeur.",
    "L’outil pourrait servir aux groupes de travail.",
    45,
)
THANKS = "Merci. Le point est inscrit en fin de journée."
WHY_NOT = (
    "Le Forum ne reçoit pas de démonstration commerciale en plénière. Le groupe de travail sur la participation peut "
    "en entendre une."
)


def fill() -> None:
    """Through the services, as the people of the demo."""
    secretary = next(user for user in db.session.scalars(select(User).order_by(User.id)) if is_secretariat(user))
    chairs = [user for user in _seated(SeatKind.CO_CHAIR) if user is not None]
    past, coming = _plenary(AgendaStatus.PUBLISHED, before=True), _plenary(AgendaStatus.DRAFT, before=False)
    if len(chairs) < 2:
        return
    if past is not None:
        _agree_in_the_past(secretary, past, chairs)
    if coming is not None:
        _wait_for_one(secretary, coming, chairs)


def _seated(seat: SeatKind) -> list[User]:
    users = db.session.scalars(select(User).order_by(User.id)).all()
    return [user for user in users if any(one.seat == seat for one in members.in_office(user))]


def _plenary(status: AgendaStatus, *, before: bool) -> Meeting | None:
    """The last plenary whose agenda was published once, or the next one whose agenda is a draft."""
    today = clock.today()
    found = select(Meeting).join(Body, Body.id == Meeting.body_id).where(Body.kind == BodyKind.PLENARY)
    found = found.where(Meeting.status == status)
    if before:
        return db.session.scalar(found.where(Meeting.last_day < today).order_by(Meeting.first_day.desc()).limit(1))
    return db.session.scalar(found.where(Meeting.first_day > today).order_by(Meeting.first_day).limit(1))


def _agree_in_the_past(secretary: User, meeting: Meeting, chairs: list[User]) -> None:
    """Shared nine days before it was published, approved by one co-chair, then by the other."""
    meeting = meetings.get(meeting.id, OPERATOR)
    public = meeting.published_at or clock.now()
    content = _content(meeting)
    version = AgendaVersion(
        meeting=meeting, number=1, digest=working.digest(content), content=content, needed=2, out_of=2,
        threshold=Threshold.BOTH_CO_CHAIRS, status=VersionStatus.SHARED, frozen_at=public - timedelta(days=9),
        frozen_by_id=secretary.id, deadline=(public - timedelta(days=4)).date(), answers=[],
    )  # fmt: skip
    db.session.add(version)
    for user, days in zip(chairs, (7, 5), strict=False):
        seat = next(one for one in members.in_office(user) if one.seat == SeatKind.CO_CHAIR)
        at = public - timedelta(days=days)
        version.answers.append(VersionAnswer(mandate_id=seat.id, user_id=user.id, answer=Consent.APPROVE, at=at))
    db.session.flush()
    move(version, VersionStatus.AGREED, actor=chairs[1], approvals=2, needed=2, by_silence=False)
    move(version, VersionStatus.APPROVED, actor=secretary)
    move(version, VersionStatus.PUBLISHED, actor=secretary, sequence=meeting.sequence)
    version.agreed_at, version.approved_at = public - timedelta(days=5), public - timedelta(days=2)
    version.approved_by_id, version.published_at = secretary.id, public


def _content(meeting: Meeting) -> Any:
    head, venues, days = working.of_meeting(meeting)
    return working.plain([head, venues, [(day, [{**slot, "note": None} for slot in slots]) for day, slots in days]])


def _wait_for_one(secretary: User, meeting: Meeting, chairs: list[User]) -> None:
    """Announced; two items were asked for, one is on the agenda; one co-chair has approved, the other has not."""
    meeting = meetings.get(meeting.id, OPERATOR)
    if meeting.phase == MeetingPhase.PLANNED:
        phases.announce(secretary, meeting)
        meeting.story[0].at = clock.now() - timedelta(days=30)
        meeting.story[-1].at = clock.now() - timedelta(days=12)
    askers = [one for one in _seated(SeatKind.MEMBER) if meeting.body and members.sits_in(one, meeting.body)]
    if askers:
        _ask(secretary, meeting, askers)
    version = service.share(secretary, meeting.id)
    version.frozen_at = clock.now() - timedelta(days=2)
    service.answer(chairs[0], version, Consent.APPROVE)
    version.answers[0].at = clock.now() - timedelta(days=1)


def _ask(secretary: User, meeting: Meeting, askers: list[User]) -> None:
    wanted, other = items.ask(askers[0], meeting, ACCEPTED), items.ask(askers[-1], meeting, REFUSED)
    db.session.flush()
    title, text = (ACCEPTED.title, "Access to documents: the one-month limit"), (ACCEPTED.text, None)
    items.accept(secretary, wanted.id, title=title, text=text, day=None, reason=THANKS)
    items.refuse(secretary, other.id, reason=WHY_NOT)
    _date_back(wanted, 10, 6)
    _date_back(other, 9, 5)


def _date_back(request: ItemRequest, asked: int, answered: int) -> None:
    now: datetime = clock.now()
    request.asked_at, request.answered_at = now - timedelta(days=asked), now - timedelta(days=answered)
