"""Absolute addresses for mails, calendars, canonical links: from the configured base only, never from the request."""

from typing import Any

from flask import current_app, has_request_context, url_for


def absolute(endpoint: str, **values: Any) -> str:
    """The address of a page on the configured base (S13); also outside a request, in the language spoken there."""
    return str(current_app.config["BASE_URL"]) + path(endpoint, **values)


def path(endpoint: str, **values: Any) -> str:
    """The same without the name of the site, for texts that are stored."""
    return _path(endpoint, values)


def _path(endpoint: str, values: dict[str, Any]) -> str:
    if has_request_context():
        return url_for(endpoint, _external=False, **values)
    current_app.inject_url_defaults(endpoint, values)
    return current_app.url_map.bind("localhost").build(endpoint, values)
