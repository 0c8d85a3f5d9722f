"""What a meeting itself asks of the secretariat; the rooms above add their own lines to the same checklist."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core import clock, rules
from app.core.registry import Step, Todo
from app.forum.meetings import agenda_view, policy, queries
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingMode, MeetingPhase

REMOTE = (MeetingMode.REMOTE, MeetingMode.HYBRID)
AFTER_OTHERS = 60
"""What ends a phase: the poll comes before its announcement, the agreement before the publication of the agenda."""


def steps(viewer: Any, meeting: Meeting) -> Iterator[Step]:
    if not policy.can_prepare(viewer, meeting):
        return
    here: dict[str, Any] = {"meeting_id": meeting.id, "slug": meeting.slug}
    acts = url_for("meetings.preparation", **here, _anchor="acts")  # the buttons of the page itself
    announced = meeting.is_announced
    announce = _("Announce its date to the public")
    yield Step(MeetingPhase.PLANNED, announce, None if announced else acts, announced, order=AFTER_OTHERS)
    hours = url_for("meetings.arrange", **here)
    yield Step(MeetingPhase.ANNOUNCED, _("Set its hours"), hours, agenda_view.span(meeting) is not None)
    if meeting.mode in REMOTE:
        yield Step(MeetingPhase.ANNOUNCED, _("Say where to connect"), hours, meeting.remote_link is not None)
    agenda = url_for("agendas.overview", meeting_id=meeting.id)
    notice = timedelta(days=rules.value("notice_days", scope=meeting.body_id)) if meeting.body_id else timedelta()
    yield Step(
        MeetingPhase.ANNOUNCED,
        _("Publish its agenda"),
        agenda,
        meeting.agenda_is_public,
        meeting.first_day - notice,
        order=AFTER_OTHERS,
    )
    if meeting.last_day <= clock.today() or meeting.phase == MeetingPhase.HELD:
        held = meeting.phase == MeetingPhase.HELD
        yield Step(
            MeetingPhase.HELD,
            _("Say that it was held"),
            None if held else acts,
            held,
            meeting.last_day + timedelta(days=1),
            order=AFTER_OTHERS,
        )


def todos(viewer: Any) -> Iterator[Todo]:
    """A meeting whose day has passed was held, or it was not: somebody must say so."""
    if not policy.can_prepare(viewer):
        return
    for meeting in queries.not_closed():
        url = url_for("meetings.preparation", meeting_id=meeting.id, slug=meeting.slug)
        label = _("Say whether it was held: %(title)s", title=meeting.title.text)
        yield Todo(label, url, meeting.last_day + timedelta(days=1))
