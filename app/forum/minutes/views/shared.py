"""What every screen of the desk starts from."""

from typing import Any

from flask import Blueprint, request
from flask_login import current_user

from app.forum.meetings.models import Meeting
from app.forum.minutes import queries
from app.forum.minutes.models import Minutes

bp = Blueprint("minutes", __name__)
HERE = "/<id:meeting_id>-<slug:slug>/minutes"


def here(meeting: Meeting) -> dict[str, Any]:
    return {"meeting_id": meeting.id, "slug": meeting.slug}


def shown_first(values: dict[str, Any]) -> dict[str, Any] | None:
    """What a form shows when it is opened; what is sent stands for itself, and what is missing from it is missing."""
    return values if request.method == "GET" else None


def minutes_of(meeting_id: int, *, lock: bool | None = None) -> Minutes:
    """Held while a write goes on. Raises `NotFound`."""
    return queries.get(meeting_id, current_user, lock=request.method == "POST" if lock is None else lock)
