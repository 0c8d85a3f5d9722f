"""Outgoing mail: a row in the same transaction as the act, delivered later by `flask work` (R06).

The row keeps a template and plain arguments; text is rendered on delivery in the reader's language, plain text only.
A message keeps its Message-ID over every attempt, so that a duplicate can be recognised. What the row does not hold
(the secret of a link, a calendar entry) is made on delivery; a secret is a mask everywhere else.

A fault of one message puts that message off; a fault of the mail server ends the run, so that a server that hangs costs
one message's time and not the whole queue's. A refusal for good (5xx to the recipient or the text) is not tried again.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from jinja2 import Undefined
from sqlalchemy import JSON, ColumnElement, Index, String, Text, delete, false, func, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, i18n, mail_parts, smtp, text
from app.core.database import Identified, UTCDateTime, rows_touched
from app.core.extensions import db
from app.core.mail_parts import Part as Part

DELAYS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440)]
LEASE = timedelta(minutes=2)  # twice the longest conversation with the server
QUEUED, SENT, FAILED, OBSOLETE = "queued", "sent", "failed", "obsolete"
MOST_AT_ONCE, BATCH = 200, 500
MASK = "********"
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


PARTS: dict[str, Callable[[dict[str, Any], str], list[Part]]] = {}
FOLLOWERS: dict[str, "Callable[[OutgoingMail], None]"] = {}


def parts_maker(template: str, make: Callable[[dict[str, Any], str], list[Part]]) -> None:
    """Register what makes the parts of a template's messages: `make(arguments, lang)`, in the reader's language.

    It is called on delivery, and by the page of the outbox for their names; nothing of it is stored. Besides its
    arguments it is given `to`, the reader's address, and on delivery the `secret` of a template that has one. It may
    raise `Obsolete`.
    """
    PARTS[template] = make


def follow(template: str, told: "Callable[[OutgoingMail], None]") -> None:
    """Register who keeps the fate of a template's messages, which the outbox forgets after a while.

    `told(mail)` is called in the transaction that makes a message sent, failed or obsolete, or queued again; it finds
    its own line by `mail.message_id` and commits nothing. What it may raise is logged and undone, alone: the fate of a
    message that has left must be written, or it would be sent again.
    """
    FOLLOWERS[template] = told


def _tell(mail: "OutgoingMail") -> None:
    told = FOLLOWERS.get(mail.template)
    if told is None:
        return
    try:
        with db.session.begin_nested():
            told(mail)
    except Exception:
        current_app.logger.exception("the fate of a message of %s was not kept", mail.template)


class OutgoingMail(Identified, db.Model):
    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index("ix_outgoing_mail_status_due_at", "status", "due_at"),
        Index("ix_outgoing_mail_status_created_at_id", "status", "created_at", "id"),
        Index("ix_outgoing_mail_created_at_id", "created_at", "id"),
    )

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
    is_ephemeral: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The row goes once its fate is known: the last word to somebody whose data were erased."""


@dataclass(frozen=True)
class Recipient:
    """One reader of a message sent to many; `arguments` are theirs alone.

    `message_id`: from `new_message_id()`, for whoever keeps the fate of each message; made when it is not given.
    """

    address: str
    lang: str
    arguments: dict[str, Any] = field(default_factory=dict)
    message_id: str | None = None


def queue(template: str, *, to: str, lang: str, reply_to: str | None = None, **arguments: Any) -> OutgoingMail:
    """Queue one message in the caller's transaction; `template` names a folder of templates/email/."""
    mail = OutgoingMail(
        template=template,
        arguments=arguments,
        address=to,
        lang=lang,
        reply_to=reply_to,
        message_id=new_message_id(),
    )
    db.session.add(mail)
    return mail


def queue_many(template: str, recipients: Iterable[Recipient], *, reply_to: str | None = None, **shared: Any) -> int:
    """Queue the same message to many in one statement; returns how many. `shared`: what all of them read."""
    now = clock.now()
    rows = [
        {
            "template": template,
            "arguments": {**shared, **one.arguments},
            "address": one.address,
            "lang": one.lang,
            "reply_to": reply_to,
            "message_id": one.message_id or new_message_id(),
            "created_at": now,
            "due_at": now,
        }
        for one in recipients
    ]
    if rows:
        db.session.execute(insert(OutgoingMail), rows)
    return len(rows)


def new_message_id() -> str:
    """A Message-ID of this site (RFC 5322, 3.6.4), with its angle brackets; no two are the same."""
    return make_msgid(domain=urlsplit(current_app.config["BASE_URL"]).hostname or "localhost")


class Masked(Undefined):
    """What a template reads and the row does not hold: made on delivery, never shown."""

    def __str__(self) -> str:
        return MASK


def _masking() -> Any:
    """The templates' environment with masks; made once, for it compiles its templates anew."""
    kept = current_app.extensions
    if "masking" not in kept:
        kept["masking"] = current_app.jinja_env.overlay(undefined=Masked)
    return kept["masking"]


def _write(mail: OutgoingMail, part: str, values: dict[str, Any], masked: bool) -> str:
    environment = _masking() if masked else current_app.jinja_env
    return environment.get_template(f"email/{mail.template}/{part}.txt").render(values)


def compose(mail: OutgoingMail, *, masked: bool = True) -> EmailMessage:
    """The message as sent. Control characters are dropped: the library accepts some that servers do not (S34).

    Only delivery asks for it unmasked: its secret and its parts are then made, or `Obsolete` raised. For anybody else
    a mask stands where the secret would be, and there is the text alone.
    """
    values = dict(mail.arguments)
    if not masked and mail.template in SECRETS:
        values["secret"] = SECRETS[mail.template](mail.arguments)
    beside = [] if masked else parts(mail, **values)
    with i18n.in_language(mail.lang):
        current_app.update_template_context(values)
        subject, body = (_write(mail, part, values, masked) for part in ("subject", "body"))
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
    mail_parts.add(message, beside)
    message["Content-Language"] = mail.lang  # after the content, which takes the other Content- headers away
    return message


def parts(mail: OutgoingMail, **more: Any) -> list[Part]:
    """What goes beside the text, made now in the reader's language; may raise `Obsolete`."""
    make = PARTS.get(mail.template)
    if make is None:
        return []
    with i18n.in_language(mail.lang):
        return make({"to": mail.address, **mail.arguments, **more}, mail.lang)


def _hand_over(message: EmailMessage) -> None:
    """To the SMTP server; a demo without one writes the message under the instance folder, to be read there."""
    if current_app.config["SMTP_URL"]:
        smtp.send(message, current_app.config["SMTP_URL"])
        return
    folder = current_app.config["INSTANCE"] / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    (folder / f"{name}.eml").write_bytes(bytes(message))


def waiting(now: datetime) -> bool:
    """Whether a message is due."""
    due = select(OutgoingMail.id).where(OutgoingMail.status == QUEUED, OutgoingMail.due_at <= now).limit(1)
    found = db.session.scalar(due)
    db.session.rollback()
    return found is not None


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


def deliver_one(now: datetime) -> bool | None:
    """Deliver one due message: True when it is settled, False when nothing is due, None when the server is at fault.

    Several workers may run side by side. One that lost its lease while composing adds a secret of its own; both stay
    good, so both messages work. What is written afterwards bears the moment when the server has answered.
    """
    began = clock.now()
    mail = claim(now)
    if mail is None:
        return False
    fault, servers = _attempt(mail)
    now += clock.now() - began
    if fault is None:
        mail.status, mail.sent_at, mail.error = SENT, now, None
    elif isinstance(fault, Obsolete):
        mail.status = OBSOLETE
    else:
        _put_off(mail, fault, now)
    if mail.status != QUEUED:
        _tell(mail)
        if mail.is_ephemeral:
            db.session.delete(mail)
    db.session.commit()
    return None if servers else True


def _attempt(mail: OutgoingMail) -> tuple[Exception | None, bool]:
    """(what went wrong, whether it is the server's fault). Whatever is wrong with one message holds up no other."""
    try:
        message = compose(mail, masked=False)
        db.session.commit()  # the digest of a secret is kept before the secret leaves, and nothing waits for the server
    except SQLAlchemyError:
        raise
    except Exception as fault:
        db.session.rollback()
        return fault, False
    try:
        _hand_over(message)
    except Exception as fault:
        return fault, smtp.is_of_the_server(fault)
    return None, False


def _put_off(mail: OutgoingMail, fault: Exception, now: datetime) -> None:
    """Try again later: 1 minute to 24 hours; after the last delay, or a refusal for good, it waits for a person."""
    mail.error = f"{type(fault).__name__} {smtp.code(fault)}".strip()
    if mail.attempts > len(DELAYS) or smtp.is_final(fault):
        mail.status = FAILED
    else:
        mail.due_at = now + DELAYS[mail.attempts - 1]


def deliver(now: datetime) -> int:
    """What is due, at most 200 messages in one go, and none after the server's first fault.

    `now`: when the run begins. A slow server makes it last: each message is leased from the moment it is taken, or its
    lease would be over before it is sent and another worker would send it too.
    """
    began, done = clock.now(), 0
    while done < MOST_AT_ONCE:
        settled = deliver_one(now + (clock.now() - began))
        if settled is False:
            return done
        done += 1
        if settled is None:
            return done
    return done


def send_again(*conditions: ColumnElement[bool]) -> Sequence[OutgoingMail]:
    """Queue failed messages anew, under their own Message-ID, at most 500 at a time; a second click finds none."""
    found = db.session.scalars(
        select(OutgoingMail)
        .where(OutgoingMail.status == FAILED, *conditions)
        .order_by(OutgoingMail.id)
        .limit(BATCH)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for mail in found:
        mail.status, mail.attempts, mail.due_at, mail.error = QUEUED, 0, clock.now(), None
        _tell(mail)
    return found


def settle(mail: OutgoingMail, *, refused: bool) -> None:
    """Give a message of the demo its fate without a mail server."""
    mail.attempts = 1
    if refused:
        mail.status, mail.error = FAILED, "SMTPRecipientsRefused 550"
    else:
        mail.status, mail.sent_at = SENT, clock.now()
    _tell(mail)


def count_failed(before: datetime | None = None) -> int:
    """Messages that wait for a person; only those given up before an instant, if one is given."""
    found = select(func.count()).where(OutgoingMail.status == FAILED)
    return db.session.scalar(found if before is None else found.where(OutgoingMail.due_at < before)) or 0


def sweep(limit: datetime) -> int:
    """Remove what was sent, or given up, before `limit`."""
    done = db.session.execute(
        delete(OutgoingMail).where(
            ((OutgoingMail.status == SENT) & (OutgoingMail.sent_at < limit))
            | (OutgoingMail.status.in_((FAILED, OBSOLETE)) & (OutgoingMail.due_at < limit))
        )
    )
    return rows_touched(done)


def oldest_waiting() -> datetime | None:
    return db.session.scalar(
        select(OutgoingMail.created_at).where(OutgoingMail.status == QUEUED).order_by(OutgoingMail.created_at).limit(1)
    )
