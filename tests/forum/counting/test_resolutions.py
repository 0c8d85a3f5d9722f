"""Open votes on resolutions, with the numbers of the domain file (F.7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forum.counting.resolutions import Base, Outcome, Side, Votes, decide

SOME = st.integers(0, 200)
ROOM = Votes(for_it=20, against=18, abstaining=15, silent=2)


@pytest.mark.parametrize(
    ("base", "needed", "out_of", "adopted"),
    [(Base.EXPRESSED, 20, 38, True), (Base.PRESENT, 28, 55, False), (Base.MEMBERS, 31, 60, False)],
)
def test_the_same_votes_adopt_or_reject_by_the_base_of_the_majority(
    base: Base, needed: int, out_of: int, adopted: bool
) -> None:
    assert decide(ROOM, 60, base) == Outcome(needed, out_of, adopted)


def test_a_tie_rejects() -> None:
    assert decide(Votes(20, 20), 60, Base.EXPRESSED) == Outcome(21, 40, is_adopted=False)


@pytest.mark.parametrize("side", Side)
def test_a_casting_vote_settles_a_tie_where_the_rule_allows_one(side: Side) -> None:
    told = decide(Votes(20, 20), 60, Base.EXPRESSED, side)
    assert (told.is_adopted, told.by_casting_vote) == (side == Side.FOR, True)


def test_a_casting_vote_settles_nothing_but_a_tie() -> None:
    told = decide(Votes(19, 20), 60, Base.EXPRESSED, Side.FOR)
    assert (told.is_adopted, told.by_casting_vote) == (False, False)


def test_nobody_voting_adopts_nothing() -> None:
    assert [decide(Votes(0, 0, 5), 9, base, Side.FOR).is_adopted for base in Base] == [False, False, False]


@pytest.mark.parametrize("votes", [Votes(-1, 0), Votes(0, 0, silent=-2), Votes(6, 5)])
def test_numbers_that_cannot_be_are_an_error(votes: Votes) -> None:
    with pytest.raises(ValueError, match="negative|11 votes of 10 members"):
        decide(votes, 10, Base.EXPRESSED)


@given(SOME, SOME, SOME, SOME, st.integers(0, 50), st.sampled_from(Base))
def test_one_more_vote_for_it_never_rejects_what_was_adopted(
    for_it: int, against: int, abstaining: int, silent: int, absent: int, base: Base
) -> None:
    members = for_it + against + abstaining + silent + absent + 1
    before = decide(Votes(for_it, against, abstaining, silent), members, base)
    assert decide(Votes(for_it + 1, against, abstaining, silent), members, base).is_adopted or not before.is_adopted


@given(SOME, SOME, SOME, SOME, st.integers(0, 50))
def test_a_wider_base_is_never_easier(for_it: int, against: int, abstaining: int, silent: int, absent: int) -> None:
    votes, members = Votes(for_it, against, abstaining, silent), for_it + against + abstaining + silent + absent
    expressed, present, all_members = (decide(votes, members, base) for base in Base)
    assert expressed.needed <= present.needed <= all_members.needed
