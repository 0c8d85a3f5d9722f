"""A write that the database gave up for another's sake is done again, up to three times (R03).

PostgreSQL ends one of two transactions that wait for each other (SQLSTATE 40P01) or cannot be put in an order (40001).
Nothing of it is stored, so the same request can simply be asked again; the person sees neither.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, request
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

TRIES = 3
GIVEN_UP = ("40001", "40P01")
FLAG = "forum.given_up"


def note(error: DBAPIError) -> None:
    """Remember, on the request, that its transaction was given up for another's."""
    if getattr(error.orig, "sqlstate", None) in GIVEN_UP:
        request.environ[FLAG] = True


class Retry:
    """WSGI middleware next to the application; only a body of known length within the limit can be sent again."""

    def __init__(self, app: Flask) -> None:
        self.wsgi, self.limit = app.wsgi_app, app.config["MAX_CONTENT_LENGTH"]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH", "")
        if environ["REQUEST_METHOD"] != "POST" or not length.isdigit() or int(length) > self.limit:
            return self.wsgi(environ, start_response)
        body = environ["wsgi.input"].read(int(length))
        answered: list[Any] = []
        chunks: list[bytes] = []
        for _ in range(TRIES):
            attempt = {**environ, "wsgi.input": BytesIO(body)}
            answered, chunks = self.ask(attempt)
            if FLAG not in attempt:
                break
        start_response(*answered)
        return chunks

    def ask(self, environ: dict[str, Any]) -> tuple[list[Any], list[bytes]]:
        answered: list[Any] = []

        def start(*status_and_headers: Any) -> None:
            answered[:] = status_and_headers

        stream = self.wsgi(environ, cast("StartResponse", start))
        try:
            return answered, list(stream)
        finally:
            close = getattr(stream, "close", None)
            if close is not None:
                close()


def install(app: Flask) -> None:
    app.wsgi_app = Retry(app)  # type: ignore[method-assign]
