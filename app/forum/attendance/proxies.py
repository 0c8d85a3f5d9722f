"""Proxies brought on paper, revoked, declined, or void on the day (F.10)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.core.access import authorize
from app.core.errors import IllegalMove, Refused
from app.core.extensions import db
from app.forum.attendance import opening, policy, records
from app.forum.attendance.book import name_of
from app.forum.attendance.models import Proxy
from app.forum.attendance.states import Choice, ProxyEnd
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.members.models import Mandate

NEVER_HELD = (MeetingPhase.PLANNED, MeetingPhase.POSTPONED, MeetingPhase.CANCELLED)


def record_proxy(
    actor: Any, meeting: Meeting, principal: Mandate, holder: Mandate, *, there: Collection[int] = ()
) -> Proxy:
    """A proxy signed on paper and brought on the day. `there`: the seats known to be in the room, whose answer counts
    no more. Raises `Refused` at `holder` or `principal`, in the words of F.10.

    Whether a substitute of the principal is in the room is for the attendance sheet to say before it calls this.
    """
    authorize(policy.can_key(actor))
    book = records.hold(meeting).with_those(there)
    _check_not_over(meeting)
    if principal.id in book.there:
        raise Refused("principal", _("%(name)s is there and votes in person.", name=name_of(principal)))
    given = book.given_by(principal)
    if given is not None:
        other = name_of(book.seats[given.holder_id])
        raise Refused("principal", _("%(name)s is already represented by %(other)s: revoke that proxy first.",
                                     name=name_of(principal), other=other))  # fmt: skip
    fault = book.fault(principal, holder)
    if fault is not None:
        raise Refused("holder", fault)
    made = records.give(actor, meeting, principal, holder, on_behalf=True)
    records.store(actor, meeting, book, principal, Choice.REPRESENTED)
    return made


def revoke(actor: Any, proxy: Proxy) -> None:
    """Taken back by whoever gave it, or by the secretariat on their word, until the meeting is held.

    Raises `IllegalMove` when it holds no more, `Refused` once the meeting is over.
    """
    authorize(policy.can_revoke(actor, proxy))
    own = policy.is_person_of(actor, proxy.principal)
    _take_back(actor, proxy, ProxyEnd.REVOKED, [proxy.holder_id] if own else [proxy.holder_id, proxy.principal_id])


def decline(actor: Any, proxy: Proxy) -> None:
    """By the member who was to hold it; whoever gave it is told and answers again. Raises as `revoke`."""
    authorize(policy.can_decline(actor, proxy))
    _take_back(actor, proxy, ProxyEnd.DECLINED, [proxy.principal_id])


def _take_back(actor: Any, proxy: Proxy, reason: ProxyEnd, told: list[int]) -> None:
    meeting = proxy.meeting
    book = records.hold(meeting)
    _check_not_over(meeting)
    if proxy not in book.proxies:
        raise IllegalMove(f"proxy {proxy.id} holds no more")
    records.end(actor, meeting, proxy, reason, told=told)
    records.ask_again(actor, meeting, book.answers.get(proxy.principal_id))


def _check_not_over(meeting: Meeting) -> None:
    if meeting.phase == MeetingPhase.HELD:
        raise Refused("principal", _("This meeting is over: its proxies can no longer be changed."))
    if meeting.phase in NEVER_HELD:
        raise Refused("principal", opening.closed_because(meeting))


def void(proxy: Proxy, reason: ProxyEnd, at: datetime, *, actor: Any = None) -> bool:
    """For the attendance sheet, which has authorised: void from an instant (UTC) on, kept for the votes held before.

    Returns False when it was void already. Nobody is written to: those concerned are in the room.
    """
    db.session.refresh(proxy, with_for_update=True)
    if not proxy.is_live:
        return False
    records.end(actor, proxy.meeting, proxy, reason, told=[], at=at)
    return True
