"""What one may ask about one's data, and the life of a request."""

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled

REASON_LIMIT = 500
ERASE = "personal_data.erase"
"""The name of the dangerous act that an erasure is (S20)."""


class DataRequestKind(Labelled):
    ACCESS = "access", _l("Know what is held about me and obtain a copy")
    RECTIFICATION = "rectification", _l("Have an error corrected or missing information added")
    ERASURE = "erasure", _l("Have data deleted")
    RESTRICTION = "restriction", _l("Have processing suspended while my request is examined")
    OBJECTION = "objection", _l("Oppose a processing operation")


class DataRequestStatus(Labelled):
    RECEIVED = "received", _l("To be answered")
    ANSWERED = "answered", _l("Answered")


MOVES = {
    DataRequestStatus.RECEIVED: {DataRequestStatus.ANSWERED},
    DataRequestStatus.ANSWERED: {DataRequestStatus.RECEIVED},
}
