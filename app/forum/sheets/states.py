"""What a keyer says of a seat, and what it means for an item: words and moves of the attendance sheet."""

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class LineState(Labelled):
    """What was last said of a seat. Represented is not among them: it follows from the proxies at each instant."""

    EXPECTED = "expected", _l("Expected")
    PRESENT = "present", _l("Present"), "green"
    REMOTE = "remote", _l("Remote"), "blue"
    LEFT = "left", _l("Left"), "ochre"
    EXCUSED = "excused", _l("Excused"), "ochre"
    ABSENT = "absent", _l("Absent"), "coral"


class Mode(Labelled):
    IN_PERSON = "in_person", _l("In the room")
    REMOTE = "remote", _l("Remote")


class Mark(Labelled):
    """One tap on the sheet. Substitute: the seat's substitute is in the room. Undo: the last mark was a mistake."""

    PRESENT = "present", _l("Present")
    SUBSTITUTE = "substitute", _l("Substitute present")
    REMOTE = "remote", _l("Remote")
    LEFT = "left", _l("Left")
    EXCUSED = "excused", _l("Excused")
    ABSENT = "absent", _l("Absent")
    UNDO = "undo", _l("Undo")


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
