"""Minutes for the reader: what is public, each sealed edition, what changed, the file; drafts for who may read."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_login import current_user

from app.core import i18n, pdf, registry
from app.core.access import access, anyone, signed_in
from app.core.errors import NotFound
from app.core.hypermedia import render
from app.forum.editions import act_views, changes, files, policy, queries, sealed
from app.forum.editions.models import MinutesEdition
from app.forum.editions.reading import Beside, Reading
from app.forum.minutes import content
from app.forum.minutes.models import Minutes

bp = Blueprint("editions", __name__)
act_views.add_to(bp)
HERE = "/<id:meeting_id>-<slug:slug>/minutes"


def _elsewhere(slug: str, found: MinutesEdition) -> Any:
    """The one address of this page, for any other slug."""
    meeting = found.minutes.meeting
    if slug == meeting.slug:
        return None
    return redirect(url_for(str(request.endpoint), **{**(request.view_args or {}), "slug": meeting.slug}), 301)


@bp.get(HERE)
@access(anyone)
def show(meeting_id: int, slug: str) -> Any:
    """The newest edition for everyone; before there is one, the text as it stands for those who may read it."""
    found = queries.newest(meeting_id)
    if found is None:
        return _unpublished(queries.unpublished(meeting_id, current_user), slug)
    return _elsewhere(slug, found) or _page(found, Reading(found.content), newest=found.number)


@bp.get(f"{HERE}/full")
@access(signed_in)
def full(meeting_id: int, slug: str) -> Any:
    """The adopted text where the public reads less, for those who adopted it."""
    found = queries.newest(meeting_id, whole=True)
    if found is None or not policy.can_read_whole(current_user, found.minutes):
        raise NotFound
    if found.full_content is None:
        return redirect(url_for(".show", meeting_id=meeting_id, slug=found.minutes.meeting.slug), 302)
    return _elsewhere(slug, found) or _page(found, Reading(found.full_content), newest=found.number, is_full=True)


@bp.get(f"{HERE}/editions/<id:number>")
@access(anyone)
def edition(meeting_id: int, slug: str, number: int) -> Any:
    """One edition as it was sealed; once something of it is kept from the public, what remains is that it existed."""
    found = queries.edition(meeting_id, number)
    other = _elsewhere(slug, found)
    if other is not None:
        return other
    editions = queries.editions(found.minutes_id)
    if _is_hidden(found):
        return render("editions/replaced.html", edition=found, meeting=found.minutes.meeting, newest=editions[0])
    return _page(found, Reading(found.content), newest=editions[0].number, is_sealed=True)


def _is_hidden(edition: MinutesEdition) -> bool:
    """Whether a later edition keeps from the public something that this one says."""
    if policy.can_read_whole(current_user, edition.minutes):
        return False
    return any(
        sealed.reveals(edition.content, later.content, later.full_content or {})
        for later in queries.later_withholding(edition)
    )


@bp.get(f"{HERE}/editions/<id:number>/changes")
@access(anyone)
def compare(meeting_id: int, slug: str, number: int) -> Any:
    """What this edition changed in the one before it, for those who may read both."""
    found = queries.edition(meeting_id, number)
    former = queries.edition(meeting_id, number - 1)  # there is no edition 0
    other = _elsewhere(slug, found)
    if other is not None:
        return other
    if _is_hidden(former) or _is_hidden(found):
        raise NotFound
    return render(
        "editions/changes.html",
        edition=found,
        former=former,
        meeting=found.minutes.meeting,
        changes=changes.between(former.content, found.content),
    )


@bp.get(f"{HERE}.pdf")
@access(anyone)
def file(meeting_id: int, slug: str) -> Any:
    found = queries.newest(meeting_id)
    if found is None:
        raise NotFound
    return _elsewhere(slug, found) or _file(found)


@bp.get(f"{HERE}/editions/<id:number>.pdf")
@access(anyone)
def edition_file(meeting_id: int, slug: str, number: int) -> Any:
    found = queries.edition(meeting_id, number)
    if _is_hidden(found):
        raise NotFound
    return _elsewhere(slug, found) or _file(found)


def _file(found: MinutesEdition) -> Response:
    response = make_response(files.of(found))
    lang = i18n.language()
    kind = "compte-rendu" if lang == "fr" else "minutes"
    name = f"{kind}-{found.minutes.meeting_id}-{found.number}-{lang}.pdf"
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _page(
    found: MinutesEdition, reading: Reading, *, newest: int, is_full: bool = False, is_sealed: bool = False
) -> Response:
    """`is_full`: the whole text; `is_sealed`: at the address of this very edition."""
    meeting = found.minutes.meeting
    is_newest = found.number == newest
    before, after = queries.beside(meeting) if is_newest else (None, None)
    return render(
        "editions/show.html",
        edition=found,
        minutes=found.minutes,
        meeting=meeting,
        reading=reading,
        is_newest=is_newest,
        can_compare=found.number > 1 and not _is_hidden(queries.edition(meeting.id, found.number - 1)),
        is_full=is_full,
        is_sealed=is_sealed,
        newest=newest,
        documents=queries.documents([one["id"] for one in reading.content["documents"]]),
        before=before,
        after=after,
        links=_links(found.minutes),
        may_read_whole=found.full_digest is not None and policy.can_read_whole(current_user, found.minutes),
        can_make_pdf=pdf.available(),
        pdf_size=files.size(found),
    )


def _links(minutes: Minutes) -> list[tuple[Any, str]]:
    """What the viewer may do with these minutes, from every room that has something to say of them."""
    if not current_user.is_authenticated:
        return []
    return [link for give in registry.current().minutes_links for link in give(current_user, minutes)]


def _unpublished(minutes: Minutes, slug: str) -> Any:
    meeting = minutes.meeting
    if slug != meeting.slug:
        return redirect(url_for(".show", meeting_id=meeting.id, slug=meeting.slug), 301)
    return render(
        "editions/draft.html",
        minutes=minutes,
        meeting=meeting,
        reading=Reading(content.of(minutes), _beside(minutes)),
        links=_links(minutes),
    )


def _beside(minutes: Minutes) -> Beside | None:
    """The first room that lets the viewer propose something about a paragraph."""
    given = (give(current_user, minutes) for give in registry.current().paragraph_links)
    return next((one for one in given if one is not None), None)
