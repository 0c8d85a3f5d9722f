"""The thematic working groups, for the reader."""

from typing import Any

from flask import Blueprint, Response, redirect, url_for
from flask_login import current_user

from app.core.access import access, anyone
from app.core.hypermedia import render
from app.forum.meetings import calendar_links, rhythm_queries
from app.forum.meetings import queries as meetings
from app.forum.members import directory, policy
from app.forum.members import queries as members

bp = Blueprint("working_groups", __name__)
SHOWN = 6


@bp.get("/")
@access(anyone)
def index() -> Response:
    groups = members.working_groups()
    return render(
        "working_groups/index.html", groups=groups, upcoming=meetings.next_of(current_user, [g.id for g in groups])
    )


@bp.get("/<id:body_id>", defaults={"slug": None})
@bp.get("/<id:body_id>-<slug:slug>")
@access(anyone)
def show(body_id: int, slug: str | None) -> Any:
    group = members.working_group(body_id)
    if slug != group.slug:
        return redirect(url_for(".show", body_id=group.id, slug=group.slug), 301)
    return render(
        "working_groups/show.html",
        group=group,
        upcoming=meetings.some(current_user, meetings.UPCOMING, SHOWN, body_id=group.id),
        past=meetings.some(current_user, meetings.PAST, SHOWN, body_id=group.id),
        feeds=[calendar_links.feed_of(group)],
        rhythm=rhythm_queries.of_body(group),
        seated=directory.members_of(group.id),
        needs=members.needs(body_id=group.id, only_open=True),
        may_state_need=policy.can_state_need(current_user, group),
    )
