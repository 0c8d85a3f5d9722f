"""When answers are asked for and until when. Pure."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.forum.meetings import agenda_view
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingMode, MeetingPhase

ASKED = frozenset({MeetingPhase.ANNOUNCED, MeetingPhase.CONVENED})


def begins(meeting: Meeting) -> datetime:
    """The instant of its first hour; the beginning of its first day when no hour is announced."""
    span = agenda_view.span(meeting, reads_agenda=meeting.agenda_is_public)
    return span[0] if span else datetime.combine(meeting.first_day, time(), ZoneInfo(meeting.timezone))


def are_asked(meeting: Meeting) -> bool:
    """Of a meeting of a body that people come to, once it is announced and while it stands."""
    return meeting.body_id is not None and meeting.mode != MeetingMode.WRITTEN and meeting.phase in ASKED


def is_open(meeting: Meeting, at: datetime) -> bool:
    """Whoever sits answers until the meeting begins."""
    return are_asked(meeting) and at < begins(meeting)


def can_be_keyed(meeting: Meeting, at: datetime) -> bool:
    """The secretariat writes down what it is told until the last day of the meeting is over."""
    return are_asked(meeting) and at.astimezone(ZoneInfo(meeting.timezone)).date() <= meeting.last_day


def has_come(meeting: Meeting, at: datetime) -> bool:
    """Its first day has come, in its own zone: from then on people may be in the room."""
    return at.astimezone(ZoneInfo(meeting.timezone)).date() >= meeting.first_day


def instant_of(meeting: Meeting, hour: time, at: datetime) -> datetime:
    """The instant of an hour of the same local day as `at`."""
    zone = ZoneInfo(meeting.timezone)
    return datetime.combine(at.astimezone(zone).date(), hour, zone).astimezone(UTC)


def modes(meeting: Meeting) -> dict[str, Any]:
    """How one may take part, besides a substitute or a proxy."""
    return {
        "present": meeting.mode != MeetingMode.REMOTE,
        "remote": meeting.mode in (MeetingMode.REMOTE, MeetingMode.HYBRID),
    }


def closed_because(meeting: Meeting) -> str:
    """Why nobody answers any more, and what to do."""
    if meeting.is_off:
        return _("This meeting is cancelled or postponed: there is nothing to answer for the moment.")
    if not are_asked(meeting) and meeting.phase != MeetingPhase.HELD:
        return _("Answers are not asked for this meeting.")
    return _("The meeting has begun: answers are closed. Tell the secretariat, which keeps the attendance sheet.")
