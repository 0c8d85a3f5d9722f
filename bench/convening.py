"""Time the request that convenes a body: `python -m bench.convening COUNT ROUNDS`, on a demo forum of its own.

The whole answer is timed, from the request to the committed transaction: letter, ledger and outbox. Prints p95 (ms) and
the statements of one request. Environment: that of an empty portal (`FORUM_INSTANCE`, `FORUM_DATABASE_URL`).
"""

import json
import sys
import time as clocks

from flask import Response

from app import create_app
from app.accounts.policy import OPERATOR
from app.core.access import access, anyone
from app.core.extensions import csrf, db
from app.forum.convocations import service
from app.forum.meetings import queries
from bench.editors import percentile
from tests import make
from tests.support import faults


def main(count: int, rounds: int) -> None:
    app = create_app()
    with app.app_context():
        body = make.body()
        ids = [make.convened(body, people=0 if number else count).id for number in range(rounds + 1)]
        db.session.remove()

    @access(anyone)
    def convene(meeting_id: int) -> Response:
        row = service.convene(OPERATOR, queries.get(meeting_id, OPERATOR))
        return Response(str(row.number), 200)

    app.add_url_rule("/bench/<int:meeting_id>", "bench_convening", csrf.exempt(convene), methods=["POST"])
    client, taken, statements = app.test_client(), [], 0
    for number in ids:  # the first one opens the connection and fills what is kept
        with app.app_context(), faults.counting(db.engine) as counted:
            began = clocks.perf_counter()
            answer = client.post(f"/bench/{number}", base_url="http://127.0.0.1")
            taken.append((clocks.perf_counter() - began) * 1000)
        statements = len(counted)
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code}: {answer.get_data(as_text=True)[:200]}")
    print(json.dumps({"people": count, "p95 ms": percentile(taken[1:], 0.95), "statements": statements}))


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:3]))
