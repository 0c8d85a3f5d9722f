"""`make bench`: the portal beside a minimal application, alternating in one run, on this machine only.

What is measured, why, and how to read the tables: docs/performance.md.
"""

import argparse
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench import corpus, editors, first_view, keyers, load, machine
from bench.contestants import BARE, BROTLI, HTML, MINIMAL, PORTAL, SQLITE, Contestant, House
from bench.load import Sample
from tests.support import browser

SECTIONS = (
    "pages",
    "ics",
    "list",
    "directory",
    "first-view",
    "memory",
    "start",
    "minutes",
    "mail",
    "convening",
    "editors",
    "keyers",
)
NOISY = 0.3  # share of the machine used by others beyond which times are not to be quoted
TRIES = 2
Row = list[Any]


@dataclass(frozen=True)
class Run:
    """What was asked on the command line, and what has been measured so far."""

    house: House
    rounds: int
    seconds: int
    connections: list[int]
    results: dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One page of one contestant."""

    label: str
    contestant: Contestant
    page: str
    headers: dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, with commas: " + ", ".join(SECTIONS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="length of each run of wrk")
    parser.add_argument("--conc", default="1,8", help="numbers of connections, with commas")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--json", type=Path, help="also write the raw figures in this file")
    asked = parser.parse_args()
    sections = asked.only.split(",")
    if unknown := set(sections) - set(SECTIONS):
        parser.error(f"unknown section: {', '.join(unknown)}")
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that every server is stopped too
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as folder:
        house = House(Path(folder), asked.engines.split(","))
        run = Run(house, asked.rounds, asked.seconds, [int(one) for one in asked.conc.split(",")], {})
        try:
            for section in sections:
                print(f"measuring: {section}", file=sys.stderr, flush=True)
                MEASURES[section](run)
        finally:
            house.close()
    print(f"\n{asked.rounds} rounds of {asked.seconds} s; {time.monotonic() - began:.0f} s in all.")
    if asked.json:
        asked.json.write_text(json.dumps(run.results, indent=1, ensure_ascii=False))


def table(title: str, head: str, rows: list[Row]) -> None:
    columns = head.split("|")
    print(f"\n## {title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(f'{one:.1f}' if isinstance(one, float) else str(one) for one in row)} |", flush=True)


# -- pages under load -------------------------------------------------------------------------------------------------
def pages(run: Run) -> None:
    """The meeting's page and its variants, the home page, and what the server itself costs."""
    contestants = _field(run, corpus.SMALL)
    with run.house.running(*contestants):
        cells = []
        for one in contestants:
            cells.append(Cell("meeting", one, "meeting", HTML))
            cells.append(Cell("minutes", one, "minutes", HTML))
            if one.name == MINIMAL:
                cells.append(Cell("hello", one, "hello", HTML))
                continue
            cells.append(Cell("meeting, brotli", one, "meeting", BROTLI))
            cells.append(Cell("home", one, "home", HTML))
            if one.name == PORTAL:
                tag = one.get("meeting")[1]["ETag"]
                cells.append(Cell("meeting, 304", one, "meeting", {**HTML, "If-None-Match": tag}))
        _compete(run, "Pages", cells)
    _count(run, contestants, ["meeting", "minutes", "list", "ics"])


def ics(run: Run) -> None:
    contestants = _field(run, corpus.SMALL)
    with run.house.running(*contestants):
        _compete(run, "Calendar entry", [Cell("ics", one, "ics", HTML) for one in contestants])


def lists(run: Run) -> None:
    """One page of the list, in an archive of 300 meetings and in one of 30,000."""
    contestants = [one for count in (corpus.SMALL, corpus.LARGE) for one in _field(run, count)]
    with run.house.running(*contestants):
        _compete(run, "List", [Cell(f"list of {one.database.count}", one, "list", HTML) for one in contestants])


def _field(run: Run, count: int) -> list[Contestant]:
    return [
        run.house.contestant(name, engine, count)
        for engine in run.house.engines for name in (PORTAL, BARE, MINIMAL)
    ]  # fmt: skip


def _compete(run: Run, title: str, cells: list[Cell]) -> None:
    """Round, connections, page, then contestant: those that are compared are neighbours in time."""
    labels = list(dict.fromkeys(cell.label for cell in cells))
    samples: dict[tuple[str, int, str, str], list[Sample]] = {}
    for one in dict.fromkeys(cell.contestant.name + cell.contestant.base for cell in cells):
        warm = [cell for cell in cells if cell.contestant.name + cell.contestant.base == one]
        for cell in warm:
            _sample(cell, 2, 1)
    for _ in range(run.rounds):
        for connections in run.connections:
            for cell in sorted(cells, key=lambda cell: labels.index(cell.label)):
                database = cell.contestant.database
                key = (cell.label, connections, database.engine, cell.contestant.name)
                sample = _sample(cell, connections, run.seconds)
                samples.setdefault(key, []).extend([sample] if sample else [])
    rows: list[Row] = []
    for (label, connections, engine, name), found in samples.items():
        if not found:
            rows.append([label, connections, engine, name, *["rejected: errors"] * 8])
            continue
        middle = _middle(found)
        floor = samples.get((label, connections, engine, MINIMAL))
        ratio = f"{middle['cpu'] / _middle(floor)['cpu']:.2f}" if floor else "—"
        spread = f"{min(one.p50 for one in found):.1f}–{max(one.p50 for one in found):.1f}"
        noise = f"{middle['other']:.0%}" + (" (noisy)" if middle["other"] > NOISY else "")
        rows.append([label, connections, engine, name, middle["cpu"], ratio, middle["p50"], spread, middle["p99"],
                     f"{middle['rate']:.0f}", f"{middle['size']:.0f}", noise])  # fmt: skip
    head = "page|c|engine|contestant|CPU ms/request|× minimal|p50 ms|p50 of rounds|p99 ms|requests/s|bytes|other load"
    table(title, head, rows)
    run.results[title] = [
        {
            "page": key[0],
            "connections": key[1],
            "engine": key[2],
            "contestant": key[3],
            "rounds": [asdict(s) for s in found],
        }
        for key, found in samples.items()
    ]


def _sample(cell: Cell, connections: int, seconds: int) -> Sample | None:
    """A run without an error, or None after two tries."""
    one = cell.contestant
    address = one.base + one.database.paths[cell.page]
    for _ in range(TRIES):
        sample = load.run(address, one.roots, connections=connections, seconds=seconds, headers=cell.headers)
        if not sample.bad:
            return sample
    return None


def _middle(samples: list[Sample]) -> dict[str, float]:
    return {key: statistics.median(getattr(one, key) for one in samples) for key in samples[0].__dataclass_fields__}


def _count(run: Run, contestants: list[Contestant], shown: list[str]) -> None:
    counted = {one.name: run.house.statements(one, shown) for one in contestants if one.database.engine == SQLITE}
    table(
        "SQL statements", "contestant|" + "|".join(shown), [[name, *found.values()] for name, found in counted.items()]
    )
    run.results["SQL statements"] = counted


# -- members ----------------------------------------------------------------------------------------------------------
def members(run: Run) -> None:
    """Who sat on a past day: 10,000 mandates over 20 years against 100. In a process of its own, like `statements`."""
    ran = subprocess.run([sys.executable, "-m", "bench.directory"], capture_output=True, text=True, check=True)
    found = json.loads(ran.stdout.splitlines()[-1])
    table("Directory of members", "|".join(found), [list(found.values())])
    run.results["Directory"] = found


# -- first view, memory, start ----------------------------------------------------------------------------------------
def views(run: Run) -> None:
    """What a browser receives for the meeting's page with nothing kept, then for the list."""
    if browser.missing():
        print("\nFirst view: not measured, Chromium is missing (Debian package: chromium).")
        return
    contestants = [run.house.contestant(name, SQLITE, corpus.SMALL) for name in (PORTAL, MINIMAL)]
    rows: list[Row] = []
    with run.house.running(*contestants), sync_playwright() as playwright:
        chromium = browser.launch(playwright)
        for one in contestants:
            paths = one.database.paths
            seen = [first_view.visit(chromium, one.base, paths["meeting"], paths["list"]) for _ in range(run.rounds)]
            for which, label in enumerate(("first view: meeting", "second page: list")):
                view, painted = seen[-1][which], statistics.median(pair[which].painted for pair in seen)
                kinds = ", ".join(f"{kind} {size}" for kind, size in sorted(view.wire.items()))
                rows.append([label, one.name, view.requests.total(), view.wire.total(), kinds, round(painted)])
        chromium.close()
    table("In a browser", "page|contestant|requests|bytes on the wire|by type|largest paint ms", rows)
    run.results["In a browser"] = rows


def _deployments(run: Run) -> dict[str, Contestant]:
    return {
        "portal, flask serve (2 workers and the work)": run.house.contestant(PORTAL, SQLITE, corpus.SMALL, served=True),
        "portal, gunicorn wsgi:app and flask work": run.house.contestant(PORTAL, SQLITE, corpus.SMALL, works=True),
        "minimal, gunicorn": run.house.contestant(MINIMAL, SQLITE, corpus.SMALL),
    }


def memory(run: Run) -> None:
    """Proportional set size of every process, before and after load."""
    rows: list[Row] = []
    for label, one in _deployments(run).items():
        with run.house.running(one):
            time.sleep(5)  # the work beside has loaded
            fresh = machine.pss(one.roots)
            for page in ("meeting", "list", "ics"):
                _sample(Cell(page, one, page, BROTLI), 8, run.seconds)
            rows.append([label, len(machine.processes(one.roots)), fresh, machine.pss(one.roots)])
    table("Memory, SQLite", "deployment|processes|PSS fresh MB|PSS after load MB", rows)
    run.results["Memory"] = rows


def starts(run: Run) -> None:
    """Seconds from the command to the first 200, on a filled database."""
    found: dict[str, list[float]] = {}
    for _ in range(run.rounds):
        for label, one in _deployments(run).items():
            try:
                found.setdefault(label, []).append(one.start())
            finally:
                one.stop()
    rows = [
        [label, f"{statistics.median(taken):.2f}", f"{min(taken):.2f}–{max(taken):.2f}"]
        for label, taken in found.items()
    ]
    table("Start", "deployment|first 200 after s|of rounds", rows)
    run.results["Start"] = found


# -- mail -------------------------------------------------------------------------------------------------------------
READERS, MOST_MS = 500, 300


def mails(run: Run) -> None:
    """One request that queues 500 messages, on each engine: they are written on delivery."""
    rows: list[Row] = []
    for engine in run.house.engines:
        taken = run.house.outbox(engine, READERS, max(run.rounds, 5))
        middle = statistics.median(taken)
        rows.append([engine, READERS, middle, max(taken), f"{middle / MOST_MS:.2f}"])
    table("Messages queued in one request", "engine|messages|median ms|worst ms|× the goal of 300 ms", rows)
    run.results["Messages queued in one request"] = rows


def convenings(run: Run) -> None:
    """One request that convenes a body of 500, on each engine: its letter, its ledger, its messages."""
    rows: list[Row] = []
    for engine in run.house.engines:
        found = run.house.convening(engine, READERS, max(run.rounds, 12))
        rows.append([engine, READERS, found["statements"], found["p95 ms"], f"{found['p95 ms'] / MOST_MS:.2f}"])
    table("Convening in one request", "engine|people|statements|p95 ms|× the goal of 300 ms", rows)
    run.results["Convening in one request"] = rows


def texts(run: Run) -> None:
    """Minutes of twenty pages: their difference, their publication and their PDF. In a process of its own."""
    ran = subprocess.run([sys.executable, "-m", "bench.minutes"], capture_output=True, text=True, check=True)
    found = json.loads(ran.stdout.splitlines()[-1])
    table("Minutes of twenty pages", "|".join(found), [list(found.values())])
    run.results["Minutes"] = found


def saves(run: Run) -> None:
    """Saving a slot while five people edit one agenda: 200 saves on each engine, on the demo forum."""
    rows: list[Row] = []
    for engine in run.house.engines:
        folder = run.house.folder / f"editors-{engine}"
        folder.mkdir()
        cluster = run.house.cluster
        database = cluster.create_database("editors") if engine != SQLITE and cluster else None
        taken = editors.measure(folder, database)
        middle, slow = statistics.median(taken), editors.percentile(taken, 0.95)
        rows.append([engine, editors.EDITORS, len(taken), middle, slow, max(taken)])
    table("Saving a slot", "engine|editors|saves|p50 ms|p95 ms|slowest ms", rows)
    run.results["Saving a slot"] = rows


def marks(run: Run) -> None:
    """Marking who is there while five people key one sheet of 200 lines: on each engine, on the demo forum."""
    rows: list[Row] = []
    for engine in run.house.engines:
        folder = run.house.folder / f"keyers-{engine}"
        folder.mkdir()
        cluster = run.house.cluster
        database = cluster.create_database("keyers") if engine != SQLITE and cluster else None
        taken = keyers.measure(folder, database)
        middle, slow = statistics.median(taken), editors.percentile(taken, 0.95)
        rows.append([engine, keyers.KEYERS, len(taken), middle, slow, max(taken)])
    table("Marking who is there", "engine|keyers|marks|p50 ms|p95 ms|slowest ms", rows)
    run.results["Marking who is there"] = rows


MEASURES: dict[str, Callable[[Run], None]] = {
    "pages": pages, "ics": ics, "list": lists, "directory": members, "first-view": views,
    "memory": memory, "start": starts, "minutes": texts, "mail": mails, "convening": convenings, "editors": saves,
    "keyers": marks,
}  # fmt: skip

if __name__ == "__main__":
    # Asked to end, it ends as after a fault: every server that it started is stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
