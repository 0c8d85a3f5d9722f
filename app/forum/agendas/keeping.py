"""What is kept of whoever of the secretariat wrote what in an agenda that is being prepared."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts import queries as accounts
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.agendas.models import WorkingCopy, WorkingPart


def _export_copies(email: str) -> list[dict[str, Any]]:
    user = accounts.by_email(email)
    rows = db.session.scalars(
        select(WorkingCopy).where(WorkingCopy.started_by_id == (user.id if user else 0)).order_by(WorkingCopy.id)
    )
    return [{"meeting": row.meeting_id, "begun": row.created_at.isoformat()} for row in rows]


def _export_parts(email: str) -> list[dict[str, Any]]:
    user = accounts.by_email(email)
    rows = db.session.execute(
        select(WorkingCopy.meeting_id, WorkingPart.kind, WorkingPart.updated_at)
        .join(WorkingCopy, WorkingPart.copy_id == WorkingCopy.id)
        .where(WorkingPart.updated_by_id == (user.id if user else 0))
        .order_by(WorkingPart.id)
    )
    return [{"meeting": meeting, "kind": kind.value, "changed": at.isoformat()} for meeting, kind, at in rows]


STAYS = _l("Kept under the number of the account until the agenda is published or the copy discarded.")
PERSONS = [
    PersonColumns("working_copy", frozenset({"started_by_id"}), _export_copies, lambda _email: 0, STAYS),
    PersonColumns("working_part", frozenset({"updated_by_id"}), _export_parts, lambda _email: 0, STAYS),
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
