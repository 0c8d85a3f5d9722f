"""The phases of a meeting: announced, convened, held, postponed, cancelled, and the story that the public reads.

Each of these moves is also a fact for calendars: `sequence` grows, so that an entry kept elsewhere is replaced
(RFC 5546).
"""

from datetime import date, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.core import audit, clock, clock_change, i18n, site_version
from app.core.access import authorize
from app.core.errors import IllegalMove, Refused
from app.core.extensions import db
from app.core.i18n import set_pair
from app.core.workflow import move
from app.forum.meetings import indexing, policy
from app.forum.meetings.models import Meeting, MeetingStep
from app.forum.meetings.states import MeetingPhase

Pair = tuple[str | None, str | None]

audit.declare("meeting.announced")
audit.declare("meeting.convened")
audit.declare("meeting.held")
audit.declare("meeting.postponed")
audit.declare("meeting.cancelled")
audit.declare("meeting.moved", "day", "former_day")
audit.declare("meeting.practical_details")


def tell(actor: Any, meeting: Meeting, *, reason: Pair = (None, None), former_day: date | None = None) -> MeetingStep:
    """One more step of the story, as the meeting stands now."""
    step = MeetingStep(
        meeting=meeting, phase=meeting.phase, at=clock.now(), actor_id=getattr(actor, "id", None),
        day=meeting.first_day, former_day=former_day, outdated={},
    )  # fmt: skip
    set_pair(step, "reason", *reason)
    db.session.add(step)
    return step


def announce(actor: Any, meeting: Meeting, *, day: date | None = None, reason: Pair = (None, None)) -> None:
    """The public knows of it. One that was postponed or cancelled comes back on a `day`, be it the same.

    Raises `Refused` when the day has passed or has not its hours, `IllegalMove` when it comes back without a day: those
    who were told that it is off would not hear of it.
    """
    authorize(policy.can_prepare(actor, meeting))
    returns, former = meeting.is_off, meeting.first_day
    if returns and day is None:
        raise IllegalMove(f"meeting: {meeting.phase} -> {MeetingPhase.ANNOUNCED} without a day")
    if day is not None and day != former:
        shift(meeting, day)
    if returns and meeting.last_day < clock.today():
        raise Refused("day", _("This day has passed: give the meeting a day to come."))
    was_known = meeting.is_announced
    move(meeting, MeetingPhase.ANNOUNCED, actor=actor)
    tell(actor, meeting, reason=reason, former_day=former if meeting.first_day != former else None)
    _follow(meeting, new_version=was_known)


def make_known(actor: Any, meeting: Meeting) -> None:
    """What the publication of its agenda does to a planned meeting; whoever publishes enters it in the index."""
    authorize(policy.can_prepare(actor, meeting))
    move(meeting, MeetingPhase.ANNOUNCED, actor=actor)
    tell(actor, meeting)


def convene(actor: Any, meeting: Meeting) -> None:
    """Its notice has been sent to those who sit in the body: the room of convocations calls this."""
    authorize(policy.can_prepare(actor, meeting))
    move(meeting, MeetingPhase.CONVENED, actor=actor)
    tell(actor, meeting)
    _follow(meeting)


def hold(actor: Any, meeting: Meeting) -> None:
    """It took place. Raises `Refused` before its first day."""
    authorize(policy.can_prepare(actor, meeting))
    if clock.today() < meeting.first_day:
        raise Refused("phase", _("This meeting has not begun: it cannot be marked as held."))
    move(meeting, MeetingPhase.HELD, actor=actor)
    tell(actor, meeting)


def postpone(actor: Any, meeting: Meeting, *, reason: Pair) -> None:
    """Put off to a day that is not known yet. Raises `Refused` without a reason."""
    _call_off(actor, meeting, MeetingPhase.POSTPONED, reason)


def cancel(actor: Any, meeting: Meeting, *, reason: Pair) -> None:
    """Raises `Refused` without a reason."""
    _call_off(actor, meeting, MeetingPhase.CANCELLED, reason)


def _call_off(actor: Any, meeting: Meeting, phase: MeetingPhase, reason: Pair) -> None:
    authorize(policy.can_prepare(actor, meeting))
    if not reason[0]:
        raise Refused("reason_fr", _("Give the reason: the public and the members read it."))
    was_known = meeting.is_announced
    move(meeting, phase, actor=actor)
    tell(actor, meeting, reason=reason)
    _follow(meeting, new_version=was_known)


def put_on(actor: Any, meeting: Meeting, day: date, *, reason: Pair = (None, None)) -> None:
    """Another day for a meeting, its agenda moving with it. One that is only planned has no public story yet.

    Raises `Refused`.
    """
    authorize(policy.can_prepare(actor, meeting))
    former = meeting.first_day
    if day < clock.today():
        raise Refused("day", _("This day has passed: give the meeting a day to come."))
    shift(meeting, day)
    audit.record(actor, "meeting.moved", meeting, day=day.isoformat(), former_day=former.isoformat())
    if meeting.is_announced:
        tell(actor, meeting, reason=reason, former_day=former)
    _follow(meeting)


def shift(meeting: Meeting, day: date) -> None:
    """Move the days of the meeting and of its agenda by the same number of days. Raises `Refused`."""
    by = day - meeting.first_day
    _check_clocks(meeting, by)
    meeting.first_day, meeting.last_day = meeting.first_day + by, meeting.last_day + by
    meeting.date_label_fr = meeting.date_label_en = None  # the printed dates were those of the former days
    for one in sorted(meeting.days, key=lambda one: one.day, reverse=by.days > 0):
        one.day += by
        db.session.flush()  # one at a time, the last first: no two days of a meeting are ever the same


def _check_clocks(meeting: Meeting, by: timedelta) -> None:
    """Its hours and those of its agenda exist on their days moved `by`: the clocks go forward over none (H25)."""
    check_announced_hours(meeting, by, field="day")
    for one in meeting.days:
        for slot in one.slots:
            for hour in (slot.starts, slot.ends):
                _check_hour(meeting, "day", one.day + by, hour)


def check_announced_hours(meeting: Meeting, by: timedelta = timedelta(0), *, field: str = "first_day") -> None:
    """They exist on their days. Raises `Refused` when the clocks go forward over one of them."""
    _check_hour(meeting, field, meeting.first_day + by, meeting.starts)
    _check_hour(meeting, field, meeting.last_day + by, meeting.ends)


def _check_hour(meeting: Meeting, field: str, day: date, hour: time | None) -> None:
    if hour is not None and clock_change.is_missing(day, hour, ZoneInfo(meeting.timezone)):
        shown = {"day": i18n.weekday_day(day), "hour": i18n.clock_time(hour)}
        raise Refused(field, _("%(day)s: %(hour)s does not exist, the clocks go forward that night.", **shown))


def comes_twice(meeting: Meeting) -> bool:
    """The clocks go back over its announced start or end: the first of the two hours is meant (H26)."""
    zone, hours = ZoneInfo(meeting.timezone), ((meeting.first_day, meeting.starts), (meeting.last_day, meeting.ends))
    return any(hour is not None and clock_change.comes_twice(day, hour, zone) for day, hour in hours)


def arrange(actor: Any, meeting: Meeting, *, starts: time | None, ends: time | None, remote_link: str | None) -> None:
    """Its announced hours (local) and where to connect. Raises `Refused`."""
    authorize(policy.can_prepare(actor, meeting))
    if ends is not None and (starts is None or (meeting.first_day == meeting.last_day and ends <= starts)):
        raise Refused("ends", _("The end comes after the start."))
    _check_hour(meeting, "starts", meeting.first_day, starts)
    _check_hour(meeting, "ends", meeting.last_day, ends)
    if remote_link and not _is_address(remote_link):
        raise Refused("remote_link", _("Enter an address that begins with https://"))
    if (meeting.starts, meeting.ends, meeting.remote_link) == (starts, ends, remote_link):
        return
    meeting.starts, meeting.ends, meeting.remote_link = starts, ends, remote_link
    audit.record(actor, "meeting.practical_details", meeting)
    _follow(meeting)


def _is_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:  # an unclosed bracket
        return False
    return parts.scheme == "https" and bool(parts.hostname)


def follow_facts(actor: Any, meeting: Meeting, *, former_day: date) -> None:
    """What the public reads of an announced meeting was changed with its draft agenda, by an edit that shows."""
    authorize(policy.can_prepare(actor, meeting))
    if meeting.first_day != former_day:
        days = {"day": meeting.first_day.isoformat(), "former_day": former_day.isoformat()}
        audit.record(actor, "meeting.moved", meeting, **days)
        tell(actor, meeting, former_day=former_day)
    _follow(meeting)
    site_version.bump()  # the views that edit a draft are quiet


def _follow(meeting: Meeting, *, new_version: bool = True) -> None:
    """Calendars replace what they hold, the search finds what the public may read."""
    if meeting.is_announced:
        meeting.sequence += new_version
        db.session.flush()
        indexing.index(meeting)
