"""The journal and the outbox in plain words: what a word, a detail, a fault of delivery say to a busy reader."""

import re
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from jinja2 import TemplateError

from app.core import mail, registry
from app.core.mail import FAILED, OBSOLETE, QUEUED, SENT, OutgoingMail

MAIL_STATUSES = {
    QUEUED: _l("Waiting"),
    SENT: _l("Sent"),
    FAILED: _l("Failed"),
    OBSOLETE: _l("No longer useful"),
}
UNWRITABLE = (TemplateError, LookupError, TypeError, ValueError)
CODE = re.compile(r"\b([45])\d\d\b")


@dataclass(frozen=True)
class Preview:
    """A message as its reader sees it, secrets masked. Nothing in it is markup. `files`: the names of its parts."""

    subject: str
    body: str
    lang: str
    files: tuple[str, ...] = ()


def word(name: str) -> Any:
    """What an act is called; its own word when its room gave it no name."""
    return registry.current().words.get(name, name)


def readable(values: dict[str, Any]) -> list[tuple[Any, str]]:
    """(name, value) of the details of an act."""
    house = registry.current()
    return [(house.field(name), house.said(name, value)) for name, value in values.items()]


def preview(message: OutgoingMail) -> Preview | None:
    """None when the message cannot be written: what it speaks of has ended, its template or a value is missing."""
    try:
        made = mail.compose(message, masked=True)
    except (mail.Obsolete, *UNWRITABLE):
        return None
    return Preview(str(made["Subject"]), made.get_content(), message.lang)


def preview_with_files(message: OutgoingMail) -> Preview | None:
    """For one message: its parts are made to be named, which may read the database."""
    made = preview(message)
    return made and replace(made, files=_files(message))


def _files(message: OutgoingMail) -> tuple[str, ...]:
    """None any more when what the message offers has ended."""
    try:
        return tuple(dict.fromkeys(part.name for part in mail.parts(message)))
    except (mail.Obsolete, *UNWRITABLE):
        return ()


def subject_of(message: OutgoingMail) -> str:
    """The subject of a message, in its reader's language; the name of its model when it cannot be written."""
    made = preview(message)
    return made.subject if made is not None else message.template


def trouble(error: str | None) -> str | None:
    """What went wrong at the last attempt, for somebody who is not a computer person."""
    if not error:
        return None
    refused = CODE.search(error)
    if refused and error.startswith(("SMTPRecipientsRefused", "SMTPDataError")):
        if refused.group(1) == "5":
            return _("The recipient’s mail server refuses this message for good: check the address.")
        return _("The recipient’s mail server asks to try again later.")
    if error.startswith(("SMTPAuthenticationError", "SMTPSenderRefused")):
        return _("Our mail server refuses us: an administrator must check its settings.")
    if error.startswith(
        ("ConnectionRefusedError", "TimeoutError", "SMTPServerDisconnected", "SMTPConnectError", "gaierror")
    ):
        return _("Our mail server did not answer, or cut the line.")
    if error.startswith(("Template", "Undefined", "KeyError", "TypeError", "ValueError")):
        return _("The message could not be written: tell an administrator.")
    return _("The message could not be sent.")
