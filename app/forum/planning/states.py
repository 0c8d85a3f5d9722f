"""The life of a date poll, and what may be answered to each of its dates."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled

FEWEST_DATES, MOST_DATES = 2, 20
"""In one poll."""


class PollStatus(Labelled):
    """Open until a date is chosen or the poll is withdrawn; its closing day only ends the answers."""

    OPEN = "open", _l("Open poll"), "blue"
    DECIDED = "decided", _l("Date chosen"), "green"
    WITHDRAWN = "withdrawn", _l("Poll withdrawn"), "ochre"


MOVES: dict[StrEnum, set[StrEnum]] = {
    PollStatus.OPEN: {PollStatus.DECIDED, PollStatus.WITHDRAWN},
    PollStatus.DECIDED: set(),
    PollStatus.WITHDRAWN: set(),
}


class Choice(Labelled):
    YES = "yes", _l("Yes, I can come")
    IF_NEEDED = "if_needed", _l("If needed")
    NO = "no", _l("No, I cannot")
