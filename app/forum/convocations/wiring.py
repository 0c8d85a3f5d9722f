"""What the convocations room registers: mail, panels, the checklist, the desk, personal data, journal."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import mail, rules
from app.core.extensions import db
from app.core.registry import Panel, Step, Todo, of
from app.forum.convocations import delivery, journal, keeping, notice, policy, queries, second_notice, service
from app.forum.convocations.models import Convocation, ConvocationRecipient
from app.forum.convocations.states import Fate
from app.forum.meetings import policy as meetings
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase

SOON = timedelta(days=60)
DAY = timedelta(days=1)
MOST_COMPARED = 3  # meetings that the desk compares with what was sent of them: the next ones


def wire(app: Flask) -> None:
    app.jinja_env.globals["convocation_message"] = delivery.message
    for template in delivery.TEMPLATES:
        mail.parts_maker(template, delivery.parts)
        mail.follow(template, delivery.follow)
    for template in (delivery.NOTICE, delivery.UPDATE):
        mail.secret_maker(template, delivery.secret)
    registry = of(app)
    registry.related.setdefault("meeting", []).append(panels)
    registry.steps.append(steps)
    registry.meeting_links.append(links)
    registry.todos.append(todos)
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.subjects |= {"convocation": _label, "convocation_recipient": _label_recipient}


def _here(meeting: Meeting) -> dict[str, Any]:
    return {"meeting_id": meeting.id, "slug": meeting.slug}


def _label(viewer: Any, convocation_id: int) -> tuple[str, str] | None:
    row = db.session.get(Convocation, convocation_id)
    if row is None or not meetings.can_read(viewer, row.meeting):
        return None
    label = _("%(kind)s: %(title)s", kind=row.kind.label, title=row.meeting.title.text)
    return label, url_for("convocations.show", **_here(row.meeting), number=row.number)


def _label_recipient(viewer: Any, line_id: int) -> tuple[str, str] | None:
    line = db.session.get(ConvocationRecipient, line_id)
    if line is None or not policy.can_read_ledger(viewer):
        return None
    row = line.convocation
    address = url_for("convocations.ledger", **_here(row.meeting), number=row.number)
    return _("Message to a person convened: %(title)s", title=row.meeting.title.text), address


def panels(viewer: Any, meeting: Meeting) -> Iterator[Panel]:
    """The last version for everybody, and where to connect for whoever is convened: two statements at most."""
    if not meeting.is_announced or meeting.body_id is None:
        return
    versions = queries.versions(meeting)
    if not versions:
        return
    told = viewer.is_authenticated and bool(meeting.remote_link) and queries.is_told(versions[0], viewer)
    link = meeting.remote_link if policy.can_connect(viewer, meeting, is_told=told) else None
    yield Panel("convocations/_panel.html", {"versions": versions, "link": link}, order=20)


def steps(viewer: Any, meeting: Meeting) -> Iterator[Step]:
    """Convene in time; what or who changed since; the messages that failed: five statements, and the letter's."""
    if meeting.body_id is None or not policy.can_convene(viewer, meeting):
        return
    last, here = queries.last(meeting), _here(meeting)
    wanted = notice.of(meeting)
    is_convened = last is not None and meeting.phase in (MeetingPhase.CONVENED, MeetingPhase.HELD)
    phase = MeetingPhase.CONVENED.value
    days = wanted.required
    note = ngettext("at least %(num)d day before the meeting", "at least %(num)d days before the meeting", days)
    if not meeting.is_off and (meeting.phase != MeetingPhase.HELD or last):
        due = meeting.first_day - wanted.required * DAY
        yield Step(phase, _("Convene the members"), url_for("convocations.convene", **here), is_convened, due, note)
    if last is None:
        return
    if service.asks_for_update(meeting, last):
        label = _("The meeting has changed since the notice: send the update")
        yield Step(phase, label, url_for("convocations.update", **here), False)
    failed = queries.fates(last).get(Fate.FAILED, 0)
    if failed:
        label = ngettext("%(num)d message failed", "%(num)d messages failed", failed)
        yield Step(phase, label, url_for("convocations.ledger", **here, number=last.number), False)


def links(viewer: Any, meeting: Meeting) -> Iterator[tuple[Any, str]]:
    """The acts that change the meeting for those who were convened."""
    if not policy.can_convene(viewer, meeting):
        return
    here = _here(meeting)
    if meeting.phase in (MeetingPhase.ANNOUNCED, MeetingPhase.CONVENED):
        if meeting.body_id is not None:
            is_convened = meeting.phase == MeetingPhase.CONVENED
            yield (
                _("Notice of meeting") if is_convened else _("Convene the members"),
                url_for("convocations.convene", **here),
            )
        yield _("Put on another day"), url_for("convocations.put_on", **here)
        yield _("Postpone"), url_for("convocations.postpone", **here)
    if meeting.phase in (MeetingPhase.PLANNED, MeetingPhase.ANNOUNCED, MeetingPhase.CONVENED, MeetingPhase.POSTPONED):
        yield _("Cancel the meeting"), url_for("convocations.cancel", **here)
    if meeting.is_off:
        yield _("Restore the meeting"), url_for("convocations.restore", **here)
    if meeting.phase == MeetingPhase.HELD and second_notice.obstacle(meeting) is None:
        yield _("Prepare the second notice"), url_for("convocations.second_notice", **here)


def todos(viewer: Any) -> Iterator[Todo]:
    """Convene in time, send what changed, send again what failed: one statement when nobody is convened."""
    if not policy.can_convene(viewer):
        return
    listed = queries.waiting(SOON)
    for one in listed:
        meeting, here = one.meeting, _here(one.meeting)
        if meeting.phase == MeetingPhase.ANNOUNCED:
            days = rules.value("notice_days", scope=meeting.body_id)
            label = _("Convene: %(title)s", title=meeting.title.text)
            yield Todo(label, url_for("convocations.convene", **here), meeting.first_day - days * DAY)
        if one.failed and one.last is not None:
            label = _("Failed messages of a notice: %(title)s", title=meeting.title.text)
            yield Todo(label, url_for("convocations.ledger", **here, number=one.last.number))
    convened = [(one.meeting, one.last) for one in listed if one.last and one.meeting.phase == MeetingPhase.CONVENED]
    for meeting in service.asking_for_update(dict(convened[:MOST_COMPARED])):
        label = _("Send the update: %(title)s", title=meeting.title.text)
        yield Todo(label, url_for("convocations.update", **_here(meeting)), meeting.first_day)
