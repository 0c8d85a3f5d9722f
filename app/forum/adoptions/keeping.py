"""What is kept of those who propose corrections, answer them, and adopt in writing; how it is given back and erased."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select, update

from app.accounts import queries as accounts
from app.core.database import rows_touched
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.adoptions.models import Correction, Procedure, ProcedureAnswer


def _number(email: str) -> int:
    user = accounts.by_email(email)
    return user.id if user else 0


def _export_corrections(email: str) -> list[dict[str, Any]]:
    """What the person proposed and was answered, whole; of what they answered, which, how and when."""
    number = _number(email)
    wanted = or_(Correction.user_id == number, Correction.answered_by_id == number)
    return [
        {
            "minutes": row.minutes_id,
            "section": row.section_id,
            "place": row.place,
            "lang": row.lang,
            "quoted": row.quoted if row.user_id == number else None,
            "proposed": row.proposed if row.user_id == number else None,
            "reason": row.reason if row.user_id == number else None,
            "at": row.proposed_at.isoformat(),
            "status": row.status.value,
            "answer": row.answer,
            "applied": row.applied,
            "answered": row.answered_at.isoformat() if row.answered_at else None,
        }
        for row in db.session.scalars(select(Correction).where(wanted).order_by(Correction.id))
    ]


def _erase_reasons(email: str) -> int:
    """The words of their own; what they proposed to write belongs to the text that the body adopted."""
    mine = Correction.user_id == _number(email), Correction.reason != ""
    return rows_touched(db.session.execute(update(Correction).where(*mine).values(reason="")))


def _export_procedures(email: str) -> list[dict[str, Any]]:
    rows = select(Procedure).where(Procedure.opened_by_id == _number(email)).order_by(Procedure.id)
    return [
        {"minutes": row.minutes_id, "number": row.number, "opened": row.opened_at.isoformat()}
        for row in db.session.scalars(rows)
    ]


def _export_answers(email: str) -> list[dict[str, Any]]:
    rows = select(ProcedureAnswer).where(ProcedureAnswer.user_id == _number(email)).order_by(ProcedureAnswer.id)
    return [
        {"procedure": row.procedure_id, "answer": row.answer.value, "reason": row.reason, "at": row.at.isoformat()}
        for row in db.session.scalars(rows)
    ]


def _erase_objections(email: str) -> int:
    mine = ProcedureAnswer.user_id == _number(email), ProcedureAnswer.reason.is_not(None)
    return rows_touched(db.session.execute(update(ProcedureAnswer).where(*mine).values(reason=None)))


PERSONS = [
    PersonColumns(
        "minutes_correction",
        frozenset({"user_id", "answered_by_id"}),
        _export_corrections,
        _erase_reasons,
        _l(
            "The reason given is deleted. The text proposed and its answer stay, under the number of the account: they "
            "show how the adopted text came to be."
        ),
    ),
    PersonColumns(
        "minutes_procedure",
        frozenset({"opened_by_id"}),
        _export_procedures,
        lambda _email: 0,
        _l("Who of the secretariat opened a written procedure is kept under the number of the account."),
    ),
    PersonColumns(
        "minutes_answer",
        frozenset({"user_id"}),
        _export_answers,
        _erase_objections,
        _l("The reason of an objection is deleted. The answer itself stays, under the number of the account."),
    ),
]
READERS = _l("The members of the body and the secretariat")
RETENTIONS = [
    Retention(
        "minutes_correction",
        None,
        None,
        label=_l("Corrections proposed to minutes"),
        data=_l("Mandate, number of the account, paragraph quoted, text proposed, reason, answer, dates"),
        recipients=READERS,
        then=_l("As long as the minutes, which are a public archive"),
    ),
    Retention(
        "minutes_procedure",
        None,
        None,
        label=_l("Written procedures by which minutes are adopted"),
        data=_l("Number of the account of the secretariat, digest of the text, numbers of seats, dates"),
        recipients=READERS,
        then=_l("As long as the minutes, which are a public archive"),
    ),
    Retention(
        "minutes_answer",
        None,
        None,
        label=_l("Answers of the members to written procedures on minutes"),
        data=_l("Mandate, number of the account, answer, reason of an objection, date"),
        recipients=READERS,
        then=_l("As long as the written procedure that was answered"),
    ),
]
