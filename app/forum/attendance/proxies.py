"""Proxies brought on paper, revoked, declined, or void on the day (F.10)."""

from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _

from app.core import clock
from app.core.access import authorize
from app.core.errors import IllegalMove, Refused
from app.core.extensions import db
from app.forum.attendance import opening, policy, queries, records
from app.forum.attendance.book import name_of
from app.forum.attendance.models import Proxy
from app.forum.attendance.states import ProxyEnd
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.members.models import Mandate

NEVER_HELD = (MeetingPhase.PLANNED, MeetingPhase.POSTPONED, MeetingPhase.CANCELLED)


def in_force_since(meeting: Meeting, principal: Mandate, hour: time | None, *, but: Proxy | None = None) -> datetime:
    """The instant from which a proxy brought on paper counts: now, or the hour of today that the paper says.

    `but`: the proxy whose hour is put right. Raises `Refused` at `since`: to come, or while another proxy of the same
    member was in force.
    """
    now = clock.now()
    if hour is None:
        return now
    since = opening.instant_of(meeting, hour, now)
    if since > now:
        raise Refused("since", _("This hour is still to come."))
    former = [one for one in queries.proxies(meeting) if one.principal_id == principal.id and one is not but]
    if any(one.revoked_at is None or one.revoked_at > since for one in former):
        raise Refused(
            "since",
            _("%(name)s was represented by somebody else at that hour: leave it empty, or type a later one.",
              name=name_of(principal)),
        )  # fmt: skip
    return since


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
