"""The second notice of F.6: a meeting that lacked its quorum is convened again, and then needs none.

It does so only with the same agenda, and only where the body's rule says it: otherwise the quorum is needed again.
"""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.core import clock, rules
from app.core.access import authorize
from app.core.errors import Refused
from app.forum.agendas import service as agendas
from app.forum.agendas import working
from app.forum.convocations import policy, snapshot
from app.forum.meetings import phases
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase


def second_notice(actor: Any, meeting: Meeting, day: date) -> Meeting:
    """A new meeting that resumes one that was held without its quorum: same title, body, hours and agenda.

    It is a draft until its agenda is published; then it is convened like any other. Raises `Refused`.
    """
    authorize(policy.can_convene(actor, meeting))
    if meeting.phase != MeetingPhase.HELD or meeting.body_id is None:
        raise Refused("day", _("Only a meeting of a body of the Forum that was held can be convened a second time."))
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


def needs_no_quorum(meeting: Meeting) -> bool:
    """Whether its votes count whoever is present: a second notice, the same agenda, and a rule that allows it (F.6)."""
    first = meeting.second_notice_of
    if first is None or not rules.value("second_notice_without_quorum", scope=meeting.body_id, on=_day(meeting)):
        return False
    return _items(first) == _items(meeting)


def _day(meeting: Meeting) -> date:
    """The rules of the day of the meeting; of a meeting to come, those of today."""
    return min(meeting.first_day, clock.today())


def _items(meeting: Meeting) -> list[Any]:
    return snapshot.items(working.of_meeting(meeting)[2])


def said(meeting: Meeting) -> dict[str, Any] | None:
    """What a convocation states of it; None for a meeting that resumes no other."""
    first = meeting.second_notice_of
    if first is None:
        return None
    return {"first_day": first.first_day.isoformat(), "needs_no_quorum": needs_no_quorum(meeting)}
