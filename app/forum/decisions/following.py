"""What becomes of a decision: dated public words, another status, another deadline with its reason."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock, text
from app.core.access import authorize
from app.core.errors import Refused
from app.core.i18n import set_pair
from app.core.workflow import can_move
from app.forum.decisions import cut_outs, policy
from app.forum.decisions.models import Decision, DecisionUpdate
from app.forum.decisions.states import FOLLOWED, DecisionStatus
from app.forum.decisions.wording import FollowUp, Pair

audit.declare("decision.in_progress")
audit.declare("decision.done", "on")
audit.declare("decision.dropped")
audit.declare("decision_update.added", "decision")
audit.declare("decision_update.translated", "decision")
audit.declare("decision.deadline_moved", "former", "day")


def follow(actor: Any, decision: Decision, said: FollowUp) -> DecisionUpdate:
    """Add a word to its history; `decision` is held. The day is from the meeting to today.

    Raises `Refused` for another day, a status that it cannot take, or once it no longer stands.
    """
    authorize(policy.can_write(actor))
    _check(decision, said)
    row = DecisionUpdate(
        day=said.day, user_id=actor.id, at=clock.now(), status=said.status, outdated={},
        moves_deadline=said.deadline != decision.deadline, deadline_before=decision.deadline,
        deadline_after=said.deadline,
    )  # fmt: skip
    _write(row, said.text)
    decision.updates.append(row)
    audit.record(actor, "decision_update.added", row, decision=decision.id)
    if row.moves_deadline:
        _move_deadline(actor, decision, said.deadline)
    if said.status is not None:
        cut_outs.settle(actor, decision, said.status, said.day)
    decision.updated_at = clock.now()
    return row


def _check(decision: Decision, said: FollowUp) -> None:
    if decision.status in (DecisionStatus.REPLACED, DecisionStatus.WITHDRAWN):
        raise Refused("text_fr", _("This decision no longer stands: it is not followed any more."))
    cut_outs.ensure_past("day", said.day, decision)
    cut_outs.ensure_later(said.deadline, decision.decided_on)
    if said.status is not None and not (said.status in FOLLOWED and can_move(decision, said.status)):
        raise Refused("status", _("This decision cannot take this status now."))


def _write(row: DecisionUpdate, pair: Pair) -> None:
    set_pair(row, "text", *pair)
    row.text_html_fr, row.text_html_en = text.to_html(row.text_fr, "fr"), text.to_html(row.text_en)


def _move_deadline(actor: Any, decision: Decision, day: date | None) -> None:
    former = decision.deadline
    decision.deadline = day
    audit.record(actor, "decision.deadline_moved", decision, former=former and former.isoformat(),
                 day=day and day.isoformat())  # fmt: skip


def translate(actor: Any, update: DecisionUpdate, text_en: str | None) -> None:
    """The English of a word that was added."""
    authorize(policy.can_write(actor))
    _write(update, (update.text_fr, text_en))
    audit.record(actor, "decision_update.translated", update, decision=update.decision_id)
