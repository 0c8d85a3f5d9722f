"""Reads of decisions and actions: one by its number, what a section holds, what is due, what a meeting decided."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.core import clock, registry
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.i18n import Text
from app.forum.decisions import concerned, policy
from app.forum.decisions.models import Action, Decision, DecisionSubject
from app.forum.decisions.states import PENDING, ActionStatus, DecisionStatus
from app.forum.documents.models import Document
from app.forum.meetings.models import Meeting
from app.forum.members.models import Body, Person
from app.forum.minutes.models import Minutes, Section, Vote
from app.forum.minutes.states import MinutesStatus
from app.forum.organisations.models import Organisation

NUMBER = re.compile(r"[DA]-[0-9]{4}-[0-9]{3,6}", re.ASCII)
MOST = 200
Model = type[Decision] | type[Action]


def is_pending(model: Any) -> Any:
    return model.status.in_(PENDING if model is Decision else (ActionStatus.OPEN,))


def is_late(model: Any) -> Any:
    return and_(is_pending(model), model.deadline < clock.today())


def _whole(model: Any) -> Select[Any]:
    """Everything that its page shows, in a bounded number of statements."""
    options = [
        joinedload(model.minutes).joinedload(Minutes.meeting).joinedload(Meeting.body),
        joinedload(model.section),
        joinedload(model.organisation),
    ]
    if model is Decision:
        options += [
            joinedload(Decision.vote), joinedload(Decision.amends), joinedload(Decision.replaces),
            joinedload(Decision.person).selectinload(Person.mandates),
            selectinload(Decision.updates), selectinload(Decision.concerns),
        ]  # fmt: skip
    return select(model).options(*options)


def get(model: Any, number: str, viewer: Any, *, lock: bool = False) -> Any:
    """One of them by its number. Raises `NotFound` when there is none that the viewer may know of."""
    if not NUMBER.fullmatch(number):
        raise NotFound
    if lock:
        db.session.execute(select(model.id).where(model.number == number).with_for_update())
    wanted = _whole(model).where(model.number == number).execution_options(populate_existing=lock)
    found = db.session.scalar(wanted)
    if found is None or not policy.can_read(viewer, found):
        raise NotFound
    return found


def decision(number: str, viewer: Any, *, lock: bool = False) -> Decision:
    found: Decision = get(Decision, number, viewer, lock=lock)
    return found


def action(number: str, viewer: Any, *, lock: bool = False) -> Action:
    found: Action = get(Action, number, viewer, lock=lock)
    return found


def hold_minutes(model: Any, number: str) -> None:
    """Hold the minutes that something was cut out of: their adoption and a change come one after the other."""
    if NUMBER.fullmatch(number):
        owner = select(model.minutes_id).where(model.number == number).scalar_subquery()
        db.session.execute(select(Minutes.id).where(Minutes.id == owner).with_for_update())


def known(number: str) -> Decision | None:
    """The decision that has this number, for another one that amends or replaces it."""
    wanted = number.strip().upper()
    if not NUMBER.fullmatch(wanted):
        return None
    return db.session.scalar(
        select(Decision).where(Decision.number == wanted, Decision.status != DecisionStatus.WITHDRAWN)
    )


def section(section_id: int, *, lock: bool = False) -> Section:
    """A section with its minutes, which are held with `lock`. Raises `NotFound`."""
    if lock:
        owner = select(Section.minutes_id).where(Section.id == section_id).scalar_subquery()
        db.session.execute(select(Minutes.id).where(Minutes.id == owner).with_for_update())
    found = db.session.scalar(
        select(Section)
        .where(Section.id == section_id)
        .options(
            joinedload(Section.minutes).joinedload(Minutes.meeting).joinedload(Meeting.body),
            selectinload(Section.texts),
            selectinload(Section.votes),
        )
        .execution_options(populate_existing=lock)
    )
    if found is None:
        raise NotFound
    return found


def minutes_of(meeting_id: int) -> Minutes:
    """The minutes of a meeting with their sections, to cut decisions out of them. Raises `NotFound`."""
    found = db.session.scalar(
        select(Minutes)
        .where(Minutes.meeting_id == meeting_id)
        .options(
            joinedload(Minutes.meeting).joinedload(Meeting.body),
            selectinload(Minutes.sections).selectinload(Section.texts),
            selectinload(Minutes.sections).selectinload(Section.votes),
        )
    )
    if found is None:
        raise NotFound
    return found


def of_minutes(model: Any, minutes_id: int) -> Sequence[Any]:
    """What was cut out of some minutes and stands, in the order of the numbers; with its vote, of decisions."""
    stands = model.status != "withdrawn"
    wanted = select(model).where(model.minutes_id == minutes_id, stands).order_by(model.year, model.sequence)
    options = [joinedload(model.section), joinedload(model.organisation)]
    options += [joinedload(Decision.vote)] if model is Decision else []
    return db.session.scalars(wanted.options(*options).limit(MOST)).all()


def has_any(meeting_id: int) -> bool:
    """Whether something was cut out of the minutes of a meeting."""
    own = select(Minutes.id).where(Minutes.meeting_id == meeting_id)
    held = [select(model.id).where(model.minutes_id.in_(own)).limit(1) for model in (Decision, Action)]
    return any(db.session.scalar(one) is not None for one in held)


def public_of_meeting(meeting_id: int) -> Sequence[Decision]:
    """The decisions of a meeting that everyone may read."""
    return db.session.scalars(
        select(Decision)
        .join(Minutes, Minutes.id == Decision.minutes_id)
        .where(Minutes.meeting_id == meeting_id, Decision.published_at.is_not(None))
        .order_by(Decision.year, Decision.sequence)
        .limit(MOST)
    ).all()


def public(model: Any) -> Sequence[Any]:
    """All that is public, for the search index and the addresses given to machines."""
    return db.session.scalars(select(model).where(model.published_at.is_not(None)).order_by(model.id)).all()


def changes_to(one: Decision, viewer: Any) -> tuple[list[Decision], list[Decision]]:
    """(those that amend it, those that replace it), as far as the viewer may know of them."""
    rows = db.session.scalars(
        select(Decision)
        .where(or_(Decision.amends_id == one.id, Decision.replaces_id == one.id))
        .order_by(Decision.year, Decision.sequence)
        .options(joinedload(Decision.minutes).joinedload(Minutes.meeting).joinedload(Meeting.body))
        .limit(MOST)
    )
    readable = [row for row in rows if policy.can_read(viewer, row) and row.status != DecisionStatus.WITHDRAWN]
    return [row for row in readable if row.amends_id == one.id], [row for row in readable if row.replaces_id == one.id]


def readable(other: Decision | None, viewer: Any) -> Decision | None:
    """The decision that another one amends or replaces, when the viewer may know of it."""
    return other if other is not None and policy.can_read(viewer, other) else None


def beside(model: Any, one: Any) -> tuple[Any, Any]:
    """The public ones just before and just after it by number."""
    place = model.year * 1_000_000 + model.sequence
    own = one.year * 1_000_000 + one.sequence
    standing = select(model).where(model.published_at.is_not(None))
    before = db.session.scalar(standing.where(place < own).order_by(place.desc()).limit(1))
    after = db.session.scalar(standing.where(place > own).order_by(place).limit(1))
    return before, after


def due(model: Any, until: date, limit: int) -> Sequence[Any]:
    """What is still to be carried out and whose deadline comes by a day, the earliest first."""
    return db.session.scalars(
        select(model).where(is_pending(model), model.deadline <= until).order_by(model.deadline, model.id).limit(limit)
    ).all()


def pending_of(model: Any, body_id: int, before: date, limit: int) -> Sequence[Any]:
    """What a body has still to carry out of its meetings before a day: the earliest deadline first, none last."""
    return db.session.scalars(
        select(model)
        .where(*_of_body(model, body_id, before))
        .order_by(model.deadline.is_(None), model.deadline, model.year, model.sequence)
        .limit(limit)
    ).all()


def count_pending_of(model: Any, body_id: int, before: date) -> int:
    wanted = select(func.count()).select_from(model)
    return db.session.scalar(wanted.where(*_of_body(model, body_id, before))) or 0


def _of_body(model: Any, body_id: int, before: date) -> list[Any]:
    """Of minutes that somebody outside the secretariat has read: an agenda is public, a draft is not."""
    read = select(Minutes.id).where(Minutes.status != MinutesStatus.DRAFT)
    return [model.body_id == body_id, model.decided_on < before, is_pending(model), model.minutes_id.in_(read)]


# -- what the forms name ---------------------------------------------------------------------------------------------


def people_named(name_key: str) -> Sequence[Person]:
    """Two at most: more than one is already too many."""
    return db.session.scalars(select(Person).where(Person.name_key == name_key).order_by(Person.id).limit(2)).all()


def vote_of(section_id: int, vote_id: int) -> Vote | None:
    return db.session.scalar(select(Vote).where(Vote.id == vote_id, Vote.section_id == section_id))


KINDS: dict[str, Any] = {"body": Body, "organisation": Organisation, "document": Document, "meeting": Meeting}


def subjects(viewer: Any, concerns: Iterable[DecisionSubject]) -> list[tuple[Text, str]]:
    """(name, address) of what a decision concerns, without what is gone or not for this viewer."""
    return [(_name(one), shown[1]) for one, shown in _labelled(viewer, concerns) if shown is not None]


def _name(one: DecisionSubject) -> Text:
    """In the reader's language: the labels of the journal are in French."""
    found: Any = db.session.get_one(KINDS[one.subject_type], one.subject_id)
    name: Text = found.name if one.subject_type in ("body", "organisation") else found.title
    return name


def addresses(viewer: Any, concerns: Iterable[DecisionSubject]) -> list[str]:
    """The same as it is typed in a form, nothing left out."""
    return [
        shown[1] if shown is not None else concerned.written(one.subject_type, one.subject_id)
        for one, shown in _labelled(viewer, concerns)
    ]


def _labelled(viewer: Any, concerns: Iterable[DecisionSubject]) -> list[tuple[DecisionSubject, Any]]:
    listed, labels = list(concerns), registry.current().subjects
    for name, model in KINDS.items():  # what the labels ask for one by one is read here in one go
        ids = [one.subject_id for one in listed if one.subject_type == name]
        if len(ids) > 1:
            db.session.scalars(select(model).where(model.id.in_(ids))).all()
    return [(one, labels[one.subject_type](viewer, one.subject_id)) for one in listed]
