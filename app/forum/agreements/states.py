"""The life of a version of an agenda from one party to the other (A6-2), and of a request for an item."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class VersionStatus(Labelled):
    SHARED = "shared", _l("Shared"), "blue"
    AGREED = "agreed", _l("Agreed"), "green"
    APPROVED = "approved", _l("Approved by the secretariat"), "green"
    PUBLISHED = "published", _l("Made public"), "green"
    VOID = "void", _l("Void: the agenda was edited"), "ochre"
    WITHDRAWN = "withdrawn", _l("Taken back")


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


class Threshold(StrEnum):
    """Who agrees: part of the management committee or, before one sits, whoever stands in for it."""

    BOTH_CO_CHAIRS = "both_co_chairs"
    MAJORITY = "majority"
    COUNT = "count"
    MEMBERS = "members"
    SECRETARIAT = "secretariat"


class RequestStatus(Labelled):
    ASKED = "asked", _l("Waiting for an answer"), "blue"
    ACCEPTED = "accepted", _l("Accepted"), "green"
    REFUSED = "refused", _l("Request refused"), "ochre"
    WITHDRAWN = "withdrawn", _l("Taken back")


REQUEST_MOVES: dict[StrEnum, set[StrEnum]] = {
    RequestStatus.ASKED: {RequestStatus.ACCEPTED, RequestStatus.REFUSED, RequestStatus.WITHDRAWN},
    RequestStatus.ACCEPTED: set(),
    RequestStatus.REFUSED: set(),
    RequestStatus.WITHDRAWN: set(),
}
