"""What is refused before any view looks at a request: the same answer for every room and on both engines.

Text that a form field holds is left to the form, so that the person gets the page back with what was typed.
"""

from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.sansio.utils import host_is_trusted

from app.core import errors, text

MAX_FIELDS, MAX_QUERY = 500, 2000
MAX_WITH_FILES = 12_000_000
View = TypeVar("View")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def install(app: Flask) -> None:
    app.extensions["list_fields"] = set()
    app.before_request(refuse_foreign)
    app.before_request(refuse_unreadable)


def accept_lists(app: Flask, *names: str) -> None:
    """Declare fields that may come several times in one form (S21)."""
    app.extensions["list_fields"].update(names)


def takes_files(view: View) -> View:
    """Mark a view whose form holds files: its body may reach 12 MB, for someone who has a session (S48)."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def refuse_foreign() -> Response | None:
    """A host that is not ours (S13), or a write sent from another site even with a token (S09)."""
    forwarded = request.headers.get("X-Forwarded-Host")
    if forwarded is not None and not _is_ours(forwarded):
        abort(400)
    if request.method not in UNSAFE:
        return None
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return errors.page(403)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return errors.page(403)
    return None


def _is_ours(host: str) -> bool:
    return host_is_trusted(host, current_app.config["TRUSTED_HOSTS"])


def refuse_unreadable() -> None:
    """Control characters or broken encoding in an address (H01-H04), repeated or countless fields (S21, S48)."""
    if len(request.query_string) > MAX_QUERY:
        abort(414)
    if text.fault(request.path) or "\ufffd" in request.path:
        abort(400)
    for name, value in request.args.items(multi=True):
        if text.fault(name) == "control" or text.fault(value) == "control" or "\ufffd" in value:
            abort(400)
    if request.method in UNSAFE:
        view: Any = current_app.view_functions.get(request.endpoint or "")
        if getattr(view, "takes_files", False) and session.get("sid"):
            request.max_content_length = MAX_WITH_FILES
        body = request.stream
        _refuse_pollution(request.form)
        _refuse_pollution(request.files)
        if request.content_length is None:
            body.read(1)  # sent in chunks and longer than the limit: 413, never a form that was cut short


def _refuse_pollution(form: "MultiDict[str, Any]") -> None:
    if sum(1 for _ in form.items(multi=True)) > MAX_FIELDS:
        abort(413)
    lists = current_app.extensions["list_fields"]
    for name, values in form.lists():
        if len(values) > 1 and name not in lists:
            abort(400)
