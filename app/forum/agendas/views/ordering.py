"""The order of slots, and the days, by buttons that need no JavaScript; dragging sends the same form."""

from datetime import date
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core import entry, i18n
from app.core.access import access
from app.core.errors import Refused
from app.core.hypermedia import go, say
from app.forum.agendas import ordering, policy, reading, service
from app.forum.agendas.forms import DayForm
from app.forum.agendas.models import WorkingCopy, WorkingPart
from app.forum.agendas.states import Step
from app.forum.agendas.views import shared
from app.forum.agendas.views.shared import bp
from app.forum.meetings.agenda_value import FIRST_YEAR, LAST_YEAR


@bp.post("/<id:meeting_id>/editing/parts/<id:part_id>/move")
@access(policy.can_edit, quiet=True)
def move(meeting_id: int, part_id: int) -> Response:
    copy = shared.held(meeting_id)
    part = shared.part_of(copy, part_id)
    try:
        place = _moved(part)
    except ordering.OrderChanged:
        problem = _("The order changed meanwhile, and nothing was moved. Look at it as it is now, then move again.")
        return shared.overview(copy, status=409, problem=problem)
    if place is None:
        return shared.overview(copy, status=422, problem=_("Choose where the slot goes."))
    say(_say(copy, part, place))
    return go(".overview", meeting_id=meeting_id, _anchor=f"part-{part.id}")


def _moved(part: WorkingPart) -> int | None:
    """Where it went, None when the form does not say where to."""
    order, to = request.form.get("order", ""), request.form.get("to", "")
    if to in set(Step):
        return ordering.move(current_user, part, Step(to), order)
    day = entry.day(request.form.get("day", ""))
    place = request.form.get("place", "")
    if to != "day" or day is None or (place and not (place.isascii() and place.isdigit() and len(place) < 5)):
        return None
    return ordering.move_to(current_user, part, date.fromisoformat(day), int(place) if place else None, order)


def _say(copy: WorkingCopy, part: WorkingPart, place: int) -> str:
    assert part.day is not None
    count = len(copy.slots_of(part.day.isoformat()))
    return _(
        "“%(title)s” is now number %(place)s of %(count)s on %(day)s.",
        title=part.data["title"]["fr"], place=place, count=count, day=i18n.day(part.day),
    )  # fmt: skip


@bp.post("/<id:meeting_id>/editing/renumber")
@access(policy.can_edit, quiet=True)
def renumber(meeting_id: int) -> Response:
    changed = ordering.renumber(current_user, shared.held(meeting_id))
    say(ngettext("%(num)d number changed.", "%(num)d numbers changed.", changed))
    return go(".overview", meeting_id=meeting_id)


@bp.post("/<id:meeting_id>/editing/days")
@access(policy.can_edit, quiet=True)
def days(meeting_id: int) -> Response:
    """Add a day, or take an empty one away."""
    copy, form = shared.held(meeting_id), DayForm()
    day = _day(form)
    if not form.validate_on_submit() or day is None:
        if form.day.data:
            reading.tell(form.day, reading.DAY_FAULT)
        return shared.overview(copy, status=422, form=form)
    act: Any = service.remove_day if request.form.get("act") == "remove" else service.add_day
    try:
        act(current_user, copy, day)
    except Refused as refusal:
        reading.tell(form.day, refusal.message)
        return shared.overview(copy, status=422, form=form)
    return go(".overview", meeting_id=meeting_id, _anchor=f"day-{day.isoformat()}")


def _day(form: DayForm) -> date | None:
    found = entry.day(form.day.data or "")
    day = date.fromisoformat(found) if found else None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None
