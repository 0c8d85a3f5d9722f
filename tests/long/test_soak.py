"""Three thousand pages later the portal holds no more memory and no more files than before (R14)."""

import os
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

PAGES = ("/fr/", "/en/", "/fr/meetings/", "/en/meetings/", "/fr/documents/", "/fr/working-groups/", "/en/action-plan/",
         "/fr/search?q=plan", "/en/contact", "/fr/sign-in", "/sitemap.xml", "/fr/nowhere", "/healthz")  # fmt: skip
ROUND, GROWTH_KB, GROWTH_FILES = 1000, 6_000, 4
WHOLE_KB = 200 * 1024  # 181 to 187 MB as measured (docs/performance.md)


def private(pid):
    """Kilobytes that only this process holds."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))


def whole(pids):
    rolled = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    return sum(int(line.split()[1]) for text in rolled for line in text.splitlines() if line.startswith("Pss:"))


def test_memory_and_files_stay_flat(portal, engine_name):
    portal = portal()
    portal.start()
    portal.settle()
    while len(workers := portal.workers()) < 2:
        time.sleep(0.05)
    seen = []
    for _ in range(3):
        for number in range(ROUND):
            # Every other reader brings a cookie, so that the application answers and not the page cache.
            portal.get(PAGES[number % len(PAGES)], **({"Cookie": "x=1"} if number % 2 else {}))
        files = sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in workers)
        seen.append((sum(map(private, workers)), files))
    print(f"\n{engine_name}: (kB of the workers, files) {seen}; whole portal {whole(portal.family()) // 1024} MB PSS")  # noqa: T201
    assert sorted(portal.workers()) == sorted(workers)
    assert seen[2][0] - seen[1][0] < GROWTH_KB
    assert seen[2][1] - seen[0][1] < GROWTH_FILES
    assert whole(portal.family()) < WHOLE_KB
