"""`python -m bench.minutes`: minutes of twenty pages, in process, on SQLite: their page, a difference, their PDF.

Prints the median CPU milliseconds of the page with the page cache off, the milliseconds of comparing two editions of
which one paragraph in ten, then every one, differs, those of publishing, and of making the PDF of one language.
"""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from copy import deepcopy
from typing import Any

ROUNDS, PAGES = 7, 20


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as folder:
        os.environ |= {"FORUM_INSTANCE": folder, "FORUM_PAGE_CACHE": "0", "FORUM_ENV": "demo"}
        print(json.dumps(measure()))


def measure() -> dict[str, Any]:
    from flask_migrate import upgrade

    from app import create_app
    from app.core import i18n, pdf
    from app.forum.editions import changes, files, queries
    from bench import fill

    app = create_app()
    with app.app_context():
        upgrade()
        address, published = fill.minutes()
        number = int(address.split("/")[3].partition("-")[0])
        edition = queries.newest(number, whole=True)
        assert edition is not None
        content = edition.content
        tenth, whole = _changed(content, 10), _changed(content, 1)
        with app.test_request_context("/fr/"), i18n.in_language("fr"):
            some, every = (_milliseconds(lambda other=one: changes.between(content, other)) for one in (tenth, whole))
            made = _milliseconds(lambda: files.of(edition), rounds=1) if pdf.available() else None
    page = _page(app, address)
    words = sum(len(one["html"].split()) for section in content["sections"] for one in section["fr"])
    return {
        "words": words,
        "page CPU ms": round(page, 1),
        "publication ms": round(published, 0),
        "difference, 1 paragraph in 10, ms": round(some, 0),
        "difference, all, ms": round(every, 0),
        "PDF s": round(made / 1000, 1) if made is not None else "—",
    }


def _changed(content: dict[str, Any], each: int) -> dict[str, Any]:
    other = deepcopy(content)
    blocks = [one for section in other["sections"] for lang in ("fr", "en") for one in section[lang]]
    for block in blocks[::each]:
        block["html"] = block["html"].replace(" de ", " d’ ").replace(" the ", " this ") + " Un mot de plus."
    return other


def _milliseconds(act: Callable[[], Any], rounds: int = ROUNDS) -> float:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _page(app: Any, address: str) -> float:
    """The first answers fill what is kept; then the median of rounds of pages."""
    client, taken = app.test_client(), []
    for _ in range(ROUNDS + 1):
        began = time.process_time()
        for _page in range(PAGES):
            assert client.get(address, base_url="http://127.0.0.1").status_code == 200
        taken.append((time.process_time() - began) * 1000 / PAGES)
    return statistics.median(taken[1:])


if __name__ == "__main__":
    main()
