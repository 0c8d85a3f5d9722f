"""The life of a version of an agenda from one party to the other (A6-2), and of a request for an item."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class VersionStatus(StrEnum):
    SHARED = "shared"
    AGREED = "agreed"
    APPROVED = "approved"
    PUBLISHED = "published"
    VOID = "void"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Any:
        return STATUS_LABELS[self]

    @property
    def tone(self) -> str:
        return STATUS_TONES[self]


OPEN = (VersionStatus.SHARED, VersionStatus.AGREED, VersionStatus.APPROVED)
"""One of these at most for a meeting; an edit of the agenda ends it."""
ENDS: set[StrEnum] = {VersionStatus.VOID, VersionStatus.WITHDRAWN}
VERSION_MOVES: dict[StrEnum, set[StrEnum]] = {
    VersionStatus.SHARED: {VersionStatus.AGREED, *ENDS},
    VersionStatus.AGREED: {VersionStatus.APPROVED, *ENDS},
    VersionStatus.APPROVED: {VersionStatus.PUBLISHED, *ENDS},
    VersionStatus.PUBLISHED: set(),
    VersionStatus.VOID: set(),
    VersionStatus.WITHDRAWN: set(),
}
STATUS_LABELS = {
    VersionStatus.SHARED: _l("Shared"),
    VersionStatus.AGREED: _l("Agreed"),
    VersionStatus.APPROVED: _l("Approved by the secretariat"),
    VersionStatus.PUBLISHED: _l("Made public"),
    VersionStatus.VOID: _l("Void: the agenda was edited"),
    VersionStatus.WITHDRAWN: _l("Taken back"),
}
STATUS_TONES = {
    VersionStatus.SHARED: "blue",
    VersionStatus.AGREED: "green",
    VersionStatus.APPROVED: "green",
    VersionStatus.PUBLISHED: "green",
    VersionStatus.VOID: "ochre",
    VersionStatus.WITHDRAWN: "neutral",
}


class Threshold(StrEnum):
    """Who agrees: part of the management committee or, before one sits, whoever stands in for it."""

    BOTH_CO_CHAIRS = "both_co_chairs"
    MAJORITY = "majority"
    COUNT = "count"
    MEMBERS = "members"
    SECRETARIAT = "secretariat"


class RequestStatus(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Any:
        return REQUEST_LABELS[self]

    @property
    def tone(self) -> str:
        return REQUEST_TONES[self]


REQUEST_MOVES: dict[StrEnum, set[StrEnum]] = {
    RequestStatus.ASKED: {RequestStatus.ACCEPTED, RequestStatus.REFUSED, RequestStatus.WITHDRAWN},
    RequestStatus.ACCEPTED: set(),
    RequestStatus.REFUSED: set(),
    RequestStatus.WITHDRAWN: set(),
}
REQUEST_LABELS = {
    RequestStatus.ASKED: _l("Waiting for an answer"),
    RequestStatus.ACCEPTED: _l("Accepted"),
    RequestStatus.REFUSED: _l("Request refused"),
    RequestStatus.WITHDRAWN: _l("Taken back"),
}
REQUEST_TONES = {
    RequestStatus.ASKED: "blue",
    RequestStatus.ACCEPTED: "green",
    RequestStatus.REFUSED: "ochre",
    RequestStatus.WITHDRAWN: "neutral",
}
