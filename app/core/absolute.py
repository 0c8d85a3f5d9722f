"""Absolute addresses for mails, calendars and canonical links: from the configured base only, never from the request (S13)."""
from typing import Any

from flask import current_app, url_for


def absolute(endpoint: str, **values: Any) -> str:
    return str(current_app.config["BASE_URL"]) + url_for(endpoint, _external=False, **values)
