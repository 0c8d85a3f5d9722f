"""What a service may raise, what each becomes on the wire, and the portal's own error pages.

Pages of error carry the request's id, never a stack, a statement, a path or a version (S51).
"""

import errno
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request, session
from flask.globals import request_ctx
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.core import retry
from app.core.extensions import db


class NotAllowed(Exception):
    """The actor may not do this (403)."""


class NotFound(Exception):
    """The thing does not exist, or this viewer may not know that it does (404)."""


class IllegalMove(Exception):
    """A status cannot be reached from the present one (409)."""


class Refused(Exception):
    """A rule of the Forum refuses the values: `field` and a message for the person (422)."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(field, str(message))
        self.field, self.message = field, message


class TooManyAttempts(Exception):
    """A limit was reached (429); `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class StorageFull(Exception):
    """The disk has no room left for a file (507)."""


class NotMade(Exception):
    """A file cannot be made for the moment, though what it would show can be read (503)."""

    message = _l("This file cannot be made for the moment. Read the page itself, or try again in a few minutes.")
    retry_after = 60


MESSAGES: dict[int, tuple[Any, Any]] = {
    400: (
        _l("Request not understood"),
        _l("The address or the form sent could not be read. Go back, check and try again."),
    ),
    403: (_l("Access refused"), _l("Your account does not give access to this page.")),
    404: (_l("Page not found"), _l("The address may be wrong, or the page may have been moved.")),
    405: (_l("Action not possible"), _l("This address does not accept this action.")),
    409: (
        _l("This has changed meanwhile"),
        _l("Someone else changed it while you were working. Reload the page and try again."),
    ),
    413: (_l("Too large"), _l("What you sent is larger than the site accepts. Nothing was stored.")),
    414: (_l("Address too long"), _l("The address is longer than the site accepts.")),
    422: (_l("Not accepted"), _l("What was sent could not be accepted. Go back, check and try again.")),
    429: (_l("Too many attempts"), _l("Wait a little, then try again.")),
    500: (_l("Something went wrong"), _l("The fault is ours and has been recorded. Try again in a moment.")),
    503: (
        _l("Service unavailable for the moment"),
        _l("Try again in a few minutes. Nothing of what you sent was stored."),
    ),
    507: (
        _l("No room left for files"),
        _l("The site cannot take a file for the moment. Nothing of what you sent was stored. Tell the secretariat."),
    ),
}
RAISED: dict[type[Exception], int] = {
    NotAllowed: 403,
    NotFound: 404,
    IllegalMove: 409,
    StaleDataError: 409,
    IntegrityError: 409,
    Refused: 422,
    TooManyAttempts: 429,
    StorageFull: 507,
    NotMade: 503,
}
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def page(status: int, message: Any = None, headers: dict[str, str] | None = None) -> Response:
    """The portal's own page for a status, in the language of the address."""
    if status >= 500:
        session.modified = False  # what failed leaves no trace in the cookie either
    if request_ctx.url_adapter is None:  # a foreign Host: no address was matched, yet the page has links
        request_ctx.url_adapter = current_app.url_map.bind("localhost")
    shown = status if status in MESSAGES else (400 if status < 500 else 500)
    title, text = MESSAGES[shown]
    if status >= 500 and g.get("is_written"):  # committed before its answer was drawn: it is not lost, nor to do again
        message = _l("What you sent is stored, but the page that shows it could not be made. Reload it in a moment.")
    values = {"status": status, "title": title, "message": message or text, "request_id": g.get("request_id", "-")}
    try:
        html = render_template("errors/error.html", **values)
    except OperationalError:  # the database went away meanwhile: the page does without what it would read
        _let_go_of_database()
        html = render_template("errors/error.html", **values)
    response = make_response(html, status)
    response.headers.update(headers or {})
    return response


def install(app: Flask) -> None:
    for kind, status in RAISED.items():
        app.register_error_handler(kind, _handler(status))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(Exception, _unexpected)


def _handler(status: int) -> Any:
    def answer(error: Exception) -> Response:
        undo()  # the page itself reads the database, and nothing of a refused write is kept
        wait = getattr(error, "retry_after", None)
        return page(status, getattr(error, "message", None), {"Retry-After": str(wait)} if wait else None)

    return answer


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # a redirect raised by the router
        return error.get_response()  # type: ignore[return-value]
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return page(error.code, headers=headers)


def _database_away(error: DBAPIError) -> Response:
    current_app.logger.error("database unavailable: %s", type(error.orig).__name__)
    retry.note(error)
    _let_go_of_database()
    return page(503, headers={"Retry-After": "30"})


def _let_go_of_database() -> None:
    undo()
    g.database_away = True


def undo() -> None:
    """Roll back; when the database has gone away, the transaction is gone with its connection."""
    try:
        db.session.rollback()
    except OperationalError:
        db.session().invalidate()


def _disk(error: OSError) -> Response:
    """A full disk while the body of a request is received, before any view."""
    if error.errno not in DISK_FULL:
        return _unexpected(error)
    current_app.logger.error("no room left on the disk")
    undo()
    return page(507)


def _unexpected(error: Exception) -> Response:
    if current_app.testing or current_app.config["PROPAGATE_EXCEPTIONS"]:
        raise error
    current_app.logger.exception("unexpected fault on %s", request.endpoint)
    undo()
    return page(InternalServerError.code)
