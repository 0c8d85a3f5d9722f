"""What every write of this room rests on: the meeting's row held, answers kept or forgotten, proxies begun or ended.

Whoever holds the meeting's row is alone to write its answers and proxies: of two at once, the second sees the first.
The journal outlives them and is read by others: it says which seat, never what was answered nor who holds a proxy.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.core import audit, clock
from app.core.extensions import db
from app.forum.attendance import opening, policy, queries, telling
from app.forum.attendance.book import Book
from app.forum.attendance.models import Answer, Proxy
from app.forum.attendance.states import Choice, ProxyEnd
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate

audit.declare("attendance_answer.given", "meeting", "mandate")
audit.declare("attendance_answer.withdrawn", "meeting", "mandate")
audit.declare("proxy.given", "meeting", "mandate")
audit.declare("proxy.ended", "meeting", "mandate")


def hold(meeting: Meeting) -> Book:
    """Take the meeting's row until the end of the transaction, end what no longer holds, and read all the rest anew."""
    fields = ["version", "phase", "first_day", "last_day", "mode", "starts", "body_id"]
    db.session.refresh(meeting, fields, with_for_update={"key_share": True})
    sitting, live = queries.seats(meeting), queries.live_proxies(meeting)
    _settle(meeting, sitting, live)
    return queries.book(meeting, sitting, live)


def settle(meeting: Meeting) -> int:
    """End the proxies given for another day, or whose two mandates no longer cover it; both members are told."""
    live = queries.live_proxies(meeting)
    return _settle(meeting, queries.seats(meeting), live) if live else 0


def _settle(meeting: Meeting, sitting: Mapping[int, Mandate], live: Sequence[Proxy]) -> int:
    done = 0
    for one in live:
        astray = one.principal_id not in sitting or one.holder_id not in sitting
        if one.day == meeting.first_day and not astray:
            continue
        reason = ProxyEnd.MANDATE_ENDED if astray else ProxyEnd.MOVED
        end(None, meeting, one, reason, told=[one.principal_id, one.holder_id])
        ask_again(None, meeting, queries.answers(meeting).get(one.principal_id))
        done += 1
    return done


# -- answers -----------------------------------------------------------------------------------------------------------


def store(
    actor: Any, meeting: Meeting, book: Book, seat: Mandate, choice: Choice, substitute_id: int | None = None
) -> Answer:
    row = book.answers.get(seat.id) or _former(meeting, seat) or Answer(meeting_id=meeting.id, mandate_id=seat.id)
    own = policy.is_person_of(actor, seat) or policy.is_substitute_of(actor, seat, book.day)
    row.choice, row.substitute_id, row.day = choice, substitute_id, book.day
    row.by_user_id, row.on_behalf, row.answered_at = actor.id, not own, clock.now()
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "attendance_answer.given", row, meeting=meeting.id, mandate=seat.id)
    return row


def _former(meeting: Meeting, seat: Mandate) -> Answer | None:
    """What was answered for another day, which the new answer replaces."""
    return db.session.scalar(db.select(Answer).where(Answer.meeting_id == meeting.id, Answer.mandate_id == seat.id))


def forget(actor: Any, row: Answer) -> None:
    audit.record(actor, "attendance_answer.withdrawn", row, meeting=row.meeting_id, mandate=row.mandate_id)
    db.session.delete(row)
    db.session.flush()


def ask_again(actor: Any, meeting: Meeting, row: Answer | None) -> None:
    """Once the meeting has begun, what was answered stays as it was."""
    if row is not None and row.choice == Choice.REPRESENTED and opening.is_open(meeting, clock.now()):
        forget(actor, row)


# -- proxies -----------------------------------------------------------------------------------------------------------


def give(
    actor: Any, meeting: Meeting, principal: Mandate, holder: Mandate, *, on_behalf: bool, since: datetime
) -> Proxy:
    row = Proxy(
        meeting_id=meeting.id, principal_id=principal.id, holder_id=holder.id, day=meeting.first_day,
        on_behalf=on_behalf, given_at=since, given_by_user_id=actor.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "proxy.given", row, meeting=meeting.id, mandate=principal.id)
    telling.proxy_received(row, meeting)
    return row


def date_back(actor: Any, proxy: Proxy, since: datetime) -> None:
    """It was in force before it was written down."""
    proxy.given_at = since
    db.session.flush()
    audit.record(actor, "proxy.given", proxy, meeting=proxy.meeting_id, mandate=proxy.principal_id)


def end(
    actor: Any, meeting: Meeting, proxy: Proxy, reason: ProxyEnd, *, told: list[int], at: datetime | None = None
) -> None:
    proxy.revoked_at, proxy.voided_reason = at or clock.now(), reason
    proxy.revoked_by_user_id = getattr(actor, "id", None)
    db.session.flush()
    audit.record(actor, "proxy.ended", proxy, meeting=meeting.id, mandate=proxy.principal_id)
    telling.proxy_ended(proxy, meeting, told)


def end_own(actor: Any, meeting: Meeting, book: Book, seat: Mandate) -> None:
    """Another answer than « represented », or another holder, takes the proxy back."""
    given = book.given_by(seat)
    if given is not None:
        end(actor, meeting, given, ProxyEnd.REVOKED, told=[given.holder_id])


def leave(actor: Any, meeting: Meeting, book: Book, seat: Mandate) -> None:
    """Whoever does not come holds no proxy: those who gave them theirs are told and answer again."""
    for held in book.held_by(seat):
        end(actor, meeting, held, ProxyEnd.HOLDER_LEFT, told=[held.principal_id])
        ask_again(actor, meeting, book.answers.get(held.principal_id))
