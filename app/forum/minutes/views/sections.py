"""Sections that the agenda had not foreseen, their titles, those that go."""

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core import editing, once
from app.core.access import access
from app.core.errors import Refused, undo
from app.core.hypermedia import go, render, say
from app.forum.minutes import policy, queries, service
from app.forum.minutes.forms import RenameForm, SectionForm
from app.forum.minutes.models import Minutes
from app.forum.minutes.views.shared import HERE, bp, here, minutes_of, shown_first


@bp.route(f"{HERE}/sections/new", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def add_section(meeting_id: int, slug: str) -> Response:
    minutes, form = minutes_of(meeting_id), SectionForm()
    if form.validate_on_submit():
        try:
            content = [form.title_fr.data, form.title_en.data]
            return once.answer(form.once.data, lambda: _added(minutes, form), content=content)
        except Refused as refusal:
            editing.refuse(form, refusal)
            minutes = minutes_of(meeting_id, lock=False)
    return render("minutes/section.html", meeting=minutes.meeting, section=None, form=form,
                  status=422 if form.errors else 200)  # fmt: skip


def _added(minutes: Minutes, form: SectionForm) -> str:
    section = service.add_section(current_user, minutes, (form.title_fr.data or "", form.title_en.data or None))
    return url_for(".overview", **here(minutes.meeting), _anchor=f"section-{section.id}")


@bp.post(f"{HERE}/sections/refresh")
@access(policy.can_write, quiet=True)
def take_items(meeting_id: int, slug: str) -> Response:
    minutes = minutes_of(meeting_id)
    try:
        added = service.take_new_items(current_user, minutes)
    except Refused as refusal:
        undo()
        say(refusal.message, "warning")
        return go(".overview", meeting_id=meeting_id, slug=slug)
    say(ngettext("%(num)d section added from the agenda.", "%(num)d sections added from the agenda.", added))
    return go(".overview", **here(minutes.meeting))


@bp.route(f"{HERE}/sections/<id:section_id>/title", methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def rename_section(meeting_id: int, slug: str, section_id: int) -> Response:
    minutes = minutes_of(meeting_id)
    section = queries.section(minutes, section_id)
    stored = {"title_fr": section.title_fr, "title_en": section.title_en}
    form = RenameForm(data=shown_first({**stored, "version": str(section.version)}))
    if form.validate_on_submit() and not form.is_stale(section, stored):
        try:
            service.rename_section(current_user, section, (form.title_fr.data or "", form.title_en.data or None))
            return go(".overview", **here(minutes.meeting), _anchor=f"section-{section.id}")
        except Refused as refusal:
            editing.refuse(form, refusal)
            section = queries.section(minutes_of(meeting_id, lock=False), section_id)
    status = 409 if getattr(form, "theirs", None) else 422 if form.errors else 200
    return render("minutes/section.html", meeting=section.minutes.meeting, section=section, form=form, status=status)


@bp.post(f"{HERE}/sections/<id:section_id>/remove")
@access(policy.can_write, quiet=True)
def remove_section(meeting_id: int, slug: str, section_id: int) -> Response:
    minutes = minutes_of(meeting_id)
    address = here(minutes.meeting)
    try:
        service.remove_section(current_user, queries.section(minutes, section_id))
        say(_("The section is removed."))
    except Refused as refusal:
        undo()
        say(refusal.message, "warning")
    return go(".overview", **address)
