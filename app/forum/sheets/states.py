"""What a keyer says of a seat, and what it means for an item: words and moves of the attendance sheet."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class LineState(StrEnum):
    """What was last said of a seat. Represented is not among them: it follows from the proxies at each instant."""

    EXPECTED = "expected"
    PRESENT = "present"
    REMOTE = "remote"
    LEFT = "left"
    EXCUSED = "excused"
    ABSENT = "absent"

    @property
    def label(self) -> Any:
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        return STATE_TONES.get(self, "neutral")


class Mode(StrEnum):
    IN_PERSON = "in_person"
    REMOTE = "remote"

    @property
    def label(self) -> Any:
        return MODE_LABELS[self]


class Mark(StrEnum):
    """One tap on the sheet. Substitute: the seat's substitute is in the room. Undo: the last mark was a mistake."""

    PRESENT = "present"
    SUBSTITUTE = "substitute"
    REMOTE = "remote"
    LEFT = "left"
    EXCUSED = "excused"
    ABSENT = "absent"
    UNDO = "undo"

    @property
    def label(self) -> Any:
        return MARK_LABELS[self]


MOST_GUESTS = 10_000
MOST_STAYS = 20
HERE = (LineState.PRESENT, LineState.REMOTE)
COMES = (Mark.PRESENT, Mark.SUBSTITUTE, Mark.REMOTE)
_NOT_THERE = {Mark.PRESENT, Mark.SUBSTITUTE, Mark.REMOTE}
MARKS: dict[LineState, set[Mark]] = {
    LineState.EXPECTED: _NOT_THERE | {Mark.EXCUSED, Mark.ABSENT},
    LineState.PRESENT: {Mark.LEFT, Mark.REMOTE, Mark.UNDO},
    LineState.REMOTE: {Mark.PRESENT, Mark.LEFT, Mark.UNDO},
    LineState.LEFT: _NOT_THERE | {Mark.UNDO},
    LineState.EXCUSED: _NOT_THERE | {Mark.ABSENT, Mark.UNDO},
    LineState.ABSENT: _NOT_THERE | {Mark.EXCUSED, Mark.UNDO},
}
"""The marks that a line takes, by what was last said of it."""
ON_THE_DAY = {Mark.PRESENT, Mark.SUBSTITUTE, Mark.REMOTE, Mark.LEFT}
"""Marks that say what happens at this very moment: once the meeting is over, hours are typed."""
LEADS_TO = {
    Mark.PRESENT: LineState.PRESENT,
    Mark.SUBSTITUTE: LineState.PRESENT,
    Mark.REMOTE: LineState.REMOTE,
    Mark.LEFT: LineState.LEFT,
    Mark.EXCUSED: LineState.EXCUSED,
    Mark.ABSENT: LineState.ABSENT,
}

STATE_LABELS = {
    LineState.EXPECTED: _l("Expected"),
    LineState.PRESENT: _l("Present"),
    LineState.REMOTE: _l("Remote"),
    LineState.LEFT: _l("Left"),
    LineState.EXCUSED: _l("Excused"),
    LineState.ABSENT: _l("Absent"),
}
STATE_TONES = {
    LineState.PRESENT: "green",
    LineState.REMOTE: "blue",
    LineState.LEFT: "ochre",
    LineState.EXCUSED: "ochre",
    LineState.ABSENT: "coral",
}
MODE_LABELS = {Mode.IN_PERSON: _l("In the room"), Mode.REMOTE: _l("Remote")}
MARK_LABELS = {
    Mark.PRESENT: _l("Present"),
    Mark.SUBSTITUTE: _l("Substitute present"),
    Mark.REMOTE: _l("Remote"),
    Mark.LEFT: _l("Left"),
    Mark.EXCUSED: _l("Excused"),
    Mark.ABSENT: _l("Absent"),
    Mark.UNDO: _l("Undo"),
}
