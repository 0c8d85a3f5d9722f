"""What a message carries beside its text, and who is told of its fate."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import gettext as _

from app.core import clock, mail
from app.core.extensions import db
from app.core.mail import OutgoingMail, Part
from app.core.transaction import writing
from tests.support.mail_sink import MailSink

TEMPLATE = "pages/contact_received"
ARGUMENTS = {
    "reference": "M-ABCDEFGH",
    "subject": "general",
    "received_at": "2027-03-28T08:30:00+00:00",
    "due_at": "2027-04-11T08:30:00+00:00",
}
LINES = "BEGIN:VCALENDAR\r\nSUMMARY:Réunion plénière\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def sink(app: Flask) -> Iterator[MailSink]:
    with MailSink() as running:
        app.config["SMTP_URL"] = running.url
        yield running
    app.config["SMTP_URL"] = ""


@pytest.fixture
def fates(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    monkeypatch.setitem(mail.FOLLOWERS, TEMPLATE, lambda one: told.append((one.message_id, one.status)))
    return told


def carry(monkeypatch: pytest.MonkeyPatch, make: Callable[[dict[str, Any], str], list[Part]]) -> None:
    monkeypatch.setitem(mail.PARTS, TEMPLATE, make)


def invitation(_arguments: dict[str, Any], _lang: str) -> list[Part]:
    return [
        Part("application/pdf", b"%PDF-1.7\n\xff\r\x00", "convocation é.pdf"),
        Part("text/calendar", LINES.encode(), "invite.ics", method="REQUEST", alternative=True),
    ]


def queued(**values: Any) -> OutgoingMail:
    with writing(public=False):
        return mail.queue(TEMPLATE, to="camille@example.org", **{"lang": "fr", **ARGUMENTS, **values})


def test_an_invitation_is_another_form_of_the_text_and_a_file_is_attached(
    sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry(monkeypatch, invitation)
    queued()
    mail.deliver(clock.now())
    (message,) = sink.messages
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/calendar", "application/pdf",
    ]  # fmt: skip
    _mixed, _either, text, calendar, pdf = message.walk()
    assert dict(calendar["Content-Type"].params) == {"charset": "UTF-8", "method": "REQUEST", "name": "invite.ics"}
    assert calendar.get_payload(decode=True) == LINES.encode()
    assert calendar.get_content_disposition() is None
    assert (pdf.get_filename(), pdf.get_content_disposition()) == ("convocation é.pdf", "attachment")
    assert pdf.get_content() == b"%PDF-1.7\n\xff\r\x00"
    assert "M-ABCDEFGH" in text.get_content()
    assert (message["Content-Language"], message["Message-ID"]) == (
        "fr",
        db.session.query(OutgoingMail).one().message_id,
    )


def test_a_message_without_parts_stays_plain_text(sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    carry(monkeypatch, lambda _arguments, _lang: [])
    queued()
    mail.deliver(clock.now())
    assert sink.messages[0].get_content_type() == "text/plain"


@pytest.mark.parametrize(("lang", "said"), [("fr", "Nous écrire"), ("en", "Write to us")])
def test_parts_are_made_on_delivery_in_the_language_of_the_reader(
    sink: MailSink, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    given: list[tuple[dict[str, Any], str, str]] = []

    def make(arguments: dict[str, Any], lang: str) -> list[Part]:
        given.append((arguments, lang, str(_("Write to us"))))
        return []

    carry(monkeypatch, make)
    monkeypatch.setitem(mail.SECRETS, TEMPLATE, lambda _arguments: "end-of-link")
    queued(lang=lang)
    assert given == []
    mail.deliver(clock.now())
    ((arguments, asked, sentence),) = given
    assert arguments == {**ARGUMENTS, "to": "camille@example.org", "secret": "end-of-link"}
    assert (asked, sentence) == (lang, said)


def test_a_part_whose_matter_has_ended_keeps_the_message_back(
    sink: MailSink, monkeypatch: pytest.MonkeyPatch, fates: list[tuple[str, str]]
) -> None:
    def ended(_arguments: dict[str, Any], _lang: str) -> list[Part]:
        raise mail.Obsolete

    carry(monkeypatch, ended)
    number = queued().message_id
    mail.deliver(clock.now())
    assert (sink.messages, fates) == ([], [(number, "obsolete")])


def test_the_outbox_names_the_files_of_a_message(as_: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    carry(monkeypatch, invitation)
    queued()
    answer = as_("secretariat").get("oversight.mail", lang="en", mail_id=db.session.query(OutgoingMail.id).scalar())
    assert "With 2 files, made when the message leaves: convocation é.pdf, invite.ics" in answer.response.text


def test_a_ledger_is_told_each_change_of_fate_and_no_attempt(sink: MailSink, fates: list[tuple[str, str]]) -> None:
    number = queued().message_id
    sink.defer()
    mail.deliver(clock.now())
    assert fates == []
    sink.refuse()
    mail.deliver(clock.now() + timedelta(minutes=1))
    with writing(public=False):
        mail.send_again()
    sink.accept()
    mail.deliver(clock.now())
    assert fates == [(number, "failed"), (number, "queued"), (number, "sent")]


def test_a_ledger_is_told_of_what_leaves_no_row(sink: MailSink, fates: list[tuple[str, str]]) -> None:
    with writing(public=False):
        message = queued()
        message.is_ephemeral, number = True, message.message_id
    mail.deliver(clock.now())
    assert (fates, db.session.query(OutgoingMail).count()) == ([(number, "sent")], 0)


def test_what_a_ledger_writes_joins_the_fate_of_the_message(sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        mail.FOLLOWERS, TEMPLATE, lambda one: mail.queue("pages/contact_for_team", to=one.status, lang="fr")
    )
    queued()
    mail.deliver_one(clock.now())
    db.session.rollback()
    assert [one.address for one in db.session.query(OutgoingMail).order_by(OutgoingMail.id)][1:] == ["sent"]


def test_a_ledger_at_fault_does_not_have_the_message_sent_twice(
    sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_fault(one: OutgoingMail) -> None:
        mail.queue("pages/contact_for_team", to="half@example.org", lang="fr")
        db.session.flush()
        raise LookupError(one.message_id)

    monkeypatch.setitem(mail.FOLLOWERS, TEMPLATE, at_fault)
    queued()
    for _time in range(2):
        mail.deliver(clock.now() + mail.LEASE)
    assert [(one.address, one.status) for one in db.session.query(OutgoingMail)] == [("camille@example.org", "sent")]
    assert len(sink.messages) == 1


def test_whoever_queues_to_many_may_know_each_number(app: Flask) -> None:
    numbers = [mail.new_message_id() for _n in range(3)]
    readers = [mail.Recipient(f"r{n}@example.org", "fr", message_id=one) for n, one in enumerate(numbers)]
    with writing(public=False):
        mail.queue_many(TEMPLATE, [*readers, mail.Recipient("r3@example.org", "fr")], **ARGUMENTS)
    found = [one.message_id for one in db.session.query(OutgoingMail).order_by(OutgoingMail.id)]
    assert (found[:3], len(set(found))) == (numbers, 4)
    assert all(one.startswith("<") and one.endswith("@localhost>") for one in found)


def test_a_message_of_the_demo_tells_its_fate_too(app: Flask, fates: list[tuple[str, str]]) -> None:
    message = queued()
    with writing(public=False):
        mail.settle(db.session.merge(message), refused=True)
    assert [status for _number, status in fates] == ["failed"]
