"""Writes that decisions and actions have in common: begun in a section, published, followed, withdrawn, found.

Whoever writes holds the minutes: an adoption and a change of wording come one after the other.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock, search, text
from app.core.access import authorize
from app.core.errors import IllegalMove, Refused
from app.core.i18n import set_pair
from app.core.workflow import move
from app.forum.decisions import policy, queries
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.states import ActionStatus, DecisionStatus
from app.forum.decisions.wording import Wording
from app.forum.minutes.models import Minutes, Section

FIELDS = ("title_fr", "title_en", "organisation_id", "responsible_fr", "responsible_en", "deadline")


# -- the wording -----------------------------------------------------------------------------------------------------


def begun(model: Any, section: Section, **values: Any) -> Any:
    """A row of this section, without a number yet. Raises `Refused` once the French of its minutes is adopted."""
    ensure_open(section.minutes)
    meeting = section.minutes.meeting
    return model(
        minutes=section.minutes, section=section, body_id=meeting.body_id, decided_on=meeting.last_day,
        year=meeting.last_day.year, outdated={}, **values,
    )  # fmt: skip


def fill(row: Decision | Action, wording: Wording) -> None:
    row.organisation_id = wording.organisation_id
    row.deadline = row.agreed_deadline = wording.deadline
    set_pair(row, "title", *wording.title)
    set_pair(row, "responsible", *wording.responsible)


def fill_english(row: Decision | Action, title: str | None, responsible: str | None) -> None:
    set_pair(row, "title", row.title_fr, title)
    set_pair(row, "responsible", row.responsible_fr, responsible if row.responsible_fr else None)


def fold(row: Decision | Action, *texts: str) -> None:
    """Its number, its titles and these texts, for the search of the register."""
    row.folded = text.fold(" ".join(part for part in (row.number, row.title_fr, row.title_en, *texts) if part))


def ensure_open(minutes: Minutes) -> None:
    """Raises `Refused` when the French of the minutes may not change any more."""
    if minutes.is_held:
        raise Refused("title_fr", _("A written procedure runs on these minutes: stop it before you change them."))
    if minutes.is_public or not minutes.french_is_open:
        raise Refused("title_fr", _("These minutes are adopted: what they decide can no longer be changed."))


def ensure_later(deadline: date | None, meeting: date) -> None:
    """Raises `Refused` for a deadline before the meeting that gave it."""
    if deadline is not None and deadline < meeting:
        raise Refused("deadline", _("The deadline cannot be before the meeting."))


def ensure_whole(one: Decision | Action) -> None:
    """Raises `Refused` while the public reads another wording: the adopted one is changed, and nothing beside it."""
    if one.adopted is not None:
        raise Refused("title_fr", _("The public reads another wording: give the adopted one back first."))


def withdraw(actor: Any, one: Decision | Action) -> None:
    """Take it back while its minutes, which are held, are not adopted: its number stays taken. Raises `IllegalMove`."""
    authorize(policy.can_write(actor))
    if one.is_public or policy.is_sealed(one):
        raise IllegalMove("its minutes are adopted")
    move(one, type(one.status).WITHDRAWN, actor=actor)


# -- what becomes of it ----------------------------------------------------------------------------------------------


def ensure_past(field: str, day: date, one: Decision | Action) -> None:
    """Raises `Refused` for a day before the meeting or to come."""
    if not one.decided_on <= day <= clock.today():
        raise Refused(field, _("Give a day from that of the meeting to today."))


def settle(actor: Any, one: Decision | Action, status: DecisionStatus | ActionStatus, day: date) -> None:
    """Where it stands from now on; `day`: the one on which it was carried out, if it was."""
    done_on = day if status == "done" else None
    if status != one.status:
        move(one, status, actor=actor, **({"on": day.isoformat()} if done_on is not None else {}))
    one.done_on = done_on
    one.took = max(0, (day - one.decided_on).days) if done_on is not None else None


# -- with the minutes ------------------------------------------------------------------------------------------------


def publish(actor: Any, model: Any, minutes: Minutes) -> Iterator[Any]:
    """Each one that becomes public with its minutes."""
    for one in queries.of_minutes(model, minutes.id):
        if not one.is_public:
            one.published_at = clock.now()
            audit.record(actor, f"{model.__tablename__}.published", one)
            yield one


def titles(one: Decision | Action) -> tuple[str, str | None]:
    """With the number, for lists of other rooms."""
    english = f"{one.number}\u00a0– {one.title_en}" if one.title_en else None
    return f"{one.number}\u00a0– {one.title_fr}", english


def index(one: Decision | Action, body: tuple[str, str | None] = ("", None)) -> None:
    search.index(
        one.__tablename__,
        one.id,
        kind="decision",
        endpoint=one.screen("show"),
        arguments={"number": one.number},
        title=titles(one),
        body=body,
        happened_on=one.decided_on,
    )
