"""Writes of requests for items: ask, take back, accept into the working copy, refuse with a reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func

from app.core import audit, clock
from app.core.access import authorize
from app.core.database import rows_touched
from app.core.errors import NotFound, Refused
from app.core.extensions import db
from app.core.workflow import move
from app.forum.agendas import ordering, working
from app.forum.agendas import queries as agendas_queries
from app.forum.agendas import service as agendas
from app.forum.agreements import outgoing, policy, queries
from app.forum.agreements.models import ItemRequest
from app.forum.agreements.states import RequestStatus
from app.forum.meetings.models import Meeting
from app.forum.members import policy as members

Pair = tuple[str | None, str | None]
KEPT = timedelta(days=365)

audit.declare("item_request.asked", "minutes")
audit.declare("item_request.accepted", "slot")
audit.declare("item_request.refused")
audit.declare("item_request.withdrawn")


@dataclass(frozen=True)
class Wanted:
    """What is asked for, in `lang`. `minutes`: 1 to 240."""

    lang: str
    title: str
    text: str | None
    reason: str
    minutes: int


def ask(actor: Any, meeting: Meeting, wanted: Wanted) -> ItemRequest:
    """In the name of the actor's seat in the body of the meeting."""
    authorize(policy.can_ask(actor, meeting, frozen=queries.has_open(meeting.id)))
    seat = next(one for one in members.in_office(actor) if one.body_id == meeting.body_id)
    row = ItemRequest(
        meeting_id=meeting.id, mandate_id=seat.id, user_id=actor.id, lang=wanted.lang, title=wanted.title,
        text=wanted.text, reason=wanted.reason, minutes=wanted.minutes,
    )  # fmt: skip
    db.session.add(row)
    audit.record(actor, "item_request.asked", row, minutes=wanted.minutes)
    return row


def withdraw(actor: Any, request: ItemRequest) -> None:
    """Whoever asked takes it back while it waits."""
    authorize(policy.can_withdraw(actor, request))
    move(request, RequestStatus.WITHDRAWN, actor=actor)
    request.answered_at = clock.now()


def accept(actor: Any, request_id: int, *, title: Pair, text: Pair, day: date | None, reason: str | None) -> None:
    """Add the item to the working copy, begun when there is none, at the end of `day` (the first one by default).

    Raises `Refused` when the meeting is over or the agenda has no such day; `IllegalMove` when it was answered already.
    """
    authorize(policy.can_answer_requests(actor))
    meeting_id = queries.request(request_id, actor).meeting_id
    copy = queries.copy_of(meeting_id, lock=True)
    request = queries.request(request_id, actor, lock=True)
    if request.meeting.last_day < clock.today():
        raise Refused("answer", _("This meeting is over: its agenda takes no more items."))
    if copy is None:
        copy = agendas.begin(actor, agendas_queries.meeting(meeting_id, actor))
    day = day or (date.fromisoformat(copy.days[0]) if copy.days else copy.meeting.first_day)
    part = ordering.add(actor, copy, day, _slot(request, title, text))
    move(request, RequestStatus.ACCEPTED, actor=actor, slot=part.id)
    request.slot_key = part.key
    _answered(actor, request, reason)


def _slot(request: ItemRequest, title: Pair, text: Pair) -> dict[str, Any]:
    """The minutes asked for go into the note, which only the secretariat reads: hours are its to give."""
    note = {"fr": f"Point demandé par un membre du Forum\u00a0: {request.minutes}\u00a0minutes.", "en": None}
    described = {"fr": text[0], "en": text[1]} if text[0] else None
    return {
        **working.EMPTY_SLOT, "title": {"fr": title[0], "en": title[1]}, "description": described, "note": note,
    }  # fmt: skip


def refuse(actor: Any, request_id: int, *, reason: str | None) -> None:
    """Raises `Refused` without a reason, `IllegalMove` when it was answered already."""
    authorize(policy.can_answer_requests(actor))
    request = queries.request(request_id, actor, lock=True)
    if not reason:
        raise Refused("reason", _("Give the reason: whoever asked reads it."))
    move(request, RequestStatus.REFUSED, actor=actor)
    _answered(actor, request, reason)


def _answered(actor: Any, request: ItemRequest, reason: str | None) -> None:
    request.answer_reason, request.answered_at, request.answered_by_id = reason, clock.now(), actor.id
    db.session.flush()
    outgoing.answered(request)


def sweep(now: datetime) -> int:
    """One year after its answer, or after it was asked for; what was accepted stays in the agenda."""
    limit = now - KEPT
    old = ItemRequest.asked_at < limit, func.coalesce(ItemRequest.answered_at, ItemRequest.asked_at) < limit
    done = db.session.execute(delete(ItemRequest).where(*old))
    return rows_touched(done)


def meeting_to_ask(viewer: Any, meeting: Meeting) -> None:
    """Raises `NotFound` when the viewer may not ask for an item of this meeting, now."""
    if not policy.can_ask(viewer, meeting, frozen=queries.has_open(meeting.id)):
        raise NotFound
