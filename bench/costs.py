"""Where the time of one page goes, in process and without a server: `python -m bench.costs PATH`.

Run it in the portal's environment; FORUM_PAGE_CACHE=0 is set here. Prints the time with the profiler off, then the
costliest functions.
"""

import argparse
import cProfile
import os
import pstats
import re
import time
from typing import Any

from flask import Flask

BASE = "http://127.0.0.1"
HEADERS = {"Accept": "text/html"}


def measure(app: Flask, path: str, times: int) -> tuple[float, float]:
    """(wall, CPU) milliseconds of one request."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        app.test_client(use_cookies=False).get(path, base_url=BASE, headers=HEADERS)
    return (time.perf_counter() - wall) / times * 1000, (time.process_time() - cpu) / times * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path")
    parser.add_argument("-n", "--times", type=int, default=50)
    parser.add_argument("--top", type=int, default=60)
    parser.add_argument("--own", action="store_true", help="sort by own time, not by time with what is called")
    asked = parser.parse_args()
    os.environ["FORUM_PAGE_CACHE"] = "0"
    from app import create_app

    app = create_app()
    answer = app.test_client(use_cookies=False).get(asked.path, base_url=BASE, headers=HEADERS)
    measure(app, asked.path, 20)
    wall, cpu = measure(app, asked.path, asked.times)
    profile = cProfile.Profile()
    profile.enable()
    measure(app, asked.path, asked.times)
    profile.disable()
    found = pstats.Stats(profile)
    print(f"{asked.path}: {answer.status_code}, {len(answer.data)} bytes")
    print(f"{wall:.1f} ms, {cpu:.1f} ms of CPU without the profiler; milliseconds below are under it")
    entries: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = found.stats  # type: ignore[attr-defined]
    column = 2 if asked.own else 3
    for (file, line, name), numbers in sorted(entries.items(), key=lambda item: -item[1][column])[: asked.top]:
        _primitive, calls, own, total, _callers = numbers
        where = re.sub(r".*(site-packages|/app|/lib/python3\.\d+)/", "", file)
        times = f"{total / asked.times * 1000:8.2f} in all {own / asked.times * 1000:7.2f} own"
        print(f"{times} {calls / asked.times:8.1f} x  {where}:{line} {name}")


if __name__ == "__main__":
    main()
