"""Begun, described, circulated: the whole of the minutes on one screen."""

from datetime import date, timedelta
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core import clock, editing, i18n, once, registry, rules
from app.core.access import access
from app.core.errors import IllegalMove, Refused, undo
from app.core.hypermedia import go, render, say
from app.forum.meetings.models import Meeting
from app.forum.minutes import checks, policy, queries, service, skeleton, tracks
from app.forum.minutes.forms import ActForm, CirculateForm, HeadForm
from app.forum.minutes.models import Minutes, Section
from app.forum.minutes.states import MinutesStatus
from app.forum.minutes.views.shared import HERE, bp, here, minutes_of, shown_first

HEAD = ("chair", "secretary", "summary_fr", "summary_en", "plain_fr", "plain_en", "recording_url", "english_due")


@bp.get(f"{HERE}/work")
@access(policy.can_write, quiet=True)
def overview(meeting_id: int, slug: str) -> Response:
    meeting = queries.meeting(meeting_id, current_user)
    return _overview(meeting, queries.of_meeting(meeting_id))


def _overview(meeting: Meeting, minutes: Minutes | None, fault: str | None = None) -> Response:
    if minutes is None:
        begun = not meeting.is_off and meeting.first_day <= clock.today()
        return render("minutes/begin.html", meeting=meeting, begun=begun, form=ActForm(formdata=None), fault=fault,
                      status=422 if fault else 200)  # fmt: skip
    return render(
        "minutes/overview.html",
        meeting=meeting,
        minutes=minutes,
        form=ActForm(formdata=None),
        drafts=queries.drafts_of(minutes, current_user.id),
        missing=[one.key for one in queries.items(meeting.id) if one.key not in {s.key for s in minutes.sections}],
        has_sheet=skeleton.sheet_of(meeting) is not None,
        named=checks.named(minutes),
        may_name=checks.may_name(minutes),
        differs=checks.differs_from_adopted(minutes),
        faults=list(checks.before_circulation(minutes)),
        blocks=checks.blocks_of(minutes),
        progress=tracks.progress(minutes),
        links=_links(minutes),
        section_links=_links_of,
        fault=fault,
        status=422 if fault else 200,
    )


def _links(minutes: Minutes) -> list[tuple[Any, str]]:
    """Where else to go, this very page left out."""
    given = (one for give in registry.current().minutes_links for one in give(current_user, minutes))
    return [(label, address) for label, address in given if address != url_for(".overview", **here(minutes.meeting))]


def _links_of(section: Section) -> list[tuple[Any, str]]:
    return [one for give in registry.current().section_links for one in give(current_user, section)]


@bp.post(f"{HERE}/begin")
@access(policy.can_write, quiet=True)
def begin(meeting_id: int, slug: str) -> Response:
    meeting = queries.meeting(meeting_id, current_user)
    try:
        service.begin(current_user, meeting)
    except Refused as refusal:
        return _overview(meeting, None, str(refusal.message))
    return go(".overview", **here(meeting))


@bp.route(f"{HERE}/head", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def head(meeting_id: int, slug: str) -> Response:
    minutes = minutes_of(meeting_id)
    stored = {name: getattr(minutes, name) for name in HEAD}
    form = HeadForm(data=shown_first({**stored, "version": minutes.version}))
    if form.validate_on_submit() and not form.is_stale(minutes, stored):
        try:
            _describe(minutes, form)
            say(_("The head of the minutes is saved."))
            return go(".overview", **here(minutes.meeting))
        except Refused as refusal:
            editing.refuse(form, refusal)
            minutes = minutes_of(meeting_id, lock=False)
    status = 422 if form.errors else 200
    return render("minutes/head.html", meeting=minutes.meeting, minutes=minutes, form=form,
                  status=409 if getattr(form, "theirs", None) else status)  # fmt: skip


def _describe(minutes: Minutes, form: HeadForm) -> None:
    service.describe(
        current_user,
        minutes,
        chair=form.chair.data or None,
        secretary=form.secretary.data or None,
        summary=(form.summary_fr.data or None, form.summary_en.data or None),
        plain=(form.plain_fr.data or None, form.plain_en.data or None),
        recording_url=form.recording_url.data or None,
        english_due=form.english_due.data,
    )


# -- circulation ----------------------------------------------------------------------------------------------------


@bp.route(f"{HERE}/circulate", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def circulate(meeting_id: int, slug: str) -> Response:
    minutes = minutes_of(meeting_id)
    if minutes.status != MinutesStatus.DRAFT:
        say(_("These minutes have been circulated already."), "warning")
        return go(".overview", **here(minutes.meeting))
    days = rules.value("minutes_correction_days", scope=minutes.meeting.body_id)
    form = CirculateForm(data=shown_first({"until": clock.today() + timedelta(days=days)}))
    if form.validate_on_submit() and (until := form.until.data) is not None:
        try:
            return once.answer(form.once.data, lambda: _circulated(minutes, until), content=until)
        except Refused as refusal:
            editing.refuse(form, refusal)
            minutes = minutes_of(meeting_id, lock=False)
    return render(
        "minutes/circulate.html", meeting=minutes.meeting, minutes=minutes, form=form,
        people=service.readers(minutes), faults=list(checks.before_circulation(minutes)),
        named=checks.named(minutes), may_name=checks.may_name(minutes), status=422 if form.errors else 200,
    )  # fmt: skip


def _circulated(minutes: Minutes, until: date) -> str:
    people = service.circulate(current_user, minutes, until)
    day = i18n.day(until)
    say(
        ngettext(
            "Circulated to %(num)d participant, who may propose a correction until %(day)s.",
            "Circulated to %(num)d participants, who may propose a correction until %(day)s.",
            people, day=day,
        )
    )  # fmt: skip
    return url_for(".overview", **here(minutes.meeting))


@bp.post(f"{HERE}/take-back")
@access(policy.can_write, quiet=True)
def take_back(meeting_id: int, slug: str) -> Response:
    minutes = minutes_of(meeting_id)
    address = here(minutes.meeting)
    try:
        service.take_back(current_user, minutes)
        say(_("The minutes are a draft again: nobody but the secretariat reads them."))
    except IllegalMove:
        undo()
        say(_("These minutes cannot become a draft again."), "warning")
    return go(".overview", **address)
