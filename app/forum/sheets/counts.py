"""The sheet as numbers: quorum at an instant and for each item, balance, what came of each seat. None is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.core import clock, rules
from app.forum.counting.quorum import Base, Quorum, Share, Tally, quorum
from app.forum.meetings.models import Meeting
from app.forum.organisations.states import College
from app.forum.sheets import presence, queries
from app.forum.sheets.models import AttendanceSheet, SheetItem
from app.forum.sheets.presence import Standing
from app.forum.sheets.states import LineState, Mode

LAST_MOMENT = timedelta(microseconds=1)  # departures are excluded: at the end itself nobody is there


@dataclass(frozen=True)
class ItemQuorum:
    """An item that was opened, its quorum at that instant, and how many of the members are recused for it."""

    item: SheetItem
    quorum: Quorum
    recused: int


@dataclass(frozen=True)
class Facts:
    """What the numbers of one sheet are worked out from, read once. `holders`: {principal: name of the holder}.

    `announced`: {seat: the substitute whom its answer names}. `proxy_changes` grows with each change of a proxy.
    """

    meeting: Meeting
    sheet: AttendanceSheet
    seats: Sequence[presence.Seat]
    states: dict[int, LineState]
    proxies: Sequence[presence.Proxy]
    holders: dict[int, str | None]
    items: Sequence[SheetItem]
    share: Share
    base: Base
    announced: dict[int, int]
    proxy_changes: int
    read_at: datetime = field(default_factory=clock.now)
    _standings: dict[tuple[datetime, int | None], dict[int, Standing]] = field(default_factory=dict)
    _tallies: dict[tuple[datetime, int | None], dict[str, Tally]] = field(default_factory=dict)

    @property
    def no_quorum(self) -> bool:
        """As it was when the sheet was drawn."""
        return self.sheet.no_quorum

    @property
    def seen(self) -> str:
        """What a page drawn from these facts has seen: marks, and proxies."""
        return f"{self.sheet.version}.{self.proxy_changes}"

    @property
    def instant(self) -> datetime:
        """When it was read while the sheet is open, also again; once it is closed, the last moment of the meeting."""
        ended = None if self.sheet.is_open else self.sheet.ended_at
        return self.read_at if ended is None else ended - LAST_MOMENT

    def is_holder(self, mandate: int) -> bool:
        """Whether a member ever held a proxy for this meeting."""
        return any(one.holder == mandate for one in self.proxies)

    def standings(self, instant: datetime, item: int | None = None) -> dict[int, Standing]:
        key = (instant, item)
        if key not in self._standings:
            self._standings[key] = presence.standings(self.seats, self.proxies, instant, item)
        return self._standings[key]

    def quorum(self, instant: datetime, item: int | None = None) -> Quorum:
        return quorum(self._tallied(instant, item), Share.NONE if self.no_quorum else self.share, self.base)

    def _tallied(self, instant: datetime, item: int | None = None) -> dict[str, Tally]:
        key = (instant, item)
        if key not in self._tallies:
            self._tallies[key] = presence.tallies(self.seats, self.standings(instant, item))
        return self._tallies[key]

    def by_item(self) -> list[ItemQuorum]:
        """Each item that was opened, with the quorum that its votes had: that of its opening."""
        found = []
        for item in self.items:
            if item.opened_at is not None:
                recused = sum(seat.votes and item.id in seat.recused for seat in self.seats)
                found.append(ItemQuorum(item, self.quorum(item.opened_at, item.id), recused))
        return found

    def tallies(self) -> dict[str, Tally]:
        return self._tallied(self.instant)

    def balance(self) -> presence.Balance:
        there = {college: one.present + one.remote for college, one in self.tallies().items()}
        tolerance = int(rules.value("workshop_balance_tolerance", on=self.meeting.first_day))
        return presence.balance(there.get(College.GOVERNMENT, 0), there.get(College.CIVIL_SOCIETY, 0), tolerance)

    def missed_quorum(self) -> bool:
        """An item was opened without its quorum, or the meeting ended without one before any item."""
        items = self.by_item()
        return any(not one.quorum.is_reached for one in items) if items else not self.quorum(self.instant).is_reached

    def outcomes(self) -> dict[str, dict[str, int]]:
        """By college of the voting seats, how many came, were represented, excused or absent, and their total."""
        found: dict[str, dict[str, int]] = {}
        by_seat = self.outcomes_by_seat()
        for seat in self.seats:
            if seat.votes:
                row = found.setdefault(seat.college, dict.fromkeys((*OUTCOMES, "total"), 0))
                row[by_seat[seat.mandate]] += 1
                row["total"] += 1
        return found

    def outcomes_by_seat(self) -> dict[int, str]:
        """What came of each seat, voting or not, by the mandate of its full member: one of `OUTCOMES`."""
        opened: list[tuple[datetime, int | None]] = [(one.opened_at, one.id) for one in self.items if one.opened_at]
        instants = opened or [(self.instant, None)]
        return {seat.mandate: self._outcome(seat, instants) for seat in self.seats}

    def _outcome(self, seat: presence.Seat, instants: Sequence[tuple[datetime, int | None]]) -> str:
        if seat.stays:
            return "remote" if all(stay.remote for stay in seat.stays) else "present"
        if any(self.standings(*one)[seat.mandate] == Standing.REPRESENTED for one in instants):
            return "represented"
        return "excused" if self.states[seat.mandate] == LineState.EXCUSED else "absent"

    def without_vote(self) -> int:
        """Observers and qualified persons who came."""
        return sum(bool(seat.stays) for seat in self.seats if not seat.votes)


OUTCOMES = ("present", "remote", "represented", "excused", "absent")


def facts(sheet: AttendanceSheet, meeting: Meeting) -> Facts:
    """In seven statements whatever the number of seats."""
    rows = queries.seats(sheet.id)
    stays: dict[int, list[presence.Stay]] = {}
    for line_id, mode, arrived, left, came in queries.stays(sheet.id):
        stays.setdefault(line_id, []).append(presence.Stay(arrived, left, mode == Mode.REMOTE, came))
    recused: dict[int, set[int]] = {}
    for line_id, item_id in queries.recusals(sheet.id):
        recused.setdefault(line_id, set()).add(item_id)
    given = queries.proxies(meeting.id)
    return Facts(
        meeting=meeting,
        sheet=sheet,
        seats=[
            presence.Seat(
                row.mandate_id, row.college.value, row.votes, stays.get(row.id, ()),
                frozenset(recused.get(row.id, ())),
            )
            for row in rows
        ],
        states={row.mandate_id: row.state for row in rows},
        proxies=[presence.Proxy(one.principal_id, one.holder_id, one.given_at, one.revoked_at) for one in given],
        holders={one.principal_id: one.name for one in given},
        items=queries.items(sheet.id),
        share=Share(rules.value("quorum", scope=meeting.body_id, on=meeting.first_day)),
        base=Base(rules.value("quorum_of", scope=meeting.body_id, on=meeting.first_day)),
        announced=queries.announced(meeting),
        proxy_changes=sum(one.version for one in given),
    )  # fmt: skip
