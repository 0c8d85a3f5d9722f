"""Pages of an anonymous reader, kept in each worker by content version; never stale, never for a request with a cookie.

A kept page answers to: host, path, query, fragment or page, encoding, the build and `site_version`, which every
committed public write changes. It lives at most until the next instant at which a date on it changes its state
(`valid_until`), and never beyond the end of the Paris day. That instant is part of the ETag, so that any worker can
answer 304 without having the page.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, g, has_request_context
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock, headers
from app.core.extensions import db

MAX_BYTES, MAX_PAGE, MAX_QUERY = 8_000_000, 1_000_000, 200
DROPPED = {"x-request-id", "date"}
FILES = "/documents/files/"  # sent as they are read, never gathered in memory
REFUSED_ENCODING = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*")


@dataclass(frozen=True, slots=True)
class Kept:
    version: int
    until: datetime
    head: tuple[tuple[str, str], ...]
    body: bytes


def until(instant: datetime | None) -> None:
    """Say, while a page is made, when a date on it will change its state."""
    if instant is not None and has_request_context():
        g.valid_until = min(g.get("valid_until", instant), instant)


def encoding_of(accepted: str) -> str:
    """The one encoding that a kept page is made in for this reader, empty for none: the key and the answer agree."""
    taken = {
        name.strip().lower()
        for name, _, weight in (one.partition(";") for one in accepted.split(","))
        if not REFUSED_ENCODING.fullmatch(weight)
    }
    return next((one for one in ("br", "gzip") if one in taken), "")


class PageCache:
    """WSGI middleware around the application."""

    def __init__(self, app: Flask, build: str) -> None:
        self.app, self.wsgi, self.build = app, app.wsgi_app, build
        self.kept: OrderedDict[str, Kept] = OrderedDict()
        self.size = 0
        self.engine: Engine | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        version = self.version() if self.may_keep(environ) else None
        if version is None:
            return self.wsgi(environ, start_response)
        key, now = self.key(environ, version), clock.now()
        known = self.known_until(environ.get("HTTP_IF_NONE_MATCH", ""), key)
        if known is not None and now < known:
            start_response("304 NOT MODIFIED", self.unchanged(key, known))
            return [b""]
        page = self.kept.get(key)
        if page is None or now >= page.until:
            return self.make(environ, start_response, key, version)
        self.kept.move_to_end(key)
        start_response("200 OK", list(page.head))
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else page.body]

    @staticmethod
    def may_keep(environ: dict[str, Any]) -> bool:
        return (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and "HTTP_COOKIE" not in environ
            and "HTTP_AUTHORIZATION" not in environ
            and environ.get("HTTP_X_FORWARDED_HOST", environ.get("HTTP_HOST")) == environ.get("HTTP_HOST")
            and "HTTP_RANGE" not in environ
            and len(environ.get("QUERY_STRING", "")) <= MAX_QUERY
            and FILES not in environ["PATH_INFO"]
        )

    def version(self) -> int | None:
        """Read outside the ORM: this is the whole cost of a kept page. None when the database does not answer."""
        if self.engine is None:
            with self.app.app_context():
                self.engine = db.engine
        try:
            connection = self.engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute("SELECT number FROM site_version")
                row = cursor.fetchone()
                cursor.close()
            finally:
                connection.close()
        except (SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error):
            return None
        return int(row[0]) if row else None

    def key(self, environ: dict[str, Any], version: int) -> str:
        encoding = encoding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
        htmx, *whole_page = (
            environ.get(name, "").lower() == "true"
            for name in ("HTTP_HX_REQUEST", "HTTP_HX_BOOSTED", "HTTP_HX_HISTORY_RESTORE_REQUEST")
        )
        fragment = htmx and not any(whole_page)
        language = environ.get("HTTP_ACCEPT_LANGUAGE", "") if environ["PATH_INFO"] == "/" else ""
        parts = (
            self.build,
            str(version),
            environ.get("wsgi.url_scheme", ""),
            environ.get("HTTP_HOST", ""),
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            str(fragment),
            encoding,
            language,
        )
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]

    @staticmethod
    def known_until(sent: str, key: str) -> datetime | None:
        """The instant in a tag that we gave for this very content, or None."""
        for tag in sent.split(","):
            name, _, stamp = tag.strip().removeprefix("W/").strip('"').partition("-")
            if name == key and stamp.isascii() and stamp.isdigit() and len(stamp) <= 11:
                return datetime.fromtimestamp(int(stamp), UTC)
        return None

    def unchanged(self, key: str, known: datetime) -> list[tuple[str, str]]:
        https = self.app.config["SESSION_COOKIE_SECURE"]
        return [
            *headers.security(https).items(),
            ("ETag", self.tag(key, known)),
            ("Cache-Control", headers.PUBLIC),
            ("Vary", headers.VARY),
        ]

    @staticmethod
    def tag(key: str, known: datetime) -> str:
        return f'W/"{key}-{int(known.timestamp())}"'

    def make(self, environ: dict[str, Any], start_response: Any, key: str, version: int) -> Iterable[bytes]:
        """Let the application answer, and keep a public 200."""
        environ["REQUEST_METHOD"], asked = "GET", environ["REQUEST_METHOD"]
        environ["HTTP_ACCEPT_ENCODING"] = encoding_of(environ.get("HTTP_ACCEPT_ENCODING", "")) or "identity"
        answered: list[Any] = []

        def start(status: str, head: list[tuple[str, str]], *rest: Any) -> Any:
            answered[:] = [status, head]
            return None

        chunks = self.wsgi(environ, start)
        body = b"".join(chunks)
        close: Callable[[], None] | None = getattr(chunks, "close", None)
        if close:
            close()
        status, head = answered
        named = {name.lower(): value for name, value in head}
        if status.startswith("200") and named.get("cache-control") == headers.PUBLIC and "set-cookie" not in named:
            limit = environ.get("forum.valid_until") or clock.end_of_day(clock.now())
            head = [(n, v) for n, v in head if n.lower() not in DROPPED | {"etag"}] + [("ETag", self.tag(key, limit))]
            self.keep(key, Kept(version, limit, tuple(head), body))
        start_response(status, head)
        return [b"" if asked == "HEAD" else body]

    def keep(self, key: str, page: Kept) -> None:
        if len(page.body) > MAX_PAGE:
            return
        old = self.kept.pop(key, None)
        self.size += len(page.body) - (len(old.body) if old else 0)
        self.kept[key] = page
        while self.size > MAX_BYTES:
            _, dropped = self.kept.popitem(last=False)
            self.size -= len(dropped.body)


def install(app: Flask, build: str) -> None:
    """`FORUM_PAGE_CACHE=0` leaves the application bare."""
    app.teardown_request(_hand_over)
    if app.config["PAGE_CACHE"]:
        app.wsgi_app = PageCache(app, build)  # type: ignore[method-assign]


def _hand_over(_error: BaseException | None) -> None:
    from flask import request

    instant = g.pop("valid_until", None)
    if instant is not None:
        midnight = clock.end_of_day(clock.now())
        request.environ["forum.valid_until"] = min(instant, midnight).replace(microsecond=0)
