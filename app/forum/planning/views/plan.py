"""The meetings of a year: days proposed, read again, then created."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core import clock, errors, i18n, once
from app.core.access import access
from app.core.errors import Refused
from app.core.hypermedia import render, say
from app.forum.meetings.models import Meeting
from app.forum.meetings.queries import number_of
from app.forum.planning import layout, policy, queries, series
from app.forum.planning.forms import PlanForm, number
from app.forum.planning.models import MeetingTemplate
from app.forum.planning.views.shared import bp

YEARS_AHEAD = 3
CREATE = "create"


@bp.route("/plan", methods=["GET", "POST"])
@access(policy.can_plan, quiet=True)
def plan() -> Response:
    this = clock.today().year
    template_id = number_of(request.args.get("template"), 1, 2147483647)
    year = number_of(request.args.get("year"), this, this + YEARS_AHEAD)
    if template_id is None or year is None:
        years = range(this, this + YEARS_AHEAD + 1)
        offered = queries.templates(only_active=True)
        status = 422 if request.method == "POST" else 200
        return render("planning/choose.html", templates=offered, years=years, next_year=this + 1, status=status)
    return _plan(queries.template(template_id), year)


def _plan(template: MeetingTemplate, year: int) -> Response:
    proposed, existing = series.proposals(template, year), queries.meetings_of(template.body_id, year)
    form = PlanForm(data=_first(template, proposed, existing))
    if not form.validate_on_submit():
        return _page(form, template, year, 422 if form.errors else 200)
    try:
        if request.form.get("act") == CREATE:
            content = (template.id, year, form.days, form.first_number.data)
            return once.answer(form.once.data, lambda: _created(form, template, year), content=content)
        series.check(template, year, form.days, number(form.first_number) or 1)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(form, template, year, 422)
    except series.Changed:
        errors.undo()
        form.form_errors.append(_("The meetings of this body changed meanwhile. Read them again, then create."))
        return _page(form, template, year, 409)
    planned = series.outline(template, form.days, number(form.first_number) or 1)
    return _page(form, template, year, 200, planned)


def _first(template: MeetingTemplate, proposed: list[Any], existing: Any) -> dict[str, Any]:
    """What the page offers at first: a month in which the body already meets is left out."""
    held = {one.first_day.month for one in existing}
    rows = [
        {"day": day, "keep": day is not None and month not in held and day >= clock.today()} for month, day in proposed
    ]
    return {"rows": rows, "first_number": str(queries.next_number(template.body_id)), "seen": queries.seen(existing)}


def _created(form: PlanForm, template: MeetingTemplate, year: int) -> str:
    made = series.create(
        current_user, template, year, form.days, first_number=number(form.first_number) or 1, seen=form.seen.data or ""
    )
    say(
        ngettext(
            "%(num)d meeting created, for the secretariat alone.",
            "%(num)d meetings created, for the secretariat alone.",
            len(made),
        )
    )
    return url_for(".plan", template=template.id, year=year)


def _page(
    form: PlanForm, template: MeetingTemplate, year: int, status: int, planned: list[series.Planned] | None = None
) -> Response:
    template = queries.template(template.id)
    existing = queries.meetings_of(template.body_id, year)
    if status == 409 or request.method == "GET":
        form.seen.data = queries.seen(existing)
    by_month: dict[int, list[Meeting]] = {}
    for one in existing:
        by_month.setdefault(one.first_day.month, []).append(one)
    months = [i18n.month_name(month) for month in series.months(template, year)]
    return render(
        "planning/plan.html",
        form=form,
        template=template,
        year=year,
        existing=existing,
        rows=list(zip(months, form.rows, strict=False)),
        by_month={i18n.month_name(month): held for month, held in by_month.items()},
        planned=planned,
        slots=layout.slots(template.slots, (), template.starts),
        status=status,
    )
