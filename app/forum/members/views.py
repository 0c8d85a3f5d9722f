"""The members, for the reader: who sits, who sat on a day, for which organisation, whom the Forum looks for."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, days, paging, text
from app.core.access import access, anyone
from app.core.errors import NotFound
from app.core.hypermedia import render
from app.forum.members import directory, policy, queries
from app.forum.organisations import queries as organisations
from app.forum.organisations.states import College

bp = Blueprint("members", __name__)


@bp.get("/")
@access(anyone)
def index() -> Response:
    """The directory. A day that cannot be read, or has not come, is said at its field."""
    written, today = text.tidy(request.args.get("on", "")) or "", clock.today()
    day = days.read(written)
    fault = _fault(written, day)
    filters = directory.Filters(
        on=today if day is None or fault else day,
        past=_past(request.args.get("when")),
        body_id=_body(request.args.get("body")),
        college=directory.college_of(request.args.get("college")),
        asked=(text.tidy(request.args.get("q", "")) or "")[: directory.MAX_ASKED],
    )
    number = paging.asked()
    return render(
        "members/index.html",
        "members/_member_list.html",
        status=422 if fault else 200,
        filters=filters,
        written=written,
        fault=fault,
        bodies=queries.bodies(),
        colleges=list(College),
        page=(found := directory.page(filters, number)),
        groups=directory.by_body(found.items),
        vacancies=_vacancies(filters, number),
        can_edit=policy.can_edit(current_user),
    )


def _fault(written: str, day: Any) -> str | None:
    if written and day is None:
        return _("Write a day such as 2027-03-12 or 12/03/2027, between 1990 and 2100.")
    return _("This day has not come yet.") if day is not None and day > clock.today() else None


def _past(value: str | None) -> bool:
    if value not in (None, "", "past"):
        raise NotFound
    return value == "past"


def _body(value: str | None) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 10 and 0 < int(value) <= 2147483647):
        raise NotFound
    return int(value)


def _vacancies(filters: directory.Filters, number: int) -> list[directory.Vacancy]:
    """Shown with the committee or with everything, before the list and only once."""
    if filters.past or filters.asked or number > 1:
        return []
    found = directory.vacancies(filters.on)
    if filters.body_id is not None and filters.body_id not in queries.committee_ids():
        return []
    return [one for one in found if filters.college in (None, one.college)]


@bp.get("/organisations/<id:organisation_id>", defaults={"slug": None})
@bp.get("/organisations/<id:organisation_id>-<slug:slug>")
@access(anyone)
def organisation(organisation_id: int, slug: str | None) -> Any:
    asked = organisations.get(organisation_id)
    kept = organisations.kept(asked)
    if kept.id != asked.id or slug != kept.slug:
        return redirect(url_for(".organisation", organisation_id=kept.id, slug=kept.slug), 301)
    mandates = directory.of_organisation(kept.id)
    today = clock.today()
    return render(
        "members/organisation.html",
        organisation=kept,
        present=[one for one in mandates if one.covers(today)],
        past=[one for one in mandates if not one.covers(today)],
        can_edit=policy.can_edit(current_user),
    )


@bp.get("/needs")
@access(anyone)
def needs() -> Response:
    return render(
        "members/needs.html",
        needs=queries.needs(),
        may_open=policy.can_state_need(current_user, None),
        may_edit=lambda need: policy.can_state_need(current_user, need.body),
    )
