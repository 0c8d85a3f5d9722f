"""A form that arrives after its sign-in has ended comes back with what was typed (H30).

Whoever is away too long, or signs in again in another tab, does not write it twice: the page holds what was posted as
hidden fields, with a new token, and a button that sends it. Only a form that this site itself sent is shown so: a page
elsewhere cannot have its words repeated here beside a button. Files and passwords are not repeated.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, request, session
from flask_login import current_user

from app.core import errors
from app.core.forms import Form
from app.core.hypermedia import in_place_of_page, render, wants_fragment


def after_its_sign_in() -> Response | None:
    """Called by the gate when nobody signed in posts: None for a reader who never was, or without words to keep."""
    return _page(403) if session.get("sid") and _is_ours() and _can_return() else None


def with_another_token(_error: Any) -> Response:
    """The form was opened before the last sign-in. Nothing of it is stored until it is sent with the right token."""
    errors.undo()
    return _page(400) if _is_ours() and _can_return() else errors.page(400)


def _is_ours() -> bool:
    """Sent from a page of this site, as the browser itself says."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "")
    return site == "same-origin" if site else urlsplit(origin)[:2] == urlsplit(request.host_url)[:2]


def _can_return() -> bool:
    """Something was typed, and nothing secret: passwords, codes of the moment, recovery codes."""
    return bool(_typed()) and not any("password" in name or "code" in name for name in request.form)


def _typed() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]


def _page(status: int) -> Response:
    response = render(
        "accounts/ended.html",
        status=422 if wants_fragment() else status,  # htmx shows what it may show: answers of 422
        form=Form(),
        kept=_typed(),
        words="\n\n".join(value.strip() for _name, value in _typed() if " " in value.strip()),
        has_file=any(file.filename for file in request.files.values()),
        is_over=not current_user.is_authenticated,
        action=request.full_path.rstrip("?"),
    )
    response.headers["Cache-Control"] = "private, no-store"
    return in_place_of_page(response)
