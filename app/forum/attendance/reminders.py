"""Reminders to those who have not answered: by the secretariat, or by the portal some days before the meeting."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from app.core import audit, clock, rules
from app.core.access import authorize
from app.core.extensions import db
from app.forum.attendance import opening, policy, queries, records, service, telling
from app.forum.attendance.book import Book
from app.forum.attendance.models import Reminder
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase

audit.declare("meeting.answers_reminded", "count")


class Reminded(NamedTuple):
    """People. `already`: written to earlier today; `unreachable`: without any address."""

    sent: int
    already: int
    unreachable: int


def remind(actor: Any, meeting: Meeting) -> Reminded:
    """One message to each person who has not answered, at most one a day. Raises `service.Closed`."""
    authorize(policy.can_remind(actor))
    book = records.hold(meeting)
    if not opening.is_open(meeting, clock.now()):
        raise service.Closed("choice", opening.closed_because(meeting))
    return _write(actor, meeting, book)


def _write(actor: Any, meeting: Meeting, book: Book) -> Reminded:
    today = clock.today()
    silent = [number for number in book.seats if number not in book.answers]
    readers = queries.readers(silent) if silent else {}
    written = {one.mandate_id for one in queries.reminded(meeting, today)}
    wanted = {number: one for number, one in readers.items() if number not in written}
    for number in wanted:
        db.session.add(
            Reminder(meeting_id=meeting.id, mandate_id=number, sent_on=today, by_user_id=getattr(actor, "id", None))
        )
    sent = telling.reminder(meeting, wanted.values())
    if sent:
        audit.record(actor, "meeting.answers_reminded", meeting, count=sent)
    return Reminded(sent, len(readers) - len(wanted), len(silent) - len(readers))


def keep_up(_now: datetime) -> int:
    """Each hour: proxies that no longer hold end, and those who are silent before their meeting are reminded once."""
    return sum(records.settle(meeting) + _remind_when_due(meeting) for meeting in queries.coming())


def _remind_when_due(meeting: Meeting) -> int:
    """Only those who were convened are reminded, `answer_reminder_days` before the first day; 0 is never."""
    days = rules.value("answer_reminder_days", scope=meeting.body_id)
    since = meeting.first_day - timedelta(days=days)
    due = days > 0 and since <= clock.today() < meeting.first_day and meeting.phase == MeetingPhase.CONVENED
    if not due or any(one.by_user_id is None for one in queries.reminded(meeting, since)):
        return 0
    book = records.hold(meeting)
    return _write(None, meeting, book).sent if opening.is_open(meeting, clock.now()) else 0
