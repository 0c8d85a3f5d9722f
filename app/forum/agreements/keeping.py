"""What is kept of those who share, agree, approve and ask; for how long; how it is given back and erased."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import undefer

from app.accounts import queries as accounts
from app.core import text
from app.core.database import rows_touched
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.agreements import items
from app.forum.agreements.models import AgendaVersion, ItemRequest, VersionAnswer
from app.forum.agreements.states import VersionStatus
from app.forum.members import keeping as members


def _number(email: str) -> int:
    user = accounts.by_email(email)
    return user.id if user else 0


def _export_versions(email: str, _people: Iterable[int] | None = None) -> list[dict[str, Any]]:
    number = _number(email)
    mine = or_(AgendaVersion.frozen_by_id == number, AgendaVersion.approved_by_id == number)
    rows = db.session.scalars(select(AgendaVersion).where(mine).order_by(AgendaVersion.id))
    return [
        {
            "meeting": row.meeting_id,
            "number": row.number,
            "shared": row.frozen_at.isoformat() if row.frozen_by_id == number else None,
            "approved": row.approved_at.isoformat() if row.approved_at and row.approved_by_id == number else None,
        }
        for row in rows
    ]


def _erase_names(email: str, people: Iterable[int] | None = None) -> int:
    """The names in versions that were never published; those of public agendas are public archives."""
    wanted, erased = members.names(email, people), 0
    unpublished = select(AgendaVersion).where(AgendaVersion.status != VersionStatus.PUBLISHED)
    rows = unpublished.options(undefer(AgendaVersion.content)).order_by(AgendaVersion.id)
    for row in db.session.scalars(rows) if wanted else ():
        public = {text.fold(one.name) for one in row.meeting.people} if row.meeting.agenda_is_public else set()
        kept = _without(row.content, wanted - public)
        if kept != row.content:
            row.content, erased = kept, erased + 1
    return erased


def _without(value: Any, names: set[str]) -> Any:
    """A text of an agenda without the people of these folded names."""
    if isinstance(value, list):
        return [_without(one, names) for one in value if not _is_named(one, names)]
    if isinstance(value, dict):
        return {key: None if _is_named(one, names) else _without(one, names) for key, one in value.items()}
    return value


def _is_named(value: Any, names: set[str]) -> bool:
    return isinstance(value, dict) and text.fold(str(value.get("name") or "")) in names


def _export_answers(email: str) -> list[dict[str, Any]]:
    rows = select(VersionAnswer).where(VersionAnswer.user_id == _number(email)).order_by(VersionAnswer.id)
    return [
        {"version": row.version_id, "answer": row.answer.value, "reason": row.reason, "at": row.at.isoformat()}
        for row in db.session.scalars(rows)
    ]


def _erase_reasons(email: str) -> int:
    mine = VersionAnswer.user_id == _number(email), VersionAnswer.reason.is_not(None)
    return rows_touched(db.session.execute(update(VersionAnswer).where(*mine).values(reason=None)))


def _export_requests(email: str) -> list[dict[str, Any]]:
    """What the person asked for and was answered, whole; of what they answered, which, how and when."""
    number = _number(email)
    wanted = or_(ItemRequest.user_id == number, ItemRequest.answered_by_id == number)
    return [
        {
            "meeting": row.meeting_id,
            "title": row.title if row.user_id == number else None,
            "text": row.text if row.user_id == number else None,
            "reason": row.reason if row.user_id == number else None,
            "minutes": row.minutes,
            "asked": row.asked_at.isoformat(),
            "status": row.status.value,
            "answer_reason": row.answer_reason,
            "answered": row.answered_at.isoformat() if row.answered_at else None,
        }
        for row in db.session.scalars(select(ItemRequest).where(wanted).order_by(ItemRequest.id))
    ]


def _erase_requests(email: str) -> int:
    return rows_touched(db.session.execute(delete(ItemRequest).where(ItemRequest.user_id == _number(email))))


PERSONS = [
    PersonColumns(
        "agenda_version",
        frozenset({"frozen_by_id", "approved_by_id"}),
        _export_versions,
        _erase_names,
        _l(
            "Names are deleted from the versions that were never published. Who of the secretariat shared and "
            "approved is kept under the number of the account."
        ),
        by_people=True,
    ),
    PersonColumns(
        "version_answer",
        frozenset({"user_id"}),
        _export_answers,
        _erase_reasons,
        _l("The reason of an objection is deleted. The answer itself stays, under the number of the account."),
    ),
    PersonColumns(
        "item_request",
        frozenset({"user_id", "answered_by_id"}),
        _export_requests,
        _erase_requests,
        _l("Deleted with their text. Who answered one stays, under the number of an account."),
    ),
]
COMMITTEE = _l("The management committee and the secretariat")
RETENTIONS = [
    Retention(
        "agenda_version",
        None,
        None,
        label=_l("Versions of agendas shared with the management committee"),
        data=_l("Text of the agenda with the names it bears, numbers of the accounts of the secretariat, dates"),
        recipients=_l("The committee and the secretariat; everyone once published"),
        then=_l("As long as the meeting, which is a public archive"),
    ),
    Retention(
        "version_answer",
        None,
        None,
        label=_l("Approvals of agendas and objections to them"),
        data=_l("Mandate, number of the account, answer, reason of an objection, date"),
        recipients=_l("Everyone for who approved a published version; the committee and the secretariat for the rest"),
        then=_l("As long as the version that was answered"),
    ),
    Retention(
        "item_request",
        items.KEPT,
        items.sweep,
        label=_l("Items that members ask to see on an agenda"),
        data=_l("Mandate, number of the account, language, title, text, reason, minutes, answer, dates"),
        recipients=_l("The secretariat of the Forum"),
        since=_l("after the answer, or after the request"),
        then=_l("Deleted; what was accepted stays in the agenda"),
    ),
]
