"""A new meeting; a working copy from its beginning to its publication."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, entry, once
from app.core.access import access
from app.core.errors import NotFound, Refused
from app.core.hypermedia import go, go_to, render, say
from app.forum.agendas import change, policy, preview, queries, reading, service, warning, working
from app.forum.agendas.forms import NewMeetingForm, PublishForm, TokenForm, body_choices, offers
from app.forum.agendas.models import WorkingCopy
from app.forum.agendas.views import shared
from app.forum.agendas.views.shared import bp
from app.forum.meetings import agenda_file, agenda_view, attachment_queries
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingMode
from app.forum.members import queries as members


@bp.route("/new", methods=["GET", "POST"])
@access(policy.can_edit, quiet=True)
def create() -> Response:
    form, bodies, recent = NewMeetingForm(), members.bodies(), queries.recent()
    form.body.choices = body_choices(bodies)
    form.like.choices = offers([("", _("Start from an empty agenda")), *((str(one.id), _named(one)) for one in recent)])
    if form.validate_on_submit() and (values := reading.new(form)) is not None:
        content = (values, form.body.data, form.mode.data, form.like.data)
        return once.answer(form.once.data, lambda: _created(form, values), content=content)
    numbers = queries.next_numbers()
    return render(
        "agendas/create.html",
        form=form,
        numbers=[(body.name, numbers.get(body.id, 1)) for body in bodies],
        status=422 if form.errors else 200,
    )


def _named(meeting: Meeting) -> str:
    return f"{entry.shown(meeting.first_day.isoformat())} – {meeting.title}"


def _created(form: NewMeetingForm, values: dict[str, Any]) -> str:
    like = queries.meeting(int(form.like.data), current_user) if form.like.data else None
    body = queries.body(int(form.body.data)) if form.body.data else None
    meeting = service.create(current_user, values, body=body, mode=MeetingMode(form.mode.data), like=like)
    return url_for(".overview", meeting_id=meeting.id)


@bp.get("/<id:meeting_id>/editing")
@access(policy.can_edit, quiet=True)
def overview(meeting_id: int) -> Any:
    copy = queries.copy(meeting_id, current_user)
    wanted = request.args.get("open", "")
    if copy is None:
        meeting = queries.meeting(meeting_id, current_user)
        return render("agendas/begin.html", meeting=meeting, open=wanted)
    address = _address(copy, wanted)
    return redirect(address, 302) if address else shared.overview(copy)


def _address(copy: WorkingCopy, wanted: str) -> str | None:
    """Where `slot:<key>:<field>` is edited; None when there is no such part."""
    kind, _colon, rest = wanted.partition(":")
    key, _colon, field = rest.rpartition(":")
    part = next((one for one in copy.parts if (one.kind, one.key) == (kind, key) and one.removed_at is None), None)
    if part is None:
        return None
    anchor = field if field.replace("_", "").replace("-", "").isalnum() else None
    return url_for(".edit", meeting_id=copy.meeting_id, part_id=part.id, _anchor=anchor)


@bp.post("/<id:meeting_id>/editing/begin")
@access(policy.can_edit, quiet=True)
def begin(meeting_id: int) -> Response:
    copy = queries.copy(meeting_id, current_user, lock=True)
    if copy is None:
        copy = service.begin(current_user, queries.meeting(meeting_id, current_user))
    return go_to(_address(copy, request.form.get("open", "")) or url_for(".overview", meeting_id=meeting_id))


@bp.route("/<id:meeting_id>/editing/discard", methods=["GET", "POST"])
@access(policy.can_edit, quiet=True)
def discard(meeting_id: int) -> Response:
    copy, form = shared.held(meeting_id), TokenForm()
    shown, status = working.digest(working.of_copy(copy)), 200
    if form.validate_on_submit():
        if form.shown.data == shown:
            service.discard(current_user, copy)
            say(_("The working copy was discarded. The public agenda has not changed."))
            return go(".overview", meeting_id=meeting_id)
        status = 409
    elif request.method == "POST":
        status = 422
    return render(
        "agendas/discard.html", copy=copy, changes=_changes(copy), token=shown, changed=status == 409, status=status
    )


def _changes(copy: WorkingCopy) -> list[change.Change]:
    before = working.of_meeting(queries.meeting(copy.meeting_id, current_user))
    return change.between(before, working.of_copy(copy), shared.names(copy))


@bp.get("/<id:meeting_id>/editing/preview")
@access(policy.can_edit, quiet=True)
def show_preview(meeting_id: int) -> Response:
    copy = shared.held(meeting_id)
    body = queries.body(copy.head.data["body"]) if copy.head.data["body"] else None
    meeting = preview.meeting_of(copy, body)
    missing, outdated = agenda_view.translation(meeting)
    return render(
        "agendas/preview.html",
        meeting=meeting,
        reads_agenda=True,
        panels=[],
        days=agenda_view.days(meeting),
        missing=missing,
        outdated=outdated,
        hours=agenda_view.hours(meeting),
        papers=_papers(queries.meeting(meeting_id, current_user), meeting),
        can_attach=False,
    )


def _papers(stored: Meeting, shown: Meeting) -> dict[int | None, Any]:
    """The documents of the stored meeting, at the slots of the one previewed; a slot that goes leaves its to all."""
    numbers = {slot.key: slot.id for day in shown.days for slot in day.slots}
    places = {slot.id: numbers.get(slot.key) for day in stored.days for slot in day.slots}
    found: dict[int | None, Any] = {}
    for slot_id, papers in attachment_queries.papers(stored, current_user).items():
        found.setdefault(places.get(slot_id) if slot_id else None, []).extend(papers)
    return found


@bp.route("/<id:meeting_id>/editing/publish", methods=["GET", "POST"])
@access(policy.can_edit)
def publish(meeting_id: int) -> Response:
    copy, form = queries.copy(meeting_id, current_user, lock=request.method == "POST"), PublishForm()
    meeting = queries.meeting(meeting_id, current_user)
    if copy is None:
        return _published(meeting)
    shown = working.digest([working.base_of(meeting), working.of_copy(copy)])
    if form.validate_on_submit():
        if form.reviewed.data != shown:
            form.form_errors.append(
                _("The working copy changed since you read this summary. Read it again, then publish.")
            )
            form.reviewed.data = shown
            return _review(copy, meeting, form, 409)
        try:
            reason = form.reason_fr.data or None, form.reason_en.data or None
            service.publish(current_user, copy, meeting, reason=reason)
        except Refused as refusal:
            _refuse(form, refusal)
            return _review(copy, meeting, form, 422)
        say(_("The agenda is public."))
        return go("meetings.show", meeting_id=meeting.id, slug=meeting.slug)
    if request.method == "GET":
        form.reviewed.data = shown
    return _review(copy, meeting, form, 422 if form.errors else 200)


def _published(meeting: Meeting) -> Response:
    """The button pressed twice, or by two people: the copy has gone and readers have the agenda. Raises `NotFound`."""
    if not meeting.agenda_is_public:
        raise NotFound
    say(_("There is no working copy any more: this is the public agenda."))
    return go("meetings.show", meeting_id=meeting.id, slug=meeting.slug)


def _refuse(form: PublishForm, refusal: Refused) -> None:
    if refusal.field in form:
        reading.tell(form[refusal.field], refusal.message)
    else:
        form.form_errors.append(refusal.message)


def _review(copy: WorkingCopy, meeting: Meeting, form: PublishForm, status: int) -> Response:
    before, after = working.of_meeting(meeting), working.of_copy(copy)
    form.reason_fr.flags.required = policy.needs_reason(meeting, clock.today())
    return render(
        "agendas/publish.html",
        copy=copy,
        meeting=meeting,
        form=form,
        changes=change.between(before, after, shared.names(copy)),
        warnings=warning.of(working.agenda(copy)),
        untranslated=len(agenda_file.missing_translations({"meeting": after[0], "venues": after[1], "days": after[2]})),
        barrier=service.barrier_to(copy, meeting),
        rebased=meeting.agenda_is_public and working.digest(before) != copy.base,
        status=status,
    )
