"""Templates: their list, their form. A button of the list of lines rearranges what was typed and stores nothing."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import i18n, once
from app.core.access import access
from app.core.hypermedia import go, render, say
from app.forum.members import queries as members
from app.forum.planning import policy, queries, service
from app.forum.planning.forms import NewTemplateForm, TemplateForm, stored
from app.forum.planning.models import MeetingTemplate
from app.forum.planning.views.shared import bp

SAVE = "save"


@bp.get("/templates")
@access(policy.can_plan, quiet=True)
def templates() -> Response:
    return render("planning/templates.html", templates=queries.templates())


@bp.route("/templates/new", methods=["GET", "POST"])
@access(policy.can_plan, quiet=True)
def add_template() -> Response:
    form = NewTemplateForm(data={"slots": [{}]})
    form.offer(members.bodies())
    if _rearranged(form):
        return _page(form, None, 200)
    if form.validate_on_submit():
        return once.answer(form.once.data, lambda: _created(form), content=(form.body.data, form.values))
    return _page(form, None, 422 if form.errors else 200)


def _created(form: TemplateForm) -> str:
    service.create_template(current_user, members.body(int(form.body.data)), form.values)
    say(_("The template is stored. You can now plan the meetings of a year with it."))
    return url_for(".templates")


@bp.route("/templates/<id:template_id>", methods=["GET", "POST"])
@access(policy.can_plan, quiet=True)
def edit_template(template_id: int) -> Response:
    template = queries.template(template_id)
    form = TemplateForm(data=stored(template))
    form.offer(members.bodies())
    if _rearranged(form):
        return _page(form, template, 200)
    if not form.validate_on_submit():
        return _page(form, template, 422 if form.errors else 200)
    if _is_stale(form, template):
        return _page(form, template, 409)
    service.save_template(current_user, template, members.body(int(form.body.data)), form.values)
    say(_("The template is stored. Meetings created before do not change."))
    return go(".templates")


def _rearranged(form: TemplateForm) -> bool:
    return request.method == "POST" and form.rearrange(request.form.get("act", SAVE))


def _is_stale(form: TemplateForm, template: MeetingTemplate) -> bool:
    """What is stored now, field by field where it differs, in words."""
    held = stored(template)
    lists = ("months", "languages", "slots", "version", "starts", "ends", "is_active")
    if not form.is_stale(template, {name: value for name, value in held.items() if name not in lists}):
        return False
    months = [i18n.month_name(int(one)) for one in form.months.data or []]
    ours: dict[str, Any] = {"months": ", ".join(months), "slots": _lines(form.lines)}
    theirs = {"months": ", ".join(map(i18n.month_name, template.months)), "slots": _lines(template.slots)}
    labels = {"months": form.months.label.text, "slots": _("Lines of the agenda")}
    for name in ("starts", "ends"):
        ours[name], theirs[name] = ((i18n.clock_time(one) if one else "") for one in (form[name].data, held[name]))
        labels[name] = form[name].label.text
    form.theirs += [(labels[name], theirs[name]) for name in labels if ours[name] != theirs[name]]
    return True


def _lines(slots: list[dict[str, Any]]) -> str:
    return "; ".join(f"{one['title']['fr']} ({one['minutes'] or '–'})" for one in slots)


def _page(form: TemplateForm, template: MeetingTemplate | None, status: int) -> Response:
    return render("planning/template.html", form=form, template=template, status=status)
