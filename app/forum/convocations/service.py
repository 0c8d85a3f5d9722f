"""Writes of convocations: convene, tell what changed, move, put off, cancel, restore, send again.

Each begins by holding the meeting: of two secretaries at once the second finds what the first one did.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core import audit, clock, mail, rules
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db
from app.core.i18n import set_pair
from app.forum.agendas import queries as copies
from app.forum.agendas import service as agendas
from app.forum.convocations import delivery, notice, policy, queries, second_notice, snapshot
from app.forum.convocations.holding import MeetingChanged, hold
from app.forum.convocations.models import Convocation, ConvocationRecipient
from app.forum.convocations.queries import Reader
from app.forum.convocations.states import ConvocationKind, Fate, Told
from app.forum.documents.models import Document
from app.forum.meetings import agenda_view, phases
from app.forum.meetings.models import Meeting
from app.forum.meetings.phases import Pair
from app.forum.meetings.states import MeetingPhase

audit.declare("convocation.sent", "meeting", "number", "kind", "people")
audit.declare("convocation.sent_again", "meeting", "number", "messages")


class AlreadyConvened(Exception):
    """Somebody else has just convened this meeting: `row` is what they sent."""

    def __init__(self, row: Convocation) -> None:
        super().__init__(row.id)
        self.row = row


# -- convene ---------------------------------------------------------------------------------------------------------


def obstacle(meeting: Meeting) -> tuple[str, str] | None:
    """(what keeps it from being convened, the endpoint where it is mended); None when nothing does."""
    if meeting.body_id is None:
        return _("This meeting is not one of a body of the Forum: nobody is convened."), "meetings.preparation"
    if meeting.phase != MeetingPhase.ANNOUNCED:
        return _("Only a meeting that is announced can be convened."), "meetings.preparation"
    if meeting.first_day < clock.today():
        return _("This meeting is over: nobody can be convened any more."), "meetings.preparation"
    if not queries.is_seated(meeting):
        message = _("Nobody sits in this body on that day: enter its members in the register first.")
        return message, "meetings.preparation"
    return _missing(meeting)


def _missing(meeting: Meeting) -> tuple[str, str] | None:
    if not meeting.agenda_is_public:
        return _("Publish the agenda first: the notice prints it."), "agendas.overview"
    if agenda_view.span(meeting) is None:
        return _("Say at what time the meeting starts."), "meetings.arrange"
    return None


def convene(actor: Any, meeting: Meeting, *, reason: Pair = (None, None)) -> Convocation:
    """Send the first version to all who sit in the body that day. `reason`: of the urgency, when the notice is short.

    Raises `Refused` for what is missing, `AlreadyConvened` for whoever comes second, `MeetingChanged`.
    """
    authorize(policy.can_convene(actor, meeting))
    last = _hold_to_convene(meeting)
    found = obstacle(meeting)
    if found is not None:
        raise Refused("meeting", found[0])
    _check_notice(meeting, reason)
    phases.convene(actor, meeting)
    first = ConvocationKind.SECOND_NOTICE if second_notice.resumes(meeting) else ConvocationKind.FIRST
    return _send(actor, meeting, last, ConvocationKind.RESTORATION if last else first, reason)


def _hold_to_convene(meeting: Meeting) -> Convocation | None:
    try:
        last, change = hold(meeting), None
    except MeetingChanged as changed:
        last, change = queries.last(meeting), changed
    if last is not None and meeting.phase == MeetingPhase.CONVENED:
        raise AlreadyConvened(last)
    if change is not None:
        raise change
    return last


def _check_notice(meeting: Meeting, reason: Pair) -> None:
    wanted = notice.of(meeting)
    if wanted.is_short and not reason[0]:
        raise Refused("reason_fr", _("The notice is shorter than the rule: give the reason of the urgency, in French."))


# -- after the first version -----------------------------------------------------------------------------------------


def content_of(meeting: Meeting, annexes: list[Document] | None = None) -> dict[str, Any]:
    """What a convocation sent now would print. At most six statements; more for a second notice."""
    return snapshot.of(
        meeting,
        queries.annexes(meeting) if annexes is None else annexes,
        signed_by=rules.value("convening_body"),
        second_notice=second_notice.said(meeting),
    )


def has_changed(meeting: Meeting, last: Convocation, content: dict[str, Any]) -> bool:
    """Whether those who were convened should hear of it."""
    return snapshot.digest(content) != last.digest or meeting.remote_link != last.remote_link


def update(actor: Any, meeting: Meeting, *, reason: Pair = (None, None), urgent: bool = False) -> Convocation:
    """Tell everyone what changed since the last version. Raises `Refused` when nothing did, or when it is over.

    `reason`, `urgent`: of a day that is no longer the one of the last version, as for `put_on`.
    """
    authorize(policy.can_convene(actor, meeting))
    last = hold(meeting)
    if last is None or meeting.phase != MeetingPhase.CONVENED:
        raise Refused("meeting", _("This meeting is not convened: there is nobody to tell."))
    if is_over(meeting):
        raise Refused("meeting", _("This meeting is over: nobody can be convened any more."))
    if not has_changed(meeting, last, content_of(meeting)) and not _joined(meeting, last):
        raise Refused("meeting", _("Nothing has changed since the last version: there is nothing to send."))
    if meeting.first_day != last.first_day:
        _check_change(meeting, meeting.first_day, reason, urgent)
    return _send(actor, meeting, last, ConvocationKind.UPDATE, reason)


def is_over(meeting: Meeting) -> bool:
    return meeting.last_day < clock.today()


def _joined(meeting: Meeting, last: Convocation) -> bool:
    """Somebody sits, or no longer sits, who was not told so: two statements."""
    return bool(queries.with_newcomers([last]))


def asks_for_update(meeting: Meeting, last: Convocation) -> bool:
    """Whether an update waits to be sent to those who were convened."""
    if meeting.phase != MeetingPhase.CONVENED or is_over(meeting):
        return False
    return has_changed(meeting, last, content_of(meeting)) or _joined(meeting, last)


def asking_for_update(convened: dict[Meeting, Convocation]) -> list[Meeting]:
    """Of some meetings with their last versions, those of which an update waits: the surest signs are read first."""
    lasts = {one.id: row for one, row in convened.items()}
    known = [one for one in convened if not is_over(one)]
    sure = {one.id for one in known if one.remote_link != lasts[one.id].remote_link}
    if others := [one for one in known if one.id not in sure]:
        sure |= queries.with_newcomers(lasts[one.id] for one in others)
    if others := [one for one in known if one.id not in sure]:
        sure |= _differing(others, lasts)
    return [one for one in known if one.id in sure]


def _differing(meetings: Sequence[Meeting], lasts: dict[int, Convocation]) -> set[int]:
    papers = queries.annexes_of(meetings)
    suspect = [one.id for one in meetings if one.sequence != lasts[one.id].sequence]
    wholes = {one.id: one for one in queries.whole(suspect)} if suspect else {}
    return {one.id for one in meetings if _differs(wholes.get(one.id, one), lasts[one.id], papers)}


def _differs(meeting: Meeting, last: Convocation, papers: dict[int, list[Document]]) -> bool:
    """Whatever changes a meeting or its agenda gives its calendar entry a new number; a paper does not."""
    if meeting.sequence == last.sequence:
        return snapshot.annexes_of(papers[meeting.id]) != last.content["annexes"]
    return has_changed(meeting, last, content_of(meeting, papers[meeting.id]))


def put_on(actor: Any, meeting: Meeting, day: date, *, reason: Pair = (None, None), urgent: bool = False) -> None:
    """Another day; those who were convened receive it at once. `urgent`: the actor knows that the notice is short.

    Raises `Refused`.
    """
    authorize(policy.can_convene(actor, meeting))
    last = hold(meeting)
    if meeting.phase not in (MeetingPhase.ANNOUNCED, MeetingPhase.CONVENED):
        raise Refused("day", _("Only a meeting that is announced or convened can be put on another day."))
    if day == meeting.first_day:
        raise Refused("day", _("The meeting is already on this day."))
    convened = last is not None and meeting.phase == MeetingPhase.CONVENED
    if convened:
        _check_change(meeting, day, reason, urgent)
    with _copy_following(actor, meeting):
        phases.put_on(actor, meeting, day, reason=reason)
    if convened:
        _send(actor, meeting, last, ConvocationKind.UPDATE, reason)


@contextmanager
def _copy_following(actor: Any, meeting: Meeting) -> Iterator[None]:
    """Whatever day the meeting goes to, the working copy of its agenda, which is held with it, goes there too."""
    copy, former = copies.copy(meeting.id, actor), meeting.first_day
    yield
    if copy is not None and meeting.first_day != former:
        agendas.follow_day(copy, meeting.first_day - former)


def _check_change(meeting: Meeting, day: date, reason: Pair, urgent: bool) -> None:
    if not reason[0]:
        raise Refused("reason_fr", _("Give the reason, in French: those who were convened read it."))
    wanted = notice.of(meeting, day)
    if wanted.is_short and wanted.given >= 0 and not urgent:
        raise Refused(
            "urgent",
            _(
                "This day leaves a notice of %(given)d days; the rule asks for %(required)d. Tick the box if it is "
                "urgent: the reason is then printed as that of the urgency.",
                given=wanted.given,
                required=wanted.required,
            ),
        )  # fmt: skip


def postpone(actor: Any, meeting: Meeting, *, reason: Pair) -> None:
    """Put off without a day; those who were convened are told. Raises `Refused` without a reason."""
    authorize(policy.can_convene(actor, meeting))
    last = hold(meeting)
    phases.postpone(actor, meeting, reason=reason)
    if last is not None:
        _send(actor, meeting, last, ConvocationKind.POSTPONEMENT, reason)


def cancel(actor: Any, meeting: Meeting, *, reason: Pair) -> None:
    """Those who were convened are told, also of a meeting that was postponed. Raises `Refused` without a reason."""
    authorize(policy.can_convene(actor, meeting))
    last = hold(meeting)
    phases.cancel(actor, meeting, reason=reason)
    if last is not None:
        _send(actor, meeting, last, ConvocationKind.CANCELLATION, reason)


def restore(actor: Any, meeting: Meeting, *, day: date, reason: Pair = (None, None), urgent: bool = False) -> None:
    """A postponed or cancelled meeting comes back on a day; one that had been convened is convened again at once.

    Raises `Refused`.
    """
    authorize(policy.can_convene(actor, meeting))
    last = hold(meeting)
    if not meeting.is_off:
        raise Refused("day", _("This meeting is neither postponed nor cancelled."))
    if last is not None:
        found = _missing(meeting)
        if found is not None:
            raise Refused("day", found[0])
        _check_change(meeting, day, reason, urgent)
    with _copy_following(actor, meeting):
        phases.announce(actor, meeting, day=day, reason=reason)
    if last is not None:
        phases.convene(actor, meeting)
        _send(actor, meeting, last, ConvocationKind.RESTORATION, reason)


# -- a version and its messages --------------------------------------------------------------------------------------


def readers(
    meeting: Meeting,
    last: Convocation | None,
    kind: ConvocationKind,
    known: dict[int, ConvocationRecipient] | None = None,
) -> list[Reader]:
    """Whom a version tells: all who sit that day; those whom the version before asked to come and who no longer sit are
    told not to. When the meeting is off: those whom the version before told, whatever it said."""
    known = queries.told_before(last) if known is None else known
    if kind.calls_off:
        off = last is not None and last.kind.calls_off
        return queries.reread((line for line in known.values() if off or line.told == Told.REQUEST), Told.CANCEL)
    now = queries.seated(meeting)
    seated = {one.person_id for one in now}
    gone = [line for key, line in known.items() if key not in seated and line.told == Told.REQUEST]
    return now + (queries.reread(gone, Told.CANCEL) if gone else [])


def _send(actor: Any, meeting: Meeting, last: Convocation | None, kind: ConvocationKind, reason: Pair) -> Convocation:
    if last is not None and meeting.sequence <= last.sequence:
        meeting.sequence = last.sequence + 1  # calendars keep what they hold until a greater number comes (RFC 5546)
    content, wanted = content_of(meeting), notice.of(meeting)
    given, required, gives = wanted.given, wanted.required, True
    if last is not None and kind == ConvocationKind.UPDATE and meeting.first_day == last.first_day:
        given, required, gives = last.notice_days, last.required_days, False
    row = Convocation(
        meeting_id=meeting.id, number=last.number + 1 if last else 1, kind=kind, sent_at=clock.now(),
        sent_by_id=getattr(actor, "id", None), first_day=meeting.first_day, sequence=meeting.sequence,
        notice_days=given, required_days=required, gives_notice=gives, remote_link=meeting.remote_link, content=content,
        digest=snapshot.digest(content), outdated={}, reason_fr=None, reason_en=None,
    )  # fmt: skip
    set_pair(row, "reason", *reason)
    db.session.add(row)
    db.session.flush()
    known = queries.told_before(last)
    told = readers(meeting, last, kind, known)
    delivery.send(row, told, {key for key, line in known.items() if line.reached})
    audit.record(
        actor, "convocation.sent", row, meeting=meeting.id, number=row.number, kind=kind.value, people=len(told)
    )
    return row


def send_again(actor: Any, row: Convocation) -> int:
    """Queue the failed messages of a version anew, under their own Message-ID, at most 500; returns how many."""
    authorize(policy.can_convene(actor, row.meeting))
    failed = select(ConvocationRecipient.message_id).where(
        ConvocationRecipient.convocation_id == row.id, ConvocationRecipient.fate == Fate.FAILED
    )
    found: Sequence[Any] = mail.send_again(mail.OutgoingMail.message_id.in_(failed))
    if found:
        audit.record(
            actor, "convocation.sent_again", row, meeting=row.meeting_id, number=row.number, messages=len(found)
        )
    return len(found)
