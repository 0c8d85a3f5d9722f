"""One request, one transaction: a write that answered below 400 is committed, anything else leaves no trace (R01).

What must survive a refusal (failed attempts, their audit rows) is queued with `keep()` and written in a second short
transaction. The body is read before the first statement, so that a slow sender never holds a lock.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.core import database, errors, retry, site_version
from app.core.extensions import db

READS = ("GET", "HEAD", "OPTIONS")


def install(app: Flask) -> None:
    app.before_request(_begin)
    app.teardown_request(_forget)


def note_reading() -> None:
    """Before anything may read the database: a page that is refused unread takes no writer's lock either."""
    g.reading_token = database.reading.set(request.method in READS)


def _begin() -> Response | None:
    if request.method in READS:
        return None
    _ = request.form, request.files  # read the whole body now: it may raise 413 or 400
    if current_app.config["READ_ONLY"]:
        return errors.page(503, headers={"Retry-After": "600"})
    return None


def keep(write: Callable[[], None]) -> None:
    """Queue a write that must be stored even when the request is refused."""
    g.setdefault("kept", []).append(write)


def on_undo(act: Callable[[], None]) -> None:
    """Queue what takes back an effect outside the database, should the transaction not be committed."""
    g.setdefault("if_undone", []).append(act)


def _settle(committed: bool) -> None:
    queued = g.pop("if_undone", [])
    for act in [] if committed else queued:
        act()


def commit_before_answer() -> None:
    """Commit what this request has written; the drawing of its answer only reads, and makes nobody wait.

    For short acts that several people do at once. Should the drawing fail, the act stays stored: it must be one that
    can be asked again without harm. What was read stays as it was read: its row was held until now.
    """
    session = db.session()
    if not _is_quiet():
        site_version.bump()
    expiring, session.expire_on_commit = session.expire_on_commit, False
    try:
        session.commit()
    finally:
        session.expire_on_commit = expiring
    _settle(committed=True)
    _write_kept()
    g.is_written = True
    database.reading.set(True)  # _forget() takes it back


def finish(response: Response) -> Response:
    """Commit or roll back; registered last, so that it runs before the headers are set."""
    if request.method in READS or g.get("is_written"):
        errors.undo()
        return response
    try:
        if response.status_code < 400:
            if not _is_quiet():
                site_version.bump()
            db.session.commit()
            _settle(committed=True)
        else:
            errors.undo()
            _settle(committed=False)
        _write_kept()
    except (StaleDataError, IntegrityError):
        errors.undo()
        _settle(committed=False)
        return errors.page(409)
    except OperationalError as error:
        errors.undo()
        _settle(committed=False)
        retry.note(error)
        current_app.logger.error("commit failed: %s", type(error.orig).__name__)
        return errors.page(503, headers={"Retry-After": "30"})
    return response


def _is_quiet() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "quiet", False))


def _write_kept() -> None:
    queued = g.pop("kept", [])
    for write in queued:
        write()
    if queued:
        db.session.commit()


def _forget(_error: BaseException | None) -> None:
    _settle(committed=False)
    token = g.pop("reading_token", None)
    if token is not None:
        database.reading.reset(token)


@contextmanager
def writing(*, public: bool = True) -> Iterator[None]:
    """The transaction of a command or of a job. `public`: it may change what an anonymous reader sees."""
    try:
        yield
        if public:
            site_version.bump()
        db.session.commit()
        _settle(committed=True)
    except BaseException:
        db.session.rollback()
        _settle(committed=False)
        raise
