"""What is typed of a decision, of an action and of their follow-up, once it is checked."""

from dataclasses import dataclass
from datetime import date

from app.forum.decisions.states import ActionStatus, DecisionBasis, DecisionKind, DecisionStatus

Pair = tuple[str, str | None]
Maybe = tuple[str | None, str | None]


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What both have: `responsible` is a function, beside the organisation or instead of it."""

    title: Pair
    organisation_id: int | None = None
    responsible: Maybe = (None, None)
    deadline: date | None = None


@dataclass(frozen=True, kw_only=True)
class DecisionWording(Wording):
    """`vote_id`: of a vote of the section. `concerns`: (table, number) of things of lower rooms."""

    kind: DecisionKind
    text: Pair
    basis: DecisionBasis
    vote_id: int | None = None
    person_id: int | None = None
    amends_id: int | None = None
    replaces_id: int | None = None
    concerns: tuple[tuple[str, int], ...] = ()


class ActionWording(Wording):
    """The title says all of what is to be done."""


@dataclass(frozen=True)
class FollowUp:
    """A dated public word. `status`: None when it stays; `deadline`: the one that holds from now on, changed or not."""

    day: date
    text: Pair
    deadline: date | None
    status: DecisionStatus | None = None


@dataclass(frozen=True)
class ActionFollowUp:
    status: ActionStatus
    note: Maybe
    done_on: date | None
    deadline: date | None
