"""Outgoing mail against a real SMTP server: nothing is lost, and a duplicate can be recognised."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.core import clock, mail, smtp
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.transaction import writing
from tests import make
from tests.support import faults, hostile
from tests.support.mail_sink import MailSink, Mode

ARGUMENTS = {
    "reference": "M-ABCDEFGH",
    "subject": "general",
    "received_at": "2027-03-28T08:30:00+00:00",
    "due_at": "2027-04-11T08:30:00+00:00",
}


@pytest.fixture
def sink(app: Flask) -> Iterator[MailSink]:
    with MailSink() as running:
        app.config["SMTP_URL"] = running.url
        yield running
    app.config["SMTP_URL"] = ""


def queued(
    to: str = "camille@example.org", lang: str = "fr", template: str = "pages/contact_received", **values: Any
) -> OutgoingMail:
    with writing():
        return mail.queue(template, to=to, lang=lang, **{**ARGUMENTS, **values})


def stored() -> OutgoingMail:
    db.session.expire_all()
    return db.session.query(OutgoingMail).one()


def test_a_message_is_delivered_once(sink: MailSink) -> None:
    queued()
    assert [mail.deliver(clock.now()), mail.deliver(clock.now())] == [1, 0]
    (delivery,) = sink.deliveries
    assert delivery.recipients == ("camille@example.org",)
    assert (stored().status, stored().attempts, stored().error) == ("sent", 1, None)
    assert delivery.message["Message-ID"] == stored().message_id


@pytest.mark.parametrize(
    ("lang", "subject", "moment"),
    [
        (
            "fr",
            "Votre message au Forum du gouvernement ouvert\u00a0: M-ABCDEFGH",
            "28\u00a0mars 2027 à\u00a010\u00a0h\u00a030",
        ),
        ("en", "Your message to the Open Government Forum: M-ABCDEFGH", "28\u00a0March 2027 at 10:30"),
    ],
)
def test_the_text_is_in_the_language_of_its_reader(sink: MailSink, lang: str, subject: str, moment: str) -> None:
    queued(lang=lang)
    mail.deliver(clock.now())
    (message,) = sink.messages
    assert message["Subject"].replace("\u202f", "\u00a0") == subject
    assert message["Content-Language"] == lang
    assert message.get_content_type() == "text/plain"
    assert moment in message.get_content()
    assert f"http://localhost/{lang}/" in message.get_content()


@pytest.mark.parametrize("mode", [Mode.DEFER, Mode.ACCEPT_THEN_DROP])
@pytest.mark.parametrize("at_step", ["rcpt", "data"])
def test_a_failure_is_tried_again_later_and_later_then_kept_for_a_person(
    sink: MailSink, at: Any, mode: Mode, at_step: str
) -> None:
    at("2027-03-15T10:00")
    sink.mode, sink._at = mode, at_step
    queued()
    now, waits = clock.now(), []
    for _ in mail.DELAYS:
        assert mail.deliver(now) == 1
        waits.append(stored().due_at - now)
        assert mail.deliver(stored().due_at - timedelta(seconds=1)) == 0
        now = stored().due_at
    assert waits == mail.DELAYS == sorted(mail.DELAYS)
    assert (waits[0], waits[-1], stored().status) == (timedelta(minutes=1), timedelta(hours=24), "queued")
    mail.deliver(now)
    assert (stored().status, stored().attempts) == ("failed", len(mail.DELAYS) + 1)
    assert mail.deliver(now + timedelta(days=365)) == 0
    assert {message["Message-ID"] for message in sink.messages} <= {stored().message_id}
    assert stored().error is not None


@pytest.mark.parametrize("at_step", ["rcpt", "data"])
def test_a_refusal_for_good_fails_at_once_and_holds_up_nobody(sink: MailSink, at_step: str) -> None:
    sink.refuse(at=at_step)
    sink.only("nobody@example.org")
    queued(to="nobody@example.org")
    queued(to="somebody@example.org")
    assert mail.deliver(clock.now()) == 2
    rows = db.session.query(OutgoingMail).order_by(OutgoingMail.id).all()
    assert [(one.status, one.attempts) for one in rows] == [("failed", 1), ("sent", 1)]
    assert rows[0].error.endswith("550")
    assert mail.deliver(clock.now() + timedelta(days=30)) == 0


@pytest.mark.parametrize("fault", [Mode.HANG, Mode.ACCEPT_THEN_DROP])
def test_a_server_at_fault_costs_one_message_s_time_in_each_run(
    sink: MailSink, monkeypatch: pytest.MonkeyPatch, fault: Mode
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.2)
    sink.mode, sink._seconds = fault, 0.6
    for number in range(5):
        queued(to=f"reader{number}@example.org")
    began = time.monotonic()
    assert mail.deliver(clock.now()) == 1
    assert time.monotonic() - began < 1
    assert [one.attempts for one in db.session.query(OutgoingMail).order_by(OutgoingMail.id)] == [1, 0, 0, 0, 0]


def test_a_server_that_drips_its_answers_is_left_before_the_lease_ends(
    sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte renews the patience for silence; the whole conversation has its own bound."""
    monkeypatch.setattr(smtp, "SPAN", 0.5)
    sink.drip(0.05)
    queued()
    began = time.monotonic()
    assert mail.deliver(clock.now()) == 1
    assert time.monotonic() - began < 3
    assert (stored().status, stored().attempts) == ("queued", 1)
    assert smtp.TIMEOUT < 60 < mail.LEASE.total_seconds()


def test_an_outage_of_an_hour_loses_nothing_and_doubles_nothing(sink: MailSink, at: Any) -> None:
    """The server refuses, hangs up, then comes back: one run each minute, as the worker would."""
    start = at("2027-03-15T10:00")
    for number in range(6):
        queued(to=f"reader{number}@example.org")
    sink.stop()
    for minute in range(60):
        mail.deliver(start + timedelta(minutes=minute))
    assert {one.status for one in db.session.query(OutgoingMail)} == {"queued"}
    db.session.rollback()
    sink.start()
    for minute in range(60, 60 + 26 * 60, 5):
        mail.deliver(start + timedelta(minutes=minute))
    assert sorted(delivery.recipients[0] for delivery in sink.deliveries) == [
        f"reader{n}@example.org" for n in range(6)
    ]
    assert {one.status for one in db.session.query(OutgoingMail)} == {"sent"}


def test_a_message_goes_out_when_the_server_comes_back(sink: MailSink) -> None:
    queued()
    sink.stop()
    mail.deliver(clock.now())
    assert (stored().status, stored().error) == ("queued", "ConnectionRefusedError")
    sink.start()
    mail.deliver(stored().due_at)
    assert (stored().status, len(sink.messages)) == ("sent", 1)


def test_a_message_waits_from_when_it_is_queued_until_it_is_sent_and_again_when_its_next_attempt_is_due(
    sink: MailSink, at: Any
) -> None:
    now = at("2027-06-01T09:00:00")
    assert not mail.waiting(now)
    queued()
    assert mail.waiting(now)
    sink.mode = Mode.DEFER
    mail.deliver(now)
    next_attempt = db.session.query(OutgoingMail).one().due_at
    assert (mail.waiting(now), mail.waiting(next_attempt)) == (False, True)
    sink.mode = Mode.ACCEPT
    mail.deliver(next_attempt)
    assert not mail.waiting(next_attempt)


def test_a_server_that_takes_the_message_and_dies_gets_it_again_with_the_same_number(sink: MailSink) -> None:
    queued()
    sink.accept_then_drop()
    mail.deliver(clock.now())
    sink.accept()
    mail.deliver(stored().due_at)
    assert [message["Message-ID"] for message in sink.messages] == [stored().message_id] * 2
    assert (stored().status, stored().attempts) == ("sent", 2)


def test_a_server_that_says_nothing_is_left(sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.2)
    queued()
    sink.hang(0.6)
    began = time.monotonic()
    mail.deliver(clock.now())
    assert time.monotonic() - began < 0.6
    assert (stored().status, stored().error) == ("queued", "SMTPServerDisconnected")


def test_a_worker_that_died_while_sending_leaves_the_message_to_another(sink: MailSink) -> None:
    queued()
    now = clock.now()
    assert mail.claim(now) is not None
    assert mail.deliver(now) == 0
    assert mail.deliver(now + mail.LEASE) == 1
    assert (stored().status, stored().attempts) == ("sent", 2)


@pytest.mark.parametrize("accepted", [True, False])
def test_each_message_counts_from_its_own_moment_however_slow_the_run(
    sink: MailSink, at: Any, monkeypatch: pytest.MonkeyPatch, accepted: bool
) -> None:
    """Each lease and date starts when its message is taken, not with the run."""
    start, slow, leases = at("2027-03-15T10:00"), timedelta(seconds=15), []

    def takes_its_time(_arguments: dict[str, Any]) -> str:
        taken = [one for one in db.session.query(OutgoingMail) if one.attempts and one.due_at > clock.now()]
        leases.append(max(one.due_at for one in taken) - start)
        clock.freeze(clock.now() + slow)
        return "secret"

    monkeypatch.setitem(mail.SECRETS, "pages/contact_received", takes_its_time)
    if not accepted:
        sink.defer()
    for number in range(3):
        queued(to=f"reader{number}@example.org")
    assert mail.deliver(start) == 3
    rows = db.session.query(OutgoingMail).order_by(OutgoingMail.id).all()
    assert leases == [mail.LEASE, mail.LEASE + slow, mail.LEASE + 2 * slow]
    if accepted:
        assert [one.sent_at - start for one in rows if one.sent_at] == [slow, 2 * slow, 3 * slow]
    else:
        assert [one.due_at - start for one in rows] == [mail.DELAYS[0] + n * slow for n in (1, 2, 3)]


def test_a_message_that_cannot_be_written_does_not_hold_up_the_others(sink: MailSink) -> None:
    for template, to in (
        ("nothing/here", "a@example.org"),
        ("pages/contact_received", "b@example.org\r\nBcc: c@example.org"),
    ):
        queued(template=template, to=to)
    with writing():
        mail.queue("pages/contact_received", to="d@example.org", lang="fr")
    queued(to="e@example.org")
    mail.deliver(clock.now())
    assert [delivery.recipients for delivery in sink.deliveries] == [("e@example.org",)]
    assert [one.status for one in db.session.query(OutgoingMail).order_by(OutgoingMail.id)] == ["queued"] * 3 + ["sent"]


@pytest.mark.parametrize(
    "value", ["a\r\nBcc: evil@example.org", "a\nX: y", "a\rb", "a\x00b", "a\u2028b", "a\x0bb", "a\x85b", "x" * 5000]
)
def test_no_value_adds_a_header(sink: MailSink, value: str) -> None:
    queued(reference=value, name=value, template="pages/contact_for_team", message=value, to="team@example.org")
    mail.deliver(clock.now())
    (message,) = sink.messages
    allowed = {"Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "Content-Type",
               "Content-Transfer-Encoding", "MIME-Version", "X-Peer", "X-MailFrom", "X-RcptTo"}  # fmt: skip
    assert set(message) <= allowed
    assert not {"\r", "\n", "\x00"} & set(message["Subject"])
    assert sink.deliveries[0].recipients == ("team@example.org",)


@pytest.mark.parametrize("value", [*hostile.TEMPLATE_SYNTAX, hostile.XSS[0]])
def test_what_a_person_wrote_is_sent_as_written(sink: MailSink, value: str) -> None:
    queued(template="pages/contact_for_team", name=value, message=f"{value}\n.\nfin", to="team@example.org")
    mail.deliver(clock.now())
    assert sink.messages[0].get_content().endswith(f"{value}\n.\nfin\n")
    assert value in sink.messages[0].get_content().partition("\n")[0]


@pytest.mark.parametrize(
    "address", ["élise@exemple.fr", "a@xn--exmple-cua.fr", "a+b@example.org", "o'neil@example.org", '"a b"@example.org']
)
def test_an_unusual_address_is_reached(sink: MailSink, address: str) -> None:
    queued(to=address)
    mail.deliver(clock.now())
    assert stored().status == "sent"
    assert sink.deliveries[0].recipients == (address,)


def test_the_same_message_to_many_is_one_statement(app: Flask) -> None:
    readers = [
        mail.Recipient(f"reader{n}@example.org", "fr" if n % 2 else "en", {"reference": f"M-{n:08}"})
        for n in range(500)
    ]
    with writing(public=False), faults.counting(db.engine) as count:
        assert mail.queue_many("pages/contact_received", readers, reply_to="team@example.org", **ARGUMENTS) == 500
    assert len(count) == 1
    rows = db.session.query(OutgoingMail).order_by(OutgoingMail.id).all()
    assert (rows[3].address, rows[3].lang, rows[3].reply_to) == ("reader3@example.org", "fr", "team@example.org")
    assert rows[3].arguments == {**ARGUMENTS, "reference": "M-00000003"}
    assert len({one.message_id for one in rows}) == 500
    assert {(one.status, one.attempts, one.is_ephemeral) for one in rows} == {("queued", 0, False)}


def test_a_message_to_nobody_is_no_statement(app: Flask) -> None:
    with faults.counting(db.engine) as count:
        assert mail.queue_many("pages/contact_received", [], **ARGUMENTS) == 0
    assert len(count) == 0


def test_a_failed_message_sent_again_keeps_its_number_and_is_sent_once(sink: MailSink) -> None:
    sink.refuse()
    queued()
    mail.deliver(clock.now())
    number = stored().message_id
    sink.accept()
    with writing(public=False):
        assert len(mail.send_again()) == 1
    with writing(public=False):
        assert len(mail.send_again()) == 0
    assert (stored().status, stored().attempts, stored().error) == ("queued", 0, None)
    assert mail.deliver(clock.now()) == 1
    assert [message["Message-ID"] for message in sink.messages] == [number]


@pytest.mark.parametrize("accepted", [True, False])
def test_an_ephemeral_message_leaves_no_row_once_its_fate_is_known(sink: MailSink, accepted: bool) -> None:
    if not accepted:
        sink.refuse()
    with writing():
        queued().is_ephemeral = True
    mail.deliver(clock.now())
    assert (make.count(OutgoingMail), len(sink.messages)) == (0, int(accepted))


def test_what_the_row_does_not_hold_is_a_mask_for_the_staff_and_a_fault_on_delivery(sink: MailSink) -> None:
    """As the secret of a link would be: made on delivery, by whoever queues such a message."""
    with writing():
        mail.queue("pages/contact_received", to="d@example.org", lang="en", **{**ARGUMENTS, "reference": "M-SEEN"})
        message = mail.queue("pages/contact_received", to="e@example.org", lang="en", subject="general")
        message.arguments = {k: v for k, v in ARGUMENTS.items() if k != "reference"}
    shown = mail.compose(message, masked=True)
    assert shown["Subject"] == f"Your message to the Open Government Forum: {mail.MASK}"
    assert f"Reference: {mail.MASK}" in shown.get_content()
    mail.deliver(clock.now())
    assert [one.status for one in db.session.query(OutgoingMail).order_by(OutgoingMail.id)] == ["sent", "queued"]


def test_two_workers_deliver_each_message_once(sink: MailSink, app: Flask) -> None:
    for number in range(12):
        queued(to=f"reader{number}@example.org")

    def work(_number: int) -> int:
        with app.app_context():
            done = mail.deliver(clock.now())
            db.session.remove()
            return done

    db.session.remove()
    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == 12
    assert sorted(delivery.recipients for delivery in sink.deliveries) == sorted(
        (f"reader{n}@example.org",) for n in range(12)
    )


def test_no_reader_waits_for_the_mail_server(sink: MailSink, as_: Any) -> None:
    sink.hang(30)
    visitor = as_("visitor")
    fields = {"subject": "general", "name": "Camille", "email": "camille@example.org", "message": "Bonjour."}
    visitor.post("pages.contact", fields)
    assert (sink.attempts, stored().status, stored().attempts) == (0, "queued", 0)


def test_a_demo_without_a_server_writes_its_mail_in_a_folder(app: Flask) -> None:
    queued()
    mail.deliver(clock.now())
    (file,) = (app.config["INSTANCE"] / "outbox").glob("*.eml")
    assert b"To: camille@example.org" in file.read_bytes()
    assert stored().status == "sent"


def test_a_queued_message_goes_with_its_transaction(app: Flask) -> None:
    mail.queue("pages/contact_received", to="a@example.org", lang="fr", **ARGUMENTS)
    db.session.rollback()
    assert make.count(OutgoingMail) == 0


def test_the_oldest_message_that_waits_is_known(app: Flask, at: Any) -> None:
    assert mail.oldest_waiting() is None
    first: datetime = at("2027-01-01T10:00")
    queued()
    at("2027-01-02T10:00")
    queued()
    assert mail.oldest_waiting() == first
