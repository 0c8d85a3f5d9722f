"""What the screens of a working copy share: the blueprint, the copy that is asked for, the overview."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, request, url_for
from flask_login import current_user

from app.core import registry
from app.core.errors import NotFound
from app.core.hypermedia import go, render, say, wants_fragment
from app.forum.agendas import queries, warning, working
from app.forum.agendas.forms import DayForm
from app.forum.agendas.models import WorkingCopy, WorkingPart
from app.forum.members import queries as members

bp = Blueprint("agendas", __name__)


def held(meeting_id: int) -> WorkingCopy:
    """The working copy of a meeting, held by whoever writes. Raises `NotFound` when there is none."""
    copy = queries.copy(meeting_id, current_user, lock=request.method == "POST")
    if copy is None:
        raise NotFound
    return copy


def part_of(copy: WorkingCopy, part_id: int) -> WorkingPart:
    part = queries.part(copy, part_id)
    if part is None:
        raise NotFound
    return part


def names(copy: WorkingCopy) -> dict[Any, str]:
    """How bodies, by their ids, and venues, by their keys, are called."""
    return {**{body.id: body.name.text for body in members.bodies()}, **queries.labels(copy)}


def back(part: WorkingPart) -> Response:
    """To the part's line of the overview. A form that was opened inside the overview makes it load again: the browser
    would only scroll to another place of the page that it already shows."""
    address = url_for(".overview", meeting_id=part.copy.meeting_id)
    if wants_fragment() and urlsplit(request.headers.get("HX-Current-URL", "")).path == address:
        response = make_response("", 200)
        response.headers.update({"HX-Refresh": "true", "Cache-Control": "private, no-store"})
        return response
    return go(".overview", meeting_id=part.copy.meeting_id, _anchor=f"part-{part.id}")


def overview(copy: WorkingCopy, *, status: int = 200, problem: Any = None, form: DayForm | None = None) -> Response:
    """The whole copy, one line for each slot."""
    if problem:
        say(problem, "warning")
    return render(
        "agendas/overview.html",
        copy=copy,
        warnings=warning.of(working.agenda(copy)),
        venues=queries.labels(copy),
        order=working.order(copy),
        day_form=form or DayForm(formdata=None),
        acts=[act for give in registry.current().agenda_acts for act in give(current_user, copy.meeting)],
        status=status,
    )
