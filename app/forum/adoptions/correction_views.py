"""Corrections: whoever was there proposes one and follows it, the secretariat answers."""

from collections.abc import Callable
from typing import Any

import flask
from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import diff, i18n, once, paging, text, throttle
from app.core.access import access, signed_in
from app.core.errors import IllegalMove, NotAllowed, NotFound, Refused, undo
from app.core.hypermedia import go, render, say
from app.forum.adoptions import corrections, paragraphs, policy, queries
from app.forum.adoptions.forms import ACCEPT, AS_IS, DecideForm, ProposeForm
from app.forum.adoptions.models import Correction
from app.forum.adoptions.states import CorrectionStatus
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import MinutesStatus

HERE = "/<id:meeting_id>-<slug:slug>/minutes/corrections"
PROPOSED_PER_DAY = 200


def add_to(bp: Blueprint) -> None:
    """Give the room these addresses."""
    bp.add_url_rule(HERE, "corrections", index)
    bp.add_url_rule(f"{HERE}/new", "propose", propose, methods=["GET", "POST"])
    bp.add_url_rule(f"{HERE}/<id:correction_id>/answer", "decide", decide, methods=["GET", "POST"])
    bp.add_url_rule(f"{HERE}/<id:correction_id>/withdraw", "take_back", take_back, methods=["POST"])


def address(meeting: Meeting, section_id: int, lang: str, place: int) -> str:
    """Where a correction of one paragraph is proposed. `lang`: of the text; `place`: of the paragraph, from 1."""
    asked = {"section": str(section_id), "lang": lang, "paragraph": str(place)}
    return i18n.with_query(url_for("adoptions.propose", meeting_id=meeting.id, slug=meeting.slug), asked)


def beside(viewer: Any, minutes: Minutes) -> Callable[[str, str, int], str | None] | None:
    """For the page of the minutes: where a paragraph is corrected, for whoever may propose it."""
    if minutes.status != MinutesStatus.CIRCULATED:
        return None
    seat = queries.seat_there(viewer, minutes.meeting_id) if viewer.is_authenticated else None
    if not policy.can_propose(viewer, minutes, was_there=seat is not None):
        return None
    numbers = {one.key: one.id for one in minutes.sections}
    return lambda key, lang, place: address(minutes.meeting, numbers[key], lang, place)


@access(signed_in, quiet=True)
def index(meeting_id: int, slug: str) -> Response:
    minutes, seat = queries.corrected(meeting_id, current_user)
    page = queries.corrections(minutes, paging.asked())
    return render(
        "adoptions/corrections.html",
        minutes=minutes,
        meeting=minutes.meeting,
        page=page,
        counted=queries.counted(minutes),
        difference_of=lambda one: diff.lines(one.quoted, one.proposed),
        applied_of=lambda one: diff.lines(one.quoted, one.applied or ""),
        follows=policy.can_follow(current_user, minutes),
        may_propose=policy.can_propose(current_user, minutes, was_there=seat is not None),
        can_decide=policy.can_decide(current_user),
        is_circulated=minutes.status == MinutesStatus.CIRCULATED,
    )


@access(signed_in, quiet=True)
def propose(meeting_id: int, slug: str) -> Response:
    is_sent = flask.request.method == "POST"
    minutes, seat = queries.corrected(meeting_id, current_user, lock=is_sent)
    asked, in_time = flask.request.args, policy.can_propose(current_user, minutes, was_there=seat is not None)
    if not in_time and not (is_sent and seat is not None):
        raise NotAllowed
    if not is_sent and "paragraph" not in asked:
        return _choose(minutes, asked.get("lang", "fr"))
    wanted = corrections.target(minutes, _number("section"), _lang(asked.get("lang", "")), _number("paragraph"))
    form = ProposeForm(data={"quoted": text.tidy(wanted.block.source), "proposed": wanted.block.source})
    if is_sent and not in_time:
        form.close()
    elif form.validate_on_submit() and not form.is_stale(wanted.block.source):
        try:
            return _send(minutes, seat, wanted, form)
        except Refused as refusal:
            form.refuse(refusal)
            minutes, seat = queries.corrected(meeting_id, current_user)
            wanted = corrections.target(minutes, wanted.section.id, wanted.lang, wanted.place)
    return render(
        "adoptions/propose.html",
        minutes=minutes,
        meeting=minutes.meeting,
        wanted=wanted,
        shown=text.shown(wanted.block.html),
        form=form,
        action=address(minutes.meeting, wanted.section.id, wanted.lang, wanted.place),
        status=422 if form.errors else 200,
    )


def _choose(minutes: Minutes, lang: str) -> Response:
    """The whole text, each paragraph with the way to its form."""
    _lang(lang)
    sections = [
        (section, [text.shown(one.html) for one in paragraphs.of(section.text(lang))]) for section in minutes.sections
    ]
    return render(
        "adoptions/choose.html",
        minutes=minutes,
        meeting=minutes.meeting,
        sections=sections,
        written=lang,
        in_english=any(one.text("en") is not None for one in minutes.sections),
        address=address,
    )


def _number(name: str) -> int:
    value = flask.request.args.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise NotFound
    return int(value)


def _lang(lang: str) -> str:
    if lang not in i18n.LANGUAGES:
        raise NotFound
    return lang


def _send(minutes: Minutes, seat: Mandate | None, wanted: corrections.Target, form: ProposeForm) -> Response:
    who = str(current_user.id)
    throttle.check("minutes-correction", who, limit=PROPOSED_PER_DAY)
    content = [wanted.section.id, wanted.lang, wanted.place, form.proposed.data, form.reason.data]

    def file() -> str:
        values = {"proposed": form.proposed.data, "reason": form.reason.data}
        row = corrections.propose(current_user, minutes, seat, wanted, **values)
        throttle.count("minutes-correction", who, seconds=86400)
        say(_("Your correction is with the secretariat. You will read its answer here, and by e-mail."))
        return url_for(".corrections", meeting_id=minutes.meeting_id, slug=minutes.meeting.slug,
                       _anchor=f"correction-{row.id}")  # fmt: skip

    return once.answer(form.once.data, file, content=content)


@access(policy.can_decide, quiet=True)
def decide(meeting_id: int, slug: str, correction_id: int) -> Response:
    is_sent = flask.request.method == "POST"
    minutes, _seat = queries.corrected(meeting_id, current_user, lock=is_sent)
    correction = queries.correction(minutes, correction_id, lock=is_sent)
    if is_sent and correction.status != CorrectionStatus.PROPOSED:
        return _late(minutes, correction_id)
    form = DecideForm(data={"text": correction.proposed})
    if form.validate_on_submit():
        try:
            _decide(minutes, correction, form)
        except Refused as refusal:
            form.refuse(refusal)
            minutes, _seat = queries.corrected(meeting_id, current_user)
            return _deciding(minutes, queries.correction(minutes, correction_id), form, 422)
        except IllegalMove:
            return _late(minutes, correction_id)
        say(_("Your answer is sent to the person who proposed the correction."))
        return go(".corrections", meeting_id=meeting_id, slug=minutes.meeting.slug)
    return _deciding(minutes, correction, form, 422 if form.errors else 200)


def _decide(minutes: Minutes, correction: Correction, form: DecideForm) -> None:
    answer = form.answer.data or None
    if form.decision.data == ACCEPT:
        corrections.accept(current_user, minutes, correction, written=form.text.data, answer=answer)
    elif form.decision.data == AS_IS:
        corrections.accept_as_is(current_user, minutes, correction, answer=answer)
    else:
        corrections.refuse(current_user, minutes, correction, answer=answer)


def _deciding(minutes: Minutes, correction: Correction, form: DecideForm, status: int) -> Response:
    now = next((one for one in minutes.sections if one.id == correction.section_id), None)
    blocks = paragraphs.of(now.text(correction.lang)) if now is not None else []
    still = paragraphs.find(blocks, correction.quoted, correction.place)
    is_waiting = correction.status == CorrectionStatus.PROPOSED and minutes.status == MinutesStatus.CIRCULATED
    return render(
        "adoptions/decide.html",
        minutes=minutes,
        meeting=minutes.meeting,
        correction=correction,
        difference=diff.lines(correction.quoted, correction.proposed),
        is_waiting=is_waiting,
        is_found=still is not None,
        form=form,
        status=status,
    )


def _late(minutes: Minutes, correction_id: int) -> Response:
    """Somebody, or the same person twice, has answered: nothing more is written."""
    here: dict[str, Any] = {"meeting_id": minutes.meeting_id, "slug": minutes.meeting.slug}
    undo()
    say(_("This correction is answered, or was withdrawn, meanwhile: nothing more was recorded."), "warning")
    return go(".decide", correction_id=correction_id, **here)


@access(signed_in, quiet=True)
def take_back(meeting_id: int, slug: str, correction_id: int) -> Response:
    minutes, _seat = queries.corrected(meeting_id, current_user, lock=True)
    correction = queries.correction(minutes, correction_id, lock=True)
    if correction.user_id != current_user.id:
        raise NotFound
    if policy.can_withdraw(current_user, correction):
        corrections.withdraw(current_user, correction)
        say(_("Your correction is withdrawn; it stays in the list."))
    else:
        say(_("This correction is answered already: it can no longer be withdrawn."), "warning")
    return go(".corrections", meeting_id=meeting_id, slug=minutes.meeting.slug, _anchor=f"correction-{correction.id}")
