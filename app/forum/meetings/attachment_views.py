"""The documents of a meeting, for the secretariat: list, add, describe, replace, move, remove."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import files, once
from app.core.access import access
from app.core.errors import Refused
from app.core.forms import OnceForm
from app.core.hypermedia import go_to, render
from app.core.intake import takes_files
from app.forum.meetings import attachment_queries as queries
from app.forum.meetings import attachment_service as service
from app.forum.meetings import policy
from app.forum.meetings import queries as meetings
from app.forum.meetings.attachment_forms import (
    AttachmentForm,
    DescriptionForm,
    EditionForm,
    RemovalForm,
    values_of,
)
from app.forum.meetings.models import Attachment, Meeting

DOCUMENTS = "/<id:meeting_id>-<slug:slug>/documents"


def add_to(bp: Blueprint) -> None:
    """Give the meetings room these addresses."""
    one = f"{DOCUMENTS}/<id:attachment_id>"
    bp.add_url_rule(DOCUMENTS, "documents", documents)
    bp.add_url_rule(f"{DOCUMENTS}/add", "attach", attach, methods=["GET", "POST"])
    bp.add_url_rule(one, "describe_attachment", describe, methods=["GET", "POST"])
    bp.add_url_rule(f"{one}/new-version", "replace_attachment", replace, methods=["GET", "POST"])
    bp.add_url_rule(f"{one}/remove", "remove_attachment", remove, methods=["GET", "POST"])
    bp.add_url_rule(f"{one}/move-up", "move_attachment_up", move_up, methods=["POST"])
    bp.add_url_rule(f"{one}/move-down", "move_attachment_down", move_down, methods=["POST"])


def _address(meeting: Meeting) -> str:
    return url_for("meetings.documents", meeting_id=meeting.id, slug=meeting.slug)


def _found(meeting_id: int, attachment_id: int) -> Attachment:
    return queries.get(meetings.get(meeting_id, current_user), attachment_id, current_user)


@access(policy.can_attach)
def documents(meeting_id: int, slug: str) -> Response:
    meeting = meetings.get(meeting_id, current_user)
    every = queries.of_meeting(meeting)
    places: list[tuple[Any, list[Attachment]]] = [(None, [one for one in every if one.slot_id is None])]
    places += [(slot, [one for one in every if one.slot_id == slot.id]) for day in meeting.days for slot in day.slots]
    return render("meetings/documents.html", meeting=meeting, places=[place for place in places if place[1]])


@access(policy.can_attach)
@takes_files
def attach(meeting_id: int, slug: str) -> Response:
    meeting = meetings.get(meeting_id, current_user)
    form = AttachmentForm(meeting, place=request.args.get("place"))

    def act() -> str:
        service.attach(current_user, meeting, form.file.data, form.said)
        return _address(meeting)

    return _answer(form, act) or _page("meetings/attach.html", form, meeting=meeting)


@access(policy.can_attach)
def describe(meeting_id: int, slug: str, attachment_id: int) -> Response:
    attachment = _found(meeting_id, attachment_id)
    now = values_of(attachment)
    form = DescriptionForm(attachment.meeting, attachment, **now)

    def act() -> str:
        if form.version.data != now["version"]:
            form.version.data = now["version"]
            raise Refused("", _conflict(attachment))
        service.describe(current_user, attachment, form.said)
        return _address(attachment.meeting)

    return _answer(form, act) or _page("meetings/describe_attachment.html", form, attachment=attachment)


def _conflict(attachment: Attachment) -> str:
    document = attachment.document
    return _(
        "Someone else changed this document meanwhile. It now says: “%(fr)s”, “%(en)s”; read by: %(level)s. "
        "Your own words are below: send them again to replace theirs.",
        fr=document.title_fr,
        en=document.title_en or "—",
        level=document.access.label,
    )


@access(policy.can_attach)
@takes_files
def replace(meeting_id: int, slug: str, attachment_id: int) -> Response:
    attachment, form = _found(meeting_id, attachment_id), EditionForm()

    def act() -> str:
        service.replace(current_user, attachment, form.file.data)
        return _address(attachment.meeting)

    return _answer(form, act) or _page("meetings/replace_attachment.html", form, attachment=attachment)


@access(policy.can_attach)
def remove(meeting_id: int, slug: str, attachment_id: int) -> Response:
    attachment, form = _found(meeting_id, attachment_id), RemovalForm()

    def act() -> str:
        reason = (form.reason_fr.data, form.reason_en.data or None)
        address = _address(attachment.meeting)
        service.remove(current_user, attachment, reason=reason)
        return address

    return _answer(form, act) or _page("meetings/remove_attachment.html", form, attachment=attachment)


@access(policy.can_attach)
def move_up(meeting_id: int, slug: str, attachment_id: int) -> Response:
    return _moved(_found(meeting_id, attachment_id), up=True)


@access(policy.can_attach)
def move_down(meeting_id: int, slug: str, attachment_id: int) -> Response:
    return _moved(_found(meeting_id, attachment_id), up=False)


def _moved(attachment: Attachment, *, up: bool) -> Response:
    service.move(current_user, attachment, up=up)
    return go_to(_address(attachment.meeting) + f"#document-{attachment.id}")


def _answer(form: OnceForm, act: Callable[[], str]) -> Response | None:
    """Do what was sent, once; None when the form must be shown, with or without what is wrong."""
    if not form.validate_on_submit():
        return None
    chosen = form.file.data if "file" in form else None
    content = [field.data for field in form if field.name not in ("csrf_token", "file")]
    try:
        return once.answer(form.once.data, act, content=[*content, files.digest(chosen)])
    except Refused as refusal:
        form.refuse(refusal)
        return None


def _page(template: str, form: OnceForm, **context: Any) -> Response:
    if form.errors and "file" in form:
        form.file.ask_again()
    return render(template, form=form, status=422 if form.errors else 200, **context)
