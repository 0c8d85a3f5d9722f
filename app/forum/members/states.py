"""The bodies of the Forum (A.2, A.5), the seats in them, and the life of a mandate (A.4, A.18, A.20)."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class BodyKind(StrEnum):
    PLENARY = "plenary"
    MANAGEMENT_COMMITTEE = "management_committee"
    WORKING_GROUP = "working_group"

    @property
    def label(self) -> Any:
        return LABELS[self]


LABELS = {
    BodyKind.PLENARY: _l("Plenary assembly"),
    BodyKind.MANAGEMENT_COMMITTEE: _l("Management committee"),
    BodyKind.WORKING_GROUP: _l("Working group"),
}


class SeatKind(StrEnum):
    CO_CHAIR = "co_chair"
    COMMITTEE_SEAT = "committee_seat"
    CO_LEAD = "co_lead"
    MEMBER = "member"
    QUALIFIED_PERSON = "qualified_person"
    OBSERVER = "observer"

    @property
    def label(self) -> Any:
        return SEAT_LABELS[self]


SEAT_LABELS = {
    SeatKind.CO_CHAIR: _l("Co-chair"),
    SeatKind.COMMITTEE_SEAT: _l("Committee seat"),
    SeatKind.CO_LEAD: _l("Co-lead"),
    SeatKind.MEMBER: _l("Member"),
    SeatKind.QUALIFIED_PERSON: _l("Qualified person"),
    SeatKind.OBSERVER: _l("Observer"),
}
VOTING_SEATS = frozenset({SeatKind.CO_CHAIR, SeatKind.COMMITTEE_SEAT, SeatKind.CO_LEAD, SeatKind.MEMBER})
"""Seats that only the two colleges that count may hold; the others speak in an advisory capacity."""
STAYS_UNTIL_REPLACED = frozenset({SeatKind.CO_CHAIR, SeatKind.COMMITTEE_SEAT})
"""A.20 #8: whoever was elected stays in office after the term until a successor sits."""
NUMBERED = STAYS_UNTIL_REPLACED
"""Seats counted by a rule: one for each co-chair, `committee_seats` for the committee."""
WITHOUT_SUBSTITUTE = frozenset({SeatKind.CO_CHAIR, SeatKind.QUALIFIED_PERSON, SeatKind.OBSERVER})
"""D.3: a qualified person cannot be replaced for a meeting; nor can a co-chair or an observer here."""
BODIES_OF = {
    SeatKind.CO_CHAIR: frozenset({BodyKind.MANAGEMENT_COMMITTEE}),
    SeatKind.COMMITTEE_SEAT: frozenset({BodyKind.MANAGEMENT_COMMITTEE}),
    SeatKind.CO_LEAD: frozenset({BodyKind.WORKING_GROUP}),
    SeatKind.MEMBER: frozenset({BodyKind.PLENARY, BodyKind.WORKING_GROUP}),
    SeatKind.QUALIFIED_PERSON: frozenset(BodyKind),
    SeatKind.OBSERVER: frozenset(BodyKind),
}


class Origin(StrEnum):
    """How the seat was reached."""

    CALL = "call"
    DIRECT_APPOINTMENT = "direct_appointment"
    ELECTION = "election"
    DESIGNATION = "designation"
    FOUNDING = "founding"

    @property
    def label(self) -> Any:
        return ORIGIN_LABELS[self]


ORIGIN_LABELS = {
    Origin.CALL: _l("Call for applications"),
    Origin.DIRECT_APPOINTMENT: _l("Direct appointment"),
    Origin.ELECTION: _l("Election"),
    Origin.DESIGNATION: _l("Designated by the organisation"),
    Origin.FOUNDING: _l("Founding member"),
}


class EndReason(StrEnum):
    TERM = "term"
    RESIGNATION = "resignation"
    REPLACED = "replaced"
    ORGANISATION_LEFT = "organisation_left"

    @property
    def label(self) -> Any:
        return END_LABELS[self]


END_LABELS = {
    EndReason.TERM: _l("End of the term"),
    EndReason.RESIGNATION: _l("Resignation"),
    EndReason.REPLACED: _l("Replaced"),
    EndReason.ORGANISATION_LEFT: _l("The organisation left the Forum"),
}


class Consent(StrEnum):
    """What is answered to a text in the name of a seat: an agenda (A6-2), minutes (A6-5)."""

    APPROVE = "approve"
    OBJECT = "object"


class MandateState(StrEnum):
    """Derived from the days of a mandate, never stored (A.18)."""

    UPCOMING = "upcoming"
    IN_OFFICE = "in_office"
    EXPIRED_IN_OFFICE = "expired_in_office"
    ENDED = "ended"

    @property
    def label(self) -> Any:
        return STATE_LABELS[self]


STATE_LABELS = {
    MandateState.UPCOMING: _l("Upcoming"),
    MandateState.IN_OFFICE: _l("In office"),
    MandateState.EXPIRED_IN_OFFICE: _l("Term expired, in office"),
    MandateState.ENDED: _l("Ended"),
}
