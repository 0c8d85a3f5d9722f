"""The secretariat reads what came through the contact form and says what was answered."""

from urllib.parse import quote

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.policy import is_secretariat
from app.core import paging
from app.core.access import access
from app.core.errors import NotFound
from app.core.hypermedia import go, render
from app.forum.pages import queries, service
from app.forum.pages.models import ContactMessage

bp = Blueprint("messages", __name__)
STATES = {None: False, "answered": True}


@bp.get("/")
@access(is_secretariat)
def index() -> Response:
    state = request.args.get("state") or None
    if state not in STATES:
        raise NotFound
    page = queries.messages(STATES[state], paging.asked())
    return render("messages/index.html", "messages/_message_list.html", page=page, answered=STATES[state])


@bp.get("/<id:message_id>")
@access(is_secretariat)
def show(message_id: int) -> Response:
    message = queries.message(message_id)
    return render("messages/show.html", message=message, reply_url=_reply(message))


def _reply(message: ContactMessage) -> str:
    """A letter to its author in the reader's own mail program, with the reference as its subject."""
    subject = _("Your message to the Open Government Forum: %(reference)s", reference=message.reference)
    return f"mailto:{quote(message.email, safe='@')}?subject={quote(subject)}"


@bp.post("/<id:message_id>/answered")
@access(is_secretariat, quiet=True)
def answer(message_id: int) -> Response:
    service.settle(current_user, queries.message(message_id), answered=True)
    return go(".index")


@bp.post("/<id:message_id>/reopened")
@access(is_secretariat, quiet=True)
def reopen(message_id: int) -> Response:
    service.settle(current_user, queries.message(message_id), answered=False)
    return go(".show", message_id=message_id)
