"""What is kept of the people who use the contact form: for how long, how it is given back, how it is erased."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, select

from app.accounts import queries as accounts
from app.core.database import rows_touched
from app.core.extensions import db
from app.core.registry import PersonColumns, Retention
from app.forum.pages import service
from app.forum.pages.models import ContactMessage
from app.forum.pages.states import ContactSubject

SECRETARIAT = _l("The secretariat of the Forum")


def contacts_of(email: str) -> ColumnElement[bool]:
    return ContactMessage.id.in_(accounts.rows_of(ContactMessage, email, ContactMessage.email))


def _export_contacts(email: str) -> list[dict[str, Any]]:
    """The messages that the person wrote whole; of those that they answered, which and when."""
    theirs = contacts_of(email)
    rows = db.session.scalars(select(ContactMessage).where(theirs).order_by(ContactMessage.id))
    wrote = [
        {
            "reference": row.reference,
            "role": "author",
            "name": row.name,
            "email": row.email,
            "subject": row.subject.value,
            "message": row.message,
            "lang": row.lang,
            "received": row.received_at.isoformat(),
        }
        for row in rows
    ]
    return wrote + [
        {
            "reference": row.reference,
            "role": "answered_by",
            "answered": row.answered_at.isoformat() if row.answered_at else None,
        }
        for row in db.session.scalars(select(ContactMessage).where(_answered_by(email)).order_by(ContactMessage.id))
    ]


def _answered_by(email: str) -> ColumnElement[bool]:
    user = accounts.by_email(email)
    return ContactMessage.answered_by_id == (user.id if user else 0)


def _erase_contacts(email: str) -> int:
    done = db.session.execute(delete(ContactMessage).where(contacts_of(email)))
    return rows_touched(done)


PERSONS = [
    PersonColumns(
        "contact_message",
        frozenset({"name", "email", "message", "answered_by_id"}),
        _export_contacts,
        _erase_contacts,
        _l("Deleted with their text. Who answered a message stays, under the number of an account."),
    ),
]
RETENTIONS = [
    Retention(
        "contact_message",
        service.KEPT,
        service.sweep_contacts,
        label=_l("Answering the messages sent through the contact form"),
        data=_l("Name, e-mail address, subject, message, language, dates of receipt and of answer"),
        recipients=SECRETARIAT,
        since=_l("after the message"),
        then=_l("Deleted"),
    ),
]
WORDS = {
    "contact.received": _l("Message received"),
    "contact.answered": _l("Message answered"),
    "contact.reopened": _l("Message to be answered after all"),
}
NOUNS = {"contact_message": (_l("Message from the contact form"), _l("Messages from the contact form"))}
FIELDS = {
    "answered": _l("Answered"),
    "due_at": _l("Answer by"),
    "received_at": _l("Received"),
    "message": _l("Message"),
    "received": _l("Received"),
    "reference": _l("Reference"),
    "subject": _l("Subject"),
    "role=author": _l("author"),
    "role=answered_by": _l("answered it"),
    **{f"subject={subject.value}": subject.label for subject in ContactSubject},
}
