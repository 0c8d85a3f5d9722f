"""What corrections and adoptions ask of the secretariat and of members: on the checklist of a meeting, on the desk."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.registry import Step, Todo
from app.forum.adoptions import policy, queries
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import IN_PREPARATION, MinutesStatus

CORRECTIONS_ORDER, ADOPTION_ORDER = 80, 85
"""In the checklist, after what the minutes themselves ask and before their publication."""


def _here(meeting: Meeting) -> dict[str, Any]:
    return {"meeting_id": meeting.id, "slug": meeting.slug}


def corrections_url(meeting: Meeting) -> str:
    return url_for("adoptions.corrections", **_here(meeting))


def adoption_url(meeting: Meeting) -> str:
    return url_for("adoptions.show", **_here(meeting))


def steps(_viewer: Any, meeting: Meeting) -> Iterator[Step]:
    """Corrections to answer, once there are some; the adoption, once there are minutes."""
    found = queries.standing_of(meeting)
    if found is None:
        return
    phase, done = MeetingPhase.HELD.value, found.minutes.status not in IN_PREPARATION
    if found.proposed:
        label = _("Answer the corrections to the minutes (%(number)s)", number=found.waiting)
        yield Step(phase, label, corrections_url(meeting), found.waiting == 0, order=CORRECTIONS_ORDER)
    yield Step(phase, _("Have the minutes adopted"), adoption_url(meeting), done, order=ADOPTION_ORDER)


def links(_viewer: Any, meeting: Meeting) -> Iterable[tuple[Any, str]]:
    found = queries.standing_of(meeting)
    if found is None or (found.minutes.status == MinutesStatus.DRAFT and not found.proposed):
        return []
    return [
        (_("Corrections to the minutes"), corrections_url(meeting)),
        (_("Adoption of the minutes"), adoption_url(meeting)),
    ]


def minutes_links(viewer: Any, minutes: Minutes) -> Iterable[tuple[Any, str]]:
    """On the page of the minutes, for those who follow what becomes of them."""
    if policy.can_follow(viewer, minutes) and minutes.status != MinutesStatus.DRAFT:
        yield _("Corrections to the minutes"), corrections_url(minutes.meeting)
        yield _("Adoption of the minutes"), adoption_url(minutes.meeting)


def todos(viewer: Any) -> Iterator[Todo]:
    """For whoever was there: propose corrections. For those who vote: a written procedure. For the secretariat: both
    to be brought to their end."""
    if not viewer.is_authenticated:
        return
    yield from _own(viewer)
    if policy.can_decide(viewer):
        yield from _secretariat()


def _own(viewer: Any) -> Iterator[Todo]:
    for minutes in queries.to_correct(viewer) if getattr(viewer, "person", None) is not None else ():
        label = _("Read the minutes, propose corrections: %(title)s", title=minutes.meeting.title.text)
        yield Todo(label, corrections_url(minutes.meeting), minutes.corrections_until)
    for procedure in queries.open_for(viewer):
        minutes, answered = procedure.minutes, {one.mandate_id for one in procedure.answers}
        seat = policy.seat_of(viewer, minutes)
        if seat is not None and (seat.titular_id or seat.id) not in answered:
            label = _("Answer the written procedure on the minutes: %(title)s", title=minutes.meeting.title.text)
            yield Todo(label, adoption_url(minutes.meeting), procedure.deadline)


def _secretariat() -> Iterator[Todo]:
    for one in queries.unfinished():
        meeting, named = one.minutes.meeting, {"title": one.minutes.meeting.title.text}
        if one.waiting:
            label = ngettext(
                "%(num)d correction to answer: %(title)s",
                "%(num)d corrections to answer: %(title)s",
                one.waiting,
                **named,
            )
            yield Todo(label, corrections_url(meeting), one.minutes.corrections_until)
        elif one.is_ready and one.failed:
            yield Todo(
                _("Minutes not adopted in writing, for a meeting to adopt: %(title)s", **named), adoption_url(meeting)
            )
        elif one.is_ready:
            yield Todo(_("Minutes to have adopted: %(title)s", **named), adoption_url(meeting))
