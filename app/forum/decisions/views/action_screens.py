"""The secretariat's screens of actions: cut out of the minutes, change, translate, follow, withdraw."""

from functools import partial
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from flask_login import current_user

from app.core.access import access
from app.forum.decisions import actions, policy
from app.forum.decisions.forms import ActionEnglishForm, ActionFollowForm, ActionForm, NewActionForm
from app.forum.decisions.models import Action
from app.forum.decisions.views import writes
from app.forum.decisions.views.shared import asked, asked_section, bp, follow_page, wording_page

_page = partial(wording_page, "decisions/edit_action.html")


@bp.route("/actions/new", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def cut_action() -> Response:
    section, form = asked_section(lock=request.method == "POST"), NewActionForm()
    return writes.cut_out(section, form, lambda held: actions.cut_out(current_user, held, form.wording), _page)


@bp.route("/actions/<slug:number>/edit", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def edit_action(number: str) -> Response:
    action: Action = asked(Action, number)
    if writes.takes_english_alone(action):
        names = ("title_en", "note_en", "responsible_en")
        return writes.translate(action, ActionEnglishForm, names, actions.translate)
    stored = _stored(action)
    form = writes.form_of(ActionForm, action, stored)
    return writes.save(
        action, form, stored, lambda: actions.change(current_user, action, form.wording), _edit_page,
        _("The action is stored."),
    )  # fmt: skip


def _edit_page(form: Any, status: int, action: Action) -> Response:
    return _page(form, status, action.section, action)


def _stored(action: Action) -> dict[str, Any]:
    return {
        "title_fr": action.title_fr,
        "title_en": action.title_en,
        "organisation": action.organisation.name_fr if action.organisation is not None else None,
        "responsible_fr": action.responsible_fr,
        "responsible_en": action.responsible_en,
        "deadline": action.deadline,
    }


@bp.route("/actions/<slug:number>/follow-up", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def follow_action(number: str) -> Response:
    action: Action = asked(Action, number)
    stored = {
        "status": action.status.value, "done_on": action.done_on, "note_fr": action.note_fr,
        "note_en": action.note_en, "deadline": action.deadline,
    }  # fmt: skip
    form = writes.form_of(ActionFollowForm, action, stored)
    form.offer(action)
    return writes.save(
        action, form, stored, lambda: actions.follow(current_user, action, form.said),
        partial(follow_page, "decisions/follow_action.html"), _("The follow-up is stored."),
    )  # fmt: skip


@bp.post("/actions/<slug:number>/withdraw")
@access(policy.can_write, quiet=True)
def withdraw_action(number: str) -> Response:
    said = _("%(number)s is taken back: its number is not given again.", number=number)
    return writes.press(asked(Action, number), actions.withdraw, said)
