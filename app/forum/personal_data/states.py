"""What one may ask about one's data, and the life of a request."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

REASON_LIMIT = 500
ERASE = "personal_data.erase"
"""The name of the dangerous act that an erasure is (S20)."""


class DataRequestKind(StrEnum):
    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    OBJECTION = "objection"

    @property
    def label(self) -> Any:
        return KINDS[self]


class DataRequestStatus(StrEnum):
    RECEIVED = "received"
    ANSWERED = "answered"

    @property
    def label(self) -> Any:
        return STATUSES[self]


KINDS = {
    DataRequestKind.ACCESS: _l("Know what is held about me and obtain a copy"),
    DataRequestKind.RECTIFICATION: _l("Have an error corrected or missing information added"),
    DataRequestKind.ERASURE: _l("Have data deleted"),
    DataRequestKind.RESTRICTION: _l("Have processing suspended while my request is examined"),
    DataRequestKind.OBJECTION: _l("Oppose a processing operation"),
}
STATUSES = {DataRequestStatus.RECEIVED: _l("To be answered"), DataRequestStatus.ANSWERED: _l("Answered")}
MOVES = {
    DataRequestStatus.RECEIVED: {DataRequestStatus.ANSWERED},
    DataRequestStatus.ANSWERED: {DataRequestStatus.RECEIVED},
}
