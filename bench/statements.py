"""Count the SQL statements of pages on SQLite: `python -m bench.statements MODULE:APP PATH…`.

The driver itself tells each statement, so that those sent around the ORM are counted; transaction control
and what triggers do are left out.
"""

import importlib
import json
import sys
from typing import Any

from sqlalchemy import Engine, event

CONTROL = ("--", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


def main(where: str, paths: list[str]) -> None:
    seen: list[str] = []

    @event.listens_for(Engine, "connect")
    def _trace(connection: Any, _record: Any) -> None:
        connection.set_trace_callback(seen.append)

    module, _colon, name = where.partition(":")
    app = getattr(importlib.import_module(module), name)
    counts = {}
    for path in paths:
        for _ in range(2):  # the first fills what is kept
            seen.clear()
            answer = app.test_client(use_cookies=False).get(path, base_url="http://127.0.0.1")
            if answer.status_code != 200:
                raise SystemExit(f"{path}: {answer.status_code}")
            answer.get_data()
        counts[path] = sum(1 for one in seen if not one.lstrip().upper().startswith(CONTROL))
    print(json.dumps(counts))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
