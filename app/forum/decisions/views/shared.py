"""The door of the room, and what its screens share."""

from flask import Blueprint
from flask_babel import gettext as _

from app.core.errors import undo
from app.core.hypermedia import say

bp = Blueprint("decisions", __name__)


def late() -> None:
    """Somebody changed it meanwhile: nothing of what was asked is written."""
    undo()
    say(_("This changed since you read it: nothing was written. Read it as it is now."), "warning")
