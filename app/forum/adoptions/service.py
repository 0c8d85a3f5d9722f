"""Writes of the adoption: at a later meeting of the body, or by a written procedure on the text as it stands.

Whoever writes holds the minutes, then the procedure. What is adopted is the French that was read: the procedure holds
it, and its digest is compared anew before it counts.
"""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import audit, clock, rules
from app.core.access import authorize
from app.core.errors import IllegalMove, Refused
from app.core.extensions import db
from app.core.workflow import move
from app.forum.adoptions import contradictions, outgoing, policy, queries
from app.forum.adoptions.models import Procedure, ProcedureAnswer
from app.forum.adoptions.states import ProcedureStatus
from app.forum.meetings.models import Meeting
from app.forum.members import answering
from app.forum.members.models import Mandate
from app.forum.members.states import Consent
from app.forum.minutes import checks, content
from app.forum.minutes import service as minutes_service
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import AdoptionWay, MinutesStatus

audit.declare("minutes_procedure.opened", "number", "digest", "deadline", "silent")
audit.declare("minutes_procedure.adopted", "approvals", "needed")
audit.declare("minutes_procedure.opposed", "approvals", "objections")
audit.declare("minutes_procedure.withdrawn")
audit.declare("minutes_answer.given", "procedure", "mandate", "answer")


class Changed(IllegalMove):
    """What would be adopted is no longer what the actor read (409)."""


def adopt_at(actor: Any, minutes: Minutes, meeting: Meeting, *, seen: str | None = None) -> None:
    """The body has adopted the minutes at a later meeting, which has begun; `minutes` is held.

    `seen`: the digest of the French that the actor read, None not to ask. Raises `Changed` when it is another one;
    `Refused` while corrections may be proposed or wait, while a written procedure runs, or for a meeting that cannot
    have done so; `IllegalMove` when they are not circulated.
    """
    authorize(policy.can_decide(actor))
    if minutes.is_held:
        raise Refused("meeting", _("A written procedure is under way: stop it first."))
    if minutes.status != MinutesStatus.CIRCULATED:
        raise IllegalMove("minutes: not circulated")
    _ensure_answered(minutes, "meeting")
    _ensure_corrected(minutes, "meeting")
    _ensure_whole(minutes, "meeting")
    if not queries.may_adopt(minutes, meeting):
        raise Refused("meeting", _("Choose a later meeting of this body, convened or held, that has begun."))
    digest = content.adopted_digest(minutes)
    if seen not in (None, digest):
        raise Changed(f"minutes: seen {seen}")
    minutes_service.adopt(actor, minutes, AdoptionWay.MEETING, meeting.first_day, digest, meeting)


def _ensure_corrected(minutes: Minutes, field: str) -> None:
    """The day that those who were there were given is kept."""
    if queries.may_still_correct(minutes):
        raise Refused(field, _("Those who were there may still propose corrections: wait until that day ends."))


def _ensure_whole(minutes: Minutes, field: str) -> None:
    """What could be circulated may have lost a text or gained a section since: adopted, it could never be published."""
    for fault in (*checks.before_circulation(minutes), *contradictions.messages(minutes)):
        raise Refused(field, fault)


def _ensure_answered(minutes: Minutes, field: str) -> None:
    waiting = queries.open_corrections(minutes)
    if waiting:
        message = ngettext(
            "%(num)d correction waits for an answer: answer it first.",
            "%(num)d corrections wait for an answer: answer them first.",
            waiting,
        )
        raise Refused(field, message)


# -- in writing ------------------------------------------------------------------------------------------------------


def open_procedure(actor: Any, minutes: Minutes) -> Procedure:
    """Ask the voting seats of the body, by a deadline, to adopt the text, which may not change meanwhile.

    `minutes` is held. Raises `Refused` when the rule of the body does not allow it, corrections may still be proposed
    or wait for an answer, or nobody votes; `IllegalMove` when they are not circulated or a procedure runs.
    """
    authorize(policy.can_decide(actor))
    if minutes.is_held or minutes.status != MinutesStatus.CIRCULATED:
        raise IllegalMove("minutes_procedure: not circulated, or open already")
    seats = queries.voting_seats(minutes)
    _ensure_may_open(minutes, seats)
    former, days = queries.last_procedure(minutes), rules.value("minutes_procedure_days", scope=minutes.meeting.body_id)
    row = Procedure(
        minutes=minutes, number=former.number + 1 if former is not None else 1, digest=content.adopted_digest(minutes),
        silent=queries.rule_of(minutes) == "silence", needed=len(seats) // 2 + 1, out_of=len(seats),
        deadline=clock.today() + timedelta(days=days), opened_by_id=actor.id, answers=[],
    )  # fmt: skip
    db.session.add(row)
    minutes.is_held = True
    db.session.flush()
    details = {"number": row.number, "digest": row.digest, "deadline": row.deadline.isoformat(), "silent": row.silent}
    audit.record(actor, "minutes_procedure.opened", row, **details)
    outgoing.opened(row, seats)
    return row


def _ensure_may_open(minutes: Minutes, seats: list[Mandate]) -> None:
    if queries.rule_of(minutes) not in queries.BY_RULE:
        raise Refused("open", _("The rule of this body has its minutes adopted at a meeting only."))
    _ensure_corrected(minutes, "open")
    _ensure_answered(minutes, "open")
    _ensure_whole(minutes, "open")
    if not seats:
        raise Refused("open", _("Nobody votes in this body today: there is nobody to ask."))


def answer(actor: Any, minutes: Minutes, procedure: Procedure, given: Consent, reason: str | None = None) -> None:
    """Approve or object, in the name of the actor's seat; both are held. The last answer of a seat counts.

    Raises `Refused` for an objection without a reason, once the procedure has ended, or for a substitute when the full
    member has answered.
    """
    seat = policy.seat_of(actor, minutes)
    authorize(seat is not None)
    assert seat is not None
    if procedure.status != ProcedureStatus.OPEN or procedure.deadline < clock.today():
        raise Refused("answer", _("This written procedure has ended: answers are closed."))
    if given == Consent.OBJECT and not reason:
        raise Refused("reason", _("Say why you object: the members of the body and the secretariat read it."))
    row = answering.give(ProcedureAnswer, procedure.answers, actor, seat, given, reason)
    if row is not None:
        details = {"procedure": procedure.id, "mandate": row.mandate_id, "answer": given.value}
        audit.record(actor, "minutes_answer.given", row, **details)
    settle(minutes, procedure)


def stop(actor: Any, minutes: Minutes, procedure: Procedure) -> None:
    """The secretariat stops it: the text may change again, and a meeting or another procedure decides."""
    authorize(policy.can_decide(actor))
    _end(actor, minutes, procedure, ProcedureStatus.WITHDRAWN)


# -- its end ---------------------------------------------------------------------------------------------------------


def settle(minutes: Minutes, procedure: Procedure) -> bool:
    """End a procedure whose outcome is known: adopted, or left to a meeting. Both are held; whether it has ended.

    With silent consent, one objection is enough to stop it, and the deadline to adopt. Without, a majority of the seats
    adopts at once; an answer counts while its seat is held.
    """
    held = {one.id for one in queries.voting_seats(minutes)}
    found = sum(one.mandate_id in held for one in procedure.approvals)
    over = procedure.deadline < clock.today()
    adopted = over if procedure.silent else found >= procedure.needed
    if procedure.silent and procedure.objections:
        adopted, over = False, True
    if adopted and procedure.digest != content.adopted_digest(minutes):
        # the sheet or a decision was corrected: nobody read this text
        _end(None, minutes, procedure, ProcedureStatus.WITHDRAWN)
    elif adopted:
        _adopt(minutes, procedure, found)
    elif over:
        counts = {"approvals": found, "objections": len(procedure.objections)}
        _end(None, minutes, procedure, ProcedureStatus.OPPOSED, **counts)
    return adopted or over


def _adopt(minutes: Minutes, procedure: Procedure, approvals: int) -> None:
    _end(None, minutes, procedure, ProcedureStatus.ADOPTED, approvals=approvals, needed=procedure.needed)
    way = AdoptionWay.SILENCE if procedure.silent else AdoptionWay.WRITTEN
    minutes_service.adopt(None, minutes, way, clock.today(), procedure.digest)


def _end(actor: Any, minutes: Minutes, procedure: Procedure, status: ProcedureStatus, **details: Any) -> None:
    move(procedure, status, actor=actor, **details)
    procedure.ended_at, minutes.is_held = clock.now(), False
