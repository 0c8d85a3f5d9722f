"""What a member may say before a meeting, and how a proxy ends, on one screen (F.10)."""

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class Choice(Labelled):
    """The answer of one seat. Represented: by the holder of a proxy; substitute: the seat's own substitute comes."""

    PRESENT = "present", _l("Present"), "green"
    REMOTE = "remote", _l("Remote"), "green"
    EXCUSED = "excused", _l("Excused"), "ochre"
    REPRESENTED = "represented", _l("Represented"), "blue"
    SUBSTITUTE = "substitute", _l("Substitute"), "green"


THERE = frozenset({Choice.PRESENT, Choice.REMOTE})
"""The member comes in person or remotely, and may hold a proxy."""


class ProxyEnd(Labelled):
    """Why a proxy holds no more. A live one has no end.

    Holder left: they will not come after all, or have left the meeting. Principal came: void for the votes that follow,
    kept for those already held (F.10). Moved: it was given for another day.
    """

    REVOKED = "revoked", _l("Revoked")
    DECLINED = "declined", _l("Declined")
    PRINCIPAL_CAME = "principal_came", _l("The member came")
    HOLDER_LEFT = "holder_left", _l("The holder is not there")
    MANDATE_ENDED = "mandate_ended", _l("A mandate ended")
    MOVED = "moved", _l("The meeting is on another day")
