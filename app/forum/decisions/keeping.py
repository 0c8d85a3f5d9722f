"""What is kept of those who answer for a decision and of those who follow it."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.accounts import queries as accounts
from app.core.database import rows_touched
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.decisions.models import Decision, DecisionUpdate
from app.forum.members import keeping as members


def _people(email: str, people: Iterable[int] | None) -> list[int]:
    if people is None:
        return [one.id for one in members.sure(email)]
    chosen = set(people)
    return [one.id for one in members.behind(email) if one.id in chosen]


def _export_decisions(email: str, people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(Decision).where(Decision.person_id.in_(_people(email, people))).order_by(Decision.id)
    )
    return [{"number": row.number, "title": row.title_fr, "decided_on": row.decided_on.isoformat()} for row in rows]


def _erase_decisions(email: str, people: Iterable[int] | None = None) -> int:
    named = update(Decision).where(Decision.person_id.in_(_people(email, people)))
    done = db.session.execute(named.values(person_id=None).execution_options(synchronize_session=False))
    return rows_touched(done)


def _export_updates(email: str) -> list[dict[str, Any]]:
    user = accounts.by_email(email)
    rows = db.session.scalars(
        select(DecisionUpdate).where(DecisionUpdate.user_id == (user.id if user else 0)).order_by(DecisionUpdate.id)
    )
    return [{"decision": row.decision_id, "text": row.text_fr, "at": row.at.isoformat()} for row in rows]


PERSONS = [
    PersonColumns(
        "decision",
        frozenset({"person_id"}),
        _export_decisions,
        _erase_decisions,
        _l("The decision no longer says who answers for it; its wording is a public archive."),
        by_people=True,
    ),
    PersonColumns(
        "decision_update",
        frozenset({"user_id"}),
        _export_updates,
        lambda _email: 0,
        _l("Kept under the number of the account: who of the secretariat wrote what became of a decision."),
    ),
]
RETENTIONS = [
    Retention(
        "decision",
        None,
        None,
        label=_l("Decisions of the bodies of the Forum"),
        data=_l("Wording, count of the vote, organisation and person who answer for it, deadline, status, dates"),
        recipients=_l("Everyone once the minutes are published; the name while that of a member may be read"),
        then=_l("As long as the minutes, which are a public archive; the name leaves with the register of members"),
    ),
    Retention(
        "decision_update",
        None,
        None,
        label=_l("What becomes of the decisions"),
        data=_l("Dated words on a decision, number of the account of the secretariat that wrote them"),
        recipients=_l("Everyone for the words; the secretariat for the number of the account"),
        then=_l("As long as the decision that they are about"),
    ),
]
