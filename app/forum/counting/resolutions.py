"""Whether an open vote adopts a resolution (domain F.7; CRPA R. 133-11). Pure: no database, no Flask.

A vote is counted in rights: a member's own, and the one of a proxy. Members recused for the item are none of them.
"""

from dataclasses import dataclass
from enum import StrEnum


class Base(StrEnum):
    """The rule `resolution_base`: of what the majority is more than half."""

    EXPRESSED = "expressed"
    PRESENT = "present"
    MEMBERS = "members"


class Side(StrEnum):
    """How a casting vote falls."""

    FOR = "for"
    AGAINST = "against"


@dataclass(frozen=True)
class Votes:
    """In rights. `silent`: present or represented, and neither for, nor against, nor abstaining."""

    for_it: int
    against: int
    abstaining: int = 0
    silent: int = 0

    @property
    def expressed(self) -> int:
        return self.for_it + self.against

    @property
    def present(self) -> int:
        return self.expressed + self.abstaining + self.silent


@dataclass(frozen=True)
class Outcome:
    """`needed`: how many votes for it adopt a resolution; `out_of`: the number of which that is more than half."""

    needed: int
    out_of: int
    is_adopted: bool
    by_casting_vote: bool = False


def decide(votes: Votes, members: int, base: Base, casting: Side | None = None) -> Outcome:
    """More than half of the base, or as many for as against and a casting vote for it.

    `members`: those who vote in the body, without those recused. `casting`: None when the rule allows no casting vote,
    or when it was not used. Raises ValueError for a negative number, or for more votes than members.
    """
    if min(votes.for_it, votes.against, votes.abstaining, votes.silent, members) < 0:
        raise ValueError("no number of votes or of members is negative")
    if votes.present > members:
        raise ValueError(f"{votes.present} votes of {members} members")
    out_of = {Base.EXPRESSED: votes.expressed, Base.PRESENT: votes.present, Base.MEMBERS: members}[base]
    needed = out_of // 2 + 1
    if votes.for_it >= needed:
        return Outcome(needed, out_of, is_adopted=True)
    tied = votes.for_it == votes.against > 0
    return Outcome(
        needed, out_of, is_adopted=tied and casting == Side.FOR, by_casting_vote=tied and casting is not None
    )
