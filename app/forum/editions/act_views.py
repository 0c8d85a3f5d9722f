"""The acts of the secretariat on minutes: publish them, publish them again, keep something from the public."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import i18n, once
from app.core.access import access
from app.core.errors import NotFound, Refused, undo
from app.core.hypermedia import go, render, say
from app.forum.editions import changes, numbering, policy, queries, sealed, service
from app.forum.editions.forms import AgainForm, GiveBackForm, PublishForm, WithholdForm
from app.forum.editions.models import MinutesEdition
from app.forum.editions.service import Draft
from app.forum.editions.states import EditionKind
from app.forum.minutes import checks
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes import service as minutes_service
from app.forum.minutes.models import Minutes, Section, SectionText

HERE = "/<id:meeting_id>-<slug:slug>/minutes"
NOT_CONTENT = ("csrf_token", "once")


def add_to(bp: Blueprint) -> None:
    """Give the editions room these addresses."""
    both = ["GET", "POST"]
    bp.add_url_rule(f"{HERE}/publish", "publish", publish, methods=both)
    bp.add_url_rule(f"{HERE}/erratum", "publish_again", publish_again, methods=both)
    for lang in i18n.LANGUAGES:
        one, text = f"{HERE}/withhold/<id:section_id>/{lang}", {"text": lang}
        bp.add_url_rule(one, "withhold", withhold, methods=both, defaults=text)
        bp.add_url_rule(f"{one}/whole", "give_back", give_back, methods=["POST"], defaults=text)


def _here(minutes: Minutes) -> dict[str, Any]:
    return {"meeting_id": minutes.meeting_id, "slug": minutes.meeting.slug}


def _held(meeting_id: int) -> Minutes:
    """Of two who publish at once, the second waits here and finds what the first one did."""
    return minutes_queries.get(meeting_id, current_user, lock=request.method == "POST")


@access(policy.can_publish, fresh=True)
def publish(meeting_id: int, slug: str) -> Response:
    minutes, form = _held(meeting_id), PublishForm()
    if minutes.is_public:
        say(_("These minutes are published."), "warning")
        return go(".show", **_here(minutes))
    return _act(minutes, form, "editions/publish.html", lambda: _publish(minutes, form))


def _publish(minutes: Minutes, form: PublishForm) -> MinutesEdition:
    return service.publish(current_user, minutes, form.chosen)


@access(policy.can_publish, fresh=True)
def publish_again(meeting_id: int, slug: str) -> Response:
    minutes, form = _held(meeting_id), AgainForm()
    if not minutes.is_public:
        return go(".publish", **_here(minutes))
    return _act(minutes, form, "editions/erratum.html", lambda: _publish_again(minutes, form))


def _publish_again(minutes: Minutes, form: AgainForm) -> MinutesEdition:
    return service.publish_again(current_user, minutes, form.chosen, reason=form.reason)


def _act(minutes: Minutes, form: Any, template: str, do: Callable[[], MinutesEdition]) -> Response:
    """One page, one button: what would be public, what stands in the way; the same submission twice is one edition."""
    if form.validate_on_submit():
        answer = _once(minutes, form, do)
        if answer is not None:
            return answer
        minutes = minutes_queries.get(minutes.meeting_id, current_user)
    elif request.method == "GET":
        form.english_due.data = minutes.english_due
    return _review(minutes, form, template)


def _once(minutes: Minutes, form: Any, do: Callable[[], MinutesEdition]) -> Response | None:
    """None with the refusal in the form."""
    here = _here(minutes)

    def act() -> str:
        made = do()
        say(_("Edition %(number)d is public, sealed with its digest.", number=made.number))
        return url_for(".show", **here)

    content = [request.path, *(field.data for field in form if field.name not in NOT_CONTENT)]
    try:
        return once.answer(form.once.data, act, content=content)
    except service.Changed:
        undo()
        form.form_errors.append(_("The text changed since you read this page. Read it again, then publish."))
        form.is_stale = True
    except Refused as refusal:
        form.refuse(refusal)
    return None


def _review(minutes: Minutes, form: Any, template: str) -> Response:
    found = service.draft(minutes)
    form.seen.data = found.seen
    status = 409 if form.is_stale else 422 if form.errors else 200
    former = found.former
    _require(form, found, minutes)
    return render(
        template,
        minutes=minutes,
        meeting=minutes.meeting,
        form=form,
        draft=found,
        last=former,
        changes=_changes(found, former, minutes) if former is not None else {},
        reworded=[one for section in found.public["sections"] for one in section["set_apart"] if one.get("ground")],
        settles=[one for one in found.obstacles if one.field == "seen"],
        may_name=bool(found.names) and checks.may_name(minutes),
        sections=minutes.sections,
        status=status,
    )


def _require(form: Any, found: Draft, minutes: Minutes) -> None:
    """What this text asks for says nothing of « optional »."""
    form.english_due.flags.required = not sealed.english_is_complete(found.public)
    form.names_ground.flags.required = bool(found.names)
    if minutes.is_public:
        form.reason_fr.flags.required = found.kind != EditionKind.TRANSLATION


def _changes(found: Draft, former: MinutesEdition, minutes: Minutes) -> dict[str, list[changes.Change]]:
    """What readers would see change, with the numbers that its paragraphs would have."""
    highest = max(queries.paragraphs(minutes.id), default=0)
    return changes.between(former.content, numbering.numbered(found.public, former.content, highest)[0])


# -- what the public reads instead -----------------------------------------------------------------------------------


@access(policy.can_publish, quiet=True)
def withhold(meeting_id: int, slug: str, section_id: int, text: str) -> Response:
    minutes, form = _held(meeting_id), WithholdForm()
    section, found = _text(minutes, section_id, text)
    stored = {
        "source": found.public_source if found.public_source is not None else found.source,
        "ground": found.ground,
    }
    if request.method == "GET":
        form.source.data, form.ground.data, form.version.data = stored["source"], stored["ground"], str(found.version)
    elif form.validate_on_submit() and not form.is_stale(found, stored):
        try:
            minutes_service.withhold(current_user, section, text, form.source.data, form.ground.data)
            say(_("The public will read this text once you publish: until then nothing changes for readers."))
            return _to_publication(minutes)
        except Refused as refusal:
            form.refuse(refusal)
            minutes = minutes_queries.get(meeting_id, current_user)
            section, found = _text(minutes, section_id, text)
    status = 409 if getattr(form, "theirs", None) else 422 if form.errors else 200
    return render(
        "editions/withhold.html", minutes=minutes, meeting=minutes.meeting, section=section, text=found, form=form,
        status=status,
    )  # fmt: skip


def _text(minutes: Minutes, section_id: int, lang: str) -> tuple[Section, SectionText]:
    """Raises `NotFound` when nothing is written that could be kept back."""
    section = minutes_queries.section(minutes, section_id)
    found = section.text(lang)
    if found is None or not found.source:
        raise NotFound
    return section, found


def _to_publication(minutes: Minutes) -> Response:
    return go(".publish_again" if minutes.is_public else ".publish", **_here(minutes))


@access(policy.can_publish, quiet=True)
def give_back(meeting_id: int, slug: str, section_id: int, text: str) -> Response:
    minutes, form = _held(meeting_id), GiveBackForm()
    section, found = _text(minutes, section_id, text)
    if not form.validate_on_submit() or form.version.data != str(found.version):
        say(_("This text was changed since you read it: nothing was recorded. Read it again."), "warning")
        return go(".withhold", **_here(minutes), section_id=section_id, text=text)
    minutes_service.withhold(current_user, section, text, None, None)
    say(_("The public will read the whole text once it is published."))
    return _to_publication(minutes)
