"""`python -m bench.directory`: who sat on a past day, in a register of 100 mandates and in one of 10,000 over 20 years.

In process, page cache off, SQLite, the two registers alternating: prints the median CPU milliseconds of one page of the
directory on each, their ratio and the statements.
"""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, insert

BASE, SMALL, LARGE, YEARS = "http://127.0.0.1", 100, 10_000, 20
ROUNDS, PAGES = 7, 20
BODIES = 5


def register(folder: Path, count: int) -> Flask:
    """A portal of its own with `count` mandates of two years, spread over twenty years (or over the last two)."""
    os.environ |= {"FORUM_INSTANCE": str(folder), "FORUM_PAGE_CACHE": "0"}
    from app import create_app

    app = create_app()
    with app.app_context():
        upgrade()
        _fill(count)
    return app


def _fill(count: int) -> None:
    from app.accounts.policy import OPERATOR
    from app.core.extensions import db
    from app.core.transaction import writing
    from app.forum.members import service
    from app.forum.members.models import Mandate, Person
    from app.forum.members.states import BodyKind
    from app.forum.organisations.models import Organisation

    kinds = [BodyKind.PLENARY, BodyKind.MANAGEMENT_COMMITTEE, *[BodyKind.WORKING_GROUP] * (BODIES - 2)]
    with writing():
        for number, kind in enumerate(kinds):
            service.create_body(OPERATOR, kind, name=(f"Instance {number}", None), purpose=("Essai", None))
        db.session.execute(insert(Organisation), list(_organisations(count)))
        db.session.execute(insert(Person), list(_people(count)))
        db.session.execute(insert(Mandate), list(_mandates(count)))


def _stamps() -> dict[str, Any]:
    return {"created_at": datetime.now(UTC), "updated_at": datetime.now(UTC)}


def _organisations(count: int) -> Iterator[dict[str, Any]]:
    for number in range(max(10, count // 20)):
        name = f"Association {number:04d}"
        yield {"name_fr": name, "name_key": name.lower(), "college": "civil_society", "outdated": [], **_stamps()}


def _people(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        name = f"Prénom Nom{number:05d}"
        yield {"name": name, "name_key": name.lower(), "function_fr": "Déléguée", "outdated": [], **_stamps()}


def _mandates(count: int) -> Iterator[dict[str, Any]]:
    from app.core import clock

    today, spread = clock.today(), 365 * (YEARS if count > SMALL else 2)
    for number in range(count):
        starts_on = today - timedelta(days=1 + number * spread // count)
        ends_on = starts_on + timedelta(days=729)
        yield {
            "person_id": number + 1, "organisation_id": 1 + number % max(10, count // 20),
            "body_id": 1 + number % BODIES,
            "college": "civil_society", "seat": "member", "origin": "call", "starts_on": starts_on, "ends_on": ends_on,
            "sits_until": ends_on, **_stamps(),
        }  # fmt: skip


def visit(app: Flask, path: str) -> tuple[float, int]:
    """(milliseconds, statements) of one page."""
    from app.core.extensions import db

    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    began = time.process_time()
    answer = app.test_client(use_cookies=False).get(path, base_url=BASE)
    taken = (time.process_time() - began) * 1000
    event.remove(engine, "before_cursor_execute", note)
    if answer.status_code != 200 or answer.text.count('class="entry member') != 25:
        raise SystemExit(f"{path}: {answer.status_code}, {answer.text.count('entry member')} members")
    return taken, len(seen)


def measure() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as folder:
        apps = {count: register(Path(folder) / str(count), count) for count in (SMALL, LARGE)}
        from app.core import clock

        path = f"/fr/members/?on={clock.today() - timedelta(days=30)}"
        found: dict[int, list[tuple[float, int]]] = {count: [] for count in apps}
        for number in range(ROUNDS * PAGES + 5):
            for count, app in apps.items():
                one = visit(app, path)
                if number >= 5:
                    found[count].append(one)
    times = {count: statistics.median(one for one, _ in rows) for count, rows in found.items()}
    return {
        "small ms": round(times[SMALL], 2), "large ms": round(times[LARGE], 2),
        "ratio": round(times[LARGE] / times[SMALL], 2),
        "statements": max(number for rows in found.values() for _, number in rows),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure()))
