"""What the room of minutes registers: mail, checklist, desk, the translator's queue, personal data, journal."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.extensions import db
from app.core.registry import Panel, Step, Todo, of
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.minutes import journal, keeping, outgoing, policy, queries, tracks
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import MinutesStatus

RECENT = timedelta(days=400)
TO_WRITE = timedelta(days=30)  # after the meeting, while those who were there remember


def wire(app: Flask) -> None:
    app.jinja_env.filters["minutes_record"] = outgoing.minutes_of
    registry = of(app)
    registry.steps.append(steps)
    registry.meeting_links.append(links)
    registry.minutes_links.append(lambda viewer, minutes: links(viewer, minutes.meeting))
    registry.related.setdefault("meeting", []).append(panels)
    registry.todos.append(todos)
    registry.translations |= {"minutes_section": tracks.texts(), "minutes": tracks.heads()}
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.subjects["minutes"] = _label


def _address(meeting: Meeting) -> str:
    return url_for("minutes.overview", meeting_id=meeting.id, slug=meeting.slug)


def _label(viewer: Any, minutes_id: int) -> tuple[str, str] | None:
    found = db.session.get(Minutes, minutes_id)
    if found is None or not policy.can_write(viewer):
        return None
    return _("Minutes: %(title)s", title=found.meeting.title.text), _address(found.meeting)


def steps(viewer: Any, meeting: Meeting) -> Iterator[Step]:
    """Written, circulated: after the meeting."""
    if meeting.body_id is None or meeting.is_off or not policy.can_write(viewer):
        return
    status, phase, address = queries.status_of(meeting.id), MeetingPhase.HELD.value, _address(meeting)
    due = meeting.last_day + TO_WRITE
    yield Step(phase, _("Write the minutes"), address, status is not None, due, order=60)
    sent = status not in (None, MinutesStatus.DRAFT)
    yield Step(phase, _("Circulate the minutes to those who were there"), address, sent, due, order=61)


def links(viewer: Any, meeting: Meeting) -> Iterable[tuple[Any, str]]:
    if meeting.body_id is not None and policy.can_write(viewer):
        yield _("Minutes to write"), _address(meeting)


def panels(viewer: Any, meeting: Meeting) -> Iterator[Panel]:
    """On the page of a meeting, for whoever may read minutes that are not public yet: where they stand."""
    if not viewer.is_authenticated or meeting.body_id is None or meeting.last_day > clock.today():
        return
    minutes = queries.alone(meeting.id)
    if minutes is not None and not minutes.is_public and policy.can_read(viewer, minutes):
        yield Panel("minutes/_panel.html", {"minutes": minutes, "writes": policy.can_write(viewer)}, order=10)


def todos(viewer: Any) -> Iterator[Todo]:
    """Minutes to begin, to finish and circulate."""
    if not policy.can_write(viewer):
        return
    for meeting in queries.without_minutes(clock.today() - RECENT):
        label = _("Write the minutes: %(title)s", title=meeting.title.text)
        yield Todo(label, _address(meeting), meeting.last_day + TO_WRITE)
    for minutes in queries.in_preparation():
        if minutes.status == MinutesStatus.DRAFT:
            label = _("Finish and circulate the minutes: %(title)s", title=minutes.meeting.title.text)
            yield Todo(label, _address(minutes.meeting), minutes.meeting.last_day + TO_WRITE)
