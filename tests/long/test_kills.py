"""What was acknowledged is never lost, what was refused left no trace, whatever is killed (R01)."""

import contextlib
import http.client
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from itertools import count

import pytest

from tests.long.portal import all_gone, last, reference

pytestmark = pytest.mark.long

ROUNDS, THREADS = 25, 4


class Writers:
    """Several people who send one message after the other and note what the portal said of each."""

    def __init__(self, portal):
        self.portal, self.stopping = portal, threading.Event()
        self.acknowledged, self.refused, self.unknown = {}, set(), set()
        self.numbers = count(1)
        self.threads = [threading.Thread(target=self.write, args=(n,)) for n in range(THREADS)]
        for thread in self.threads:
            thread.start()

    def write(self, me):
        while not self.stopping.is_set():
            number = next(self.numbers)
            text = f"message {number} of {me}"
            try:
                reply = self.portal.contact(text, who=f"10.1.{number // 250}.{number % 250}")
            except (OSError, http.client.HTTPException):
                self.unknown.add(text)  # the line was cut: stored or not, nobody was told
                time.sleep(0.05)
                continue
            if reply.status == 303:
                self.acknowledged[text] = reference(reply)
            else:
                assert reply.status in (503, 409), f"{reply.status}\n{self.portal.said()[-3000:]}"
                self.refused.add(text)

    def go_on(self, more, patience=30):
        """Until so many more messages were acknowledged."""
        wanted, deadline = len(self.acknowledged) + more, time.monotonic() + patience
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < deadline, "nobody can write any more"
            time.sleep(0.01)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def kill(portal, chance, cluster):
    """One of: a worker, all workers, gunicorn itself, the first process, the database."""
    harm = chance.choice([*["worker"] * 5, "workers", "server", "first", *(["database"] * 2 if cluster else [])])
    if harm == "database":
        cluster.kill()
        cluster.restart()
        return harm
    family = portal.family()
    victims = {
        "worker": lambda: portal.workers()[:1],
        "workers": portal.workers,
        "server": lambda: [portal.arbiter()],
        "first": lambda: [portal.process.pid],
    }[harm]()
    for pid in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if harm in ("server", "first"):
        portal.wait()
        assert all_gone(family), f"orphans after the end of the {harm}"
        portal.start()
    return harm


def test_kills(portal, rows, engine_name, request):
    portal = portal()
    portal.start()
    demo = last(rows, "contact_message")
    cluster = request.getfixturevalue("durable") if engine_name == "postgresql" else None
    chance, harms = random.Random(20270328), Counter()
    writers = Writers(portal)
    try:
        for _ in range(ROUNDS):
            writers.go_on(5)
            time.sleep(chance.uniform(0, 0.5))
            harms[kill(portal, chance, cluster)] += 1
        writers.go_on(5)
    finally:
        writers.stop()
    assert portal.contact("the last one", who="10.2.0.1").status == 303
    portal.stop()
    stored = dict(rows(f"SELECT message, reference FROM contact_message WHERE id > {demo}"))
    lost = {text: ref for text, ref in writers.acknowledged.items() if stored.get(text) != ref}
    print(  # noqa: T201
        f"\n{engine_name}: {dict(harms)}; {len(writers.acknowledged)} acknowledged, {len(lost)} lost, "
        f"{len(writers.refused)} refused, {len(writers.unknown)} cut"
    )
    assert lost == {}
    assert not writers.refused & set(stored)
    assert set(stored) <= set(writers.acknowledged) | writers.unknown | {"the last one"}
    assert len(writers.acknowledged) >= 5 * ROUNDS
    once(rows, demo)
    doctor(portal, engine_name)


def once(rows, demo):
    """Every message after those of the demo is stored once, with its row in the journal and its two mails."""
    messages = rows(f"SELECT id, reference FROM contact_message WHERE id > {demo}")
    received = f"SELECT subject_id FROM audit_entry WHERE word = 'contact.received' AND subject_id > {demo}"
    journal = Counter(row[0] for row in rows(received))
    assert journal == Counter(key for key, _reference in messages)
    for template in ("pages/contact_received", "pages/contact_for_team"):
        mails = rows(f"SELECT arguments FROM outgoing_mail WHERE template = '{template}'")
        others = {ref for (ref,) in rows(f"SELECT reference FROM contact_message WHERE id <= {demo}")}
        told = Counter(ref for (arguments,) in mails if (ref := _reference(arguments)) not in others)
        assert told == Counter(ref for _key, ref in messages)


def _reference(arguments):
    return (json.loads(arguments) if isinstance(arguments, str) else arguments)["reference"]


def doctor(portal, engine_name):
    answer = portal.run("doctor")
    assert answer.returncode == 0, answer.stdout + answer.stderr
