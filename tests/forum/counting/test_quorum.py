"""The quorum, with the numbers of the domain file (F.6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forum.counting.quorum import Base, Share, Tally, quorum, required

HALVES = st.integers(0, 500)


@pytest.mark.parametrize(("members", "half", "third"), [(59, 30, 20), (60, 30, 20), (61, 31, 21), (1, 1, 1), (0, 0, 0)])
def test_at_least_half_or_a_third_is_rounded_up(members: int, half: int, third: int) -> None:
    assert (required(members, Share.HALF), required(members, Share.THIRD), required(members, Share.NONE)) == (
        half,
        third,
        0,
    )


def test_a_negative_number_of_members_is_an_error() -> None:
    with pytest.raises(ValueError, match="no fewer"):
        required(-1, Share.HALF)


def test_present_remote_and_represented_count_and_one_departure_loses_it() -> None:
    reached = quorum({"all": Tally(61, 22, 4, 5)}, Share.HALF, Base.MEMBERS)
    lost = quorum({"all": Tally(61, 21, 4, 5)}, Share.HALF, Base.MEMBERS)
    assert (reached.is_reached, lost.is_reached, lost.groups["members"].missing) == (True, False, 1)


def test_counted_for_each_college_both_sides_must_reach_it() -> None:
    sides = {"government": Tally(10, present=9), "civil_society": Tally(11, present=5)}
    assert quorum(sides, Share.HALF, Base.MEMBERS).is_reached is True
    each = quorum(sides, Share.HALF, Base.COLLEGE)
    assert {name: group.is_reached for name, group in each.groups.items()} == {
        "government": True,
        "civil_society": False,
    }
    assert (each.is_reached, each.groups["civil_society"].missing) == (False, 1)


@given(HALVES, HALVES)
def test_whoever_takes_part_never_loses_a_quorum_that_was_reached(members: int, there: int) -> None:
    before = quorum({"a": Tally(members, present=there)}, Share.HALF, Base.MEMBERS)
    after = quorum({"a": Tally(members, present=there + 1)}, Share.HALF, Base.MEMBERS)
    assert after.is_reached or not before.is_reached


@given(HALVES)
def test_the_required_number_is_the_smallest_that_is_no_less_than_half(members: int) -> None:
    needed = required(members, Share.HALF)
    assert 2 * needed >= members > 2 * (needed - 1) or members == needed == 0
