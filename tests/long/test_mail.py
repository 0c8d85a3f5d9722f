"""Real workers and a real mail server: kill -9 in the middle of a message, an outage, two workers at once (R06)."""

import os
import signal
import subprocess
import time
from collections import Counter

import pytest
from sqlalchemy import create_engine, text

from tests.long.portal import FLASK, ROOT
from tests.support.mail_sink import MailSink

pytestmark = pytest.mark.long
COUNT, PATIENCE = 24, 60


@pytest.fixture
def outbox(portal, url):
    """A migrated database with messages that wait, and a server for them."""
    with MailSink() as sink:
        house = portal(FORUM_SMTP_URL=sink.url)
        assert house.run("db", "upgrade").returncode == 0
        fill = (
            "from app import create_app; from app.core import mail; from app.core.transaction import writing\n"
            "with create_app().app_context(), writing():\n"
            "    mail.queue_many('pages/contact_received', [mail.Recipient(f'r{n}@example.org', 'fr') for n in "
            f"range({COUNT})], reference='M-A', subject='general', received_at='2027-03-28T08:30:00+00:00', "
            "due_at='2027-04-11T08:30:00+00:00')"
        )
        subprocess.run([FLASK[0], "-c", fill], cwd=ROOT, env=house.environ, check=True, timeout=60)
        yield house, sink


def worker(house):
    return subprocess.Popen(
        [*FLASK, "work", "--watch"], cwd=ROOT, env=house.environ, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def end(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def make_due(url):
    """The clock of the waiting messages is moved: their next attempt is now."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE outgoing_mail SET due_at = created_at WHERE status = 'queued'"))
    engine.dispose()


def wait_until(done):
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, "the messages did not come"
        time.sleep(0.05)


def settled(rows):
    return rows("SELECT COUNT(*) FROM outgoing_mail WHERE status = 'sent'")[0][0] == COUNT


def test_a_worker_killed_in_the_middle_of_a_message_doubles_one_at_most(outbox, url, rows):
    house, sink = outbox
    killed = 0
    for _ in range(3):
        sink.hang(1.5)
        before, running = sink.attempts, worker(house)
        wait_until(lambda before=before: sink.attempts > before)
        time.sleep(0.2)  # the text is sent, the answer is not
        end(running)
        killed += 1
        sink.accept()
        make_due(url)
    running = worker(house)
    try:
        wait_until(lambda: settled(rows))
    finally:
        end(running)
    received = Counter(message["Message-ID"] for message in sink.messages)
    assert set(received) == {number for (number,) in rows("SELECT message_id FROM outgoing_mail")}
    assert max(received.values()) <= 2
    assert sum(received.values()) <= COUNT + killed


def test_an_outage_and_two_workers_lose_nothing_and_double_nothing(outbox, url, rows):
    house, sink = outbox
    sink.stop()
    running = [worker(house), worker(house)]
    try:
        wait_until(lambda: rows("SELECT COUNT(*) FROM outgoing_mail WHERE attempts > 0")[0][0] >= 3)
        assert rows("SELECT COUNT(*) FROM outgoing_mail WHERE status = 'queued'")[0][0] == COUNT
        sink.start()
        make_due(url)
        wait_until(lambda: settled(rows))
    finally:
        for one in running:
            end(one)
    received = Counter(message["Message-ID"] for message in sink.messages)
    assert set(received.values()) == {1}
    assert len(received) == COUNT
