"""What an agreement needs and has: pure counting on seats and answers. A person counts once, a seat too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.forum.agreements.states import Threshold
from app.forum.members.states import Consent, SeatKind


@dataclass(frozen=True)
class Need:
    """`needed` of `out_of` people, as `threshold` says."""

    threshold: Threshold
    needed: int
    out_of: int


def need(rule: str, count: int, committee: Sequence[Any], stand_in: str, members: Sequence[Any]) -> Need:
    """What an agenda shared now needs. `committee`, `members`: the seats held today in the committee and in the body.

    While a seat of co-chair is vacant, the other co-chair agrees; without co-chairs, more than half of the committee.
    Before anybody sits in it, the stand-in does: the body's own voting members if it has any, or the secretariat.
    """
    if committee:
        chairs, people = _people(counted(Threshold.BOTH_CO_CHAIRS, committee)), _people(committee)
        if rule == Threshold.BOTH_CO_CHAIRS and chairs:
            return Need(Threshold.BOTH_CO_CHAIRS, chairs, chairs)
        if rule == Threshold.COUNT:
            return Need(Threshold.COUNT, min(count, people), people)
        return Need(Threshold.MAJORITY, people // 2 + 1, people)
    if stand_in == Threshold.MEMBERS and members:
        people = _people(members)
        return Need(Threshold.MEMBERS, people // 2 + 1, people)
    return Need(Threshold.SECRETARIAT, 0, 0)


def _people(seats: Iterable[Any]) -> int:
    return len({one.person_id or -one.id for one in seats})


def counted(threshold: Threshold, seats: Iterable[Any]) -> list[Any]:
    """Of the seats that answer, those whose approval counts."""
    return [one for one in seats if threshold != Threshold.BOTH_CO_CHAIRS or one.seat == SeatKind.CO_CHAIR]


def approvals(threshold: Threshold, answers: Iterable[Any], seats: Iterable[Any]) -> int:
    """The people who approve, of those whose seat counts and is held today: one who left is recorded, not counted."""
    held = {one.id for one in counted(threshold, seats)}
    return len({one.user_id for one in answers if one.answer == Consent.APPROVE and one.mandate_id in held})


def is_opposed(answers: Iterable[Any], seats: Iterable[Any]) -> bool:
    """Whether somebody who sits today objects."""
    held = {one.id for one in seats}
    return any(one.answer == Consent.OBJECT and one.mandate_id in held for one in answers)
