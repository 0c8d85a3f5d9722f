"""What the planning room registers: the desk, the lines that come back, the checklist, personal data, the journal."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import intake
from app.core.extensions import db
from app.core.registry import DeskGroup, DeskLink, Step, Todo, current, of
from app.forum.agendas.policy import can_edit
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.planning import journal, keeping, policy, queries, standing
from app.forum.planning.models import DatePoll, MeetingTemplate
from app.forum.planning.states import PollStatus

LINKS = [
    (_l("Plan the meetings of a year"), "planning.plan"),
    (_l("Templates of meetings"), "planning.templates"),
    (_l("Polls on dates"), "planning.polls"),
]


def wire(app: Flask) -> None:
    intake.accept_lists(app, "months", "languages")
    registry = of(app)
    registry.desk_links += [DeskLink(DeskGroup.MEETINGS, label, name, policy.can_plan) for label, name in LINKS]
    registry.todos.append(todos)
    registry.steps.append(steps)
    registry.meeting_links.append(links)
    registry.agenda_acts.append(acts)
    registry.standing_lines += [standing.adoption, standing.new_members, standing.vacant_seats]
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.subjects |= {"meeting_template": _label_template, "date_poll": _label_poll}


def todos(viewer: Any) -> Iterator[Todo]:
    """For the secretariat, polls that wait for a choice; for members, those that wait for their answer."""
    for poll in queries.late_polls() if policy.can_plan(viewer) else ():
        label = _("Choose the date: %(title)s", title=poll.name.text)
        yield Todo(label, url_for("planning.poll", poll_id=poll.id), poll.closes_on)
    for poll in queries.unanswered_by(viewer):
        label = _("Answer the poll on the date: %(title)s", title=poll.name.text)
        yield Todo(label, url_for("planning.poll", poll_id=poll.id), poll.closes_on)


def steps(viewer: Any, meeting: Meeting) -> Iterator[Step]:
    """The poll on the date, when there is one."""
    poll = queries.last_poll_of(meeting.id) if policy.can_plan(viewer) else None
    if poll is not None:
        url = url_for("planning.poll", poll_id=poll.id)
        is_done = poll.status == PollStatus.DECIDED
        yield Step(MeetingPhase.PLANNED, _("Choose the date after the poll"), url, is_done, due=poll.closes_on)


def links(viewer: Any, meeting: Meeting) -> Iterable[tuple[Any, str]]:
    """A date is asked before the meeting is announced."""
    if policy.can_plan(viewer) and meeting.phase == MeetingPhase.PLANNED and meeting.body_id is not None:
        yield _("Ask for its date by a poll"), url_for("planning.open_poll", meeting=meeting.id)


def acts(viewer: Any, meeting: Meeting) -> Iterable[tuple[Any, str]]:
    """On the working copy, unless the agenda is held as it is."""
    if can_edit(viewer, meeting) and meeting.body_id is not None and not current().is_frozen(meeting):
        yield _("Refresh the lines that come back"), url_for("planning.refresh_standing", meeting_id=meeting.id)


def _label_template(viewer: Any, template_id: int) -> tuple[str, str] | None:
    template = db.session.get(MeetingTemplate, template_id) if policy.can_plan(viewer) else None
    if template is None:
        return None
    return str(template.title), url_for("planning.edit_template", template_id=template.id)


def _label_poll(viewer: Any, poll_id: int) -> tuple[str, str] | None:
    poll = db.session.get(DatePoll, poll_id)
    if poll is None or not policy.can_read_poll(viewer, poll):
        return None
    return str(poll.name), url_for("planning.poll", poll_id=poll.id)
