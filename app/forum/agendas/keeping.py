"""What is kept of whoever of the secretariat wrote what in an agenda that is being prepared."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts import queries as accounts
from app.core import text
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.agendas.models import WorkingCopy, WorkingPart
from app.forum.members import keeping as members


def _export_copies(email: str) -> list[dict[str, Any]]:
    user = accounts.by_email(email)
    rows = db.session.scalars(
        select(WorkingCopy).where(WorkingCopy.started_by_id == (user.id if user else 0)).order_by(WorkingCopy.id)
    )
    return [{"meeting": row.meeting_id, "begun": row.created_at.isoformat()} for row in rows]


def _export_parts(email: str, _people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    user = accounts.by_email(email)
    rows = db.session.execute(
        select(WorkingCopy.meeting_id, WorkingPart.kind, WorkingPart.updated_at)
        .join(WorkingCopy, WorkingPart.copy_id == WorkingCopy.id)
        .where(WorkingPart.updated_by_id == (user.id if user else 0))
        .order_by(WorkingPart.id)
    )
    return [{"meeting": meeting, "kind": kind.value, "changed": at.isoformat()} for meeting, kind, at in rows]


def _without(value: Any, names: set[str]) -> Any:
    """A mapping of an agenda without the people of these folded names."""
    if isinstance(value, list):
        return [_without(one, names) for one in value if not _is_named(one, names)]
    if isinstance(value, dict):
        return {key: None if _is_named(one, names) else _without(one, names) for key, one in value.items()}
    return value


def _is_named(value: Any, names: set[str]) -> bool:
    return isinstance(value, dict) and text.fold(str(value.get("name") or "")) in names


def _erase_names(email: str, people: Iterable[int] | None = None) -> int:
    """The names of the person in what is being prepared; one that the published agenda bears stays with it."""
    wanted = members.names(email, people)
    erased = 0
    for copy in db.session.scalars(select(WorkingCopy).order_by(WorkingCopy.id)) if wanted else ():
        public = {text.fold(one.name) for one in copy.meeting.people} if copy.meeting.agenda_is_public else set()
        for part in copy.parts:
            kept = _without(part.data, wanted - public)
            if kept != part.data:
                part.data, erased = kept, erased + 1
        copy.pending = _without(copy.pending, wanted - public)
    return erased


STAYS = _l("Kept under the number of the account until the agenda is published or the copy discarded.")
NAMES = _l(
    "The name is deleted from what is being prepared. Who of the secretariat wrote what is kept under the number of "
    "the account until then."
)
PERSONS = [
    PersonColumns("working_copy", frozenset({"started_by_id"}), _export_copies, lambda _email: 0, STAYS),
    PersonColumns("working_part", frozenset({"updated_by_id"}), _export_parts, _erase_names, NAMES, by_people=True),
]
RETENTIONS = [
    Retention(
        "working_copy",
        None,
        None,
        label=_l("Agendas being prepared"),
        data=_l("Numbers of the accounts of the secretariat that began the copy and changed its parts, dates"),
        recipients=_l("The secretariat"),
        then=_l("Deleted when the agenda is published, or the copy discarded"),
    )
]
