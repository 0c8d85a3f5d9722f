"""Writes of decisions: cut out of the minutes, changed until these are adopted, withdrawn, published with them."""

from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock, text
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db
from app.core.i18n import set_pair
from app.core.workflow import can_move, move
from app.forum.decisions import cut_outs, numbering, policy, queries
from app.forum.decisions.models import Decision, DecisionSubject
from app.forum.decisions.states import DecisionBasis, DecisionStatus
from app.forum.decisions.wording import DecisionWording
from app.forum.documents import service as documents
from app.forum.documents.states import DocumentKind
from app.forum.minutes import votes
from app.forum.minutes.models import Minutes, Section

audit.declare("decision.cut_out", "number")
audit.declare("decision.changed", "fields")
audit.declare("decision.translated")
audit.declare("decision.published")
audit.declare("decision.withdrawn")
audit.declare("decision.replaced", "newer")

FIELDS = (*cut_outs.FIELDS, "kind", "text_fr", "text_en", "basis", "vote_id", "person_id", "amends_id", "replaces_id")
withdraw = cut_outs.withdraw


def cut_out(actor: Any, section: Section, wording: DecisionWording) -> Decision:
    """A decision of this section, under the next number of the year of the meeting; its minutes are held.

    Raises `Refused` once the French of the minutes is adopted, and for what `_check` says.
    """
    authorize(policy.can_write(actor))
    row: Decision = cut_outs.begun(Decision, section, updates=[], concerns=[])
    _check(row, section, wording)
    numbering.give(row, numbering.DECISIONS)
    _fill(row, wording)
    db.session.add(row)
    audit.record(actor, "decision.cut_out", row, number=row.number)
    return row


def change(actor: Any, decision: Decision, wording: DecisionWording) -> None:
    """Write it anew while its minutes, which are held, are not adopted. Raises `Refused`."""
    authorize(policy.can_write(actor))
    if decision.status == DecisionStatus.WITHDRAWN or decision.section is None:
        raise Refused("title_fr", _("This decision was taken back: cut a new one out of the minutes."))
    cut_outs.ensure_open(decision.minutes)
    _check(decision, decision.section, wording)
    before = {name: getattr(decision, name) for name in FIELDS}
    concerned = {(one.subject_type, one.subject_id) for one in decision.concerns}
    _fill(decision, wording)
    changed = [name for name in FIELDS if getattr(decision, name) != before[name]]
    if concerned != set(wording.concerns):
        changed.append("concerns")
    if changed:
        decision.updated_at = clock.now()
        audit.record(actor, "decision.changed", decision, fields=sorted(changed))


def _check(decision: Decision, section: Section, wording: DecisionWording) -> None:
    """Raises `Refused`: an item without quorum, a vote of another section or that did not adopt, another decision that
    cannot be changed."""
    cut_outs.ensure_whole(decision)
    cut_outs.ensure_later(wording.deadline, decision.decided_on)
    room = votes.room_of(section)
    if room is not None and not room.reached:
        raise Refused("basis", _("The quorum was not reached for this item: nothing could be decided."))
    if wording.basis == DecisionBasis.VOTE:
        vote = queries.vote_of(section.id, wording.vote_id or 0)
        if vote is None:
            raise Refused("vote", _("Choose the vote of this section by which it was decided."))
        if not vote.outcome.is_adopted:
            raise Refused("vote", _("This vote did not adopt: nothing was decided by it."))
    for name, number in (("amends", wording.amends_id), ("replaces", wording.replaces_id)):
        other = db.session.get(Decision, number) if number is not None else None
        if other is not None:
            _check_former(name, decision, other)


def _check_former(name: str, decision: Decision, other: Decision) -> None:
    if decision.id is not None and other.id == decision.id:
        raise Refused(name, _("A decision does not change itself: give the number of another one."))
    if other.decided_on > decision.decided_on:
        raise Refused(
            name, _("The decision %(number)s was taken later: it cannot be changed here.", number=other.number)
        )
    if other.status in (DecisionStatus.REPLACED, DecisionStatus.WITHDRAWN):
        raise Refused(name, _("The decision %(number)s no longer stands.", number=other.number))


def _fill(row: Decision, wording: DecisionWording) -> None:
    cut_outs.fill(row, wording)
    by_vote = wording.basis == DecisionBasis.VOTE
    row.kind, row.basis, row.vote_id = wording.kind, wording.basis, wording.vote_id if by_vote else None
    row.person_id, row.amends_id, row.replaces_id = wording.person_id, wording.amends_id, wording.replaces_id
    _set_text(row, *wording.text)
    kept = {(one.subject_type, one.subject_id): one for one in row.concerns}
    row.concerns = [kept.get(one) or DecisionSubject(subject_type=one[0], subject_id=one[1])
                    for one in dict.fromkeys(wording.concerns)]  # fmt: skip


def _set_text(row: Decision, fr: str, en: str | None) -> None:
    set_pair(row, "text", fr, en)
    row.text_html_fr, row.text_html_en = text.to_html(fr, "fr"), text.to_html(en)
    cut_outs.fold(row, text.plain(row.text_html_fr), text.plain(row.text_html_en))


def translate(
    actor: Any, decision: Decision, title_en: str | None, text_en: str | None, responsible_en: str | None = None
) -> None:
    """The English of a decision whose French is sealed. Raises `Refused` for one that was withdrawn."""
    authorize(policy.can_write(actor))
    if decision.status == DecisionStatus.WITHDRAWN:
        raise Refused("title_en", _("This decision was taken back: cut a new one out of the minutes."))
    cut_outs.fill_english(decision, title_en, responsible_en)
    _set_text(decision, decision.text_fr, text_en)
    audit.record(actor, "decision.translated", decision)
    if decision.is_public:
        enter(decision)


# -- with the minutes ------------------------------------------------------------------------------------------------


def published(actor: Any, minutes: Minutes) -> None:
    """Its minutes are public, or public anew: so is what they decided, which may replace what stood before."""
    for decision in cut_outs.publish(actor, Decision, minutes):
        _replace_former(actor, decision)
        enter(decision)


def _replace_former(actor: Any, decision: Decision) -> None:
    former = decision.replaces
    if former is not None and can_move(former, DecisionStatus.REPLACED):
        move(former, DecisionStatus.REPLACED, actor=actor, newer=decision.id)


def enter(decision: Decision) -> None:
    """In the repository of documents and in the search index."""
    documents.publish(
        DocumentKind.DECISION,
        decision,
        endpoint="decisions.show",
        arguments={"number": decision.number},
        title=cut_outs.titles(decision),
        at=decision.published_at or clock.now(),
        body_id=decision.body_id,
    )
    index(decision)


def index(decision: Decision) -> None:
    cut_outs.index(decision, (text.plain(decision.text_html_fr), text.plain(decision.text_html_en) or None))
