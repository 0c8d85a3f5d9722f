"""The attendance sheet, on the day: its page, its marks, what changed meanwhile."""

import re

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext as _
from flask_login import current_user

from app.core import pdf
from app.core.access import access
from app.core.errors import NotFound, Refused
from app.core.hypermedia import go, render, say, wants_fragment
from app.core.transaction import commit_before_answer
from app.forum.meetings.models import Meeting
from app.forum.sheets import counts, keying_views, marking, pages, policy, queries, reading, record_views, service
from app.forum.sheets.forms import ArriveForm, GuestsForm
from app.forum.sheets.models import AttendanceLine, AttendanceSheet
from app.forum.sheets.states import HERE, Mark

bp = Blueprint("sheets", __name__)
PATH = "/<id:meeting_id>-<slug:slug>/sheet"
SECOND_NOTICE = "convocations.second_notice"
MOST_ASKED = 100
SEEN = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,9}))?")
keying_views.add_to(bp, PATH)
record_views.add_to(bp, PATH)


@bp.get(PATH)
@access(policy.may_read)
def show(meeting_id: int, slug: str) -> Response:
    meeting = queries.meeting(meeting_id, current_user)
    sheet, asked = queries.sheet_of(meeting.id), _asked(request.args.get("q"))
    if sheet is None:
        return render("sheets/open.html", meeting=meeting, can_key=policy.can_key(current_user, meeting))
    if wants_fragment():
        return render("sheets/_lines.html", **pages.whole(meeting, sheet, asked))
    return _page(meeting, sheet, asked, ArriveForm(formdata=None, q=asked))


def _page(meeting: Meeting, sheet: AttendanceSheet, asked: str, form: ArriveForm, status: int = 200) -> Response:
    values = pages.whole(meeting, sheet, asked)
    missed = not sheet.is_open and not values["facts"].no_quorum and values["facts"].missed_quorum()
    offered = missed and SECOND_NOTICE in current_app.view_functions
    return render(
        "sheets/show.html",
        form=form,
        guests=GuestsForm(formdata=None, obj=sheet),
        missed=missed,
        second_notice=SECOND_NOTICE if offered else None,
        pdf=pdf.available(),
        may_key=policy.can_key(current_user, meeting),
        status=status,
        **values,
    )


def _asked(value: str | None) -> str:
    return (value or "").strip()[:MOST_ASKED]


@bp.post(f"{PATH}/open")
@access(policy.can_key, quiet=True)
def open_sheet(meeting_id: int, slug: str) -> Response:
    meeting = queries.meeting(meeting_id, current_user)
    service.open_sheet(current_user, meeting)
    return _back(meeting)


def _back(meeting: Meeting, asked: str = "", anchor: str | None = None) -> Response:
    return go("sheets.show", meeting_id=meeting.id, slug=meeting.slug, q=asked or None, _anchor=anchor)


@bp.get(f"{PATH}/changes")
@access(policy.may_read)
def changes(meeting_id: int, slug: str) -> Response:
    """Asked every three seconds: a statement each for the meeting, the sheet and the proxies, when nothing changed.

    `since`: the version of the sheet that the page shows, then that of the proxies after a point.
    """
    meeting = queries.meeting(meeting_id, current_user)
    seen = SEEN.fullmatch(request.args.get("since", ""))
    if seen is None:
        raise NotFound
    version, proxies = (int(one or 0) for one in seen.groups())
    return pages.since(meeting, queries.sheet(meeting.id), version, proxies, _asked(request.args.get("q")))


@bp.post(f"{PATH}/<id:line_id>")
@access(policy.can_key, quiet=True)
def mark(meeting_id: int, slug: str, line_id: int) -> Response:
    meeting = queries.meeting(meeting_id, current_user)
    sheet, asked = queries.sheet(meeting.id), _asked(request.form.get("q"))
    wanted, seen = _tapped()
    try:
        line = marking.mark(current_user, sheet, line_id, wanted, seen=seen)
    except marking.Conflict:
        return _other_mark(meeting, sheet, line_id, asked, wanted)
    commit_before_answer()  # the next keyer need not wait until the numbers of this one are drawn
    if wants_fragment():
        return pages.marked(meeting, sheet, line, asked)
    return _back(meeting, asked, f"line-{line_id}")


def _tapped() -> tuple[Mark, int]:
    seen = request.form.get("seen", "")
    if request.form.get("mark") not in set(Mark) or not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        raise Refused("mark", _("This mark could not be read. Reload the sheet and try again."))
    return Mark(request.form["mark"]), int(seen)


def _other_mark(meeting: Meeting, sheet: AttendanceSheet, line_id: int, asked: str, wanted: Mark) -> Response:
    """Both marks, and a choice: nothing is overwritten in silence."""
    line = queries.line(sheet, line_id)
    if wants_fragment():
        return pages.marked(meeting, sheet, line, asked, refused=wanted)
    row = reading.rows([line], counts.facts(sheet, meeting))[0]
    return render("sheets/conflict.html", meeting=meeting, row=row, refused=wanted, asked=asked, status=409)


@bp.post(f"{PATH}/arrivals")
@access(policy.can_key, quiet=True)
def arrive(meeting_id: int, slug: str) -> Response:
    """Enter marks the only one who is found and not there yet; several are listed."""
    meeting = queries.meeting(meeting_id, current_user)
    sheet, form = queries.sheet(meeting.id), ArriveForm()
    if not form.validate_on_submit():
        return _page(meeting, sheet, "", form, 422)
    if form.act.data == "filter" or not form.q.data:
        return _back(meeting, form.q.data or "")
    waiting = _waiting(sheet, form.q.data)
    if len(waiting) != 1:
        say(_("Several people match: choose one below.") if waiting else _("Nobody still expected matches."), "warning")
        return _back(meeting, form.q.data)
    line = marking.mark(current_user, sheet, waiting[0].id, Mark.PRESENT, seen=waiting[0].version)
    say(_("%(name)s is marked as present.", name=reading.name_of(line.mandate)))
    return _back(meeting)


def _waiting(sheet: AttendanceSheet, asked: str) -> list[AttendanceLine]:
    service.hold(sheet)
    return [line for line in reading.found(queries.lines(sheet), asked) if line.state not in HERE]
