"""What `flask work` delivered, read as its recipients do."""

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from flask import Flask

from app.core import clock, mail
from app.core.extensions import db

LINK = re.compile(r"http://localhost(/\S+/[0-9]+/[\w-]{43})")


def received(app: Flask) -> list[EmailMessage]:
    """Deliver what is due, then every message ever delivered, in the order of delivery."""
    db.session.remove()
    mail.deliver(clock.now())
    rows = db.session.query(mail.OutgoingMail).filter_by(status=mail.SENT).order_by(mail.OutgoingMail.id).all()
    names = [row.message_id.strip("<>").partition("@")[0] for row in rows]
    db.session.remove()
    files = [app.config["INSTANCE"] / "outbox" / f"{name}.eml" for name in names]
    return [BytesParser(policy=policy.default).parsebytes(file.read_bytes()) for file in files]  # type: ignore[misc]


def last(app: Flask) -> EmailMessage:
    return received(app)[-1]


def link(app: Flask) -> str:
    """The path of the link in the last message."""
    found: Any = LINK.search(last(app).get_content())
    assert found, last(app).get_content()
    return str(found[1])
