"""The preparation of a meeting, for the secretariat: its checklist, its hours, announced, held."""

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, i18n, registry
from app.core.access import access
from app.core.errors import Refused
from app.core.hypermedia import go, render, say
from app.core.workflow import can_move
from app.forum.meetings import agenda_view, checklist, phases, policy, queries
from app.forum.meetings.models import Meeting
from app.forum.meetings.phase_forms import ArrangeForm
from app.forum.meetings.states import MeetingPhase

HERE = "/<id:meeting_id>-<slug:slug>"
BUTTONS = (MeetingPhase.ANNOUNCED, MeetingPhase.HELD)


def add_to(bp: Blueprint) -> None:
    """Give the meetings room these addresses."""
    bp.add_url_rule(f"{HERE}/preparation", "preparation", preparation)
    bp.add_url_rule(f"{HERE}/hours", "arrange", arrange, methods=["GET", "POST"])
    bp.add_url_rule(f"{HERE}/announce", "announce", announce, methods=["POST"])
    bp.add_url_rule(f"{HERE}/held", "hold", hold, methods=["POST"])


@access(policy.can_prepare)
def preparation(meeting_id: int, slug: str) -> Response:
    return _preparation(queries.get(meeting_id, current_user))


def _preparation(meeting: Meeting) -> Response:
    return render(
        "meetings/preparation.html",
        meeting=meeting,
        hours=agenda_view.expected_hours(meeting),
        groups=checklist.by_phase(current_user, meeting),
        links=[link for give in registry.current().meeting_links for link in give(current_user, meeting)],
        moves={to.value for to in BUTTONS if _offered(meeting, to)},
        today=clock.today(),
    )


def _offered(meeting: Meeting, to: MeetingPhase) -> bool:
    """A postponed or cancelled meeting comes back by its own page, which asks for a day."""
    if meeting.is_off or not can_move(meeting, to):
        return False
    return to != MeetingPhase.HELD or meeting.first_day <= clock.today()


@access(policy.can_prepare)
def arrange(meeting_id: int, slug: str) -> Response:
    meeting = queries.get(meeting_id, current_user)
    form = ArrangeForm(obj=meeting)
    stored = {"starts": meeting.starts, "ends": meeting.ends, "remote_link": meeting.remote_link}
    if not form.validate_on_submit():
        return _arranging(meeting, form, 422 if form.errors else 200)
    if form.is_stale(meeting, stored):
        return _arranging(meeting, form, 409)
    try:
        phases.arrange(
            current_user,
            meeting,
            starts=form.starts.data,
            ends=form.ends.data,
            remote_link=form.remote_link.data or None,
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _arranging(meeting, form, 422)
    if phases.comes_twice(meeting):
        day = i18n.weekday_day(meeting.first_day)
        say(_("%(date)s: the clocks go back and this hour comes twice. The first one is meant.", date=day), "warning")
    return go(".preparation", meeting_id=meeting.id, slug=meeting.slug)


def _arranging(meeting: Meeting, form: ArrangeForm, status: int) -> Response:
    return render("meetings/arrange.html", meeting=meeting, form=form, status=status)


@access(policy.can_prepare)
def announce(meeting_id: int, slug: str) -> Response:
    meeting = queries.get(meeting_id, current_user)
    phases.announce(current_user, meeting)
    say(_("The meeting is announced: the public reads its date and place."))
    return go(".preparation", meeting_id=meeting.id, slug=meeting.slug)


@access(policy.can_prepare)
def hold(meeting_id: int, slug: str) -> Response:
    meeting = queries.get(meeting_id, current_user)
    phases.hold(current_user, meeting)
    say(_("The meeting is marked as held."))
    return go(".preparation", meeting_id=meeting.id, slug=meeting.slug)
