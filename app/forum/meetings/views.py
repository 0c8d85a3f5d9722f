"""The meetings, for the reader: list, meeting by day, calendar entry."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_login import current_user

from app.core import paging, registry
from app.core.access import access, anyone
from app.core.hypermedia import render
from app.forum.meetings import (
    agenda_view,
    attachment_queries,
    attachment_views,
    calendar_entry,
    calendar_links,
    calendar_views,
    phase_views,
    policy,
    queries,
    rhythm_views,
)
from app.forum.members import queries as members

bp = Blueprint("meetings", __name__)
attachment_views.add_to(bp)
phase_views.add_to(bp)
calendar_views.add_to(bp)
rhythm_views.add_to(bp)


@bp.get("/")
@access(anyone)
def index() -> Response:
    filters = queries.Filters(
        when=queries.when_of(request.args.get("when")),
        body_id=queries.number_of(request.args.get("body"), 0, 2147483647),
        year=queries.number_of(request.args.get("year"), 1990, 2100),
    )
    return render(
        "meetings/index.html",
        "meetings/_meeting_list.html",
        filters=filters,
        bodies=(bodies := members.bodies()),
        feeds=calendar_links.feeds(bodies, filters.body_id),
        page=queries.page(current_user, filters, paging.asked()),
        years=queries.years(current_user, filters.when)[:: -1 if filters.when == queries.PAST else 1],
    )


@bp.get("/<id:meeting_id>", defaults={"slug": None})
@bp.get("/<id:meeting_id>-<slug:slug>")
@access(anyone)
def show(meeting_id: int, slug: str | None) -> Any:
    meeting = queries.get(meeting_id, current_user)
    if slug != meeting.slug:
        return redirect(url_for(".show", meeting_id=meeting.id, slug=meeting.slug), 301)
    reads_agenda = policy.can_read_agenda(current_user, meeting)
    missing, outdated = agenda_view.translation(meeting) if reads_agenda else (False, False)
    return render(
        "meetings/show.html",
        meeting=meeting,
        reads_agenda=reads_agenda,
        days=agenda_view.days(meeting) if reads_agenda else [],
        missing=missing,
        outdated=outdated,
        hours=agenda_view.expected_hours(meeting, reads_agenda=reads_agenda),
        papers=attachment_queries.papers(meeting, current_user),
        panels=registry.current().panels(current_user, meeting),
        can_attach=policy.can_attach(current_user, meeting),
    )


@bp.get("/<id:meeting_id>-<slug:slug>/agenda")
@access(anyone)
def agenda(meeting_id: int, slug: str) -> Any:
    """The agenda's own address: for the time being a part of the meeting's page."""
    meeting = queries.get(meeting_id, current_user)
    return redirect(url_for(".show", meeting_id=meeting.id, slug=meeting.slug, _anchor="agenda"), 302)


@bp.get("/<id:meeting_id>-<slug:slug>.ics")
@access(anyone)
def entry(meeting_id: int, slug: str) -> Response:
    meeting = queries.get(meeting_id, current_user)
    reads_agenda = policy.can_read_agenda(current_user, meeting)
    return calendar_views.file(calendar_entry.single(meeting, reads_agenda=reads_agenda), meeting.slug or "meeting")
