"""Who counts in the quorum at an instant, from hours, proxies and recusals (domain F.6, F.10). Pure: no database.

A member counts as present or remote from the arrival to the departure, whoever of the seat came: the full member or a
substitute. A member counts as represented while nobody of the seat is there, the proxy is in force, and its holder is
there and votes. A member recused for an item takes no part in its vote and is not counted for it, neither directly nor
through a proxy, given or held; the number required does not change: it is that of the members of the body.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.forum.counting.quorum import Base, Quorum, Share, Tally, quorum

HALF = 50


class Standing(StrEnum):
    """What a member is for one item."""

    PRESENT = "present"
    REMOTE = "remote"
    REPRESENTED = "represented"
    RECUSED = "recused"
    AWAY = "away"


@dataclass(frozen=True)
class Stay:
    """From an arrival, included, to a departure, excluded; instants in UTC. `left` None: still there.

    `came`: the mandate of the substitute who sat then; None for the full member.
    """

    arrived: datetime
    left: datetime | None = None
    remote: bool = False
    came: int | None = None

    def covers(self, instant: datetime) -> bool:
        return self.arrived <= instant and (self.left is None or instant < self.left)


@dataclass(frozen=True)
class Seat:
    """A seat of the body: `mandate` of its full member. `recused`: the items that the member is recused for."""

    mandate: int
    college: str
    votes: bool = True
    stays: Sequence[Stay] = ()
    recused: frozenset[int] = frozenset()

    def stay_at(self, instant: datetime) -> Stay | None:
        return next((stay for stay in self.stays if stay.covers(instant)), None)

    def has_come(self, since: datetime, instant: datetime) -> bool:
        """Somebody of the seat was there between two instants: what ends a proxy given before."""
        return any(stay.arrived <= instant and (stay.left is None or since < stay.left) for stay in self.stays)

    def sits_at(self, instant: datetime) -> int:
        """The mandate of whoever sits in it then."""
        stay = self.stay_at(instant)
        return self.mandate if stay is None or stay.came is None else stay.came


@dataclass(frozen=True)
class Proxy:
    """A proxy in force from an instant, included, to another one, excluded. Both ends are mandates."""

    principal: int
    holder: int
    since: datetime
    until: datetime | None = None

    def is_live(self, instant: datetime) -> bool:
        return self.since <= instant and (self.until is None or instant < self.until)


def standings(
    seats: Iterable[Seat], proxies: Iterable[Proxy], instant: datetime, item: int | None = None
) -> dict[int, Standing]:
    """What each member is at an instant, for an item when one is named, by mandate of the full member."""
    seats = list(seats)
    by_mandate = {seat.mandate: seat for seat in seats}
    found = {seat.mandate: _alone(seat, instant, item) for seat in seats}
    voting = {
        seat.sits_at(instant)
        for seat in seats
        if seat.votes and found[seat.mandate] in (Standing.PRESENT, Standing.REMOTE)
    }
    for proxy in proxies:
        giver = by_mandate.get(proxy.principal)
        if giver is None or giver.has_come(proxy.since, instant) or found[giver.mandate] != Standing.AWAY:
            continue
        if proxy.is_live(instant) and proxy.holder in voting and proxy.holder != proxy.principal:
            found[proxy.principal] = Standing.REPRESENTED
    return found


def _alone(seat: Seat, instant: datetime, item: int | None) -> Standing:
    if item is not None and item in seat.recused:
        return Standing.RECUSED
    stay = seat.stay_at(instant)
    if stay is None:
        return Standing.AWAY
    return Standing.REMOTE if stay.remote else Standing.PRESENT


def tallies(seats: Iterable[Seat], found: Mapping[int, Standing]) -> dict[str, Tally]:
    """The members who vote, by college."""
    counted: dict[str, Counter[Standing]] = {}
    for seat in seats:
        if seat.votes:
            counted.setdefault(seat.college, Counter())[found[seat.mandate]] += 1
    return {
        college: Tally(one.total(), one[Standing.PRESENT], one[Standing.REMOTE], one[Standing.REPRESENTED])
        for college, one in counted.items()
    }


def quorum_at(
    seats: Sequence[Seat],
    proxies: Sequence[Proxy],
    instant: datetime,
    item: int | None = None,
    *,
    share: Share = Share.HALF,
    base: Base = Base.MEMBERS,
) -> Quorum:
    """The quorum at an instant, for an item when one is named."""
    return quorum(tallies(seats, standings(seats, proxies, instant, item)), share, base)


@dataclass(frozen=True)
class Balance:
    """Shares of the two colleges among the voting members who are there, in whole points of a hundred (A.20 #22)."""

    government: int
    civil_society: int
    tolerance: int

    @property
    def is_even(self) -> bool:
        """Also true of an empty room: there is nothing to balance."""
        return max(self.government, self.civil_society) - HALF <= self.tolerance or not self.total

    @property
    def total(self) -> int:
        return self.government + self.civil_society


def balance(government: int, civil_society: int, tolerance: int) -> Balance:
    """From the people of each college who are there, in the room or remote."""
    together = government + civil_society
    if not together:
        return Balance(0, 0, tolerance)
    share = (200 * government + together) // (2 * together)  # to the nearest point, a half upwards
    return Balance(share, 100 - share, tolerance)
