"""The meetings, for the reader: list, meeting by day, calendar entry."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import i18n, paging
from app.core.absolute import absolute
from app.core.access import access, anyone
from app.core.hypermedia import render
from app.forum.meetings import agenda_view, attachment_queries, attachment_views, calendar, policy, queries, service
from app.forum.meetings.models import Meeting
from app.forum.members import queries as members

bp = Blueprint("meetings", __name__)
attachment_views.add_to(bp)


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
        bodies=members.bodies(),
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
    missing, outdated = agenda_view.translation(meeting)
    return render(
        "meetings/show.html",
        meeting=meeting,
        days=agenda_view.days(meeting),
        missing=missing,
        outdated=outdated,
        hours=agenda_view.hours(meeting),
        papers=attachment_queries.papers(meeting, current_user),
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
    response = make_response(calendar.write(_("Open Government Forum"), [_entry(meeting)]))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = f'attachment; filename="{meeting.slug or "meeting"}.ics"'
    return response


def _entry(meeting: Meeting) -> calendar.Entry:
    starts, ends = agenda_view.span(meeting) or (meeting.first_day, meeting.last_day)
    address = absolute(".show", meeting_id=meeting.id, slug=meeting.slug)
    return calendar.Entry(
        uid=f"{meeting.uid}@{service.uid_domain()}",
        sequence=meeting.sequence,
        status="CONFIRMED" if meeting.is_public else "TENTATIVE",
        title=str(meeting.title),
        starts=starts,
        ends=ends,
        stamp=meeting.revised_at or meeting.published_at or meeting.created_at,
        location=_location(meeting),
        description=_description(meeting, address),
        url=address,
        lang=i18n.language(),
    )


def _location(meeting: Meeting) -> str:
    if meeting.place:
        return str(meeting.place)
    return f"{meeting.venues[0].building}, {meeting.venues[0].address}" if len(meeting.venues) == 1 else ""


def _description(meeting: Meeting, address: str) -> str:
    """The programme in plain lines: a calendar shows no page."""
    lines = [str(meeting.theme)] if meeting.theme else []
    for day in agenda_view.days(meeting):
        lines += ["", i18n.weekday_day(day.day)]
        lines += [_slot_line(view.slot) for view in day.slots]
    return "\n".join([*lines, "", address]).strip()


def _slot_line(slot: Any) -> str:
    hour = i18n.clock_time(slot.starts) + " " if slot.starts else ""
    return f"{hour}{slot.title}" + (f" ({_('optional')})" if slot.is_optional else "")
