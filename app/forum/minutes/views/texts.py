"""One text in one language: written, previewed, saved; two people at once; drafts; what it was before."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, diff, editing, text
from app.core.access import access
from app.core.errors import NotFound, Refused
from app.core.hypermedia import go, render, say
from app.forum.minutes import policy, queries, service
from app.forum.minutes.forms import TextForm
from app.forum.minutes.models import Section, SectionText
from app.forum.minutes.views.shared import HERE, bp, here, minutes_of, shown_first

TEXT = f"{HERE}/sections/<id:section_id>/<any(fr,en):track>"


@bp.route(TEXT, methods=["GET", "POST"])
@access(policy.can_write, quiet=True)
def write(meeting_id: int, slug: str, section_id: int, track: str) -> Response:
    minutes = minutes_of(meeting_id)
    section = queries.section(minutes, section_id)
    stored = section.text(track)
    form = TextForm(data=shown_first(_stored(stored)))
    form.source.flags.required = True  # nothing is optional about it, though it may be emptied
    form.source.label.text = _("Text in French") if track == "fr" else _("Text in English")
    if request.method == "GET":
        return _editor(section, track, form, resumed=_resume(form, section, track))
    if not form.validate_on_submit() or request.form.get("act") == "preview":
        return _editor(section, track, form, status=422 if form.errors else 200)
    try:
        service.write(current_user, section, track, form.source.data or "", base=form.base_number,
                      is_reviewed=form.is_reviewed.data)  # fmt: skip
    except service.Stale as stale:
        return _conflict(section, track, form, stale.text)
    except Refused as refusal:
        editing.refuse(form, refusal)
        return _editor(queries.section(minutes_of(meeting_id, lock=False), section_id), track, form, status=422)
    say(_("Saved: %(title)s", title=section.title_fr))
    return go(".overview", **here(minutes.meeting), _anchor=f"section-{section.id}")


def _stored(text: SectionText | None) -> dict[str, Any]:
    if text is None:
        return {"base": "0", "source": "", "is_reviewed": False}
    return {"base": str(text.version), "source": text.source, "is_reviewed": text.is_reviewed}


def _resume(form: TextForm, section: Section, track: str) -> bool:
    """What the writer had not saved, when they ask for it: over the version that they had begun with."""
    draft = queries.draft(section.id, track, current_user.id) if request.args.get("draft") == "1" else None
    if draft is None:
        return False
    form.source.data, form.base.data = draft.source, str(draft.base)
    return True


def _editor(section: Section, track: str, form: TextForm, *, resumed: bool = False, status: int = 200) -> Response:
    stored, french = section.text(track), section.text("fr")
    draft = queries.draft(section.id, track, current_user.id) if request.method == "GET" and not resumed else None
    previews = request.form.get("act") == "preview" and status == 200
    return render(
        "minutes/text.html",
        meeting=section.minutes.meeting,
        minutes=section.minutes,
        section=section,
        track=track,
        form=form,
        stored=stored,
        draft=draft if draft is not None and draft.source != (stored.source if stored else "") else None,
        resumed=resumed,
        french=french if track == "en" else None,
        since=_since(stored, french) if track == "en" else [],
        preview=[one.html for one in text.blocks(form.source.data, below=2)] if previews else None,
        is_open=track == "en" or section.minutes.french_is_open,
        writer=queries.writer(stored),
        status=status,
    )


def _since(english: SectionText | None, french: SectionText | None) -> list[list[diff.Piece]]:
    """What changed in the French since the English was written."""
    if english is None or french is None or english.translated_from in (None, french.source):
        return []
    return diff.lines(english.translated_from or "", french.source)


def _conflict(section: Section, track: str, form: TextForm, theirs: SectionText) -> Response:
    """Both texts and their difference. The next save is over the text that is shown here, and over no other."""
    mine = form.source.data or ""
    form.base.data = str(theirs.version)
    return render(
        "minutes/conflict.html",
        meeting=section.minutes.meeting,
        section=section,
        track=track,
        form=form,
        theirs=theirs,
        mine=mine,
        lines=diff.lines(theirs.source, mine),
        writer=queries.writer(theirs),
        is_own=theirs.updated_by_id == current_user.id,
        status=409,
    )


@bp.post(f"{TEXT}/draft")
@access(policy.can_write, quiet=True)
def keep(meeting_id: int, slug: str, section_id: int, track: str) -> Response:
    """What is being written, kept every few seconds by the script: a text too long or unreadable is not."""
    minutes = minutes_of(meeting_id, lock=False)
    section, form = queries.section(minutes, section_id), TextForm()
    kept = form.validate_on_submit()
    if kept:
        service.keep_draft(current_user, section, track, form.source.data or "", form.base_number)
    return render("minutes/_kept.html", kept=kept, now=clock.now(), status=200 if kept else 422)


@bp.post(f"{TEXT}/draft/forget")
@access(policy.can_write, quiet=True)
def give_up(meeting_id: int, slug: str, section_id: int, track: str) -> Response:
    minutes = minutes_of(meeting_id, lock=False)
    service.forget_draft(current_user, queries.section(minutes, section_id), track)
    say(_("What you had not saved is forgotten."))
    return go(".write", **here(minutes.meeting), section_id=section_id, track=track)


@bp.get(f"{TEXT}/history")
@access(policy.can_write, quiet=True)
def history(meeting_id: int, slug: str, section_id: int, track: str) -> Response:
    """Every save of a text, each with what it changed: the newest first, a few at a time."""
    minutes = minutes_of(meeting_id)
    section = queries.section(minutes, section_id)
    stored = section.text(track)
    if stored is None:
        raise NotFound
    saves, writers = queries.history(stored)
    steps = [(one, diff.lines(before, one.source)) for one, before in saves]
    return render("minutes/history.html", meeting=minutes.meeting, section=section, track=track, steps=steps,
                  writers=writers)  # fmt: skip
