"""Who answers for which seat, who gives, declines and revokes a proxy, who reads the answers of the others."""

from datetime import date
from typing import Any

from app.accounts import policy as accounts
from app.forum.attendance.models import Proxy
from app.forum.members.models import Mandate


def can_read_answers(viewer: Any) -> bool:
    """Individual answers are for the secretariat; a member reads their own, the public none."""
    return accounts.is_secretariat(viewer)


def can_key(viewer: Any) -> bool:
    """Write down an answer on behalf of a member, or a proxy brought on paper."""
    return accounts.is_secretariat(viewer)


def can_remind(viewer: Any) -> bool:
    return accounts.is_secretariat(viewer)


def is_person_of(viewer: Any, mandate: Mandate) -> bool:
    person = getattr(viewer, "person", None) if viewer.is_authenticated else None
    return person is not None and mandate.person_id == person.id


def seats_of(viewer: Any, body_id: int | None, day: date) -> list[Mandate]:
    """The viewer's mandates in a body on a day, as full member or as substitute."""
    person = getattr(viewer, "person", None) if viewer.is_authenticated else None
    mandates = person.mandates if person is not None and body_id is not None else []
    return [one for one in mandates if one.body_id == body_id and one.covers(day)]


def is_substitute_of(viewer: Any, seat: Mandate, day: date) -> bool:
    return own_substitute(viewer, seat, day) is not None


def own_substitute(viewer: Any, seat: Mandate, day: date) -> Mandate | None:
    """The mandate by which the viewer is a substitute of a seat on a day."""
    return next((one for one in seat.alternates if one.covers(day) and is_person_of(viewer, one)), None)


def can_answer(viewer: Any, seat: Mandate, day: date) -> bool:
    """The full member, their substitute on that day, or the secretariat for them."""
    return is_person_of(viewer, seat) or is_substitute_of(viewer, seat, day) or can_key(viewer)


def can_revoke(viewer: Any, proxy: Proxy) -> bool:
    """Whoever gave it; or the secretariat, on their word."""
    return is_person_of(viewer, proxy.principal) or accounts.is_secretariat(viewer)


def can_decline(viewer: Any, proxy: Proxy) -> bool:
    return is_person_of(viewer, proxy.holder)


def can_read_proxy(viewer: Any, proxy: Proxy) -> bool:
    return can_revoke(viewer, proxy) or can_decline(viewer, proxy)
