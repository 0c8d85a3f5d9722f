"""The mails of corrections and of written procedures, each in the language of its reader."""

from collections.abc import Sequence
from typing import Any

from app.core import mail
from app.core.mail import Obsolete, Part, Recipient
from app.forum.adoptions import queries
from app.forum.adoptions.models import Correction, Procedure
from app.forum.adoptions.states import ProcedureStatus
from app.forum.agreements import queries as agreements
from app.forum.members.models import Mandate


def answered(correction: Correction) -> None:
    if correction.user.is_active:
        mail.queue(
            "adoptions/correction_answered", to=correction.user.email, lang=correction.user.lang,
            name=correction.user.name, correction_id=correction.id,
        )  # fmt: skip


def opened(procedure: Procedure, seats: Sequence[Mandate]) -> int:
    """Those who hold the seats, and their substitutes; how many."""
    return mail.queue_many("adoptions/opened", _to(agreements.accounts_of(seats)), procedure_id=procedure.id)


def remind(procedure: Procedure, seats: Sequence[Mandate]) -> int:
    """Those who have not answered, for a seat that nobody has answered for; how many."""
    answered = {one.mandate_id for one in procedure.answers}
    done = {one.user_id for one in procedure.answers}
    users = agreements.accounts_of([one for one in seats if one.id not in answered])
    to = _to([user for user in users if user.id not in done])
    return mail.queue_many("adoptions/reminder", to, procedure_id=procedure.id)


def _to(users: Sequence[Any]) -> list[Recipient]:
    return [Recipient(user.email, user.lang, {"name": user.name}) for user in users]


def unless_ended(arguments: dict[str, Any], _lang: str) -> list[Part]:
    """Nothing goes beside these mails; those that still wait when the procedure ends do not leave."""
    if procedure_of(arguments["procedure_id"]).status != ProcedureStatus.OPEN:
        raise Obsolete
    return []


def procedure_of(procedure_id: int) -> Procedure:
    """For the templates of mails."""
    found = queries.find_procedure(procedure_id)
    if found is None:
        raise Obsolete
    return found


def correction_of(correction_id: int) -> Correction:
    found = queries.find_correction(correction_id)
    if found is None:
        raise Obsolete
    return found
