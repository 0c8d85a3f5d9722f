"""The meetings, for the reader: list, meeting by day, calendar entry."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import i18n, paging, registry
from app.core.absolute import absolute
from app.core.access import access, anyone
from app.core.hypermedia import render
from app.forum.meetings import (
    agenda_view,
    attachment_queries,
    attachment_views,
    calendar,
    phase_views,
    policy,
    queries,
    service,
)
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.members import queries as members

bp = Blueprint("meetings", __name__)
attachment_views.add_to(bp)
phase_views.add_to(bp)


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
    reads_agenda = policy.can_read_agenda(current_user, meeting)
    missing, outdated = agenda_view.translation(meeting) if reads_agenda else (False, False)
    return render(
        "meetings/show.html",
        meeting=meeting,
        reads_agenda=reads_agenda,
        days=agenda_view.days(meeting) if reads_agenda else [],
        missing=missing,
        outdated=outdated,
        hours=agenda_view.hours(meeting, reads_agenda=reads_agenda),
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
    response = make_response(calendar.write(_("Open Government Forum"), [_entry(meeting)]))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = f'attachment; filename="{meeting.slug or "meeting"}.ics"'
    return response


STATUSES = {
    MeetingPhase.PLANNED: "TENTATIVE",
    MeetingPhase.POSTPONED: "CANCELLED",  # nobody should come on that day: the new one comes with its own version
    MeetingPhase.CANCELLED: "CANCELLED",
}


def _entry(meeting: Meeting) -> calendar.Entry:
    reads_agenda = policy.can_read_agenda(current_user, meeting)
    starts, ends = agenda_view.span(meeting, reads_agenda=reads_agenda) or (meeting.first_day, meeting.last_day)
    address = absolute(".show", meeting_id=meeting.id, slug=meeting.slug)
    return calendar.Entry(
        uid=f"{meeting.uid}@{service.uid_domain()}",
        sequence=meeting.sequence,
        status=STATUSES.get(meeting.phase, "CONFIRMED"),
        title=str(meeting.title),
        starts=starts,
        ends=ends,
        stamp=max(filter(None, (meeting.revised_at, meeting.published_at, meeting.story[-1].at))),
        location=_location(meeting),
        description=_description(meeting, address, reads_agenda=reads_agenda),
        url=address,
        lang=i18n.language(),
    )


def _location(meeting: Meeting) -> str:
    if meeting.place:
        return str(meeting.place)
    return f"{meeting.venues[0].building}, {meeting.venues[0].address}" if len(meeting.venues) == 1 else ""


def _description(meeting: Meeting, address: str, *, reads_agenda: bool) -> str:
    """The programme in plain lines: a calendar shows no page."""
    lines = [str(meeting.theme)] if meeting.theme and reads_agenda else []
    for day in agenda_view.days(meeting) if reads_agenda else []:
        lines += ["", i18n.weekday_day(day.day)]
        lines += [_slot_line(view.slot) for view in day.slots]
    return "\n".join([*lines, "", address]).strip()


def _slot_line(slot: Any) -> str:
    hour = i18n.clock_time(slot.starts) + " " if slot.starts else ""
    return f"{hour}{slot.title}" + (f" ({_('optional')})" if slot.is_optional else "")
