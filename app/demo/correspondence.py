"""What the demo's secretariat finds on its desk: letters, a request about personal data, an e-mail that failed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from app.accounts.policy import OPERATOR
from app.core import clock, i18n, mail
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.forum.pages import service as pages
from app.forum.pages.models import ContactMessage
from app.forum.pages.states import ContactSubject
from app.forum.personal_data import service as personal_data
from app.forum.personal_data.models import DataRequest
from app.forum.personal_data.states import DataRequestKind

HERE = Path(__file__).parent


def fill() -> None:
    content: dict[str, Any] = yaml.load(
        (HERE / "correspondence.yaml").read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    for one in content["messages"]:
        _fill_message(one)
    for one in content["requests"]:
        _fill_request(one)
    db.session.flush()
    _settle_mail(content["undeliverable"])


def _fill_message(one: dict[str, Any]) -> None:
    with i18n.in_language(one["lang"]):
        message = pages.contact(
            subject=ContactSubject(one["subject"]), name=one["name"], email=one["email"], message=one["message"]
        )
    _date_back(message, one["days_ago"])
    message.due_at = message.received_at + timedelta(days=ContactSubject(one["subject"]).answered_within)
    if one.get("answered"):
        pages.settle(OPERATOR, message, answered=True)


def _fill_request(one: dict[str, Any]) -> None:
    with i18n.in_language(one["lang"]):
        asked = personal_data.ask(
            kind=DataRequestKind(one["kind"]), name=one["name"], email=one["email"], message=one.get("message")
        )
    _date_back(asked, one["days_ago"])
    asked.due_on = personal_data.a_month_after(clock.today() - timedelta(days=one["days_ago"]))


def _date_back(thing: ContactMessage | DataRequest, days: int) -> None:
    thing.received_at = clock.now() - timedelta(days=days, hours=days % 5)


def _settle_mail(undeliverable: str) -> None:
    """The acknowledgements of the demo never leave the machine: they were sent, but one that was refused."""
    for message in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)):
        mail.settle(message, refused=message.address == undeliverable)
