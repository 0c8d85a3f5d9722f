"""What a convocation is for, and what becomes of each of its messages."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class ConvocationKind(StrEnum):
    """A meeting that resumes one without quorum has a second notice instead of a first one (F.6)."""

    FIRST = "first"
    SECOND_NOTICE = "second_notice"
    UPDATE = "update"
    POSTPONEMENT = "postponement"
    CANCELLATION = "cancellation"
    RESTORATION = "restoration"

    @property
    def label(self) -> Any:
        return KIND_LABELS[self]

    @property
    def calls_off(self) -> bool:
        return self in (ConvocationKind.POSTPONEMENT, ConvocationKind.CANCELLATION)


KIND_LABELS = {
    ConvocationKind.FIRST: _l("Notice of meeting"),
    ConvocationKind.SECOND_NOTICE: _l("Second notice of meeting"),
    ConvocationKind.UPDATE: _l("Updated notice of meeting"),
    ConvocationKind.POSTPONEMENT: _l("Meeting postponed"),
    ConvocationKind.CANCELLATION: _l("Meeting cancelled"),
    ConvocationKind.RESTORATION: _l("Meeting convened again"),
}


class Told(StrEnum):
    """What a message asks of a calendar (RFC 5546): come, or do not come."""

    REQUEST = "request"
    CANCEL = "cancel"


class Fate(StrEnum):
    """Superseded: a later version reached the person first, or will. Nothing says whether a message was read."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    NO_ADDRESS = "no_address"

    @property
    def label(self) -> Any:
        return FATE_LABELS[self]

    @property
    def tone(self) -> str:
        return FATE_TONES[self]


FATE_LABELS = {
    Fate.QUEUED: _l("waiting to leave"),
    Fate.SENT: _l("sent"),
    Fate.FAILED: _l("failed"),
    Fate.SUPERSEDED: _l("replaced by a later message"),
    Fate.NO_ADDRESS: _l("no address"),
}
FATE_TONES = {
    Fate.QUEUED: "blue",
    Fate.SENT: "green",
    Fate.FAILED: "ochre",
    Fate.SUPERSEDED: "neutral",
    Fate.NO_ADDRESS: "ochre",
}
