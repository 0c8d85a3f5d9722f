"""Time a request that queues a message to many: `python -m bench.outbox COUNT ROUNDS`, in the portal's environment.

The whole answer is timed, from the request to the committed transaction; the messages are written on delivery.
"""

import json
import sys
import time

from flask import Response

from app import create_app
from app.core import mail
from app.core.access import access, anyone
from app.core.extensions import csrf

ARGUMENTS = {
    "reference": "M-ABCDEFGH",
    "subject": "general",
    "received_at": "2027-03-28T08:30:00+00:00",
    "due_at": "2027-04-11T08:30:00+00:00",
}


def main(count: int, rounds: int) -> None:
    app = create_app()
    readers = [mail.Recipient(f"reader{number}@example.org", "fr") for number in range(count)]

    @access(anyone, quiet=True)
    def convene() -> Response:
        queued = mail.queue_many("pages/contact_received", readers, **ARGUMENTS)
        return Response(str(queued), 200)

    app.add_url_rule("/bench/convene", "bench_convene", csrf.exempt(convene), methods=["POST"])
    client, taken = app.test_client(), []
    for _ in range(rounds + 1):  # the first one opens the connection and fills what is kept
        began = time.perf_counter()
        answer = client.post("/bench/convene", base_url="http://127.0.0.1")
        taken.append((time.perf_counter() - began) * 1000)
        if (answer.status_code, answer.get_data(as_text=True)) != (200, str(count)):
            raise SystemExit(f"{answer.status_code}: {answer.get_data(as_text=True)[:200]}")
    print(json.dumps(taken[1:]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
