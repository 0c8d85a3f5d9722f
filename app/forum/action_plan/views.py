"""The door of the section: what it will hold and the rules that already apply."""

from flask import Blueprint, Response

from app.core.access import access, anyone
from app.core.hypermedia import render

bp = Blueprint("action_plan", __name__)


@bp.get("/")
@access(anyone)
def index() -> Response:
    return render("action_plan/index.html")
