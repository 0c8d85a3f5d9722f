"""What the personal data room registers: its screens, what waits, what it keeps itself."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select

from app.accounts import queries as accounts
from app.core import registry as registries
from app.core.database import rows_touched
from app.core.extensions import db
from app.core.registry import DeskGroup, DeskLink, PersonColumns, Retention, Todo
from app.forum.personal_data import acts, policy, queries, service
from app.forum.personal_data.models import DataRequest, Erasure
from app.forum.personal_data.states import ERASE, DataRequestKind, DataRequestStatus


def wire(app: Flask) -> None:
    app.jinja_env.filters["data_request_kind"] = lambda value: DataRequestKind(value).label
    app.jinja_env.filters["date"] = date.fromisoformat
    app.jinja_env.globals["noun"] = lambda table: registries.current().noun(table)
    app.jinja_env.globals["nouns_of"] = lambda table: registries.current().nouns_of(table)
    app.jinja_env.globals["retentions"] = lambda: registries.current().retentions
    registry = registries.of(app)
    registry.persons += PERSONS
    registry.retentions += RETENTIONS
    registry.words.update(WORDS)
    registry.nouns.update(NOUNS)
    registry.fields.update(FIELDS | {f"{name}={ERASE}": acts.ERASURE.label for name in ("act", "word")})
    registry.acts[ERASE] = acts.ERASURE
    registry.subjects["data_request"] = _label
    registry.subjects["erasure"] = lambda _viewer, number: (
        _("Erasure %(number)s", number=number),
        url_for("personal_data.erased", erasure_id=number),
    )
    registry.todos.append(waiting)
    registry.desk_links.append(
        DeskLink(
            DeskGroup.MEMBERS,
            _l("Personal data: requests and one person’s data"),
            "personal_data.desk",
            policy.can_handle,
        )
    )


def waiting(viewer: Any) -> Iterable[Todo]:
    """Requests to be answered within their month."""
    if not policy.can_handle(viewer):
        return
    for asked in queries.waiting():
        label = _("Answer request %(reference)s about personal data", reference=asked.reference)
        yield Todo(label, url_for("personal_data.show", request_id=asked.id), asked.due_on)


def _label(_viewer: Any, request_id: int) -> tuple[str, str] | None:
    asked = db.session.get(DataRequest, request_id)
    if asked is None:
        return None
    return _("Request %(reference)s", reference=asked.reference), url_for("personal_data.show", request_id=asked.id)


def _export_requests(email: str) -> list[dict[str, Any]]:
    """The requests that the person made, and those that they answered."""
    user, ids = accounts.by_email(email), accounts.rows_of(DataRequest, email, DataRequest.email)
    theirs = or_(DataRequest.id.in_(ids), DataRequest.answered_by_id == (user.id if user else 0))
    return [
        {
            "reference": row.reference,
            "role": "author",
            "kind": row.kind.value,
            "name": row.name,
            "email": row.email,
            "message": row.message,
            "lang": row.lang,
            "received": row.received_at.isoformat(),
            "status": row.status.value,
        }
        if row.id in ids
        else {
            "reference": row.reference,
            "role": "answered_by",
            "answered": row.answered_at.isoformat() if row.answered_at else None,
        }
        for row in db.session.scalars(select(DataRequest).where(theirs).order_by(DataRequest.id))
    ]


def _erase_requests(email: str) -> int:
    ids = accounts.rows_of(DataRequest, email, DataRequest.email)
    done = db.session.execute(delete(DataRequest).where(DataRequest.id.in_(ids)))
    return rows_touched(done)


def _export_erasures(email: str) -> list[dict[str, Any]]:
    """That the person's data were erased before, and the erasures that they carried out."""
    user, digest = accounts.by_email(email), service.digest(email)
    number = user.id if user else 0
    theirs = or_(Erasure.digest == digest, Erasure.actor_id == number, Erasure.subject_id == number)
    return [
        {
            "role": "actor" if row.actor_id == number else "subject",
            "erased": row.erased_at.isoformat(),
        }
        for row in db.session.scalars(select(Erasure).where(theirs).order_by(Erasure.id))
    ]


CODES = {
    **{f"kind={kind.value}": kind.label for kind in DataRequestKind},
    **{f"status={status.value}": status.label for status in DataRequestStatus},
}
PERSONS = [
    PersonColumns(
        "data_request",
        frozenset({"name", "email", "message", "answered_by_id"}),
        _export_requests,
        _erase_requests,
        _l("Deleted with their text. Answer the person first: their request goes too."),
    ),
    PersonColumns(
        "erasure",
        frozenset({"actor_id", "subject_id"}),
        _export_erasures,
        lambda _email: 0,
        _l("Kept for three years, without name or address: it proves that the right was respected."),
    ),
]
RETENTIONS = [
    Retention(
        "data_request",
        service.REQUEST_KEPT,
        service.sweep_requests,
        label=_l("Requests about personal data"),
        data=_l("Name, e-mail address, right exercised, message, language, dates of receipt and of answer"),
        basis=_l("Legal obligation (GDPR, Articles 6(1)(c) and 12)"),
        recipients=_l("The secretariat and the administrators of the site"),
        since=_l("after the answer"),
        then=_l("Deleted"),
    ),
    Retention(
        "erasure",
        service.ERASURE_KEPT,
        service.sweep_erasures,
        label=_l("Proof that data were erased"),
        data=_l("Digest of the address, date, reason, number of rows, numbers of the accounts"),
        basis=_l("Legal obligation (GDPR, Articles 5(2) and 6(1)(c))"),
        recipients=_l("The secretariat and the administrators of the site"),
        since=_l("after the erasure"),
        then=_l("Deleted"),
    ),
]
WORDS = {
    "data_request.made": _l("Request about personal data received"),
    "data_request.answered": _l("Request about personal data answered"),
    "data_request.received": _l("Request about personal data taken up again"),
    "personal_data.consulted": _l("Data of one person read"),
    "personal_data.exported": _l("Data of one person exported"),
    "personal_data.erased": _l("Data of one person erased"),
}
NOUNS = {
    "data_request": (_l("Request about personal data"), _l("Requests about personal data")),
    "erasure": (_l("Erasure"), _l("Erasures")),
}
FIELDS = {"due_on": _l("Answer by"), "erased": _l("Erased"), "tables": _l("Kinds of data"), **CODES}
