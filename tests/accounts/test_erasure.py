"""What an erasure takes away from the account itself, and from what others wrote of its holder."""

from datetime import timedelta
from typing import Any

from app.accounts import queries, service
from app.accounts.models import Function
from app.accounts.policy import OPERATOR
from app.accounts.states import FunctionKind
from app.core import clock
from app.core.extensions import db
from app.core.registry import current
from app.core.transaction import writing
from app.forum.personal_data import service as personal_data
from tests import make

EMAIL, GIVEN, ENDED, CLOSED = "zoe@example.org", "arrivée de Zoé", "départ de Zoé", "Zoé est partie"


def someone_closed() -> int:
    """Somebody who held a function, gave one to another, and whose account was closed."""
    boss, user = make.cast("administrator"), make.user(EMAIL, "Zoé")
    other, today = make.user("other@example.org", "Other"), clock.today()
    with writing():
        user, other = queries.get(user.id), queries.get(other.id)
        start = today - timedelta(days=9)
        service.grant(user, FunctionKind.SECRETARIAT, starts_on=start, by=boss, reason=GIVEN)
        given = service.grant(other, FunctionKind.SECRETARIAT, starts_on=start, by=boss, reason="arrivée d’Other")
        given.granted_by_id = user.id
        service.end_function(boss, user.functions[0], ends_on=today - timedelta(days=1), reason=ENDED)
        service.deactivate(OPERATOR, user, reason=CLOSED)
    return user.id


def functions_given_back() -> list[dict[str, Any]]:
    (columns,) = [one for one in current().persons if one.table == "user_function"]
    return columns.export(EMAIL)


def test_the_holder_of_a_function_reads_why_it_was_given_and_ended(app: Any) -> None:
    someone_closed()
    said = [(row["role"], row.get("reason"), row.get("end_reason")) for row in functions_given_back()]
    assert said == [("holder", GIVEN, ENDED), ("granted_by", None, None)]


def test_an_erasure_takes_the_reasons_and_keeps_which_function_was_held_and_when(app: Any) -> None:
    number = someone_closed()
    with writing():
        erasure = personal_data.erase(OPERATOR, EMAIL, reason="demande")
    assert erasure.rows["user_function"] == 1
    rows = db.session.query(Function).filter(Function.user_id == number).all()
    assert [(row.kind, row.ends_on, row.reason, row.end_reason) for row in rows] == [
        (FunctionKind.SECRETARIAT, clock.today() - timedelta(days=1), None, None)
    ]
    theirs = db.session.query(Function).filter(Function.granted_by_id == number).one()
    assert theirs.reason == "arrivée d’Other"
    user = queries.get(number)
    assert (user.is_active, user.deactivated_at, user.deactivation_reason) == (False, None, None)
