"""Who plans meetings ahead, and who reads and answers a poll on a date."""

from typing import Any

from app.accounts import policy as accounts
from app.forum.members import policy as members
from app.forum.members.models import Mandate
from app.forum.planning.models import DatePoll


def can_plan(viewer: Any) -> bool:
    """Templates, series, lines that come back, polls: the secretariat."""
    return accounts.is_secretariat(viewer)


def seats(viewer: Any, poll: DatePoll) -> list[Mandate]:
    """The viewer's seats of today in the body that is asked, substitutes included."""
    return [mandate for mandate in members.in_office(viewer) if mandate.body_id == poll.body_id]


def can_read_poll(viewer: Any, poll: DatePoll) -> bool:
    """Those who sit in the body, and the secretariat: nobody else knows that there is a poll."""
    return can_plan(viewer) or bool(seats(viewer, poll))


def can_answer(viewer: Any, poll: DatePoll, mandate: Mandate) -> bool:
    """For one's own seat."""
    return mandate in seats(viewer, poll)
