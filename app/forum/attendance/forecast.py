"""The quorum that the answers foretell (F.6): what is sure, what is possible if those who are silent come. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.forum.attendance.states import THERE, Choice
from app.forum.counting.quorum import Base, Quorum, Share, Tally, quorum
from app.forum.members.states import VOTING_SEATS, SeatKind
from app.forum.organisations.states import College


@dataclass(frozen=True)
class Row:
    """One seat. `choice`: None when it has not answered; `holder_id`: the seat that holds its live proxy."""

    mandate_id: int
    college: College
    seat: SeatKind
    choice: Choice | None
    holder_id: int | None


class Outlook(StrEnum):
    NOT_NEEDED = "not_needed"
    REACHED = "reached"
    POSSIBLE = "possible"
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True)
class Forecast:
    """`sure`: with those who said they come and the proxies of holders who come; `possible`: if the silent come too.

    `colleges`: of each, how many of those who vote gave each answer; None stands for those who gave none.
    `invited`, `answered`: every seat, whether it votes or not.
    """

    invited: int
    answered: int
    sure: Quorum
    possible: Quorum
    colleges: Mapping[College, "Counter[Choice | None]"]
    share: Share

    @property
    def silent(self) -> int:
        return self.invited - self.answered

    @property
    def outlook(self) -> Outlook:
        if self.share == Share.NONE:
            return Outlook.NOT_NEEDED
        if self.sure.is_reached:
            return Outlook.REACHED
        return Outlook.POSSIBLE if self.possible.is_reached else Outlook.OUT_OF_REACH

    @property
    def missing(self) -> int:
        """Members still to come for a quorum; on several sides, their sum."""
        return sum(group.missing for group in self.sure.groups.values())


def of(rows: Iterable[Row], share: Share, base: Base) -> Forecast:
    rows = list(rows)
    voting = [row for row in rows if row.seat in VOTING_SEATS]
    known = {row.mandate_id: row for row in rows}
    counted: dict[College, Counter[Choice | None]] = {}
    for row in voting:
        counted.setdefault(row.college, Counter())[_said(row)] += 1
    return Forecast(
        invited=len(rows),
        answered=sum(_said(row) is not None for row in rows),
        sure=quorum(_tallies(voting, known, silent_come=False), share, base),
        possible=quorum(_tallies(voting, known, silent_come=True), share, base),
        colleges={college: counted[college] for college in College if college in counted},
        share=share,
    )


def _said(row: Row) -> Choice | None:
    """Who said « represented » and whose proxy has ended has no answer any more."""
    return None if row.choice == Choice.REPRESENTED and row.holder_id is None else row.choice


def _tallies(voting: list[Row], known: Mapping[int, Row], *, silent_come: bool) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for row in voting:
        found[row.college.value] = found.get(row.college.value, Tally(0)) + _one(row, known, silent_come=silent_come)
    return found


def _one(row: Row, known: Mapping[int, Row], *, silent_come: bool) -> Tally:
    said = _said(row)
    if said == Choice.REPRESENTED:
        holder = known.get(row.holder_id or 0)
        comes = holder is not None and (holder.choice in THERE or (silent_come and holder.choice is None))
        return Tally(1, represented=int(comes))
    if said == Choice.REMOTE:
        return Tally(1, remote=1)
    return Tally(1, present=int(said in (Choice.PRESENT, Choice.SUBSTITUTE) or (said is None and silent_come)))
