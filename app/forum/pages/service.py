"""Writes of the pages room: a contact message, acknowledged at once (D.13)."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from app.accounts import limits
from app.accounts import policy as accounts
from app.accounts.queries import email_key
from app.core import audit, clock, i18n, mail, rules
from app.core.access import authorize
from app.core.database import rows_touched
from app.core.extensions import db
from app.forum.pages.models import ContactMessage
from app.forum.pages.states import ContactSubject

KEPT = timedelta(days=365)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

audit.declare("contact.received", "subject")
audit.declare("contact.answered")
audit.declare("contact.reopened")


def contact(*, subject: ContactSubject, name: str, email: str, message: str) -> ContactMessage:
    """Store the message, acknowledge it to its author and pass it on to the team; anyone may write."""
    now = clock.now()
    row = ContactMessage(
        reference="M-" + "".join(secrets.choice(ALPHABET) for _ in range(8)),
        subject=subject,
        name=name,
        email=email,
        message=message,
        lang=i18n.language(),
        received_at=now,
        due_at=now + timedelta(days=subject.answered_within),
    )
    db.session.add(row)
    db.session.flush()
    shared = {
        "reference": row.reference,
        "subject": subject.value,
        "received_at": now.isoformat(),
        "due_at": row.due_at.isoformat(),
    }
    if limits.may_acknowledge(email_key(email)):
        mail.queue("pages/contact_received", to=email, lang=row.lang, **shared)
    team = rules.value("identity.contact_email")
    if team:
        mail.queue("pages/contact_for_team", to=team, lang="fr", reply_to=email, name=name, message=message, **shared)
    audit.record(None, "contact.received", row, subject=subject.value)
    return row


def settle(actor: Any, message: ContactMessage, *, answered: bool) -> None:
    """Say that a message was answered, or that it must be answered after all. Said twice, it is said once."""
    authorize(accounts.is_secretariat(actor))
    if answered == (message.answered_at is not None):
        return
    message.answered_at = clock.now() if answered else None
    message.answered_by_id = actor.id if answered else None
    audit.record(actor, "contact.answered" if answered else "contact.reopened", message)


def sweep_contacts(now: datetime) -> int:
    """One year after receipt the message goes (D.4)."""
    done = db.session.execute(delete(ContactMessage).where(ContactMessage.received_at < now - KEPT))
    return rows_touched(done)
