"""The secretariat's screens of actions: cut out of the minutes, change, translate, follow, withdraw."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import once
from app.core.access import access
from app.core.errors import IllegalMove, NotFound, Refused
from app.core.hypermedia import go, render, say
from app.forum.decisions import actions, policy, queries
from app.forum.decisions.forms import ActionEnglishForm, ActionFollowForm, ActionForm, NewActionForm, WithdrawForm
from app.forum.decisions.models import Action
from app.forum.decisions.views.screens import asked_section, ensure_can_cut
from app.forum.decisions.views.shared import bp, late, shown_first
from app.forum.minutes.models import Section
from app.forum.organisations import queries as organisations


@bp.route("/actions/new", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def cut_action() -> Response:
    section, form = asked_section(lock=request.method == "POST"), NewActionForm()
    if form.validate_on_submit():
        content = [field.data for field in form if field.name != "csrf_token"]
        try:
            return once.answer(form.once.data, lambda: _cut(section.id, form), content=content)
        except Refused as refusal:
            form.refuse(refusal)
            section = asked_section(lock=False)
    elif request.method == "GET":
        ensure_can_cut(section)
    return _form_page(section, form, None, 422 if form.errors else 200)


def _cut(section_id: int, form: NewActionForm) -> str:
    row = actions.cut_out(current_user, queries.section(section_id, lock=True), form.wording)
    say(_("%(number)s is cut out of the minutes.", number=row.number))
    return url_for(".show_action", number=row.number)


def _form_page(section: Section, form: Any, action: Action | None, status: int) -> Response:
    return render(
        "decisions/edit_action.html", form=form, section=section, meeting=section.minutes.meeting, action=action,
        offered=organisations.offered(), status=status,
    )  # fmt: skip


def _read(number: str) -> Action:
    if request.method == "GET" or request.method == "HEAD":
        return queries.action(number, current_user)
    queries.hold_minutes(Action, number)
    return queries.action(number, current_user, lock=True)


def _stored(action: Action) -> dict[str, Any]:
    return {
        "title_fr": action.title_fr,
        "title_en": action.title_en,
        "organisation": action.organisation.name_fr if action.organisation is not None else None,
        "responsible_fr": action.responsible_fr,
        "responsible_en": action.responsible_en,
        "deadline": action.deadline,
    }


@bp.route("/actions/<slug:number>/edit", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def edit_action(number: str) -> Response:
    action = _read(number)
    if policy.is_sealed(action) and "title_fr" not in request.form:  # sealed while it was written: refused below
        return _translate(action)
    form, held = ActionForm(data=shown_first({**_stored(action), "version": str(action.version)})), _stored(action)
    if form.validate_on_submit():
        if form.is_stale(action, held):
            return _edit_page(action, form, 409)
        try:
            actions.change(current_user, action, form.wording)
        except Refused as refusal:
            form.refuse(refusal)
            return _edit_page(queries.action(number, current_user), form, 422)
        say(_("The action is stored."))
        return go(".show_action", number=number)
    return _edit_page(action, form, 422 if form.errors else 200)


def _edit_page(action: Action, form: ActionForm, status: int) -> Response:
    if action.section is None:
        raise NotFound
    return _form_page(action.section, form, action, status)


def _translate(action: Action) -> Response:
    if action.status == "withdrawn":
        raise NotFound
    held = {name: getattr(action, name) for name in ("title_en", "note_en", "responsible_en")}
    form = ActionEnglishForm(data=shown_first({**held, "version": str(action.version)}))
    if form.validate_on_submit():
        if form.is_stale(action, held):
            return render("decisions/translate.html", form=form, one=action, status=409)
        actions.translate(current_user, action, *(form[name].data or None for name in held))
        say(_("The English is stored."))
        return go(".show_action", number=action.number)
    return render("decisions/translate.html", form=form, one=action, status=422 if form.errors else 200)


@bp.route("/actions/<slug:number>/follow-up", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def follow_action(number: str) -> Response:
    action = _read(number)
    held = {
        "status": action.status.value, "done_on": action.done_on, "note_fr": action.note_fr,
        "note_en": action.note_en, "deadline": action.deadline,
    }  # fmt: skip
    form = ActionFollowForm(data=shown_first({**held, "version": str(action.version)}))
    form.offer(action)
    if form.validate_on_submit():
        if form.is_stale(action, held):
            return _follow_page(action, form, 409)
        try:
            actions.follow(current_user, action, form.said)
        except Refused as refusal:
            form.refuse(refusal)
            return _follow_page(queries.action(number, current_user), form, 422)
        say(_("The follow-up is stored."))
        return go(".show_action", number=number)
    return _follow_page(action, form, 422 if form.errors else 200)


def _follow_page(action: Action, form: ActionFollowForm, status: int) -> Response:
    if action.status == "withdrawn":
        raise NotFound
    return render("decisions/follow_action.html", form=form, one=action, status=status)


@bp.post("/actions/<slug:number>/withdraw")
@access(policy.can_write, quiet=True)
def withdraw_action(number: str) -> Response:
    action, form = _read(number), WithdrawForm()
    if not form.validate_on_submit() or form.version.data != str(action.version):
        late()
        return go(".show_action", number=number)
    try:
        actions.withdraw(current_user, action)
        say(_("%(number)s is taken back: its number is not given again.", number=number))
    except IllegalMove:
        late()
    return go(".show_action", number=number)
