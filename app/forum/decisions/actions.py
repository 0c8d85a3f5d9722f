"""Writes of actions: cut out of the minutes, changed until these are adopted, followed, published with them."""

from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db
from app.core.i18n import set_pair
from app.core.workflow import can_move
from app.forum.decisions import cut_outs, numbering, policy
from app.forum.decisions.models import Action
from app.forum.decisions.states import ActionStatus
from app.forum.decisions.wording import ActionFollowUp, ActionWording
from app.forum.minutes.models import Minutes, Section

audit.declare("action.cut_out", "number")
audit.declare("action.changed", "fields")
audit.declare("action.translated")
audit.declare("action.published")
audit.declare("action.withdrawn")
audit.declare("action.open")
audit.declare("action.done", "on")
audit.declare("action.dropped")
audit.declare("action.noted")

withdraw, index = cut_outs.withdraw, cut_outs.index


def cut_out(actor: Any, section: Section, wording: ActionWording) -> Action:
    """An action of this section, whose minutes are held. Raises `Refused` once their French is adopted."""
    authorize(policy.can_write(actor))
    row: Action = cut_outs.begun(Action, section)
    cut_outs.ensure_later(wording.deadline, row.decided_on)
    numbering.give(row, numbering.ACTIONS)
    _fill(row, wording)
    db.session.add(row)
    audit.record(actor, "action.cut_out", row, number=row.number)
    return row


def change(actor: Any, action: Action, wording: ActionWording) -> None:
    """Write it anew while its minutes, which are held, are not adopted. Raises `Refused`."""
    authorize(policy.can_write(actor))
    if action.status == ActionStatus.WITHDRAWN:
        raise Refused("title_fr", _("This action was taken back: cut a new one out of the minutes."))
    cut_outs.ensure_open(action.minutes)
    cut_outs.ensure_whole(action)
    cut_outs.ensure_later(wording.deadline, action.decided_on)
    before = {name: getattr(action, name) for name in cut_outs.FIELDS}
    _fill(action, wording)
    changed = [name for name in cut_outs.FIELDS if getattr(action, name) != before[name]]
    if changed:
        audit.record(actor, "action.changed", action, fields=sorted(changed))


def _fill(row: Action, wording: ActionWording) -> None:
    cut_outs.fill(row, wording)
    cut_outs.fold(row)


def translate(
    actor: Any, action: Action, title_en: str | None, note_en: str | None, responsible_en: str | None = None
) -> None:
    """The English of an action whose French is sealed, and of the word on what became of it."""
    authorize(policy.can_write(actor))
    cut_outs.fill_english(action, title_en, responsible_en)
    cut_outs.fold(action)
    set_pair(action, "note", action.note_fr, note_en if action.note_fr else None)
    audit.record(actor, "action.translated", action)
    if action.is_public:
        index(action)


def follow(actor: Any, action: Action, said: ActionFollowUp) -> None:
    """Say what became of it; `action` is held. Raises `Refused` for a day before the meeting or to come."""
    authorize(policy.can_write(actor))
    _check(action, said)
    cut_outs.settle(actor, action, said.status, said.done_on or clock.today())
    action.deadline = said.deadline
    set_pair(action, "note", *said.note)
    audit.record(actor, "action.noted", action)


def _check(action: Action, said: ActionFollowUp) -> None:
    if said.status != action.status and (
        said.status == ActionStatus.WITHDRAWN or not can_move(action, said.status)
    ):  # fmt: skip
        raise Refused("status", _("This action cannot take this status now."))
    if action.status == ActionStatus.WITHDRAWN:
        raise Refused("status", _("This action was taken back: it is not followed any more."))
    if said.done_on is not None:
        cut_outs.ensure_past("done_on", said.done_on, action)
    cut_outs.ensure_later(said.deadline, action.decided_on)


def published(actor: Any, minutes: Minutes) -> None:
    """Its minutes are public, or public anew."""
    for action in cut_outs.publish(actor, Action, minutes):
        index(action)
