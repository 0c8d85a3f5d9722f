"""One line for each request, without personal data: no address, no query, no cookie, no name (S38)."""

import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

logger = logging.getLogger("forum.access")
UNLOGGED = "forum.unlogged"  # the portal reading its own pages
TOKENISH = re.compile(r"[A-Za-z0-9_-]{24,}")


class AccessLog:
    """WSGI middleware, outermost: gives each request an id, and writes its line when the answer has started."""

    def __init__(self, wsgi: Callable[..., Iterable[bytes]]) -> None:
        self.wsgi = wsgi

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began, request_id = time.perf_counter(), secrets.token_hex(8)
        environ["forum.request_id"] = request_id
        environ["SCRIPT_NAME"] = ""  # the portal stands at the root of its host: a prefix sent from outside is dropped

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            if logger.isEnabledFor(logging.INFO) and UNLOGGED not in environ:
                logger.info(line(environ, status, (time.perf_counter() - began) * 1000, request_id))
            headers.append(("X-Request-Id", request_id))
            return start_response(status, headers, *rest)

        return self.wsgi(environ, start)


def line(environ: dict[str, Any], status: str, milliseconds: float, request_id: str) -> str:
    """JSON escapes control characters; long random parts of a path, which may be secrets, are masked."""
    return json.dumps(
        {
            "id": request_id,
            "method": environ.get("REQUEST_METHOD", "")[:10],
            "path": TOKENISH.sub("…", environ.get("PATH_INFO", ""))[:200],
            "status": int(status[:3]),
            "ms": round(milliseconds, 1),
        }
    )


def configure(level: int = logging.INFO) -> None:
    """One line per event on standard error, for the whole process."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("forum").setLevel(level)
