"""The secretariat's queue of what has no English, or an English older than its French."""

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.policy import is_secretariat
from app.core import diff, paging, translation
from app.core.access import access
from app.core.hypermedia import go, render, say
from app.forum.translations import queries, service
from app.forum.translations.forms import ConfirmForm

bp = Blueprint("translations", __name__)


@bp.get("/")
@access(is_secretariat, quiet=True)
def index() -> Response:
    return _page(200)


def _page(status: int) -> Response:
    return render(
        "translations/index.html",
        page=queries.page(paging.asked()),
        differences=diff.lines,
        mark=translation.mark,
        status=status,
    )


@bp.post("/confirm")
@access(is_secretariat)
def confirm() -> Response:
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _page(422)
    try:
        service.confirm(current_user, form.table.data, int(form.row.data), form.field.data, form.seen.data)
    except translation.Reworded:
        say(_("This text changed since you read it, and nothing was noted. Read it as it is now."), "warning")
        return _page(409)
    say(_("Noted: the English is still right."))
    return go(".index")
