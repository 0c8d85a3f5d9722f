"""Links of mails that are tried several times: whichever attempt arrives works, and the mail stays the same mail."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts import credentials, queries
from app.accounts.models import AccountToken
from app.core import clock, mail
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.transaction import writing
from tests import make
from tests.accounts.mailbox import LINK
from tests.support.mail_sink import MailSink, Mode

EMAIL = "camille@example.org"


@pytest.fixture
def sink(app: Flask) -> Iterator[MailSink]:
    with MailSink() as running:
        app.config["SMTP_URL"] = running.url
        yield running
    app.config["SMTP_URL"] = ""


def ask() -> None:
    make.user(EMAIL)
    with writing():
        credentials.ask_reset(EMAIL, "fr")


def links(sink: MailSink) -> list[str]:
    found = [LINK.search(message.get_content()) for message in sink.messages]
    return [match[1] for match in found if match]


def test_a_message_that_arrived_twice_has_two_links_that_work_until_one_is_used(
    app: Flask, sink: MailSink, as_: Any, at: Any
) -> None:
    start = at("2027-01-01T10:00")
    ask()
    assert mail.deliver(clock.now()) == 1
    with writing():  # the worker died before it could write that the message had gone
        row = db.session.query(OutgoingMail).one()
        row.status, row.due_at = mail.QUEUED, start
    clock.freeze(start + timedelta(minutes=2))
    assert mail.deliver(clock.now()) == 1
    first, second = links(sink)
    assert first != second
    assert len({message["Message-ID"] for message in sink.messages}) == 1
    as_("visitor").get(first)
    as_("visitor").get(second)
    as_("visitor").post(first, {"password": "trois tulipes et une enclume"})
    as_("visitor").get(second, status=404)


def test_a_message_put_off_works_when_it_arrives_with_its_whole_time_before_it(
    app: Flask, sink: MailSink, as_: Any, at: Any
) -> None:
    start = at("2027-01-01T10:00")
    ask()
    sink.mode = Mode.DEFER
    mail.deliver(clock.now())
    assert links(sink) == []
    sink.mode = Mode.ACCEPT
    clock.freeze(start + timedelta(hours=2))
    assert mail.deliver(clock.now()) == 1
    (path,) = links(sink)
    clock.freeze(start + timedelta(hours=2, minutes=59))
    as_("visitor").get(path)
    assert len(db.session.query(AccountToken).one().digests) == 2


def test_a_message_whose_link_was_revoked_between_two_attempts_is_not_tried_again(
    app: Flask, sink: MailSink, at: Any
) -> None:
    start = at("2027-01-01T10:00")
    ask()
    sink.mode = Mode.DEFER
    mail.deliver(clock.now())
    with writing():
        user = queries.by_email(EMAIL)
        assert user is not None
        credentials.change_password(user, "hash")
    sink.mode = Mode.ACCEPT
    clock.freeze(start + timedelta(hours=2))
    mail.deliver(clock.now())
    statuses = [row.status for row in db.session.query(OutgoingMail).order_by(OutgoingMail.id)]
    assert (statuses, links(sink)) == ([mail.OBSOLETE, mail.SENT], [])
