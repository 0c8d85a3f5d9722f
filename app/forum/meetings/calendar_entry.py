"""A meeting as the public's calendars hold it: the same entry in the file of the meeting and in every feed.

A meeting that is called off stays in the files as PUBLISH with STATUS:CANCELLED, never as METHOD:CANCEL. RFC 5546
(3.2.5) keeps CANCEL for those whom an organizer invited, and calendars that follow a feed or import a file ignore it;
of a published entry they take the status of the highest SEQUENCE (3.2.1). No organizer is named: a calendar would take
whoever follows the feed for somebody invited, who must answer.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from app.core import i18n
from app.core.absolute import absolute
from app.forum.meetings import agenda_view, calendar, service
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase

REFRESH = timedelta(hours=6)
STATUSES = {
    MeetingPhase.PLANNED: calendar.TENTATIVE,
    MeetingPhase.POSTPONED: calendar.CANCELLED,  # nobody should come that day: the new one comes with its own version
    MeetingPhase.CANCELLED: calendar.CANCELLED,
}


def entry(meeting: Meeting, *, reads_agenda: bool) -> calendar.Entry:
    """`reads_agenda`: whether whoever asks reads the agenda; of a feed, whether everybody does."""
    starts, ends = agenda_view.span(meeting, reads_agenda=reads_agenda) or (meeting.first_day, meeting.last_day)
    address = absolute("meetings.show", meeting_id=meeting.id, slug=meeting.slug)
    return calendar.Entry(
        uid=f"{meeting.uid}@{service.uid_domain()}",
        sequence=meeting.sequence,
        status=STATUSES.get(meeting.phase, calendar.CONFIRMED),
        title=str(meeting.title),
        starts=starts,
        ends=ends,
        stamp=meeting.updated_at,  # as the sequence, it follows the hours too, of which the story says nothing
        location=_location(meeting),
        description=_description(meeting, address, reads_agenda=reads_agenda),
        url=address,
        lang=i18n.language(),
    )


def single(meeting: Meeting, *, reads_agenda: bool) -> bytes:
    """The file of one meeting."""
    made = entry(meeting, reads_agenda=reads_agenda)
    return calendar.write(_("Open Government Forum"), [made], method=calendar.PUBLISH)


def feed(name: str, meetings: Sequence[Meeting]) -> bytes:
    """What everybody may follow, called `name`: with the programme where the agenda is public, else the hours."""
    entries = [entry(meeting, reads_agenda=meeting.agenda_is_public) for meeting in meetings]
    return calendar.write(name, entries, method=calendar.PUBLISH, refresh=REFRESH)


def _location(meeting: Meeting) -> str:
    if meeting.place:
        return str(meeting.place)
    return f"{meeting.venues[0].building}, {meeting.venues[0].address}" if len(meeting.venues) == 1 else ""


def _description(meeting: Meeting, address: str, *, reads_agenda: bool) -> str:
    """The programme in plain lines: a calendar shows no page."""
    lines = [str(meeting.theme)] if meeting.theme and reads_agenda else []
    for day in meeting.days if reads_agenda else []:
        lines += ["", i18n.weekday_day(day.day)]
        lines += [_slot_line(slot) for slot in day.slots]
    return "\n".join([*lines, "", address]).strip()


def _slot_line(slot: Any) -> str:
    hour = i18n.clock_time(slot.starts) + " " if slot.starts else ""
    return f"{hour}{slot.title}" + (f" ({_('optional')})" if slot.is_optional else "")
