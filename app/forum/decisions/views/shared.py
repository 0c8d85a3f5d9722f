"""The door of the room, what its screens read first, and the pages of their forms."""

from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user

from app.core.errors import NotFound
from app.core.hypermedia import render
from app.forum.decisions import queries
from app.forum.decisions.models import Action, Decision
from app.forum.documents.queries import number_of
from app.forum.minutes.models import Section
from app.forum.organisations import queries as organisations

bp = Blueprint("decisions", __name__)
MOST_ID = 2147483647


def asked(model: Any, number: str) -> Any:
    """The one that the address names, held with its minutes when something is to be written. Raises `NotFound`."""
    if request.method == "GET" or request.method == "HEAD":
        return queries.get(model, number, current_user)
    queries.hold_minutes(model, number)
    return queries.get(model, number, current_user, lock=True)


def asked_section(*, lock: bool) -> Section:
    """The section that the address names. Raises `NotFound`."""
    number = number_of(request.args.get("section"), 1, MOST_ID)
    if number is None:
        raise NotFound
    return queries.section(number, lock=lock)


def shown_first(values: dict[str, Any]) -> dict[str, Any] | None:
    """What a form shows when it is opened; what is sent stands for itself, and what is missing from it is missing."""
    return values if request.method == "GET" else None


def wording_page(template: str, form: Any, status: int, section: Section | None, one: Any = None) -> Response:
    """`one`: None while it is new. Raises `NotFound` when its section is gone."""
    if section is None:
        raise NotFound
    return render(
        template, form=form, section=section, meeting=section.minutes.meeting, one=one,
        offered=organisations.offered(), status=status,
    )  # fmt: skip


def follow_page(template: str, form: Any, status: int, one: Decision | Action) -> Response:
    """Raises `NotFound` for what no longer stands."""
    if one.status in ("replaced", "withdrawn"):
        raise NotFound
    return render(template, form=form, one=one, status=status)
