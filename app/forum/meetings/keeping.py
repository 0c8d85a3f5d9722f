"""What is kept of the people whom agendas name, and of whoever explained a revision."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts import queries as accounts
from app.core import text
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.meetings.models import AgendaPerson, AgendaRevision, Meeting, MeetingStep
from app.forum.meetings.states import PUBLIC
from app.forum.members import keeping as members


def _export_revisions(email: str) -> list[dict[str, Any]]:
    """The reasons that somebody gave in a public function."""
    user = accounts.by_email(email)
    rows = db.session.scalars(
        select(AgendaRevision)
        .where(AgendaRevision.actor_id == (user.id if user else 0))
        .order_by(AgendaRevision.at, AgendaRevision.id)
    )
    return [{"meeting": row.meeting_id, "at": row.at.isoformat(), "reason": row.reason_fr} for row in rows]


def _export_steps(email: str) -> list[dict[str, Any]]:
    """The steps of meetings that somebody took in a public function."""
    user = accounts.by_email(email)
    rows = db.session.scalars(
        select(MeetingStep).where(MeetingStep.actor_id == (user.id if user else 0)).order_by(MeetingStep.id)
    )
    return [
        {"meeting": row.meeting_id, "at": row.at.isoformat(), "phase": row.phase.value, "reason": row.reason_fr}
        for row in rows
    ]


def _named(email: str, people: Iterable[int] | None, *, public: bool) -> list[AgendaPerson]:
    """Agendas know people by their names alone: whoever bears one of the names of the person of an address."""
    wanted = members.names(email, people)
    if not wanted:
        return []
    of_public = Meeting.status.in_(PUBLIC)
    named = select(AgendaPerson.id, AgendaPerson.name).join(Meeting, AgendaPerson.meeting_id == Meeting.id)
    found = db.session.execute(named.where(of_public if public else ~of_public))
    ids = [row_id for row_id, name in found if text.fold(name) in wanted]
    rows = select(AgendaPerson).where(AgendaPerson.id.in_(ids)).order_by(AgendaPerson.meeting_id, AgendaPerson.id)
    return list(db.session.scalars(rows))


def _export_names(email: str, people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    """The public places where the name still stands, for whoever answers an objection."""
    return [
        {"meeting": row.meeting_id, "name": row.name, "function_fr": row.function_fr}
        for row in _named(email, people, public=True)
    ]


def _erase_names(email: str, people: Iterable[int] | None = None) -> int:
    """A programme that was never published is no archive yet."""
    found = _named(email, people, public=False)
    for row in found:
        db.session.delete(row)
    return len(found)


PERSONS = [
    PersonColumns(
        "agenda_person",
        frozenset({"name"}),
        _export_names,
        _erase_names,
        _l(
            "Kept in the agendas that were published, as public archives: there a name goes on a reasoned objection, "
            "by hand. Deleted from the others."
        ),
        by_people=True,
    ),
    PersonColumns(
        "agenda_revision",
        frozenset({"actor_id"}),
        _export_revisions,
        lambda _email: 0,
        _l("Kept under the number of the account: the reason of a revision is published with the agenda."),
    ),
    PersonColumns(
        "meeting_step",
        frozenset({"actor_id"}),
        _export_steps,
        lambda _email: 0,
        _l("Kept under the number of the account: the story of a meeting is public."),
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
        label=_l("Reasons for revising agendas"),
        data=_l("Number of the account of the secretariat, date, reason"),
        recipients=_l("Everyone for the reason and the date; the secretariat for the account"),
        then=_l("As long as the agenda that was revised"),
    ),
    Retention(
        "meeting_step",
        None,
        None,
        label=_l("Story of meetings: announced, convened, held, postponed, cancelled"),
        data=_l("Number of the account of the secretariat, date, reason"),
        recipients=_l("Everyone for the step, the date and the reason; the secretariat for the account"),
        then=_l("As long as the meeting, which is a public archive"),
    ),
]
