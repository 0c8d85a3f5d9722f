"""The sink is a real SMTP server, in each of its moods."""

import smtplib
from email.message import EmailMessage

import pytest

from tests.support.mail_sink import MailSink


@pytest.fixture
def sink():
    with MailSink() as sink:
        yield sink


def send(sink, timeout=5.0, to="b@forum.example"):
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Réunion plénière", "a@forum.example", to
    message.set_content("Bonjour à tous\u202f!")
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=timeout) as client:
        client.send_message(message)


def test_it_receives(sink):
    send(sink)
    (delivery,) = sink.deliveries
    assert (delivery.sender, delivery.recipients) == ("a@forum.example", ("b@forum.example",))
    (message,) = sink.wait_for(1)
    assert message["Subject"] == "Réunion plénière"
    assert message.get_content() == "Bonjour à tous\u202f!\n"
    assert sink.url == f"smtp://127.0.0.1:{sink.port}"


def test_it_refuses_and_defers(sink):
    for mood, code in ((sink.refuse, 550), (sink.defer, 451)):
        mood()
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
            send(sink)
        assert refusal.value.recipients["b@forum.example"][0] == code
        mood(at="data")
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            send(sink)
        assert refusal.value.smtp_code == code
    assert sink.messages == []
    assert sink.attempts == 4
    sink.accept()
    send(sink)
    assert len(sink.messages) == 1


def test_it_hangs_and_forgets_a_client_that_left(sink):
    sink.hang(0.2)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(sink, timeout=0.05)
    with pytest.raises(TimeoutError, match="0 messages came, 1 expected"):
        sink.wait_for(1, patience=0.3)
    send(sink)
    assert len(sink.messages) == 1


def test_it_accepts_then_drops(sink):
    sink.accept_then_drop()
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(sink)
    assert len(sink.messages) == 1


def test_an_outage_keeps_the_port(sink):
    sink.stop()
    with pytest.raises(ConnectionRefusedError):
        send(sink)
    sink.start()
    send(sink)
    assert len(sink.messages) == 1
