"""The demo's convocations: two past meetings, the next one of a group, one that was cancelled, one that was postponed.

Sent, settled and dated back as the secretariat would have done it: the ledger of a demonstration needs no mail server.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.policy import is_secretariat
from app.core import clock, mail
from app.core.extensions import db
from app.core.text import slug
from app.demo.days import weekday
from app.forum.convocations import service
from app.forum.convocations.models import Convocation, ConvocationRecipient
from app.forum.convocations.states import Fate
from app.forum.meetings import phases, queries
from app.forum.meetings import service as meetings
from app.forum.meetings.agenda_data import of as agenda_of
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.members import directory
from app.forum.members.models import Body
from app.forum.members.states import BodyKind

NOTICE = timedelta(days=20)
LINK = "https://visio.example.org/forum/reunion-du-groupe"
CHANGED = ("La première salle est fermée pour travaux.", "The first room is closed for building work.")
CANCELLED = (
    "Trop peu de membres pouvaient venir\u202f; le sujet sera repris à la réunion suivante.",
    "Too few members could come; the subject is taken up at the next meeting.",
)
POSTPONED = ("Les données attendues ne sont pas encore disponibles.", "The data awaited is not available yet.")
ROOM = ("Maison des Tanneurs, 14 rue des Tanneurs, Lille", "Maison des Tanneurs, 14 rue des Tanneurs, Lille")
EXTRA = (
    (("Réunion intermédiaire du groupe", "Interim meeting of the group"), 33, "cancel"),
    (("Atelier sur les indicateurs", "Workshop on indicators"), 47, "postpone"),
)
SLOT: dict[str, Any] = {
    "id": "item-1", "start": time(14), "end": time(17), "kind": "session", "number": 1,
    "title": {"fr": "Point d’étape", "en": "Progress report"}, "description": None, "venue": None,
    "optional": False, "format": None, "speaking_time_minutes": None, "host": None, "chair": None, "speakers": [],
    "questions": [], "references": [], "note": None,
}  # fmt: skip


def _reach(body: Body | None, day: date) -> None:
    """Private addresses for most of those who sit in a body: the register of a demonstration starts without any."""
    for number, mandate in enumerate(directory.seats_of(body.id, day) if body else ()):
        holder = mandate.person
        if holder is not None and holder.user is None and not holder.contact_email and number % 6 != 5:
            holder.contact_email = f"{slug(holder.name)}@example.org"
    db.session.flush()


def past(meeting: Meeting) -> None:
    """Convened in its time, before it was held."""
    _reach(meeting.body, meeting.first_day)
    with clock.seen_from(_morning(meeting.first_day - NOTICE)):
        _settle(service.convene(_secretary(), meeting))


def fill() -> None:
    """Through the services, as the secretariat of the demo."""
    actor = _secretary()
    coming = [one for one in queries.some(actor, queries.UPCOMING, 20) if _is_of_a_group(one)]
    if coming:
        _next(actor, queries.get(coming[0].id, actor))
        for title, days, act in EXTRA:
            _called_off(actor, coming[0].body, title, days, act)


def _secretary() -> User:
    return next(user for user in db.session.scalars(select(User).order_by(User.id)) if is_secretariat(user))


def _is_of_a_group(meeting: Meeting) -> bool:
    kind = meeting.body.kind if meeting.body else None
    ready = meeting.phase == MeetingPhase.ANNOUNCED and meeting.agenda_is_public
    return kind == BodyKind.WORKING_GROUP and ready and meeting.first_day > clock.today() + timedelta(days=1)


def _next(actor: Any, meeting: Meeting) -> None:
    """Convened in time, one message refused; then another room, and everyone told."""
    _reach(meeting.body, meeting.first_day)
    phases.arrange(actor, meeting, starts=meeting.starts, ends=meeting.ends, remote_link=LINK)
    with clock.seen_from(clock.now() - timedelta(days=6)):
        _settle(service.convene(actor, meeting), refused=1)
    data = agenda_of(meeting)
    data["meeting"]["place"] = {"fr": ROOM[0], "en": ROOM[1]}
    for slot in (slot for day in data["days"] for slot in day["slots"]):
        slot["venue"] = None
    data["venues"] = {}
    meetings.replace_agenda(actor, meeting, data)
    with clock.seen_from(clock.now() - timedelta(days=2)):
        _settle(service.update(actor, meeting, reason=CHANGED))


def _called_off(actor: Any, body: Body | None, title: tuple[str, str], days: int, act: str) -> None:
    day = weekday(days)
    meeting = meetings.create(actor, title=title, first_day=day, last_day=day, body=body)
    phases.arrange(actor, meeting, starts=time(14), ends=time(17), remote_link=None)
    data = agenda_of(meeting)
    data["days"] = [{"date": day, "slots": [SLOT]}]
    meetings.replace_agenda(actor, meeting, data)
    meetings.publish(actor, meeting)
    _settle(service.convene(actor, meeting))
    if act == "cancel":
        service.cancel(actor, meeting, reason=CANCELLED)
    else:
        service.postpone(actor, meeting, reason=POSTPONED)
    last = db.session.scalars(
        select(Convocation).where(Convocation.meeting_id == meeting.id).order_by(Convocation.number.desc())
    ).first()
    if last is not None:
        _settle(last)


def _settle(row: Convocation, *, refused: int = 0) -> None:
    """Give each message its fate; the first `refused` ones are sent back by the server of the person."""
    ids = select(ConvocationRecipient.message_id).where(
        ConvocationRecipient.convocation_id == row.id, ConvocationRecipient.fate == Fate.QUEUED
    )
    sent = db.session.scalars(
        select(mail.OutgoingMail).where(mail.OutgoingMail.message_id.in_(ids)).order_by(mail.OutgoingMail.id)
    )
    for number, one in enumerate(sent):
        mail.settle(one, refused=number < refused)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), clock.PARIS).astimezone(UTC)
