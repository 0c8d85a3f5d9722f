"""Writes of templates, and of polls: open, answer, remind, choose, withdraw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock, clock_change, i18n, mail
from app.core.access import authorize
from app.core.errors import IllegalMove, NotAllowed, Refused
from app.core.extensions import db
from app.core.i18n import set_pair
from app.core.workflow import move
from app.forum.agendas import queries as copies
from app.forum.agendas import service as agendas
from app.forum.meetings import phases
from app.forum.meetings import queries as meetings
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingMode, MeetingPhase
from app.forum.members.models import Body, Mandate
from app.forum.planning import policy, queries, series
from app.forum.planning.models import DatePoll, MeetingTemplate, PollAnswer, PollOption
from app.forum.planning.states import FEWEST_DATES, MOST_DATES, Choice, PollStatus

Data = dict[str, Any]
Pair = tuple[str | None, str | None]
FIELDS = ("mode", "starts", "ends", "languages", "months", "every_months", "weekday", "slots", "is_active")
MOVABLE = (MeetingPhase.PLANNED, MeetingPhase.ANNOUNCED)

audit.declare("meeting_template.created")
audit.declare("meeting_template.saved")
audit.declare("date_poll.opened", "meeting", "options")
audit.declare("date_poll.answered", "mandate")
audit.declare("date_poll.reminded", "recipients")
audit.declare("date_poll.decided", "meeting", "option")
audit.declare("date_poll.withdrawn")


class Closed(IllegalMove):
    """The poll takes no answer any more (409)."""


# -- templates ---------------------------------------------------------------------------------------------------------
def create_template(actor: Any, body: Body, values: Data) -> MeetingTemplate:
    """`values`: pairs `title` and `place`, and what `FIELDS` names; the form has checked them."""
    authorize(policy.can_plan(actor))
    template = MeetingTemplate(body=body, outdated={}, title_fr="", title_en=None, place_fr=None, place_en=None)
    _write(template, values)
    db.session.add(template)
    audit.record(actor, "meeting_template.created", template)
    return template


def save_template(actor: Any, template: MeetingTemplate, body: Body, values: Data) -> None:
    """Meetings created before do not change."""
    authorize(policy.can_plan(actor))
    template.body = body
    _write(template, values)
    audit.record(actor, "meeting_template.saved", template)


def _write(template: MeetingTemplate, values: Data) -> None:
    set_pair(template, "title", *values["title"])
    set_pair(template, "place", *values["place"])
    for name in FIELDS:
        setattr(template, name, values[name])


# -- polls -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, order=True)
class Slot:
    """A date offered: a day and its hours, local."""

    day: date
    starts: time
    ends: time


def open_poll(
    actor: Any,
    body: Body,
    offered: Sequence[Slot],
    *,
    closes_on: date,
    title: Pair = (None, None),
    mode: MeetingMode = MeetingMode.IN_PERSON,
    meeting: Meeting | None = None,
    template: MeetingTemplate | None = None,
) -> DatePoll:
    """Ask those who sit in a body when to meet. `meeting`: one that is planned; None: a choice will create it.

    Each of them is told by mail. Raises `Refused`.
    """
    authorize(policy.can_plan(actor))
    queries.hold_body(body.id)
    _check_subject(title, meeting)
    poll = DatePoll(
        body=body, meeting=meeting, template=template, mode=mode, closes_on=closes_on, opened_by_id=actor.id,
        status=PollStatus.OPEN, outdated={}, title_fr=None, title_en=None, reason_fr=None, reason_en=None,
    )  # fmt: skip
    _check_dates(poll, offered)
    poll.options = [PollOption(day=one.day, starts=one.starts, ends=one.ends) for one in sorted(offered)]
    set_pair(poll, "title", *((meeting.title_fr, meeting.title_en) if meeting is not None else title))
    db.session.add(poll)
    audit.record(actor, "date_poll.opened", poll, meeting=meeting.id if meeting else None, options=len(poll.options))
    _tell("planning/poll_opened", poll, queries.seats(body.id))
    return poll


def _check_subject(title: Pair, meeting: Meeting | None) -> None:
    if meeting is None:
        if not title[0]:
            raise Refused("title_fr", _("Say in French what the meeting is."))
        return
    if meeting.phase != MeetingPhase.PLANNED:
        raise Refused("meeting", _("The date of a meeting can be asked while it is only planned."))
    if queries.open_poll_of(meeting.id) is not None:
        raise Refused("meeting", _("A poll on the date of this meeting is already open."))


def _check_dates(poll: DatePoll, offered: Sequence[Slot]) -> None:
    if not FEWEST_DATES <= len(offered) <= MOST_DATES:
        raise Refused("options", _("Offer from %(least)s to %(most)s dates.", least=FEWEST_DATES, most=MOST_DATES))
    if len(set(offered)) < len(offered):
        raise Refused("options", _("The same date comes twice: change one of the two."))
    for one in offered:
        _check_date(poll, one)
    if not clock.today() <= poll.closes_on < min(one.day for one in offered):
        raise Refused("closes_on", _("The last day of answers is today at the earliest, and before the first date."))


def _check_date(poll: DatePoll, one: Slot) -> None:
    day = i18n.weekday_day(one.day)
    if one.ends <= one.starts:
        raise Refused("options", _("%(day)s: the end comes after the start.", day=day))
    for hour in (one.starts, one.ends):
        if clock_change.is_missing(one.day, hour, poll.zone):
            shown = i18n.clock_time(hour)
            message = _("%(day)s: %(hour)s does not exist, the clocks go forward that night.", day=day, hour=shown)
            raise Refused("options", message)


def _tell(template: str, poll: DatePoll, seats: Iterable[queries.Seat], **more: Any) -> int:
    """To each person once, in their language; what they read is in the message, the rest behind the sign-in page."""
    return mail.queue_many(
        template,
        queries.recipients(seats),
        poll_id=poll.id,
        title={"fr": poll.meeting.title_fr, "en": poll.meeting.title_en}
        if poll.meeting is not None
        else {"fr": poll.title_fr, "en": poll.title_en},
        body={"fr": poll.body.name_fr, "en": poll.body.name_en},
        closes_on=poll.closes_on.isoformat(),
        **more,
    )


def answer(actor: Any, poll: DatePoll, mandate: Mandate, choices: dict[int, Choice]) -> None:
    """Answer, or change one's answer, for one's seat. `choices`: for each date. The poll is held by the caller.

    Raises `Closed` after the closing day, and once a date was chosen.
    """
    if not policy.can_answer(actor, poll, mandate):
        raise NotAllowed
    if not poll.takes_answers:
        raise Closed(f"date_poll {poll.id}")
    known = queries.answers_of(poll, [mandate.id])
    changed = False
    for option in poll.options:
        row, choice = known.get((mandate.id, option.id)), choices[option.id]
        if row is None:
            db.session.add(PollAnswer(option=option, mandate=mandate, choice=choice))
        elif row.choice != choice:
            row.choice, row.at = choice, clock.now()
        changed = changed or row is None or db.session.is_modified(row)
    if changed:
        audit.record(actor, "date_poll.answered", poll, mandate=mandate.id)


def remind(actor: Any, poll: DatePoll) -> int:
    """Write to those who have answered nothing; returns to how many. Raises `Closed`, `Refused` twice on one day."""
    authorize(policy.can_plan(actor))
    if not poll.takes_answers:
        raise Closed(f"date_poll {poll.id}")
    if poll.reminded_on == clock.today():
        raise Refused("reminder", _("A reminder was already sent today: wait until tomorrow."))
    poll.reminded_on = clock.today()
    sent = _tell("planning/poll_reminder", poll, queries.silent(poll))
    audit.record(actor, "date_poll.reminded", poll, recipients=sent)
    return sent


def decide(actor: Any, poll: DatePoll, option: PollOption) -> Meeting:
    """Choose a date: the meeting is put on it, or created, and those asked are told. The poll is held by the caller.

    Raises `IllegalMove` when another date was chosen meanwhile, `Refused` for a day that has passed.
    """
    authorize(policy.can_plan(actor))
    if option.day < clock.today():
        raise Refused("option", _("This day has passed: choose another one, or withdraw the poll."))
    if poll.meeting is not None and poll.meeting.phase not in MOVABLE:
        message = _("This meeting is no longer one that is only planned or announced: withdraw the poll.")
        raise Refused("option", message)
    move(poll, PollStatus.DECIDED, actor=actor, option=option.id, meeting=poll.meeting_id)
    if poll.meeting is None:
        poll.meeting = _create(actor, poll, option)
    else:
        _put_on(actor, meetings.get(poll.meeting.id, actor), option)
    option.is_chosen, poll.settled_at = True, clock.now()
    db.session.flush()
    hours = {"day": option.day.isoformat(), "starts": f"{option.starts:%H:%M}", "ends": f"{option.ends:%H:%M}"}
    _tell("planning/poll_decided", poll, queries.seats(poll.body_id), **hours)
    return poll.meeting


def _create(actor: Any, poll: DatePoll, option: PollOption) -> Meeting:
    """As its template says, or empty but for the lines that come back; its title is the poll's."""
    queries.hold_body(poll.body_id)
    template = poll.template
    return series.make(
        actor, poll.body, option.day, number=queries.next_number(poll.body_id), title=(poll.title_fr, poll.title_en),
        mode=poll.mode, hours=(option.starts, option.ends),
        languages=tuple(template.languages) if template else ("fr",),
        place=(template.place_fr, template.place_en) if template else (None, None),
        slots=template.slots if template else (),
    )  # fmt: skip


def _put_on(actor: Any, meeting: Meeting, option: PollOption) -> None:
    """The meeting, its agenda and its working copy go to the day; the hours of the slots stay as they are."""
    copy = copies.copy(meeting.id, actor, lock=True)
    by: timedelta = option.day - meeting.first_day
    if by:
        phases.put_on(actor, meeting, option.day)
        if copy is not None:
            agendas.follow_day(copy, by)
    phases.arrange(actor, meeting, starts=option.starts, ends=option.ends, remote_link=meeting.remote_link)


def withdraw(actor: Any, poll: DatePoll, reason: Pair) -> None:
    """Ask no more; those who were asked read why. Raises `Refused` without a reason, `IllegalMove` when it is over."""
    authorize(policy.can_plan(actor))
    if not reason[0]:
        raise Refused("reason_fr", _("Give the reason: those who were asked read it."))
    move(poll, PollStatus.WITHDRAWN, actor=actor)
    set_pair(poll, "reason", *reason)
    poll.settled_at = clock.now()
    told = {"reason": {"fr": poll.reason_fr, "en": poll.reason_en}}
    _tell("planning/poll_withdrawn", poll, queries.seats(poll.body_id), **told)
