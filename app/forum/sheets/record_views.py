"""The sheet as a record: closed, opened again with a reason, printed to be signed."""

import hashlib
from datetime import time
from typing import Any

from flask import Blueprint, Response, make_response, render_template
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, i18n, pdf
from app.core.access import access
from app.core.errors import NotMade, Refused
from app.core.hypermedia import go, render, say
from app.forum.meetings.models import Meeting
from app.forum.members import directory
from app.forum.sheets import hours, policy, queries, reading, service
from app.forum.sheets.forms import CloseForm, ReopenForm, typed_instant
from app.forum.sheets.models import AttendanceSheet


def add_to(bp: Blueprint, path: str) -> None:
    """Give the room these addresses."""
    bp.add_url_rule(f"{path}/close", "close", close, methods=["GET", "POST"])
    bp.add_url_rule(f"{path}/reopen", "reopen", reopen, methods=["GET", "POST"])
    bp.add_url_rule(f"{path}/print", "to_sign", to_sign)
    bp.add_url_rule(f"{path}/paper", "paper", paper)


@access(policy.can_key)
def close(meeting_id: int, slug: str) -> Response:
    meeting = queries.meeting(meeting_id, current_user)
    sheet = queries.sheet(meeting.id)
    if not sheet.is_open:
        raise service.SheetClosed
    form = CloseForm(data=_end(meeting, sheet))
    if not form.validate_on_submit():
        return _closing(meeting, sheet, form, 422 if form.errors else 200)
    day = form.day.data or meeting.last_day
    ended = typed_instant(form.ended, day, form.ended.data, meeting.timezone)
    try:
        if ended is not None:
            service.close(current_user, sheet, ended)
    except Refused as refusal:
        form.refuse(refusal)
    if form.errors:
        return _closing(meeting, sheet, form, 422)
    say(_("The attendance sheet is closed."))
    return go("sheets.show", meeting_id=meeting.id, slug=meeting.slug)


def _end(meeting: Meeting, sheet: AttendanceSheet) -> dict[str, Any]:
    """What it said before it was opened again; this very minute on the day; else the hour that was announced."""
    now = hours.local(clock.now(), meeting.timezone)
    if sheet.ended_at is not None:
        now = hours.local(sheet.ended_at, meeting.timezone)
    elif now.date() > meeting.last_day:
        return {"day": meeting.last_day, "ended": meeting.ends}
    return {"day": now.date(), "ended": time(now.hour, now.minute)}


def _closing(meeting: Meeting, sheet: AttendanceSheet, form: CloseForm, status: int) -> Response:
    waiting = queries.expected(sheet)
    return render("sheets/close.html", meeting=meeting, form=form, waiting=waiting, status=status)


@access(policy.can_key)
def reopen(meeting_id: int, slug: str) -> Response:
    meeting = queries.meeting(meeting_id, current_user)
    sheet, form = queries.sheet(meeting.id), ReopenForm()
    if not form.validate_on_submit():
        return render("sheets/reopen.html", meeting=meeting, form=form, status=422 if form.errors else 200)
    service.reopen(current_user, sheet, form.reason.data or "")
    say(_("The attendance sheet is open again: the public page waits until it is closed."))
    return go("sheets.show", meeting_id=meeting.id, slug=meeting.slug)


@access(policy.may_read)
def to_sign(meeting_id: int, slug: str) -> Response:
    """Before the meeting too: who is to sign on the day, in the order of the sheet."""
    meeting = queries.meeting(meeting_id, current_user)
    return render("sheets/print.html", meeting=meeting, groups=_signatories(meeting), pdf=pdf.available())


def _signatories(meeting: Meeting) -> list[tuple[Any, list[tuple[str, str, str]]]]:
    """By college: (name, organisation, names of the substitutes)."""
    groups: dict[Any, list[tuple[str, str, str]]] = {}
    for seat in directory.seats_of(meeting.body_id or 0, meeting.first_day):
        substitutes = ", ".join(reading.name_of(one) for one in seat.alternates if one.covers(meeting.first_day))
        organisation = str(seat.organisation.name) if seat.organisation else ""
        groups.setdefault(seat.college, []).append((reading.name_of(seat), organisation, substitutes))
    return list(groups.items())


@access(policy.may_read)
def paper(meeting_id: int, slug: str) -> Response:
    """The same as a file. Raises `NotMade` (503) where no PDF can be made."""
    meeting = queries.meeting(meeting_id, current_user)
    if not pdf.available():
        raise NotMade
    title = _("Sheet to sign: %(title)s", title=meeting.title)
    html = render_template("sheets/paper.html", meeting=meeting, title=title, groups=_signatories(meeting))
    digest = hashlib.sha256(f"{i18n.language()}\n{html}".encode()).hexdigest()
    content = pdf.kept(digest, lambda: pdf.write(html, lang=i18n.language(), title=title))
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{meeting.slug or "meeting"}-{meeting.id}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
