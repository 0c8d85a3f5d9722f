"""The database goes away, the disk fills, someone stops the portal: no fault, no half thing, no process left."""

import contextlib
import http.client
import os
import resource
import signal
import threading
import time
from urllib.parse import urlencode

import pytest

from tests.conftest import ENGINES
from tests.long.portal import NUMBERS, all_gone, cookie, hidden, last

pytestmark = pytest.mark.long


def unavailable(reply, lang):
    assert reply.status == 503, reply.text[:500]
    assert int(reply.headers["Retry-After"]) > 0
    assert f'lang="{lang}"' in reply.text
    assert "Content-Security-Policy" in reply.headers


def signed_in(portal):
    return portal.sign_in()


def message(page, text):
    fields = {"subject": "general", "name": "C", "email": f"c{next(NUMBERS)}@example.org", "message": text}
    return {**hidden(page), **fields}


def sent(rows, mails):
    """How many of the messages written after a number have left."""
    return rows(f"SELECT COUNT(*) FROM outgoing_mail WHERE status = 'sent' AND id > {mails}")[0][0]


def until(condition, patience=20):
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it did not come back"
        time.sleep(0.1)


@pytest.mark.skipif("postgresql" not in ENGINES, reason="no PostgreSQL here")
@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_the_database_restarts(portal, durable, rows, engine_name):
    portal = portal()
    portal.start()
    portal.settle()
    form, inside = portal.get("/fr/contact"), signed_in(portal)
    demo, mails = last(rows, "contact_message"), last(rows, "outgoing_mail")
    family = portal.family()
    durable.kill()
    try:
        for lang in ("fr", "en"):
            unavailable(portal.get(f"/{lang}/"), lang)
            unavailable(portal.get(f"/{lang}/account", Cookie=inside), lang)
            unavailable(portal.send(f"/{lang}/contact", message(form, "lost"), cookie(form)), lang)
            assert portal.get(f"/{lang}/nowhere").status in (404, 503)
            assert portal.ask("POST", f"/{lang}/contact", "x=1").status in (400, 503)
        assert portal.get("/healthz").status == 200
        assert portal.get("/readyz").status == 503
    finally:
        durable.restart()
    assert portal.get("/fr/").status == 200
    assert "secretariat@example.org" in portal.get("/fr/account", Cookie=inside).text
    assert portal.contact("after", who="10.5.0.1").status == 303
    assert rows(f"SELECT message FROM contact_message WHERE id > {demo}") == [("after",)]
    until(lambda: sent(rows, mails) == 2)
    assert portal.family() == family


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_disk_is_full(portal, rows, engine_name):
    portal = portal()
    portal.start()
    portal.settle()
    form, demo = portal.get("/fr/contact"), last(rows, "contact_message")
    family = portal.family()

    def no_file_may_grow(limit):
        for pid in family:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    no_file_may_grow(4096)
    try:
        for lang in ("fr", "en"):
            unavailable(portal.send(f"/{lang}/contact", message(form, "x" * 4000), cookie(form)), lang)
            assert portal.get(f"/{lang}/").status == 200
            assert portal.get(f"/{lang}/meetings/").status == 200
    finally:
        no_file_may_grow(resource.RLIM_INFINITY)
    assert portal.contact("after", who="10.5.0.2").status == 303
    assert rows(f"SELECT message FROM contact_message WHERE id > {demo}") == [("after",)]
    assert portal.family() == family
    assert portal.run("doctor").returncode == 0


def test_a_stop_lets_slow_requests_finish(portal, rows):
    """Four people are still sending when the stop comes; sixteen more ask at that moment."""
    portal = portal(WEB_CONCURRENCY="4")
    portal.start()
    pages, demo = [portal.get("/fr/contact") for _ in range(20)], last(rows, "contact_message")
    slow = [Slow(portal, page, f"slow {number}") for number, page in enumerate(pages[:4])]
    time.sleep(1)
    told, cut = [], []

    def ask(number, page):
        try:
            reply = portal.send("/fr/contact", message(page, f"quick {number}"), cookie(page), who=f"10.6.0.{number}")
            told.append((f"quick {number}", reply.status))
        except (OSError, http.client.HTTPException):
            cut.append(f"quick {number}")

    quick = [threading.Thread(target=ask, args=pair) for pair in enumerate(pages[4:])]
    for thread in quick:
        thread.start()
    family = portal.family()
    portal.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    assert [one.finish() for one in slow] == [303] * 4
    assert portal.wait() == 0
    for thread in quick:
        thread.join()
    assert all_gone(family)
    stored = {row[0] for row in rows(f"SELECT message FROM contact_message WHERE id > {demo}")}
    assert stored == {f"slow {number}" for number in range(4)} | {text for text, status in told if status == 303}
    assert not stored & set(cut)


class Slow:
    """Someone whose line is slow: the headers and half of the form are sent, the rest comes later."""

    def __init__(self, portal, page, text):
        body = urlencode(message(page, text)).encode()
        self.connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=40)
        self.connection.putrequest("POST", "/fr/contact")
        for name, value in (
            ("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", str(len(body))),
            ("Cookie", cookie(page)), ("X-Forwarded-For", "10.7.0.1"),
        ):  # fmt: skip
            self.connection.putheader(name, value)
        half = len(body) // 2
        self.connection.endheaders(body[:half])
        self.rest = body[half:]

    def finish(self):
        with contextlib.closing(self.connection):
            self.connection.send(self.rest)
            return self.connection.getresponse().status


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("way", ["Ctrl-C", "SIGTERM", "terminal closed", "first killed", "gunicorn killed"])
def test_no_process_outlives_the_portal(portal, engine_name, way):
    portal = portal()
    portal.start()
    until(lambda: len(portal.family()) == 4)  # the first, gunicorn, its two workers
    family = portal.family()
    if way == "Ctrl-C":
        os.killpg(portal.process.pid, signal.SIGINT)
    elif way == "SIGTERM":
        portal.process.terminate()
    elif way == "terminal closed":
        os.killpg(portal.process.pid, signal.SIGHUP)
    elif way == "first killed":
        portal.process.kill()
    else:
        os.kill(portal.arbiter(), signal.SIGKILL)
    code = portal.wait(20)
    assert all_gone(family)
    assert code == {"first killed": -signal.SIGKILL, "gunicorn killed": 128 + signal.SIGKILL}.get(way, 0)
    portal.start()
    assert portal.get("/fr/").status == 200
