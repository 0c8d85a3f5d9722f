"""The life of a date poll, and what may be answered to each of its dates."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

FEWEST_DATES, MOST_DATES = 2, 20
"""In one poll."""


class PollStatus(StrEnum):
    """Open until a date is chosen or the poll is withdrawn; its closing day only ends the answers."""

    OPEN = "open"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Any:
        return STATUS_LABELS[self]

    @property
    def tone(self) -> str:
        return STATUS_TONES[self]


MOVES: dict[StrEnum, set[StrEnum]] = {
    PollStatus.OPEN: {PollStatus.DECIDED, PollStatus.WITHDRAWN},
    PollStatus.DECIDED: set(),
    PollStatus.WITHDRAWN: set(),
}


class Choice(StrEnum):
    YES = "yes"
    IF_NEEDED = "if_needed"
    NO = "no"

    @property
    def label(self) -> Any:
        return CHOICE_LABELS[self]


STATUS_LABELS = {
    PollStatus.OPEN: _l("Open poll"),
    PollStatus.DECIDED: _l("Date chosen"),
    PollStatus.WITHDRAWN: _l("Poll withdrawn"),
}
STATUS_TONES = {PollStatus.OPEN: "blue", PollStatus.DECIDED: "green", PollStatus.WITHDRAWN: "ochre"}
CHOICE_LABELS = {
    Choice.YES: _l("Yes, I can come"),
    Choice.IF_NEEDED: _l("If needed"),
    Choice.NO: _l("No, I cannot"),
}
