"""Decisions as their pages show them: who answers for them, where their minutes are, their history in order."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from app.core.clock import PARIS
from app.forum.decisions.models import Decision, DecisionUpdate
from app.forum.decisions.states import DecisionStatus
from app.forum.members import rights
from app.forum.minutes.models import Minutes


def person_of(one: Any) -> str | None:
    """The name of whoever answers for it, while the public may read it as that of a member (D.4)."""
    person = getattr(one, "person", None)
    return person.name if person is not None and rights.shown_mandate(person) is not None else None


def minutes_address(minutes: Minutes, section: Any = None) -> str:
    """The page of minutes, at a section: for those who may read them, before they are public too."""
    here: dict[str, Any] = {"meeting_id": minutes.meeting_id, "slug": minutes.meeting.slug}
    return url_for("editions.show", **here, _anchor=f"item-{section.key}" if section is not None else None)


@dataclass(frozen=True)
class Step:
    """One line of a history. `what`: decided, published, replaced by `other`, or said with its `update`."""

    day: date
    what: str
    update: DecisionUpdate | None = None
    other: Decision | None = None


def history(one: Decision, replaced_by: list[Decision]) -> list[Step]:
    """From the meeting to today, the latest last."""
    found = [Step(one.decided_on, "decided")]
    if one.published_at is not None:
        found.append(Step(one.published_at.astimezone(PARIS).date(), "published"))
    found += [Step(update.day, "said", update) for update in one.updates]
    if one.status == DecisionStatus.REPLACED:
        found += [
            Step(other.published_at.astimezone(PARIS).date(), "replaced", other=other)
            for other in replaced_by
            if other.published_at is not None
        ]
    return sorted(found, key=lambda step: step.day)
