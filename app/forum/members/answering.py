"""An answer to a text in the name of a seat: the seat counts once, the person too, and the last answer is the one.

Whoever calls has authorised, and holds the text: two answers to it come one after the other.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_babel import gettext as _

from app.core import clock
from app.core.errors import Refused
from app.core.extensions import db
from app.forum.members.models import Mandate, SeatAnswer
from app.forum.members.states import Consent

Row = TypeVar("Row", bound=SeatAnswer)


def give(
    kind: Callable[..., Row], answers: list[Row], actor: Any, seat: Mandate, said: Consent, reason: str | None
) -> Row | None:
    """Put the answer of the actor's seat among the answers to one text; None when it says what was said already.

    The reason is kept of an objection alone. Raises `Refused` for a substitute when the full member has answered.
    """
    number = seat.titular_id or seat.id
    former = [one for one in answers if number == one.mandate_id or actor.id == one.user_id]
    if seat.is_alternate and any(one.mandate_id == number and not one.by_substitute for one in former):
        raise Refused("answer", _("The full member has answered for this seat: their answer stays."))
    kept = reason if said == Consent.OBJECT else None
    wanted = (number, actor.id, said, kept)
    if [(one.mandate_id, one.user_id, one.answer, one.reason) for one in former] == [wanted]:
        return None
    for one in former:
        answers.remove(one)
    db.session.flush()
    row = kind(
        mandate_id=number, user_id=actor.id, by_substitute=seat.is_alternate, answer=said, reason=kept, at=clock.now()
    )
    answers.append(row)
    db.session.flush()
    return row
