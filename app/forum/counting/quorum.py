"""How many members must take part for a vote to count (domain F.6; CRPA R. 133-10). Pure: no database, no Flask.

The members are those who vote in the body: vacant seats, observers and qualified persons are not among them. A member
takes part when present, remote or represented by a proxy who is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Share(StrEnum):
    """The rule `quorum`."""

    HALF = "half"
    THIRD = "third"
    NONE = "none"


class Base(StrEnum):
    """The rule `quorum_of`: among all the members of the body, or on each side."""

    MEMBERS = "members"
    COLLEGE = "college"


DIVISOR = {Share.HALF: 2, Share.THIRD: 3}


@dataclass(frozen=True)
class Tally:
    """Of one group, in people: `members` who vote in it, and how many of them are there or represented."""

    members: int
    present: int = 0
    remote: int = 0
    represented: int = 0

    @property
    def counted(self) -> int:
        return self.present + self.remote + self.represented

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.members + other.members,
            self.present + other.present,
            self.remote + other.remote,
            self.represented + other.represented,
        )


@dataclass(frozen=True)
class Group:
    """What one group needs and has. `missing`: people, 0 when it is reached."""

    tally: Tally
    required: int

    @property
    def missing(self) -> int:
        return max(0, self.required - self.tally.counted)

    @property
    def is_reached(self) -> bool:
        return self.missing == 0


@dataclass(frozen=True)
class Quorum:
    """Reached when each of its groups has what it needs. `groups`: one named "members", or one for each college."""

    groups: Mapping[str, Group]

    @property
    def is_reached(self) -> bool:
        return all(group.is_reached for group in self.groups.values())


def required(members: int, share: Share) -> int:
    """At least half, or a third, of the members: 59 → 30, 60 → 30, 61 → 31 of half. A body without members needs none.

    Raises ValueError for a negative number.
    """
    if members < 0:
        raise ValueError("a body has no fewer than no members")
    return 0 if share == Share.NONE else -(-members // DIVISOR[share])


def quorum(colleges: Mapping[str, Tally], share: Share, base: Base) -> Quorum:
    """The quorum of a body whose voting members are counted by college."""
    groups = dict(colleges) if base == Base.COLLEGE else {Base.MEMBERS.value: sum(colleges.values(), Tally(0))}
    return Quorum({name: Group(tally, required(tally.members, share)) for name, tally in groups.items()})
