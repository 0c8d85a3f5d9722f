"""The parts of a working copy and the ways to move a slot."""

from enum import StrEnum


class PartKind(StrEnum):
    HEAD = "head"
    VENUE = "venue"
    SLOT = "slot"


class Step(StrEnum):
    """Where a slot goes within its day."""

    UP = "up"
    DOWN = "down"
    FIRST = "first"
    LAST = "last"
