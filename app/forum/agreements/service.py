"""Writes of the agreement on an agenda: share, answer, approve, take back; what an edit, silence and publication do.

Whoever writes holds the working copy, then the version: an answer, an edit and a publication come one after the other,
and each compares the digest anew. No answer is ever counted for another text than the one that was read.
"""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock, rules
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db
from app.core.registry import Barrier, Passage
from app.core.workflow import move
from app.forum.agendas import queries as agendas_queries
from app.forum.agendas import service as agendas
from app.forum.agendas import working
from app.forum.agendas.models import WorkingCopy
from app.forum.agreements import frozen, outgoing, policy, queries, tally
from app.forum.agreements.models import AgendaVersion, VersionAnswer
from app.forum.agreements.states import Threshold, VersionStatus
from app.forum.meetings.models import Meeting
from app.forum.members import answering
from app.forum.members.models import Mandate
from app.forum.members.states import Consent

audit.declare("agenda_version.shared", "number", "digest")
audit.declare("agenda_version.agreed", "approvals", "needed", "by_silence")
audit.declare("agenda_version.approved")
audit.declare("agenda_version.published", "sequence")
audit.declare("agenda_version.void")
audit.declare("agenda_version.withdrawn")
audit.declare("version_answer.given", "version", "mandate", "answer")


def share(actor: Any, meeting_id: int) -> AgendaVersion:
    """Freeze the working copy for those who agree. The same text shared twice is one version.

    Raises `Refused` for a public agenda that nobody is revising, an agenda without a day, a meeting called off or over.
    """
    authorize(policy.can_share(actor))
    copy = _copy_to_share(actor, meeting_id)
    if has_ended(copy.meeting):
        raise Refused("meeting", _("This meeting is called off, or over: nobody agrees on its agenda."))
    former, content = _still_open(actor, meeting_id, copy), frozen.content_of(copy)
    if former is not None:
        return former
    seats = queries.committee_seats()
    wanted = queries.need_for(copy.meeting.body_id or 0, seats)
    counted = seats or (queries.seats_of_body(copy.meeting) if wanted.threshold == Threshold.MEMBERS else [])
    deadline, silent = _deadline(copy.meeting, tally.counted(wanted.threshold, counted))
    version = AgendaVersion(
        meeting=copy.meeting, number=queries.next_number(meeting_id), digest=working.digest(content), content=content,
        threshold=wanted.threshold, needed=wanted.needed, out_of=wanted.out_of, deadline=deadline, silent=silent,
        frozen_by_id=actor.id, answers=[],
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    audit.record(actor, "agenda_version.shared", version, number=version.number, digest=version.digest)
    if wanted.threshold == Threshold.SECRETARIAT:
        _agree(actor, version, 0)
    else:
        outgoing.shared(version, seats or queries.seats_for(version))
    return version


def _copy_to_share(actor: Any, meeting_id: int) -> WorkingCopy:
    copy = queries.copy_of(meeting_id, lock=True)
    if copy is None:
        meeting = agendas_queries.meeting(meeting_id, actor)
        if meeting.agenda_is_public:
            raise Refused("meeting", _("This agenda is public and nobody is revising it: there is nothing to agree."))
        copy = agendas.begin(actor, meeting)
    if not copy.days:
        raise Refused("meeting", _("This agenda has no day: add one before you share it."))
    return copy


def has_ended(meeting: Meeting) -> bool:
    """Nobody agrees any more on the agenda of a meeting that is called off or over; a public one may be corrected."""
    return meeting.is_off or (meeting.last_day < clock.today() and not meeting.agenda_is_public)


def _deadline(meeting: Meeting, seats: list[Mandate]) -> tuple[date | None, bool]:
    """Its last day, before the meeting; whether silence is then a consent.

    It never is after a time cut short, nor when nobody can be written to for one of the seats that count.
    """
    days, today = rules.value("agenda_agreement_days", scope=meeting.body_id), clock.today()
    if not days:
        return None, False
    full = today + timedelta(days=days)
    last = max(today, min(full, meeting.first_day - timedelta(days=1)))
    silent = last == full and queries.is_silence_consent(meeting.body_id or 0)
    return last, silent and not queries.unreachable(seats)


def hold(actor: Any, meeting_id: int) -> AgendaVersion | None:
    """The open version, held, when the agenda is still its text; one that was edited is made void, and None is given.

    Whoever calls has authorised, or is the portal itself: an edit voids by itself.
    """
    return _still_open(actor, meeting_id, queries.copy_of(meeting_id, lock=True))


def _still_open(actor: Any, meeting_id: int, copy: WorkingCopy | None) -> AgendaVersion | None:
    """As `hold`, the copy being held."""
    version = queries.opened(meeting_id, lock=True)
    if version is None:
        return None
    if not is_edited(version, copy):
        return version
    _end(actor, version, VersionStatus.VOID)
    outgoing.void(version)
    return None


def is_edited(version: AgendaVersion, copy: WorkingCopy | None) -> bool:
    """Whether the working copy is no longer the text of the version, or has gone."""
    return copy is None or working.shown_digest(copy) != version.digest


def _end(actor: Any, version: AgendaVersion, status: VersionStatus) -> None:
    move(version, status, actor=actor)
    version.ended_at = clock.now()


def answer(actor: Any, version: AgendaVersion, given: Consent, reason: str | None = None) -> None:
    """Approve or object, in the name of the actor's seat; `version` is held. The last answer of a seat counts.

    Raises `Refused` for an objection without a reason, once the version is agreed, or for a substitute when the full
    member has answered.
    """
    authorize(policy.can_answer(actor, version))
    seat = policy.seat_of(actor, version)
    assert seat is not None
    if version.status != VersionStatus.SHARED:
        raise Refused("answer", _("This version is agreed already: answers are closed."))
    if given == Consent.OBJECT and not reason:
        raise Refused("reason", _("Say why you object: the committee and the secretariat read it."))
    row = answering.give(VersionAnswer, version.answers, actor, seat, given, reason)
    if row is not None:
        details = {"version": version.id, "mandate": row.mandate_id, "answer": given.value}
        audit.record(actor, "version_answer.given", row, **details)
    _count(actor, version)


def _count(actor: Any, version: AgendaVersion) -> None:
    found = tally.approvals(version.threshold, version.answers, queries.seats_for(version))
    if found >= version.needed:
        _agree(actor, version, found)


def _agree(actor: Any, version: AgendaVersion, approvals: int, *, by_silence: bool = False) -> None:
    details = {"approvals": approvals, "needed": version.needed, "by_silence": by_silence}
    move(version, VersionStatus.AGREED, actor=actor, **details)
    version.agreed_at, version.by_silence = clock.now(), by_silence


def approve(actor: Any, version: AgendaVersion) -> None:
    """The secretariat approves what was agreed; `version` is held. Raises `IllegalMove` before it is agreed."""
    authorize(policy.can_share(actor))
    move(version, VersionStatus.APPROVED, actor=actor)
    version.approved_at, version.approved_by_id = clock.now(), actor.id


def withdraw(actor: Any, version: AgendaVersion) -> None:
    """The secretariat takes an open version back; `version` is held."""
    authorize(policy.can_share(actor))
    _end(actor, version, VersionStatus.WITHDRAWN)


# -- what happens without anybody's click ----------------------------------------------------------------------------


def follow(now: datetime) -> int:
    """Void what was edited, end what waits for a meeting called off or over, let silence agree at its hour, remind.

    Returns how many versions it touched.
    """
    return sum(_follow(version) for version in queries.all_open())


def _follow(version: AgendaVersion) -> int:
    copy, today = queries.copy_of(version.meeting_id), clock.today()
    edited, ended = is_edited(version, copy), has_ended(version.meeting)
    waits = version.status == VersionStatus.SHARED and version.deadline is not None
    is_over = waits and version.silent and version.deadline is not None and version.deadline < today
    eve = waits and version.reminded_at is None and version.deadline == today + timedelta(days=1)
    eve = eve and clock.end_of_day(version.frozen_at) <= clock.now()  # shared today: the first mail has just left
    if not (edited or ended or is_over or eve):
        return 0
    held = hold(None, version.meeting_id)
    if held is None:
        return 1
    if has_ended(held.meeting):
        _end(None, held, VersionStatus.WITHDRAWN)
        return 1
    if held.id != version.id or held.status != VersionStatus.SHARED:
        return 0
    return _silence(held) if is_over else _remind(held)


def _silence(version: AgendaVersion) -> int:
    seats = queries.seats_for(version)
    if not seats or tally.is_opposed(version.answers, seats):
        return 0
    _agree(None, version, tally.approvals(version.threshold, version.answers, seats), by_silence=True)
    return 1


def _remind(version: AgendaVersion) -> int:
    version.reminded_at = clock.now()
    return outgoing.remind(version, queries.seats_for(version)) or 1


# -- what agendas asks before it publishes, and tells afterwards -----------------------------------------------------


def gate(meeting: Meeting, bodies: frozenset[int], digest: str) -> Passage:
    """An agenda of a body whose rule asks for agreement is public only as the secretariat approved it, once agreed."""
    version = queries.held_open(meeting.id) if bodies else None
    is_approved = version is not None and (version.status, version.digest) == (VersionStatus.APPROVED, digest)
    free = is_approved or not any(queries.is_required(one) for one in sorted(bodies))
    return Passage(None if free else _barrier(meeting), partial(_published, version, is_approved))


def _barrier(meeting: Meeting) -> Barrier:
    if meeting.body_id is None:
        message = _("The body of this meeting changes: put it back, or the agenda of that body must be agreed first.")
        return Barrier(message, _("Working copy"), "agendas.overview", {"meeting_id": meeting.id})
    message = _("This text has not been agreed with the management committee and approved: it cannot be published yet.")
    here = {"meeting_id": meeting.id, "slug": meeting.slug}
    return Barrier(message, _("Agreement on the agenda"), "agreements.show", here)


def _published(version: AgendaVersion | None, is_approved: bool, actor: Any, meeting: Meeting) -> None:
    """The open version becomes the public one; where no agreement was needed, one that was not ended is taken back."""
    if version is None:
        return
    if is_approved:
        move(version, VersionStatus.PUBLISHED, actor=actor, sequence=meeting.sequence)
        version.published_at = meeting.revised_at or meeting.published_at
    else:
        _end(actor, version, VersionStatus.WITHDRAWN)
