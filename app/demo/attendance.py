"""Answers to the next plenary of the demo: one proxy, some silent, a quorum that is just reached."""

from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.policy import is_secretariat
from app.core.extensions import db
from app.forum.attendance import queries, service
from app.forum.attendance.book import Said
from app.forum.attendance.forecast import Outlook
from app.forum.attendance.states import Choice
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting
from app.forum.members import queries as members
from app.forum.members.models import Mandate
from app.forum.members.states import BodyKind

GIVER, HOLDER = "Clémence Abadie", "Nadia Bensaïd-Morel"
EXCUSED = ("Marie-Ange", "Marguerite")
FIRST_NAMES_OF_THE_SILENT = ("Thibault", "Étienne")


def fill() -> None:
    """Each in their own name when they have an account, by the secretariat otherwise."""
    actor = next(user for user in db.session.scalars(select(User).order_by(User.id)) if is_secretariat(user))
    plenary = next(body for body in members.bodies() if body.kind == BodyKind.PLENARY)
    coming = meetings.some(actor, meetings.UPCOMING, 1, body_id=plenary.id)
    if coming:
        _answer(actor, meetings.get(coming[0].id, actor))


def _answer(actor: User, meeting: Meeting) -> None:
    seats = {_name(seat): seat for seat in queries.seats(meeting).values()}
    if GIVER in seats and HOLDER in seats:
        _say(actor, meeting, seats[HOLDER], Said(Choice.PRESENT))
        _say(actor, meeting, seats[GIVER], Said(Choice.REPRESENTED, seats[HOLDER].id))
    for name, seat in seats.items():
        if name.startswith(EXCUSED):
            _say(actor, meeting, seat, Said(Choice.EXCUSED))
    for name, seat in seats.items():
        silent = name in (GIVER, HOLDER) or name.startswith((*EXCUSED, *FIRST_NAMES_OF_THE_SILENT))
        if not silent and queries.foretell(meeting).outlook != Outlook.REACHED:
            _say(actor, meeting, seat, Said(Choice.PRESENT))


def _name(seat: Mandate) -> str:
    return seat.person.name if seat.person is not None else ""


def _say(actor: User, meeting: Meeting, seat: Mandate, said: Said) -> None:
    own: Any = seat.person.user if seat.person is not None else None
    service.answer(own or actor, meeting, seat, said)
