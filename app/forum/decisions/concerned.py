"""What a decision concerns, as it is typed: the address of a page of this site, one a line."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import current_app, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

ENDPOINTS = {
    "meetings.show": ("meeting", "meeting_id"),
    "members.organisation": ("organisation", "organisation_id"),
    "documents.show": ("document", "document_id"),
    "working_groups.show": ("body", "body_id"),
}
BY_BODY = ("members.index", "meetings.index", "documents.index", "decisions.index")
"""Lists that are read by body: `?body=3` is a body of which there is no page."""


def read(address: str) -> tuple[str, int] | None:
    """(table, number) of what stands at an address of this site; None for anything else."""
    try:
        parts = urlsplit(address.strip())
        endpoint, values = current_app.url_map.bind("localhost").match(parts.path, method="GET")
    except (ValueError, HTTPException, RequestRedirect):
        return None
    if parts.netloc not in ("", urlsplit(current_app.config["BASE_URL"]).netloc):
        return None
    if endpoint in ENDPOINTS:
        name, key = ENDPOINTS[endpoint]
        return name, values[key]
    body = parse_qs(parts.query).get("body", [""])[0]
    if endpoint in BY_BODY and body.isascii() and body.isdigit() and len(body) <= 10 and 0 < int(body) <= 2147483647:
        return "body", int(body)
    return None


def written(name: str, number: int) -> str:
    """An address that `read` understands."""
    if name == "body":
        return url_for("decisions.index", body=number)
    endpoint, key = next((one, pair[1]) for one, pair in ENDPOINTS.items() if pair[0] == name)
    values: dict[str, Any] = {key: number, "slug": "-"}
    return url_for(endpoint, **values)
