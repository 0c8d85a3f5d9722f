"""The door of the section: what it will hold and the rules that already apply."""

from flask import Blueprint, Response

from app.core.access import access, anyone
from app.core.hypermedia import render

bp = Blueprint("what_we_heard", __name__)


@bp.get("/")
@access(anyone)
def index() -> Response:
    return render("what_we_heard/index.html")
