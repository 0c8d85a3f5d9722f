"""Acts of the tests on answers and proxies: each in its own transaction, in the name of the seat's own account."""

from datetime import date
from typing import Any

from app.accounts import queries as accounts
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.attendance import queries, service
from app.forum.attendance.book import Said
from app.forum.attendance.models import Proxy
from app.forum.attendance.states import Choice
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate


def say(meeting: Meeting, seat: Mandate, choice: str, holder: Any = None, *, actor: Any = None, **values: Any) -> None:
    meeting_id, seat_id, holder_id = meeting.id, seat.id, getattr(holder, "id", holder)
    actor_id = actor.id if actor is not None else None
    with writing(public=False):
        found = db.session.get_one(Mandate, seat_id)
        who = accounts.get(actor_id) if actor_id is not None else found.person.user
        substitute = getattr(values.pop("substitute", None), "id", None)
        said = Said(Choice(choice), holder_id, substitute, values.pop("since", None))
        service.answer(who, db.session.get_one(Meeting, meeting_id), found, said, **values)


def live(meeting: Meeting) -> list[tuple[int, int]]:
    """(principal, holder) of each live proxy."""
    found = queries.live_proxies(db.session.get_one(Meeting, meeting.id))
    return [(one.principal_id, one.holder_id) for one in found]


def said(meeting: Meeting) -> dict[int, str]:
    found = queries.answers(db.session.get_one(Meeting, meeting.id))
    return {number: one.choice.value for number, one in found.items()}


def proxy_of(meeting: Meeting, principal: Mandate) -> Proxy:
    found = queries.proxies(db.session.get_one(Meeting, meeting.id))
    return [one for one in found if one.principal_id == principal.id][-1]


def leave(mandate: Mandate, day: date) -> None:
    """The mandate ends: its last day in office."""
    from app.accounts.policy import OPERATOR
    from app.forum.members import terms
    from app.forum.members.states import EndReason

    with writing():
        terms.end(OPERATOR, db.session.get_one(Mandate, mandate.id), last_day=day, reason=EndReason.RESIGNATION)
