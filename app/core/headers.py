"""The exact headers of every answer, pages, errors and static files alike (S01, S50)."""

from flask import Flask, Response, current_app, request, session

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
SECURITY = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SANDBOX = "sandbox; default-src 'none'"
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
PUBLIC = "public, max-age=0, must-revalidate"
PRIVATE = "private, no-store"
VARY = "Cookie, HX-Request, Accept-Encoding"


def security(https: bool) -> dict[str, str]:
    return {**SECURITY, "Strict-Transport-Security": STRICT_TRANSPORT} if https else dict(SECURITY)


def install(app: Flask) -> None:
    app.after_request(complete)


def complete(response: Response) -> Response:
    """Security headers always; a reader without a cookie gets a page that shared caches keep and must revalidate."""
    is_file = response.headers.get("Content-Security-Policy") == SANDBOX
    response.headers.update(security(current_app.config["SESSION_COOKIE_SECURE"]))
    if is_file:  # a file that someone sent is shut in further still (S41)
        response.headers["Content-Security-Policy"] = SANDBOX
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = PUBLIC if _is_public(response) else PRIVATE
    response.vary.update(VARY.split(", "))
    if _is_for_one_person():
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _is_for_one_person() -> bool:
    """The staff's screens and whatever is shown to somebody who signed in: no search engine keeps it (S59)."""
    return request.path[3:].startswith("/desk/") or ("Cookie" in request.headers and "sid" in session)


def _is_public(response: Response) -> bool:
    """A page made without reading the session: no cookie came in, none goes out, and it only reads."""
    return (
        request.method in ("GET", "HEAD")
        and response.status_code in (200, 301, 404)
        and "Cookie" not in request.headers
        and not session.modified
    )
