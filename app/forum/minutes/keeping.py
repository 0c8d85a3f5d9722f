"""Personal data in minutes in preparation: who wrote what, and what somebody was writing; how long each is kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from app.accounts import queries as accounts
from app.core.database import rows_touched
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.minutes.models import Minutes, SectionDraft, SectionSave, SectionText

DRAFTS_KEPT = timedelta(days=30)


def _number(email: str) -> int:
    user = accounts.by_email(email)
    return user.id if user else 0


def _nothing(_email: str) -> int:
    return 0


def _rows(model: Any, column: Any, email: str) -> Iterable[Any]:
    return db.session.scalars(select(model).where(column == _number(email)).order_by(model.id))


def _export_minutes(email: str) -> list[dict[str, Any]]:
    return [
        {"meeting": row.meeting_id, "begun": row.created_at.isoformat()}
        for row in _rows(Minutes, Minutes.started_by_id, email)
    ]


def _export_texts(email: str) -> list[dict[str, Any]]:
    rows = _rows(SectionText, SectionText.updated_by_id, email)
    return [{"section": row.section_id, "lang": row.lang, "at": row.updated_at.isoformat()} for row in rows]


def _export_saves(email: str) -> list[dict[str, Any]]:
    rows = _rows(SectionSave, SectionSave.user_id, email)
    return [{"text": row.text_id, "number": row.number, "at": row.at.isoformat()} for row in rows]


def _export_drafts(email: str) -> list[dict[str, Any]]:
    rows = _rows(SectionDraft, SectionDraft.user_id, email)
    return [{"section": row.section_id, "lang": row.lang, "source": row.source} for row in rows]


def _erase_drafts(email: str) -> int:
    return rows_touched(db.session.execute(delete(SectionDraft).where(SectionDraft.user_id == _number(email))))


def sweep_drafts(now: datetime) -> int:
    return rows_touched(db.session.execute(delete(SectionDraft).where(SectionDraft.at < now - DRAFTS_KEPT)))


BY_NUMBER = _l("Who of the secretariat wrote it is kept under the number of the account.")
PERSONS = [
    PersonColumns(
        "minutes",
        frozenset({"started_by_id"}),
        _export_minutes,
        _nothing,
        _l("Who of the secretariat began them is kept under the number of the account."),
    ),
    PersonColumns("minutes_text", frozenset({"updated_by_id"}), _export_texts, _nothing, BY_NUMBER),
    PersonColumns("minutes_save", frozenset({"user_id"}), _export_saves, _nothing, BY_NUMBER),
    PersonColumns(
        "minutes_draft", frozenset({"user_id"}), _export_drafts, _erase_drafts, _l("Deleted with their text.")
    ),
]
SECRETARIAT = _l("The secretariat of the Forum")
AS_MINUTES = _l("As long as the minutes, which are a public archive")
RETENTIONS = [
    Retention(
        "minutes",
        None,
        None,
        label=_l("Minutes of the meetings of the Forum"),
        data=_l("Text of the minutes, name and function of the chair and of the secretary, numbers of accounts, dates"),
        recipients=_l("Those who sit in the body from the circulation on; everyone once published"),
        then=_l("Public archive: kept without limit"),
    ),
    Retention(
        "minutes_text",
        None,
        None,
        label=_l("Sections of minutes, in each language"),
        data=_l("Text, number of the account that saved it last, dates"),
        recipients=_l("Those who sit in the body from the circulation on; everyone once published"),
        then=AS_MINUTES,
    ),
    Retention(
        "minutes_save",
        None,
        None,
        label=_l("What the sections of minutes were before"),
        data=_l("Former text, number of the account that saved it, date"),
        recipients=SECRETARIAT,
        then=AS_MINUTES,
    ),
    Retention(
        "minutes_draft",
        DRAFTS_KEPT,
        sweep_drafts,
        label=_l("Texts of minutes being written and not saved"),
        data=_l("Text, number of the account, date"),
        recipients=_l("Whoever writes it, alone"),
        since=_l("after the last key"),
        then=_l("Deleted; also once the text is saved"),
    ),
]
