"""The public repository of documents."""

from flask import Blueprint, Response

from app.core import paging
from app.core.access import access, anyone
from app.core.hypermedia import render
from app.forum.documents import queries

bp = Blueprint("documents", __name__)


@bp.get("/")
@access(anyone)
def index() -> Response:
    return render("documents/index.html", "documents/_document_list.html", page=queries.page(paging.asked()))
