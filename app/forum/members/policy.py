"""Who sits where: questions on a viewer's own mandates. They open a door on their days and on no other (S19).

Somebody whose term has expired and who is not yet replaced is still in office, so the doors of the seat stay open to
them (A.20 #8): the Forum would otherwise have no co-chair between two plenaries.
"""

from typing import Any

from app.accounts import policy as accounts
from app.core import clock
from app.forum.members.models import Body, Mandate
from app.forum.members.states import VOTING_SEATS, SeatKind
from app.forum.organisations.states import College


def in_office(viewer: Any) -> list[Mandate]:
    """The viewer's mandates that cover today in Paris; none for whoever has no account or no person behind it."""
    person = getattr(viewer, "person", None) if viewer.is_authenticated else None
    today = clock.today()
    return [mandate for mandate in person.mandates if mandate.covers(today)] if person is not None else []


def _holds(viewer: Any, *seats: SeatKind) -> bool:
    return any(mandate.seat in seats for mandate in in_office(viewer))


def is_member(viewer: Any) -> bool:
    """Sits in the Forum with a vote, as holder or as substitute; not an observer nor a qualified person."""
    return _holds(viewer, *VOTING_SEATS)


def is_co_chair(viewer: Any) -> bool:
    return _holds(viewer, SeatKind.CO_CHAIR)


def is_committee_member(viewer: Any) -> bool:
    """The co-chairs sit in the committee with its elected members (A.20 #6, #7)."""
    return _holds(viewer, SeatKind.CO_CHAIR, SeatKind.COMMITTEE_SEAT)


def is_co_lead(viewer: Any, body: Body) -> bool:
    return any(mandate.seat == SeatKind.CO_LEAD and mandate.body_id == body.id for mandate in in_office(viewer))


def sits_in(viewer: Any, body: Body) -> bool:
    """Any seat of that body, observers and substitutes included: they read its papers."""
    return any(mandate.body_id == body.id for mandate in in_office(viewer))


def colleges(viewer: Any) -> set[College]:
    """The colleges in whose name the viewer sits today."""
    return {mandate.college for mandate in in_office(viewer)}


def can_edit(viewer: Any) -> bool:
    """People, mandates, imports: the secretariat keeps the register."""
    return accounts.is_secretariat(viewer)


def can_seat(viewer: Any, person: Any) -> bool:
    """Give, change or end the seats of somebody else: nobody decides on their own."""
    own = person is not None and person.user_id is not None and person.user_id == viewer.id
    return can_edit(viewer) and not own


def can_link(viewer: Any, person: Any) -> bool:
    """The account that a person has is unlinked first: nobody loses their seats to another account unawares."""
    return can_edit(viewer) and person.user_id is None


def can_state_need(viewer: Any, body: Body | None) -> bool:
    """A working group's co-leads say whom it lacks; the secretariat does so for any body or for none (A3-2)."""
    return can_edit(viewer) or (body is not None and is_co_lead(viewer, body))
