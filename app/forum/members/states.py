"""The bodies of the Forum (A.2, A.5), the seats in them, and the life of a mandate (A.4, A.18, A.20)."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class BodyKind(Labelled):
    PLENARY = "plenary", _l("Plenary assembly")
    MANAGEMENT_COMMITTEE = "management_committee", _l("Management committee")
    WORKING_GROUP = "working_group", _l("Working group")


class SeatKind(Labelled):
    CO_CHAIR = "co_chair", _l("Co-chair")
    COMMITTEE_SEAT = "committee_seat", _l("Committee seat")
    CO_LEAD = "co_lead", _l("Co-lead")
    MEMBER = "member", _l("Member")
    QUALIFIED_PERSON = "qualified_person", _l("Qualified person")
    OBSERVER = "observer", _l("Observer")


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


class Origin(Labelled):
    """How the seat was reached."""

    CALL = "call", _l("Call for applications")
    DIRECT_APPOINTMENT = "direct_appointment", _l("Direct appointment")
    ELECTION = "election", _l("Election")
    DESIGNATION = "designation", _l("Designated by the organisation")
    FOUNDING = "founding", _l("Founding member")


class EndReason(Labelled):
    TERM = "term", _l("End of the term")
    RESIGNATION = "resignation", _l("Resignation")
    REPLACED = "replaced", _l("Replaced")
    ORGANISATION_LEFT = "organisation_left", _l("The organisation left the Forum")


class Consent(StrEnum):
    """What is answered to a text in the name of a seat: an agenda (A6-2), minutes (A6-5)."""

    APPROVE = "approve"
    OBJECT = "object"


class MandateState(Labelled):
    """Derived from the days of a mandate, never stored (A.18)."""

    UPCOMING = "upcoming", _l("Upcoming")
    IN_OFFICE = "in_office", _l("In office")
    EXPIRED_IN_OFFICE = "expired_in_office", _l("Term expired, in office")
    ENDED = "ended", _l("Ended")
