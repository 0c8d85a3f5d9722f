"""Closed by default: a view without an access line does not answer (architecture, principle 4)."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from app.core.errors import NotAllowed
from app.core.hypermedia import go_to

Rule = Callable[[Any], bool]
View = TypeVar("View", bound=Callable[..., Any])


class AccessLineMissing(RuntimeError):
    """A view was written without saying who may call it."""


def anyone(_viewer: Any) -> bool:
    return True


def signed_in(viewer: Any) -> bool:
    return bool(viewer.is_authenticated)


def access(rule: Rule, *, quiet: bool = False, fresh: bool = False) -> Callable[[View], View]:
    """Say who may call a view. `quiet`: its writes never change what an anonymous reader sees.

    `fresh`: a dangerous act; whoever calls it has confirmed their password within the last ten minutes (S06).
    """

    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        view.quiet = quiet  # type: ignore[attr-defined]
        view.fresh = fresh  # type: ignore[attr-defined]
        return view

    return mark


def rule_of(view: Any) -> Rule | None:
    return getattr(view, "access_rule", None)


def may_open(viewer: Any, address: str) -> bool:
    """Whether the page at an address of this site lets `viewer` in, for lists that link what other rooms own."""
    path = urlsplit(address).path.removeprefix(request.script_root)
    try:
        endpoint, _values = current_app.url_map.bind("").match(path)
    except HTTPException:
        return False
    rule = rule_of(current_app.view_functions[endpoint])
    return rule is not None and rule(viewer)


def gate() -> Response | None:
    """Run before every view: let in, send to the sign-in page, or refuse."""
    if request.endpoint is None:
        return None
    rule = rule_of(current_app.view_functions[request.endpoint])
    if rule is None:
        if current_app.testing:
            raise AccessLineMissing(request.endpoint)
        raise NotAllowed(request.endpoint)
    if rule is anyone or rule(current_user):
        return _confirmation()
    if current_user.is_authenticated:
        raise NotAllowed(request.endpoint)
    if request.method == "POST":
        ask: Callable[[], Response | None] = current_app.extensions["sign_in_ended"]
        if (page := ask()) is not None:
            return page
    return go_to(url_for("accounts.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None))


def confirm_with(app: Flask, ask: Callable[[], Response | None]) -> None:
    """Register what asks for the password before a dangerous act: it returns a page, or None when it was just typed."""
    app.extensions["confirmation"] = ask


def return_typed_with(app: Flask, page: Callable[[], Response | None]) -> None:
    """Register what gives a form back whose sign-in has ended: a page, or None when there is nothing to give back."""
    app.extensions["sign_in_ended"] = page


def _confirmation() -> Response | None:
    view = current_app.view_functions[str(request.endpoint)]
    if not getattr(view, "fresh", False) or request.method == "OPTIONS":
        return None
    ask: Callable[[], Response | None] = current_app.extensions["confirmation"]
    return ask()


def authorize(allowed: bool) -> None:
    """First line of a service: the object-level right. Raises `NotAllowed`."""
    if not allowed:
        raise NotAllowed
