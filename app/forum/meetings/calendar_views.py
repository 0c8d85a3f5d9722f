"""The calendars that anybody may follow: all the Forum's meetings, those of one body, the outside meetings followed."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, url_for
from flask_babel import gettext as _

from app.core.access import access, anyone
from app.forum.meetings import calendar_entry, calendar_queries
from app.forum.members import queries as members
from app.forum.members.models import Body


def add_to(bp: Blueprint) -> None:
    """Give the meetings room these addresses."""
    bp.add_url_rule("/calendar.ics", "calendar", whole)
    bp.add_url_rule("/calendar-followed.ics", "calendar_followed", followed)
    bp.add_url_rule("/calendar-<id:body_id>-<slug:slug>.ics", "calendar_of", of_body)


@access(anyone)
def whole() -> Response:
    return file(calendar_entry.feed(_name(None), calendar_queries.followed(None)), "forum")


@access(anyone)
def followed() -> Response:
    return file(calendar_entry.feed(_name(0), calendar_queries.followed(None, outside=True)), "forum-followed")


@access(anyone)
def of_body(body_id: int, slug: str) -> Any:
    body = members.body(body_id)
    if slug != body.slug:
        return redirect(url_for(".calendar_of", body_id=body.id, slug=body.slug), 301)
    return file(calendar_entry.feed(_name(body), calendar_queries.followed(body.id)), body.slug or "forum")


def _name(body: Body | int | None) -> str:
    """What the calendar is called in the reader's own."""
    if body is None:
        return _("Open Government Forum")
    what = _("outside meetings followed") if isinstance(body, int) else body.name
    return _("Open Government Forum: %(what)s", what=what)


def file(data: bytes, name: str) -> Response:
    response = make_response(data)
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
