"""What a member may say before a meeting, and how a proxy ends, on one screen (F.10)."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class Choice(StrEnum):
    """The answer of one seat. Represented: by the holder of a proxy; substitute: the seat's own substitute comes."""

    PRESENT = "present"
    REMOTE = "remote"
    EXCUSED = "excused"
    REPRESENTED = "represented"
    SUBSTITUTE = "substitute"

    @property
    def label(self) -> Any:
        return CHOICE_LABELS[self]

    @property
    def tone(self) -> str:
        """The colour of its tag."""
        return CHOICE_TONES[self]


CHOICE_LABELS = {
    Choice.PRESENT: _l("Present"),
    Choice.REMOTE: _l("Remote"),
    Choice.EXCUSED: _l("Excused"),
    Choice.REPRESENTED: _l("Represented"),
    Choice.SUBSTITUTE: _l("Substitute"),
}
CHOICE_TONES = {
    Choice.PRESENT: "green",
    Choice.REMOTE: "green",
    Choice.EXCUSED: "ochre",
    Choice.REPRESENTED: "blue",
    Choice.SUBSTITUTE: "green",
}
THERE = frozenset({Choice.PRESENT, Choice.REMOTE})
"""The member comes in person or remotely, and may hold a proxy."""


class ProxyEnd(StrEnum):
    """Why a proxy holds no more. A live one has no end.

    Holder left: they will not come after all, or have left the meeting. Principal came: void for the votes that follow,
    kept for those already held (F.10). Moved: it was given for another day.
    """

    REVOKED = "revoked"
    DECLINED = "declined"
    PRINCIPAL_CAME = "principal_came"
    HOLDER_LEFT = "holder_left"
    MANDATE_ENDED = "mandate_ended"
    MOVED = "moved"

    @property
    def label(self) -> Any:
        return END_LABELS[self]


END_LABELS = {
    ProxyEnd.REVOKED: _l("Revoked"),
    ProxyEnd.DECLINED: _l("Declined"),
    ProxyEnd.PRINCIPAL_CAME: _l("The member came"),
    ProxyEnd.HOLDER_LEFT: _l("The holder is not there"),
    ProxyEnd.MANDATE_ENDED: _l("A mandate ended"),
    ProxyEnd.MOVED: _l("The meeting is on another day"),
}
