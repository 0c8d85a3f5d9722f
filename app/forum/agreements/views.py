"""The agreement on an agenda: shared, answered, approved; its versions; the items that members ask for."""

from typing import Any

from flask import Blueprint, Response, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock
from app.core.access import access, anyone, signed_in
from app.core.errors import IllegalMove, NotFound, Refused
from app.core.hypermedia import go, render, say
from app.forum.agendas.change import Change
from app.forum.agreements import frozen, item_views, policy, queries, service, tally
from app.forum.agreements.forms import ActForm, AnswerForm
from app.forum.agreements.models import AgendaVersion
from app.forum.meetings import agenda_view
from app.forum.meetings.models import Meeting
from app.forum.members import queries as members
from app.forum.members.models import Mandate
from app.forum.members.states import Consent

bp = Blueprint("agreements", __name__)
item_views.add_to(bp)
HERE = "/<id:meeting_id>-<slug:slug>/agreement"


@bp.get(HERE)
@access(signed_in, quiet=True)
def show(meeting_id: int, slug: str) -> Response:
    meeting, version = queries.meeting(meeting_id), queries.last(meeting_id)
    if not policy.can_follow(current_user, version):
        raise NotFound
    return _page(meeting, version, AnswerForm(formdata=None, data=_given(version)))


def _given(version: AgendaVersion | None) -> dict[str, str]:
    """What the viewer answered for this version, if they did."""
    mine = next((one for one in version.answers if one.user_id == current_user.id), None) if version else None
    return {"answer": mine.answer.value, "reason": mine.reason or ""} if mine else {}


def _page(meeting: Meeting, version: AgendaVersion | None, form: AnswerForm, status: int = 200) -> Response:
    copy, bodies = queries.copy_of(meeting.id), members.bodies()
    present = frozen.content_of(copy) if copy is not None else None
    former = queries.last(meeting.id, before=version.number) if version else None
    is_stale = version is not None and version.is_open and service.is_edited(version, copy)
    seats = queries.seats_for(version) if version else []
    return render(
        "agreements/show.html",
        meeting=meeting,
        version=version,
        form=form,
        act=ActForm(formdata=None, data={"version": str(version.number if version else "")}),
        read=_read(meeting, version),
        since=frozen.changes(meeting, former.content, version.content, bodies) if version and former else [],
        former=former,
        edits=_edits(meeting, version, present, bodies) if is_stale or not (version and version.is_open) else [],
        is_stale=is_stale,
        need=None
        if version and version.is_open and not is_stale
        else queries.need_for(meeting.body_id or 0, queries.committee_seats()),
        silence_rule=queries.is_silence_consent(meeting.body_id or 0),
        required=queries.is_required(meeting.body_id or 0),
        approvals=tally.approvals(version.threshold, version.answers, seats) if version else 0,
        waiting=_waiting(version, seats),
        versions=queries.versions(meeting.id),
        can_share=policy.can_share(current_user) and meeting.last_day >= clock.today(),
        can_answer=version is not None and policy.can_answer(current_user, version),
        today=clock.today(),
        status=status,
    )


def _read(meeting: Meeting, version: AgendaVersion | None) -> Any:
    """The frozen text as the public page would show it: (meeting, its days)."""
    if version is None:
        return None
    shown = frozen.meeting_of(meeting, version.content, meeting.body)
    return shown, agenda_view.days(shown)


def _edits(meeting: Meeting, version: AgendaVersion | None, present: Any, bodies: Any) -> list[Change]:
    """What was changed since the version, by whoever edited the agenda."""
    if version is None or present is None:
        return []
    return frozen.changes(meeting, version.content, present, bodies)


def _waiting(version: AgendaVersion | None, seats: list[Mandate]) -> list[Mandate]:
    """The seats that have not answered; someone who left is not waited for."""
    answered = {one.mandate_id for one in version.answers} if version else set()
    return [one for one in seats if one.id not in answered]


@bp.post(f"{HERE}/share")
@access(policy.can_share, quiet=True)
def share(meeting_id: int, slug: str) -> Response:
    meeting = queries.meeting(meeting_id)
    try:
        version = service.share(current_user, meeting_id)
    except Refused as refusal:
        form = AnswerForm(formdata=None)
        form.refuse(refusal)
        return _page(queries.meeting(meeting_id), queries.last(meeting_id), form, 422)
    say(_("Version %(number)s is shared.", number=version.number))
    return _back(meeting)


@bp.post(f"{HERE}/answer")
@access(signed_in, quiet=True)
def answer(meeting_id: int, slug: str) -> Response:
    form = AnswerForm()
    if not form.validate_on_submit():
        version = queries.last(meeting_id)
        if not policy.can_follow(current_user, version):
            raise NotFound
        return _page(queries.meeting(meeting_id), version, form, 422)
    meeting, version = _held(meeting_id)
    if version is None or form.version.data != str(version.number):
        return _gone(meeting)
    try:
        service.answer(current_user, version, Consent(form.answer.data), form.reason.data or None)
        say(_("Your answer is recorded."))
    except Refused as refusal:
        say(refusal.message, "warning")
    return _back(meeting)


def _held(meeting_id: int) -> tuple[Meeting, AgendaVersion | None]:
    """Raises `NotFound` for whoever does not follow this agreement."""
    meeting = queries.meeting(meeting_id)
    if not policy.can_follow(current_user, queries.last(meeting_id)):
        raise NotFound
    return meeting, service.hold(current_user, meeting_id)


def _gone(meeting: Meeting) -> Response:
    """The text changed since the page was read: what was void stays written, and nothing was counted."""
    say(_("The agenda changed since you read it: nothing was recorded. Read it again."), "warning")
    return _back(meeting)


def _back(meeting: Meeting) -> Response:
    return go(".show", meeting_id=meeting.id, slug=meeting.slug)


@bp.post(f"{HERE}/approve")
@access(policy.can_share, quiet=True)
def approve(meeting_id: int, slug: str) -> Response:
    meeting, version, form = *_held(meeting_id), ActForm()
    if version is None or not form.validate_on_submit() or form.version.data != str(version.number):
        return _gone(meeting)
    try:
        service.approve(current_user, version)
        say(_("The agenda is approved: it can be published."))
    except IllegalMove:
        say(_("This version is not agreed, or is approved already: nothing was recorded."), "warning")
    return _back(meeting)


@bp.post(f"{HERE}/withdraw")
@access(policy.can_share, quiet=True)
def withdraw(meeting_id: int, slug: str) -> Response:
    meeting, version, form = *_held(meeting_id), ActForm()
    if version is None or not form.validate_on_submit() or form.version.data != str(version.number):
        return _gone(meeting)
    service.withdraw(current_user, version)
    say(_("The version is withdrawn: nobody answers it any more."))
    return _back(meeting)


@bp.get("/<id:meeting_id>-<slug:slug>/agenda/versions/<id:number>")
@access(anyone)
def version(meeting_id: int, slug: str, number: int) -> Any:
    meeting, found = queries.meeting(meeting_id), queries.version(meeting_id, number, current_user)
    if slug != meeting.slug:
        return redirect(url_for(".version", meeting_id=meeting_id, slug=meeting.slug, number=number), 301)
    shown, days = _read(meeting, found)
    listed = [one for one in queries.versions(meeting_id) if policy.can_read(current_user, one)]
    return render("agreements/version.html", meeting=shown, stored=meeting, version=found, days=days, versions=listed)
