"""The adoption of minutes: where it stands, at which meeting, by which written procedure."""

from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, rules
from app.core.access import access, signed_in
from app.core.editing import choices
from app.core.errors import IllegalMove, Refused, undo
from app.core.hypermedia import go, render, say
from app.forum.adoptions import contradictions, correction_views, policy, queries, service
from app.forum.adoptions.forms import AdoptForm, ConsentForm, StopForm
from app.forum.adoptions.models import Procedure
from app.forum.adoptions.states import ProcedureStatus
from app.forum.adoptions.words import adoption_words
from app.forum.agreements import queries as agreements
from app.forum.meetings.models import Meeting
from app.forum.members.states import Consent
from app.forum.minutes import content
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import MinutesStatus

bp = Blueprint("adoptions", __name__)
correction_views.add_to(bp)
HERE = "/<id:meeting_id>-<slug:slug>/minutes/adoption"


@bp.get(HERE)
@access(signed_in, quiet=True)
def show(meeting_id: int, slug: str) -> Response:
    minutes = queries.minutes_of(meeting_id, current_user)
    return _page(minutes)


def _page(
    minutes: Minutes, *, consent: ConsentForm | None = None, chosen: AdoptForm | None = None, status: int = 200
) -> Response:
    procedures, decides = queries.procedures(minutes), policy.can_decide(current_user)
    procedure = procedures[0] if procedures else None
    is_open = procedure is not None and procedure.status == ProcedureStatus.OPEN
    circulated, rule = minutes.status == MinutesStatus.CIRCULATED, queries.rule_of(minutes)
    seats = queries.voting_seats(minutes) if is_open or (circulated and decides) else []
    may_adopt = circulated and decides and not minutes.is_held
    by_rule, meetings = rule in queries.BY_RULE, queries.meetings_to_adopt(minutes) if may_adopt else []
    answered = {one.mandate_id for one in procedure.answers} if procedure is not None else set()
    return render(
        "adoptions/show.html",
        minutes=minutes,
        meeting=minutes.meeting,
        adopted=adoption_words(minutes),
        rule_label=rules.RULES["minutes_adoption"].label,
        rule=rules.RULES["minutes_adoption"].show(rule),
        counted=queries.counted(minutes),
        procedure=procedure,
        former=procedures[1:],
        is_open=is_open,
        waiting=[one for one in seats if one.id not in answered] if is_open else [],
        approvals=_approvals(procedure, seats),
        unreachable=len(agreements.unreachable(seats)) if seats and decides else 0,
        consent=consent or ConsentForm(formdata=None, data=_given(procedure)),
        chosen=chosen or _choose(meetings, formdata=None, data=_beforehand(minutes, meetings)),
        meetings=meetings,
        can_answer=is_open and policy.seat_of(current_user, minutes) is not None,
        can_decide=decides,
        follows=True,
        by_rule=by_rule,
        may_still_correct=may_adopt and queries.may_still_correct(minutes),
        contradictions=contradictions.messages(minutes) if may_adopt else [],
        changed=queries.changed_since(minutes) if circulated else [],
        today=clock.today(),
        status=status,
    )


def _approvals(procedure: Procedure | None, seats: list[Any]) -> int:
    """While it runs, those of seats held today; afterwards, all that were given."""
    if procedure is None:
        return 0
    held = {one.id for one in seats}
    return sum(not held or one.mandate_id in held for one in procedure.approvals)


def _given(procedure: Procedure | None) -> dict[str, str]:
    """What the viewer answered in this procedure, if they did."""
    answers = procedure.answers if procedure is not None else []
    mine = next((one for one in answers if one.user_id == current_user.id), None)
    return {"answer": mine.answer.value, "reason": mine.reason or ""} if mine is not None else {}


def _beforehand(minutes: Minutes, meetings: Any) -> dict[str, str]:
    """The text that is read on this page; the only meeting that there is, is chosen."""
    only = {"meeting": str(meetings[0].id)} if len(meetings) == 1 else {}
    return {**only, "seen": content.adopted_digest(minutes)} if meetings else {}


def _choose(meetings: Any, **options: Any) -> AdoptForm:
    form = AdoptForm(**options)
    form.meeting.choices = choices({str(one.id): f"{one.title}, {one.dates}" for one in meetings})
    return form


@bp.post(f"{HERE}/meeting")
@access(policy.can_decide, quiet=True)
def adopt(meeting_id: int, slug: str) -> Response:
    minutes = queries.minutes_of(meeting_id, current_user, lock=True)
    meetings = queries.meetings_to_adopt(minutes)
    if not meetings:
        return _late(meeting_id, slug)
    form = _choose(meetings)
    if not form.validate_on_submit():
        return _page(minutes, chosen=form, status=422)
    at = next(one for one in meetings if str(one.id) == form.meeting.data)
    try:
        service.adopt_at(current_user, minutes, at, seen=form.seen.data or "")
    except Refused as refusal:
        form.refuse(refusal)
        return _page(queries.minutes_of(meeting_id, current_user), chosen=form, status=422)
    except service.Changed:
        say(_("The text changed since you read it: nothing was recorded. Read it again."), "warning")
        return go(".show", meeting_id=meeting_id, slug=slug)
    except IllegalMove:
        return _late(meeting_id, slug)
    say(_("The adoption is recorded: the French text may no longer change, and can be published."))
    return _back(minutes.meeting)


@bp.post(f"{HERE}/open")
@access(policy.can_decide, quiet=True)
def open_procedure(meeting_id: int, slug: str) -> Response:
    minutes = queries.minutes_of(meeting_id, current_user, lock=True)
    try:
        service.open_procedure(current_user, minutes)
    except Refused as refusal:
        form = ConsentForm(formdata=None)
        form.refuse(refusal)
        return _page(queries.minutes_of(meeting_id, current_user), consent=form, status=422)
    except IllegalMove:
        return _late(meeting_id, slug)
    say(_("The written procedure is open: the members of the body are told by e-mail."))
    return _back(minutes.meeting)


@bp.post(f"{HERE}/stop")
@access(policy.can_decide, quiet=True)
def stop(meeting_id: int, slug: str) -> Response:
    form, (minutes, procedure) = StopForm(), _held(meeting_id)
    if procedure is None or not form.validate_on_submit() or form.procedure.data != str(procedure.number):
        return _late(meeting_id, slug)
    try:
        service.stop(current_user, minutes, procedure)
    except IllegalMove:
        return _late(meeting_id, slug)
    say(_("The written procedure is stopped: nobody answers it any more."))
    return _back(minutes.meeting)


def _held(meeting_id: int) -> tuple[Minutes, Procedure | None]:
    minutes = queries.minutes_of(meeting_id, current_user, lock=True)
    return minutes, queries.last_procedure(minutes, lock=True)


@bp.post(f"{HERE}/answer")
@access(signed_in, quiet=True)
def answer(meeting_id: int, slug: str) -> Response:
    form, (minutes, procedure) = ConsentForm(), _held(meeting_id)
    if not form.validate_on_submit():
        return _page(minutes, consent=form, status=422)
    if procedure is None or form.procedure.data != str(procedure.number):
        return _late(meeting_id, slug)
    try:
        service.answer(current_user, minutes, procedure, Consent(form.answer.data), form.reason.data or None)
        say(_("Your answer to the written procedure is recorded."))
    except Refused as refusal:
        undo()
        say(refusal.message, "warning")
    return go(".show", meeting_id=meeting_id, slug=slug)


def _late(meeting_id: int, slug: str) -> Response:
    """Somebody, or the same person twice, has acted since the page was read: nothing more is written."""
    undo()
    say(_("The adoption has moved on since you read this page: nothing was recorded. Read it again."), "warning")
    return go(".show", meeting_id=meeting_id, slug=slug)


def _back(meeting: Meeting) -> Response:
    return go(".show", meeting_id=meeting.id, slug=meeting.slug)
