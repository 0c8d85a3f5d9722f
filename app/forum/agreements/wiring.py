"""What the room of agreements registers: the gate before publication, panels, steps, the desk, mails, personal data."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import mail
from app.core.registry import Job, Panel, Step, Todo, of
from app.forum.agreements import frozen, journal, keeping, outgoing, policy, queries, service
from app.forum.agreements.states import VersionStatus
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase


def wire(app: Flask) -> None:
    app.jinja_env.filters.update(agenda_version=outgoing.version_of, item_request=outgoing.request_of)
    app.jinja_env.globals["can_withdraw_request"] = policy.can_withdraw
    for name in ("shared", "reminder"):
        mail.parts_maker(f"agreements/{name}", outgoing.unless_answered)
    registry = of(app)
    registry.publication_gates.append(service.gate)
    registry.frozen.append(lambda meeting: queries.opened(meeting.id) is not None)
    registry.jobs.append(Job("agreements", service.follow, timedelta(minutes=1)))
    registry.related.setdefault("meeting", []).append(panels)
    registry.steps.append(steps)
    registry.meeting_links.append(links)
    registry.todos.append(todos)
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.subjects |= {
        "agenda_version": _label_version, "version_answer": _label_answer, "item_request": _label_request,
    }  # fmt: skip


def _address(meeting: Meeting) -> str:
    return url_for("agreements.show", meeting_id=meeting.id, slug=meeting.slug)


def _label_version(viewer: Any, version_id: int) -> tuple[str, str] | None:
    version = queries.find(version_id)
    if version is None or not policy.can_read(viewer, version):
        return None
    meeting = version.meeting
    address = url_for("agreements.version", meeting_id=meeting.id, slug=meeting.slug, number=version.number)
    return _("%(title)s, version %(number)s", title=meeting.title.text, number=version.number), address


def _label_answer(viewer: Any, answer_id: int) -> tuple[str, str] | None:
    """An answer is read on the page of its agreement, by those who follow it."""
    version = queries.version_answered(answer_id)
    if version is None or not policy.can_follow(viewer, version):
        return None
    return _("%(title)s, version %(number)s", title=version.meeting.title.text, number=version.number), _address(
        version.meeting
    )


def _label_request(viewer: Any, request_id: int) -> tuple[str, str] | None:
    request = queries.find_request(request_id)
    if request is None or not policy.can_answer_requests(viewer):
        return None
    return request.title, url_for("agreements.decide", request_id=request.id)


def panels(viewer: Any, meeting: Meeting) -> Iterator[Panel]:
    """Who agreed, and when, under the public agenda; before that, what a member of the body or the committee may do."""
    if meeting.body_id is None:
        return
    if meeting.agenda_is_public:
        listed = queries.published(meeting.id)
        if listed:
            current = frozen.is_text_of(meeting, listed[0].content)
            values = {"version": listed[0], "versions": listed[::-1], "current": current}
            yield Panel("agreements/_agreed.html", values, order=60)
        return
    if viewer.is_authenticated:
        version = queries.current(meeting.id)
        may_follow = version is not None and policy.can_follow(viewer, version)
        may_ask = policy.can_ask(viewer, meeting, frozen=version is not None)
        if may_follow or may_ask:
            yield Panel("agreements/_invitation.html", {"may_follow": may_follow, "may_ask": may_ask}, order=60)


def steps(_viewer: Any, meeting: Meeting) -> Iterator[Step]:
    """Shared, agreed, approved: before the agenda is published, when the rule asks for it."""
    if meeting.body_id is None or meeting.agenda_is_public or not queries.is_required(meeting.body_id):
        return
    version, phase, address = queries.current(meeting.id), MeetingPhase.ANNOUNCED.value, _address(meeting)
    status = version.status if version else None
    agreed = status in (VersionStatus.AGREED, VersionStatus.APPROVED)
    yield Step(phase, _("Share the agenda with those who agree on it"), address, version is not None)
    yield Step(phase, _("Have the agenda agreed"), address, agreed, version.deadline if version else None)
    yield Step(phase, _("Approve the agreed agenda"), address, status == VersionStatus.APPROVED)


def links(_viewer: Any, meeting: Meeting) -> Iterable[tuple[Any, str]]:
    if meeting.body_id is None:
        return []
    requests = url_for("agreements.requests", meeting_id=meeting.id, slug=meeting.slug)
    return [(_("Agreement on the agenda"), _address(meeting)), (_("Requests for items"), requests)]


def todos(viewer: Any) -> Iterator[Todo]:
    """For those who agree: what waits for their answer. For the secretariat: what is agreed, and the requests."""
    for version in queries.all_open() if viewer.is_authenticated else ():
        meeting, named = version.meeting, {"title": version.meeting.title.text}
        seat = policy.seat_of(viewer, version)
        answered = {one.mandate_id for one in version.answers}
        if version.status == VersionStatus.SHARED and seat and (seat.titular_id or seat.id) not in answered:
            label = _("Approve the agenda: %(title)s", **named)
            yield Todo(label, _address(meeting), version.deadline or meeting.first_day)
        elif version.status == VersionStatus.AGREED and policy.can_share(viewer):
            yield Todo(_("Agenda agreed, to approve: %(title)s", **named), _address(meeting), meeting.first_day)
        elif version.status == VersionStatus.APPROVED and policy.can_share(viewer):
            label = _("Agenda approved, to publish: %(title)s", **named)
            yield Todo(label, url_for("agendas.publish", meeting_id=meeting.id), meeting.first_day)
    for meeting, number in queries.waiting(viewer):
        label = ngettext("%(num)d request for an item: %(title)s", "%(num)d requests for items: %(title)s", number,
                         title=meeting.title.text)  # fmt: skip
        address = url_for("agreements.requests", meeting_id=meeting.id, slug=meeting.slug)
        yield Todo(label, address, meeting.first_day)
