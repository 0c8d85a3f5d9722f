"""Open votes on resolutions, as the tellers gave them."""

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import editing, once, rules
from app.core.access import access
from app.core.errors import NotFound, Refused, undo
from app.core.hypermedia import go, render, say
from app.forum.minutes import policy, queries
from app.forum.minutes import votes as voting
from app.forum.minutes.forms import VoteForm
from app.forum.minutes.models import Section
from app.forum.minutes.views.shared import HERE, bp, here, minutes_of, shown_first


@bp.route(f"{HERE}/sections/<id:section_id>/votes/new", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def vote(meeting_id: int, slug: str, section_id: int) -> Response:
    minutes = minutes_of(meeting_id)
    section = queries.section(minutes, section_id)
    base, casting = voting.rules_of(minutes.meeting)
    room = voting.room_of(section)
    members = room.members if room is not None else None
    form = VoteForm(data=shown_first({"members": members, "abstaining": 0, "silent": 0}))
    if not casting:
        del form.casting
    if form.validate_on_submit():
        try:
            content = [field.data for field in form if field.name != "csrf_token"]
            return once.answer(form.once.data, lambda: _voted(section, form), content=content)
        except Refused as refusal:
            editing.refuse(form, refusal)
            section = queries.section(minutes_of(meeting_id, lock=False), section_id)
    return render(
        "minutes/vote.html", meeting=section.minutes.meeting, section=section, form=form,
        base=rules.RULES["resolution_base"].show(base.value), has_casting=casting, room=room,
        status=422 if form.errors else 200,
    )  # fmt: skip


def _voted(section: Section, form: VoteForm) -> str:
    voting.record(
        current_user,
        section,
        question=(form.question_fr.data or "", form.question_en.data or None),
        in_favour=form.in_favour.data or 0,
        against=form.against.data or 0,
        abstaining=form.abstaining.data or 0,
        silent=form.silent.data or 0,
        members=form.members.data or 0,
        casting=form.casting.data or None if "casting" in form else None,
    )
    return url_for(".overview", **here(section.minutes.meeting), _anchor=f"section-{section.id}")


@bp.post(f"{HERE}/votes/<id:vote_id>/remove")
@access(policy.can_write, quiet=True)
def remove_vote(meeting_id: int, slug: str, vote_id: int) -> Response:
    minutes = minutes_of(meeting_id)
    address = here(minutes.meeting)
    found = next((one for section in minutes.sections for one in section.votes if one.id == vote_id), None)
    if found is None:
        raise NotFound
    try:
        voting.remove(current_user, found)
        say(_("The vote is removed."))
    except Refused as refusal:
        undo()
        say(refusal.message, "warning")
    return go(".overview", **address)
