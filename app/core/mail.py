"""Outgoing mail: a row in the same transaction as the act, delivered later by `flask work` (R06).

The row keeps a template and plain arguments; text is rendered on delivery in the reader's language, plain text only.
A message keeps its Message-ID over every attempt, so that a duplicate can be recognised.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template
from sqlalchemy import JSON, Index, String, Text, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, i18n, text
from app.core.database import Identified, UTCDateTime
from app.core.extensions import db

DELAYS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440)]
LEASE = timedelta(minutes=2)
QUEUED, SENT, FAILED, OBSOLETE = "queued", "sent", "failed", "obsolete"
HIDDEN = "*" * 43
TIMEOUT = 20
BLANKS = re.compile(r"[ \t\r\n]+")


class Obsolete(Exception):
    """What the message offers has ended meanwhile: it is not sent."""


SECRETS: dict[str, Callable[[dict[str, Any]], str]] = {}


def secret_maker(template: str, make: Callable[[dict[str, Any]], str]) -> None:
    """Register what makes the `secret` of a template's link, called with its arguments each time it is written.

    The outbox holds no secret: it is made on delivery, its digest stored before the message leaves. A message tried
    again carries a new one, and the former must stay good: nobody knows which of them arrives. May raise `Obsolete`.
    """
    SECRETS[template] = make


class OutgoingMail(Identified, db.Model):
    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_status_due_at", "status", "due_at"),)

    template: Mapped[str] = mapped_column(String(120))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(320))
    lang: Mapped[str] = mapped_column(String(2))
    reply_to: Mapped[str | None] = mapped_column(String(320))
    status: Mapped[str] = mapped_column(String(10), default=QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def queue(template: str, *, to: str, lang: str, reply_to: str | None = None, **arguments: Any) -> OutgoingMail:
    """Queue one message in the caller's transaction; `template` names a folder of templates/email/."""
    domain = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    mail = OutgoingMail(
        template=template,
        arguments=arguments,
        address=to,
        lang=lang,
        reply_to=reply_to,
        message_id=make_msgid(domain=domain),
    )
    db.session.add(mail)
    return mail


def compose(mail: OutgoingMail, *, masked: bool = True) -> EmailMessage:
    """The message as sent, its secret hidden unless it is being delivered.

    Control characters are dropped: the library accepts some that servers do not (S34). Raises `Obsolete`.
    """
    arguments = dict(mail.arguments)
    if mail.template in SECRETS:
        arguments["secret"] = HIDDEN if masked else SECRETS[mail.template](mail.arguments)
    with i18n.in_language(mail.lang):
        subject = render_template(f"email/{mail.template}/subject.txt", **arguments)
        body = render_template(f"email/{mail.template}/body.txt", **arguments)
    message = EmailMessage()
    message["Subject"] = BLANKS.sub(" ", text.CONTROL.sub(" ", subject)).strip()
    message["From"] = current_app.config["MAIL_SENDER"]
    message["To"] = mail.address
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.CONTROL.sub("", body).strip() + "\n")
    message["Content-Language"] = mail.lang  # after the text, which takes the other Content- headers away
    return message


@contextmanager
def _server() -> Iterator[smtplib.SMTP]:
    url = urlsplit(current_app.config["SMTP_URL"])
    host, port = url.hostname or "localhost", url.port or (465 if url.scheme == "smtps" else 25)
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    with server:
        if url.username:
            if url.scheme == "smtp":
                server.starttls(context=ssl.create_default_context())
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server


def _hand_over(message: EmailMessage) -> None:
    """To the SMTP server; a demo without one writes the message under the instance folder, to be read there."""
    if current_app.config["SMTP_URL"]:
        with _server() as server:
            server.send_message(message)
        return
    folder = current_app.config["INSTANCE"] / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    (folder / f"{name}.eml").write_bytes(bytes(message))


def claim(now: datetime) -> OutgoingMail | None:
    """Take the oldest due message and commit: nobody waits for the mail server inside a transaction.

    A worker that dies while sending leaves the message to be taken again when its lease ends.
    """
    mail = db.session.scalar(
        select(OutgoingMail)
        .where(OutgoingMail.status == QUEUED, OutgoingMail.due_at <= now)
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if mail is not None:
        mail.attempts += 1
        mail.due_at = now + LEASE
    db.session.commit()
    return mail


def deliver_one(now: datetime) -> bool:
    """Deliver one due message; False when nothing is due. Several workers may run side by side.

    A worker that lost its lease while composing adds a secret of its own; both stay good, so both messages work.
    """
    mail = claim(now)
    if mail is None:
        return False
    try:
        message = compose(mail, masked=False)
        db.session.commit()  # the digest of a secret is kept before the secret leaves, and nothing waits for the server
        _hand_over(message)
    except SQLAlchemyError:
        raise
    except Obsolete:
        db.session.rollback()
        mail.status = OBSOLETE
    except Exception as fault:  # whatever is wrong with one message, it must not hold up the others
        db.session.rollback()
        _put_off(mail, fault, now)
    else:
        mail.status, mail.sent_at, mail.error = SENT, now, None
    db.session.commit()
    return True


def _put_off(mail: OutgoingMail, fault: Exception, now: datetime) -> None:
    """Try again later: 1 minute to 24 hours; after the last delay the message waits for a person."""
    code = getattr(fault, "smtp_code", "")
    mail.error = f"{type(fault).__name__} {code}".strip()
    if mail.attempts > len(DELAYS):
        mail.status = FAILED
    else:
        mail.due_at = now + DELAYS[mail.attempts - 1]


def deliver(now: datetime) -> int:
    """Everything that is due, at most 200 in one go."""
    done = 0
    while done < 200 and deliver_one(now):
        done += 1
    return done


def oldest_waiting() -> datetime | None:
    return db.session.scalar(
        select(OutgoingMail.created_at).where(OutgoingMail.status == QUEUED).order_by(OutgoingMail.created_at).limit(1)
    )
