"""What is kept of the people whom agendas name, and of whoever explained a revision."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts import queries as accounts
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.meetings.models import AgendaRevision


def _export_revisions(email: str) -> list[dict[str, Any]]:
    """The reasons that somebody gave in a public function."""
    user = accounts.by_email(email)
    rows = db.session.scalars(
        select(AgendaRevision)
        .where(AgendaRevision.actor_id == (user.id if user else 0))
        .order_by(AgendaRevision.at, AgendaRevision.id)
    )
    return [{"meeting": row.meeting_id, "at": row.at.isoformat(), "reason": row.reason_fr} for row in rows]


PERSONS = [
    # Named in a public function by the programme itself: public record, neither exported by address nor erased.
    PersonColumns(
        "agenda_person",
        frozenset({"name"}),
        lambda _email: [],
        lambda _email: 0,
        _l("Kept: a published agenda is a public archive. A name goes on a reasoned objection, by hand."),
    ),
    PersonColumns(
        "agenda_revision",
        frozenset({"actor_id"}),
        _export_revisions,
        lambda _email: 0,
        _l("Kept under the number of the account: the reason of a revision is published with the agenda."),
    ),
]
RETENTIONS = [
    Retention(
        "agenda_person",
        None,
        None,
        label=_l("Agendas naming the people who chair or speak"),
        data=_l("Name, function, organisation, place in the agenda"),
        recipients=_l("Everyone: agendas are public"),
        then=_l("No time limit: published agendas are public archives"),
    ),
    Retention(
        "agenda_revision",
        None,
        None,
        label=_l("Reasons of the revisions of agendas"),
        data=_l("Number of the account of the secretariat, date, reason"),
        recipients=_l("Everyone for the reason and the date; the secretariat for the account"),
        then=_l("As long as the agenda that was revised"),
    ),
]
