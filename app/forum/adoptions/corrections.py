"""Writes of corrections: proposed by whoever was there, taken back, accepted into the text, refused with a reason.

Whoever writes holds the minutes, then the correction: no correction is filed or answered beside an adoption.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock, text
from app.core.access import authorize
from app.core.errors import IllegalMove, NotFound, Refused
from app.core.extensions import db
from app.core.workflow import can_move, move
from app.forum.adoptions import outgoing, paragraphs, policy, queries
from app.forum.adoptions.models import Correction
from app.forum.adoptions.states import CorrectionStatus
from app.forum.members.models import Mandate
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes import service as minutes_service
from app.forum.minutes.models import Minutes, Section, SectionText
from app.forum.minutes.states import MinutesStatus, TrackState

audit.declare("minutes_correction.proposed", "section", "lang", "place")
audit.declare("minutes_correction.accepted", "replaced")
audit.declare("minutes_correction.refused")
audit.declare("minutes_correction.withdrawn")


@dataclass(frozen=True)
class Target:
    """One paragraph of a section: its `place`, from 1, and how it reads now."""

    section: Section
    lang: str
    place: int
    block: paragraphs.Block


def target(minutes: Minutes, section_id: int, lang: str, place: int) -> Target:
    """Raises `NotFound` when there is no such section or paragraph."""
    section = minutes_queries.section(minutes, section_id)
    blocks = paragraphs.of(section.text(lang))
    if not 1 <= place <= len(blocks):
        raise NotFound
    return Target(section, lang, place, blocks[place - 1])


def propose(
    actor: Any, minutes: Minutes, seat: Mandate | None, wanted: Target, *, proposed: str, reason: str
) -> Correction:
    """In the name of the seat in which the actor was there; `minutes` is held. Raises `Refused` if nothing changes.

    `proposed`: Markdown; empty: the paragraph should go.
    """
    authorize(policy.can_propose(actor, minutes, was_there=seat is not None))
    assert seat is not None
    if proposed == text.tidy(wanted.block.source):
        raise Refused("proposed", _("Change something in this paragraph: it is as it was."))
    row = Correction(
        minutes_id=minutes.id, section_id=wanted.section.id, user_id=actor.id, mandate_id=seat.id, lang=wanted.lang,
        place=wanted.place, quoted=wanted.block.source, proposed=proposed, reason=reason,
    )  # fmt: skip
    db.session.add(row)
    details = {"section": wanted.section.id, "lang": wanted.lang, "place": wanted.place}
    audit.record(actor, "minutes_correction.proposed", row, **details)
    return row


def withdraw(actor: Any, correction: Correction) -> None:
    """Whoever proposed it takes it back while it waits; it stays in the list."""
    authorize(policy.can_withdraw(actor, correction))
    move(correction, CorrectionStatus.WITHDRAWN, actor=actor)
    correction.answered_at = clock.now()


def accept(actor: Any, minutes: Minutes, correction: Correction, *, written: str, answer: str | None) -> None:
    """Write the text in place of the paragraph; both are held.

    Raises `Refused` when the paragraph cannot be found any more, the section would be empty or too long, or the French
    may not change; `IllegalMove` when somebody has answered.
    """
    authorize(policy.can_decide(actor))
    _ensure_waits(minutes, correction, CorrectionStatus.ACCEPTED)
    found = queries.held_text(correction.section_id, correction.lang)
    source = paragraphs.replaced(found.source, correction.quoted, correction.place, written) if found else None
    if found is None or source is None:
        raise Refused("text", _("This paragraph is no longer in the text as it was quoted: change the section itself."))
    if not source.strip():
        raise Refused("text", _("Nothing would be left of this section: write what should stand there."))
    if len(source) > text.MAX_SOURCE:
        raise Refused("text", _("The section would be too long: shorten this text."))
    _write(actor, minutes_queries.section(minutes, correction.section_id), found, source)
    move(correction, CorrectionStatus.ACCEPTED, actor=actor, replaced=True)
    correction.applied = written
    _answered(actor, correction, answer)


def _write(actor: Any, section: Section, found: SectionText, source: str) -> None:
    """A correction is no translation: English that was older than the French stays so. Nor does it end what the actor
    was writing in the editor, who is told of the new text when they save."""
    lang, former, draft = found.lang, found.translated_from, minutes_queries.draft(section.id, found.lang, actor.id)
    kept = (draft.source, draft.base) if draft is not None else None
    is_outdated = section.state(lang) == TrackState.OUTDATED
    try:
        minutes_service.write(actor, section, lang, source, base=found.version, is_reviewed=found.is_reviewed)
    except minutes_service.Stale as stale:  # cannot be: its row is held
        raise IllegalMove("minutes_text: changed meanwhile") from stale
    if is_outdated:
        found.translated_from = former
    if kept is not None:
        minutes_service.keep_draft(actor, section, lang, *kept)


def accept_as_is(actor: Any, minutes: Minutes, correction: Correction, *, answer: str | None) -> None:
    """The secretariat has changed the text itself, elsewhere or otherwise; both are held.

    The paragraph that is most like it now is kept as what was written in the end. Raises `Refused` when the paragraph
    still reads as it was quoted, and as `accept`.
    """
    authorize(policy.can_decide(actor))
    _ensure_waits(minutes, correction, CorrectionStatus.ACCEPTED)
    found = queries.held_text(correction.section_id, correction.lang)
    blocks = paragraphs.of(found)
    if paragraphs.find(blocks, correction.quoted, correction.place) is not None:
        raise Refused("decision", _("The paragraph still reads as it was quoted: change the section first."))
    move(correction, CorrectionStatus.ACCEPTED, actor=actor, replaced=False)
    near = get_close_matches(correction.quoted, [one.source for one in blocks], n=1, cutoff=0.5)
    correction.applied = near[0] if near else None
    _answered(actor, correction, answer)


def refuse(actor: Any, minutes: Minutes, correction: Correction, *, answer: str | None) -> None:
    """Raises `Refused` without a reason, `IllegalMove` when somebody has answered; both are held."""
    authorize(policy.can_decide(actor))
    _ensure_waits(minutes, correction, CorrectionStatus.REFUSED)
    if not answer:
        raise Refused("answer", _("Give the reason: whoever proposed it reads it."))
    move(correction, CorrectionStatus.REFUSED, actor=actor)
    _answered(actor, correction, answer)


def _ensure_waits(minutes: Minutes, correction: Correction, to: CorrectionStatus) -> None:
    if not can_move(correction, to):
        raise IllegalMove("minutes_correction: answered already")
    if minutes.status != MinutesStatus.CIRCULATED:
        raise Refused("decision", _("These minutes are not circulated now: corrections are answered while they are."))


def _answered(actor: Any, correction: Correction, answer: str | None) -> None:
    correction.answer, correction.answered_at, correction.answered_by_id = answer, clock.now(), actor.id
    db.session.flush()
    outgoing.answered(correction)
