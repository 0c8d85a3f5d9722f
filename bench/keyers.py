"""How long a mark takes on a sheet of 200 lines while five people key it, each as fast as they can, as htmx sends it.

A real server on the demo forum, loopback only. Each keyer marks 40 lines that nobody else marks, and asks what others
changed after every third mark, untimed: more often than the three seconds of the page.
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

from bench.editors import ADDRESSES, ROOT, Editor, served

KEYERS, LINES = 5, 200
SEATS = re.compile(r'id="line-(\d+)".*?name="seen" value="(\d+)"', re.S)


def measure(folder: Path, database: str | None) -> list[float]:
    """The milliseconds of each mark, in no order. Raises when one was lost."""
    with served(folder, database) as base:
        path = _meeting(folder, database)
        keyers = [Editor(base, ADDRESSES[number % len(ADDRESSES)]) for number in range(KEYERS)]
        page = keyers[0].read(path)
        lines, token = SEATS.findall(page), re.search(r'name="csrf_token" value="([^"]+)"', page)
        if len(lines) != LINES or token is None:
            raise RuntimeError(f"{len(lines)} lines of {LINES}")
        found: list[float] = []
        threads = [
            threading.Thread(target=_key, args=(keyer, path, lines[place::KEYERS], found))
            for place, keyer in enumerate(keyers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        here = keyers[0].read(path).count("sheet__line--here")
    if len(found) != LINES or here != LINES:
        raise RuntimeError(f"{len(found)} marks answered, {here} lines marked, of {LINES}")
    return found


def _key(keyer: Editor, path: str, lines: list[tuple[str, str]], found: list[float]) -> None:
    page = keyer.read(path)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    since = re.search(r"since=(\d+)", page)
    assert token is not None and since is not None
    for place, (line, seen) in enumerate(lines):
        data = urllib.parse.urlencode({"csrf_token": token[1], "seen": seen, "mark": "present"}).encode()
        began = time.perf_counter()
        _ask(keyer, f"{path}/{line}", data)
        found.append((time.perf_counter() - began) * 1000)
        if place % 3 == 2:
            told = _ask(keyer, f"{path}/changes?since={since[1]}")
            since = re.search(r"since=(\d+)", told) or since


def _ask(keyer: Editor, path: str, data: bytes | None = None) -> str:
    request = urllib.request.Request(keyer.base + path, data=data, headers={"HX-Request": "true"})
    with keyer.opener.open(request, timeout=20) as answer:
        return str(answer.read().decode())


def _meeting(folder: Path, database: str | None) -> str:
    """The address of the sheet of a meeting of today with 200 seats, made beside the running server."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
    environ |= {"FORUM_INSTANCE": str(folder), "PYTHONPATH": str(ROOT)}
    if database:
        environ["FORUM_DATABASE_URL"] = database
    done = subprocess.run(
        [sys.executable, "-m", "bench.keyers"], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    return str(json.loads(done.stdout.splitlines()[-1]))


def fill() -> None:
    """Run in a process of its own, in the portal's environment."""
    from app import create_app
    from app.accounts.policy import OPERATOR
    from app.core.transaction import writing
    from app.forum.sheets import service
    from tests import make

    app = create_app()
    with app.app_context():
        meeting = make.sheet_meeting(LINES)
        with writing(public=False):
            service.open_sheet(OPERATOR, meeting)
        print(json.dumps(f"/fr/meetings/{meeting.id}-{meeting.slug}/sheet"))


if __name__ == "__main__":
    fill()
