"""Keep a meeting as it was read: of two secretaries at once the second finds what the first one did."""

from flask_babel import lazy_gettext as _l

from app.core.errors import IllegalMove
from app.core.extensions import db
from app.forum.convocations import queries
from app.forum.convocations.models import Convocation
from app.forum.meetings.models import Meeting


class MeetingChanged(IllegalMove):
    """The meeting, or its agenda, is no longer what the actor had loaded (409); it is now loaded anew."""

    message = _l("The meeting has changed while you were reading. Check what will be sent, then send it.")


def hold(meeting: Meeting) -> Convocation | None:
    """Keep everybody else from the meeting until the end of the transaction; its last version, as it stands now.

    Its working copy is held first, as by whoever publishes it: two who wait for each other never do so crosswise.
    Raises `MeetingChanged`: whatever changes a meeting or its agenda gives it a new version.
    """
    db.session.flush()
    seen = meeting.version
    if queries.locked_version(meeting.id) != seen:
        queries.whole([meeting.id])
        raise MeetingChanged
    return queries.last(meeting)
