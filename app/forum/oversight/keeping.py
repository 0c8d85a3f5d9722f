"""What is kept of everyone by the journal and the outbox: how long, given back and erased how."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, delete, or_, select

from app.accounts import queries as accounts
from app.core import audit, mail
from app.core.database import rows_touched
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.oversight.details import MAIL_STATUSES

MAIL_KEPT = timedelta(days=90)
STAFF = _l("The secretariat and the administrators of the site")


def sweep_mail(now: datetime) -> int:
    """A message goes 90 days after it was delivered, or given up."""
    return mail.sweep(now - MAIL_KEPT)


def mails_of(email: str) -> ColumnElement[bool]:
    """Messages to the person or answered to them, under the addresses that their account had before too."""
    columns = (mail.OutgoingMail.address, mail.OutgoingMail.reply_to)
    addresses = {email, *accounts.former_addresses(email)}
    return mail.OutgoingMail.id.in_(
        {number for one in addresses for number in accounts.rows_of(mail.OutgoingMail, one, *columns)}
    )


def _export_mail(email: str) -> list[dict[str, Any]]:
    """Messages to the person, and those that would be answered to them."""
    theirs = mails_of(email)
    rows = db.session.scalars(select(mail.OutgoingMail).where(theirs).order_by(mail.OutgoingMail.id))
    return [
        {
            "template": row.template,
            "email": row.address,
            "arguments": row.arguments,
            "queued": row.created_at.isoformat(),
            "sent": row.sent_at.isoformat() if row.sent_at else None,
            "status": row.status,
        }
        for row in rows
    ]


def _erase_mail(email: str) -> int:
    theirs = mails_of(email)
    done = db.session.execute(delete(mail.OutgoingMail).where(theirs))
    return rows_touched(done)


def _export_journal(email: str) -> list[dict[str, Any]]:
    """What the person did, and what was done to their account."""
    user = accounts.by_email(email)
    if user is None:
        return []
    entry = audit.AuditEntry
    theirs = or_(entry.actor_id == user.id, and_(entry.subject_type == "user", entry.subject_id == user.id))
    rows = db.session.execute(
        select(entry.id, entry.at, entry.word, entry.actor_id).where(theirs).order_by(entry.at, entry.id)
    )
    return [
        {"number": number, "at": at.isoformat(), "word": word, "role": "actor" if actor == user.id else "subject"}
        for number, at, word, actor in rows
    ]


PERSONS = [
    PersonColumns(
        "outgoing_mail",
        frozenset({"address", "reply_to", "arguments"}),
        _export_mail,
        _erase_mail,
        _l("Deleted, even those that have not left yet."),
    ),
    PersonColumns(
        "audit_entry",
        frozenset({"actor_id"}),
        _export_journal,
        lambda _email: 0,
        _l("Kept: the journal proves who did what. It holds the number of an account, never a name."),
    ),
]
RETENTIONS = [
    Retention(
        "outgoing_mail",
        MAIL_KEPT,
        sweep_mail,
        label=_l("E-mails sent by the site"),
        data=_l("Address, language, contents of the message, dates and result of the sending"),
        recipients=_l("The secretariat and the administrators of the site"),
        since=_l("after sending, or after the last attempt"),
        then=_l("Deleted"),
    ),
    Retention(
        "audit_entry",
        None,
        None,
        label=_l("Security of the site and journal of acts"),
        data=_l("Number of the account that acted, act and date. The technical logs of the site hold no IP address"),
        recipients=_l("The secretariat and the administrators of the site; the host"),
        then=_l("As long as the acts it proves: its lines are sealed each day and cannot be removed"),
    ),
]
WORDS = {
    "mail.sent_again": _l("E-mail sent again"),
    "mail.all_sent_again": _l("Failed e-mails sent again"),
    "journal.verified": _l("Seals of the journal verified"),
}
NOUNS = {
    "audit_entry": (_l("Line of the journal"), _l("Journal")),
    "outgoing_mail": (_l("E-mail"), _l("E-mails")),
}
FIELDS = {
    "arguments": _l("Contents"),
    "at": _l("When"),
    "count": _l("How many"),
    "faults": _l("Faults found"),
    "number": _l("Number"),
    "queued": _l("Written"),
    "reason": _l("Reason"),
    "sent": _l("Sent"),
    "status": _l("Status"),
    "template": _l("Kind of message"),
    "word": _l("Act"),
    "role=actor": _l("did it"),
    "role=subject": _l("concerned by it"),
    **{f"status={status}": label for status, label in MAIL_STATUSES.items()},
}
