"""Browser or htmx: decided here and nowhere else."""

from typing import Any

from flask import (
    Response,
    flash,
    get_flashed_messages,
    has_request_context,
    make_response,
    redirect,
    render_template,
    session,
    url_for,
)
from htmx_flask import request


def wants_fragment() -> bool:
    """True when htmx asks for a part of the page: not a boosted link, not a step back in history."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def render(page: str, fragment: str | None = None, /, *, status: int = 200, **context: Any) -> Response:
    """The page, or its fragment alone when htmx asks for it; both hold the same element."""
    name = fragment if fragment and wants_fragment() else page
    return make_response(render_template(name, **context), status)


def in_place_of_page(response: Response) -> Response:
    """For htmx: this whole page takes the place of the one that asked, whatever part of it was to change."""
    if wants_fragment():
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "body", "innerHTML"
    return response


def say(message: Any, tone: str = "success") -> None:
    """A word on the page that the next answer leads to. Only for somebody who has a session."""
    flash(str(message), tone)


def said() -> list[tuple[str, str]]:
    """What was said, once; a reader without a cookie never touches the session."""
    if not has_request_context() or "Cookie" not in request.headers or "_flashes" not in session:
        return []
    return get_flashed_messages(with_categories=True)  # type: ignore[return-value]


def go(endpoint: str, **values: Any) -> Response:
    """The answer to a write: 303 for a browser, HX-Redirect for htmx."""
    return go_to(url_for(endpoint, **values))


def go_to(address: str) -> Response:
    """As `go`, to an address of this site already built."""
    if wants_fragment():
        response = make_response("", 200)
        response.headers["HX-Redirect"] = address
        response.headers["Cache-Control"] = "private, no-store"  # an empty page is nobody else's answer
        return response
    return redirect(address, 303)  # type: ignore[return-value]
