"""Writes of actions: cut out of the minutes, changed until these are adopted, followed, published with them."""

from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock, search, text
from app.core.access import authorize
from app.core.errors import IllegalMove, Refused
from app.core.extensions import db
from app.core.i18n import set_pair
from app.core.workflow import can_move, move
from app.forum.decisions import numbering, policy, queries, service
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

FIELDS = ("title_fr", "title_en", "organisation_id", "responsible_fr", "responsible_en", "deadline")


def cut_out(actor: Any, section: Section, wording: ActionWording) -> Action:
    """An action of this section, whose minutes are held. Raises `Refused` once their French is adopted."""
    authorize(policy.can_write(actor))
    service.ensure_open(section.minutes)
    meeting = section.minutes.meeting
    service.ensure_later(wording.deadline, meeting.last_day)
    year = meeting.last_day.year
    place = numbering.take(numbering.ACTIONS, year)
    row = Action(
        number=numbering.written(numbering.ACTIONS, year, place), year=year, sequence=place, minutes=section.minutes,
        section=section, body_id=meeting.body_id, decided_on=meeting.last_day, outdated={},
    )  # fmt: skip
    _fill(row, wording)
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "action.cut_out", row, number=row.number)
    return row


def change(actor: Any, action: Action, wording: ActionWording) -> None:
    """Write it anew while its minutes, which are held, are not adopted. Raises `Refused`."""
    authorize(policy.can_write(actor))
    if action.status == ActionStatus.WITHDRAWN:
        raise Refused("title_fr", _("This action was taken back: cut a new one out of the minutes."))
    service.ensure_open(action.minutes)
    service.ensure_whole(action)
    service.ensure_later(wording.deadline, action.decided_on)
    before = {name: getattr(action, name) for name in FIELDS}
    _fill(action, wording)
    changed = [name for name in FIELDS if getattr(action, name) != before[name]]
    if changed:
        audit.record(actor, "action.changed", action, fields=sorted(changed))


def _fill(row: Action, wording: ActionWording) -> None:
    row.organisation_id = wording.organisation_id
    row.deadline = row.agreed_deadline = wording.deadline
    set_pair(row, "responsible", *wording.responsible)
    _entitle(row, wording.title[0], wording.title[1])


def _entitle(row: Action, fr: str, en: str | None) -> None:
    set_pair(row, "title", fr, en)
    fold(row)


def fold(row: Action) -> None:
    """Its words, for the search of the register."""
    row.folded = text.fold(" ".join(part for part in (row.number, row.title_fr, row.title_en) if part))


def translate(
    actor: Any, action: Action, title_en: str | None, note_en: str | None, responsible_en: str | None = None
) -> None:
    """The English of an action whose French is sealed, and of the word on what became of it."""
    authorize(policy.can_write(actor))
    _entitle(action, action.title_fr, title_en)
    set_pair(action, "responsible", action.responsible_fr, responsible_en if action.responsible_fr else None)
    set_pair(action, "note", action.note_fr, note_en if action.note_fr else None)
    audit.record(actor, "action.translated", action)
    if action.is_public:
        index(action)


def withdraw(actor: Any, action: Action) -> None:
    """Take it back while its minutes, which are held, are not adopted: its number stays taken. Raises `IllegalMove`."""
    authorize(policy.can_write(actor))
    if action.is_public or policy.is_sealed(action):
        raise IllegalMove("its minutes are adopted")
    move(action, ActionStatus.WITHDRAWN, actor=actor)


def follow(actor: Any, action: Action, said: ActionFollowUp) -> None:
    """Say what became of it; `action` is held. Raises `Refused` for a day before the meeting or to come."""
    authorize(policy.can_write(actor))
    _check(action, said)
    if said.status != action.status:
        details = {"on": (said.done_on or clock.today()).isoformat()} if said.status == ActionStatus.DONE else {}
        move(action, said.status, actor=actor, **details)
    is_done = said.status == ActionStatus.DONE
    action.done_on = said.done_on or clock.today() if is_done else None
    action.took = service.days_since(action, action.done_on) if action.done_on is not None else None
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
    if said.done_on is not None and not action.decided_on <= said.done_on <= clock.today():
        raise Refused("done_on", _("Give a day from that of the meeting to today."))
    service.ensure_later(said.deadline, action.decided_on)


def published(actor: Any, minutes: Minutes) -> None:
    """Its minutes are public, or public anew."""
    for action in queries.of_minutes(Action, minutes.id):
        if not action.is_public:
            action.published_at = clock.now()
            audit.record(actor, "action.published", action)
            index(action)


def index(action: Action) -> None:
    search.index(
        "action",
        action.id,
        kind="decision",
        endpoint="decisions.show_action",
        arguments={"number": action.number},
        title=service.titles(action),
        body=("", None),
        happened_on=action.decided_on,
    )
