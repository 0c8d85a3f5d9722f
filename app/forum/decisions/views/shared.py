"""The door of the room, and what its screens share."""

from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _

from app.core.errors import undo
from app.core.hypermedia import say

bp = Blueprint("decisions", __name__)


def late() -> None:
    """Somebody changed it meanwhile: nothing of what was asked is written."""
    undo()
    say(_("This changed since you read it: nothing was written. Read it as it is now."), "warning")


def shown_first(values: dict[str, Any]) -> dict[str, Any] | None:
    """What a form shows when it is opened; what is sent stands for itself, and what is missing from it is missing."""
    return values if request.method == "GET" else None
