"""What of the meetings waits for English: the meetings themselves, venues, slots and people's functions."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import joinedload, undefer_group

from app.core import translation
from app.core.access import authorize
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.registry import Translations, Untranslated
from app.forum.agendas import change, policy, working
from app.forum.agendas.models import WorkingCopy, WorkingPart
from app.forum.agendas.states import PartKind
from app.forum.meetings.models import AgendaDay, AgendaPerson, Meeting, Slot, Venue

NAMES: dict[Any, tuple[str, ...]] = {
    Meeting: ("title", "theme", "date_label", "place", "introduction"),
    Venue: ("room", "building", "access"),
    Slot: ("title", "description"),
    AgendaPerson: ("function", "scope"),
}
LISTS: dict[Any, tuple[str, ...]] = {Meeting: ("organisers",), Slot: ("questions",)}
KINDS = {Meeting: PartKind.HEAD, Venue: PartKind.VENUE, Slot: PartKind.SLOT}


def _waits(model: Any) -> Any:
    """A question or an organiser without English is found by its text in the list's JSON."""
    lists = [cast(getattr(model, name), Text).like('%"en": null%') for name in LISTS.get(model, ())]
    return or_(translation.waits(model, *NAMES[model]), *lists)


def _statement(model: Any) -> Any:
    """(row, its meeting, the key of its part), the next meetings first; those that are over come before."""
    days = select(AgendaDay.meeting_id).where(AgendaDay.id == Slot.day_id).scalar_subquery()
    owner = {Meeting: Meeting.id, Slot: days}.get(model, getattr(model, "meeting_id", None))
    statement = select(model, Meeting).where(_waits(model))
    if model is Meeting:
        statement = select(model).where(_waits(model)).options(undefer_group("introduction"))
    else:
        statement = statement.join(Meeting, Meeting.id == owner)
    if model is Slot:
        statement = statement.options(joinedload(Slot.day))
    return statement.order_by(Meeting.first_day, Meeting.id, model.id)


def _pending(model: Any, limit: int) -> Iterator[Untranslated]:
    rows = db.session.execute(_statement(model).limit(limit)).all()
    keys = _slot_keys(rows) if model is AgendaPerson else {}
    for found in rows:
        row, meeting = (found[0], found[0]) if model is Meeting else found
        for field, fr, en, before in translation.pairs(row, *NAMES[model], lists=LISTS.get(model, ())):
            yield Untranslated(
                subject_id=row.id,
                field=field,
                label=_label(row, field, keys),
                where=meeting.title.text,
                fr=fr,
                en=en,
                before=before,
                url=url_for("agendas.overview", meeting_id=meeting.id, open=_open(row, field, keys)),
                day=meeting.first_day,
            )


def _slot_keys(rows: Iterable[Any]) -> dict[int, str]:
    ids = {row[0].slot_id for row in rows if row[0].slot_id}
    rows_of_keys = db.session.execute(select(Slot.id, Slot.key).where(Slot.id.in_(ids)).order_by(Slot.id))
    return {slot_id: key for slot_id, key in rows_of_keys}  # noqa: C416 -- rows are not pairs to mypy


def _label(row: Any, field: str, keys: dict[int, str]) -> str:
    name = field.partition(".")[0]
    if isinstance(row, AgendaPerson):
        return _("Function of %(name)s", name=row.name)
    named = str(change.NAMES[name])
    return f"{named} – {row.title_fr}" if isinstance(row, Slot) and name != "title" else named


def _open(row: Any, field: str, keys: dict[int, str]) -> str:
    """The part and the field to go to, as the overview's address says them."""
    name, dot, place = field.partition(".")
    anchor = f"{name}-{place}-en" if dot else f"{name}_en"
    if isinstance(row, AgendaPerson):
        return f"slot:{keys[row.slot_id]}:people" if row.slot_id in keys else f"head::chair_{name}_en"
    key = "" if isinstance(row, Meeting) else row.key
    return f"{KINDS[type(row)].value}:{key}:{anchor}"


def _confirm(model: Any, actor: Any, subject_id: int, field: str, seen: str) -> None:
    row = db.session.get(model, subject_id)
    if row is None:
        raise NotFound
    authorize(policy.can_edit(actor))
    translation.confirm(row, field, seen)
    part = db.session.scalar(_part(row)) if model in KINDS else None
    if part is not None and field in part.outdated:
        part.outdated = _still_older(part, field, getattr(row, f"{field}_fr"))


def _still_older(part: WorkingPart, field: str, confirmed: str) -> dict[str, Any]:
    """The English is right for the French that is stored: a French written since in the copy is younger than it."""
    others = {name: source for name, source in part.outdated.items() if name != field}
    return others if working.unit(part.data, f"{field}.fr") == confirmed else {**others, field: confirmed}


def _part(row: Any) -> Any:
    """The same text in the working copy of the meeting, when there is one."""
    meeting_id = row.id if isinstance(row, Meeting) else row.day.meeting_id if isinstance(row, Slot) else row.meeting_id
    key = "" if isinstance(row, Meeting) else row.key
    return (
        select(WorkingPart)
        .join(WorkingCopy, WorkingPart.copy_id == WorkingCopy.id)
        .where(WorkingCopy.meeting_id == meeting_id, WorkingPart.kind == KINDS[type(row)], WorkingPart.key == key)
    )


def of(model: Any) -> Translations:
    return Translations(
        lambda limit: _pending(model, limit),
        lambda actor, subject_id, field, seen: _confirm(model, actor, subject_id, field, seen),
    )
