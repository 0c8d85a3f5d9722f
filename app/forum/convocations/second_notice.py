"""The second notice of F.6: a meeting that lacked its quorum is convened again, and then needs none.

It does so only with the same agenda, and only where the body's rule says it: otherwise the quorum is needed again.
That the quorum was lacking is what a closed attendance sheet says (`registry.quorum_missed`).
"""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.core import clock, registry, rules
from app.core.access import authorize
from app.core.errors import Refused
from app.forum.agendas import service as agendas
from app.forum.agendas import working
from app.forum.convocations import policy, queries, snapshot
from app.forum.convocations.holding import hold
from app.forum.meetings import phases
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase


def second_notice(actor: Any, meeting: Meeting, day: date) -> Meeting:
    """A new meeting that resumes one that was held without its quorum: same title, body, hours and agenda.

    It is a draft until its agenda is published; then it is convened like any other. Raises `Refused`, `MeetingChanged`.
    """
    authorize(policy.can_convene(actor, meeting))
    hold(meeting)
    found = obstacle(meeting)
    if found is not None:
        raise Refused("day", found)
    if day <= clock.today() or day <= meeting.last_day:
        raise Refused("day", _("This day has passed: give the meeting a day to come."))
    made = agendas.create(
        actor,
        {
            "title": {"fr": meeting.title_fr, "en": meeting.title_en},
            "first_day": day,
            "last_day": day + (meeting.last_day - meeting.first_day),
            "series_number": None,
        },
        body=meeting.body,
        mode=meeting.mode,
        like=meeting,
    )
    made.second_notice_of_id = meeting.id
    phases.arrange(actor, made, starts=meeting.starts, ends=meeting.ends, remote_link=meeting.remote_link)
    return made


def obstacle(meeting: Meeting) -> str | None:
    """What keeps a meeting from being convened a second time, in words."""
    if meeting.phase != MeetingPhase.HELD or meeting.body_id is None:
        return _("Only a meeting of a body of the Forum that was held can be convened a second time.")
    if queries.successor(meeting) is not None:
        return _("A second notice of this meeting has been prepared already.")
    if not _missed(meeting):
        return _("No closed attendance sheet says that this meeting lacked its quorum.")
    return None


def _missed(meeting: Meeting) -> bool:
    """Whether it lacked its quorum, by its attendance sheet: some seven statements."""
    return any(says(meeting) for says in registry.current().quorum_missed)


def resumes(meeting: Meeting) -> bool:
    """Whether it is the second notice of a meeting that lacked its quorum."""
    return meeting.second_notice_of is not None and _missed(meeting.second_notice_of)


def needs_no_quorum(meeting: Meeting) -> bool:
    """Whether its votes count whoever is present: a second notice, the same agenda, and a rule that allows it (F.6)."""
    first = meeting.second_notice_of
    if first is None or not rules.value("second_notice_without_quorum", scope=meeting.body_id, on=_day(meeting)):
        return False
    return _items(first) == _items(meeting) and _missed(first)


def _day(meeting: Meeting) -> date:
    """The rules of the day of the meeting; of a meeting to come, those of today."""
    return min(meeting.first_day, clock.today())


def _items(meeting: Meeting) -> list[Any]:
    return snapshot.items(working.of_meeting(meeting)[2])


def said(meeting: Meeting) -> dict[str, Any] | None:
    """What a convocation states of it; None for a meeting that resumes none that lacked its quorum."""
    first = meeting.second_notice_of
    if first is None or not _missed(first):
        return None
    return {"first_day": first.first_day.isoformat(), "needs_no_quorum": needs_no_quorum(meeting)}
