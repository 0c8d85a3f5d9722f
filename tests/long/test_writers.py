"""Fifty people at once, reading and writing: no answer is a fault, none is slow (R03)."""

import http.client
import os
import random
import threading
import time
from collections import Counter

import pytest

from tests.long.portal import last, numbers

pytestmark = pytest.mark.long

PEOPLE, SECONDS, SLOWEST = 50, 30, 2.0
PAUSES = (0.3, 0.9)  # seconds that a person reads before the next page
READ = ("/fr/", "/en/", "/fr/meetings/", "/en/meetings/", "/fr/search?q=jeunes", "/en/search?q=plan", "/fr/rules",
        "/fr/about", "/en/documents/", "/fr/working-groups/")  # fmt: skip


def test_fifty_people_read_and_write(portal, rows, engine_name):
    portal = portal()
    portal.start()
    demo = last(rows, "contact_message")
    others = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # a machine that others use is slower by as much
    statuses, times, written, ends = Counter(), [], [], time.monotonic() + SECONDS

    def live(me):
        chance, turn = random.Random(me), 0
        while time.monotonic() < ends:
            turn += 1
            began = time.monotonic()
            if chance.random() < 0.2:
                statuses[(act := write(me, turn, chance))] += 1
                written.extend([act] if act == ("contact", 303) else [])
            else:
                statuses[("read", portal.get(chance.choice(READ)).status)] += 1
            times.append(time.monotonic() - began)
            time.sleep(chance.uniform(*PAUSES))

    def write(me, turn, chance):
        if chance.random() < 0.9:
            return "contact", portal.contact(f"{me}/{turn}", who=f"10.3.{me}.{turn % 250}").status
        fields = {"email": f"nobody{me}.{turn}@example.org", "password": "not the password"}
        return "sign-in", portal.post("/fr/sign-in", fields, who=f"10.4.{me}.{turn % 250}").status

    faults = []

    def guarded(me):
        try:
            live(me)
        except (OSError, http.client.HTTPException, KeyError) as fault:
            faults.append(repr(fault))

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    measured = numbers(times)
    print(f"\n{engine_name}: {measured} {dict(statuses)}, load of others x{others:.1f}")  # noqa: T201
    assert faults == []
    assert {status for _act, status in statuses} <= {200, 303, 422, 429}
    assert len(rows(f"SELECT id FROM contact_message WHERE id > {demo}")) == len(written)
    assert measured["p99"] < SLOWEST * others
