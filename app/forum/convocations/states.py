"""What a convocation is for, and what becomes of each of its messages."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class ConvocationKind(Labelled):
    """A meeting that resumes one without quorum has a second notice instead of a first one (F.6)."""

    FIRST = "first", _l("Notice of meeting")
    SECOND_NOTICE = "second_notice", _l("Second notice of meeting")
    UPDATE = "update", _l("Updated notice of meeting")
    POSTPONEMENT = "postponement", _l("Meeting postponed")
    CANCELLATION = "cancellation", _l("Meeting cancelled")
    RESTORATION = "restoration", _l("Meeting convened again")

    @property
    def calls_off(self) -> bool:
        return self in (ConvocationKind.POSTPONEMENT, ConvocationKind.CANCELLATION)


class Told(StrEnum):
    """What a message asks of a calendar (RFC 5546): come, or do not come."""

    REQUEST = "request"
    CANCEL = "cancel"


class Fate(Labelled):
    """Superseded: a later version reached the person first, or will. Nothing says whether a message was read."""

    QUEUED = "queued", _l("waiting to leave"), "blue"
    SENT = "sent", _l("sent"), "green"
    FAILED = "failed", _l("failed"), "ochre"
    SUPERSEDED = "superseded", _l("replaced by a later message")
    NO_ADDRESS = "no_address", _l("no address"), "ochre"
