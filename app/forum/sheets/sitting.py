"""Who may sit in a seat on the days of a meeting: its member, or one of the substitutes. Pure: no database."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate
from app.forum.sheets import hours


def substitutes(seat: Mandate, meeting: Meeting) -> Sequence[Mandate]:
    """Those whose mandate covers one of the days of the meeting."""
    days = [meeting.first_day + timedelta(one) for one in range((meeting.last_day - meeting.first_day).days + 1)]
    return [one for one in seat.alternates if any(one.covers(day) for day in days)]


def today(meeting: Meeting, now: datetime) -> date:
    """The day of the meeting that it is, or the nearest one."""
    return min(max(hours.local(now, meeting.timezone).date(), meeting.first_day), meeting.last_day)


def substitute(seat: Mandate, day: date, announced: Mapping[int, int]) -> Mandate | None:
    """Who would come on a day: the one whom the seat's answer names, else the first. `announced`: seat to mandate."""
    there = [one for one in seat.alternates if one.covers(day)]
    named = next((one for one in there if one.id == announced.get(seat.id)), None)
    return named or next(iter(there), None)
