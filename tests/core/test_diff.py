"""What changed between two texts: nothing is lost of either, and nothing is run."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import diff
from app.core.diff import Piece


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b c", "a x c", [Piece("same", "a "), Piece("removed", "b"), Piece("added", "x"), Piece("same", " c")]),
        ("", "a", [Piece("added", "a")]),
        ("a", "", [Piece("removed", "a")]),
        ("a", "a", [Piece("same", "a")]),
        ("", "", []),
        (
            "Le budget vert arrive",
            "Le plan rouge arrive",
            [
                Piece("same", "Le "),
                Piece("removed", "budget vert"),
                Piece("added", "plan rouge"),
                Piece("same", " arrive"),
            ],
        ),
    ],
)
def test_words_that_changed_are_told_apart(before: str, after: str, expected: list[Piece]) -> None:
    assert diff.words(before, after) == expected


@given(st.text(alphabet="ab c,\n", max_size=60), st.text(alphabet="ab c,\n", max_size=60))
def test_both_texts_can_be_read_in_a_difference(before: str, after: str) -> None:
    pieces = diff.words(before, after)
    assert "".join(one.text for one in pieces if one.kind != "added") == before
    assert "".join(one.text for one in pieces if one.kind != "removed") == after


def test_lines_are_compared_one_by_one() -> None:
    found = diff.lines("un\ndeux\ntrois", "un\ndouze\ntrois\nquatre")
    assert found == [
        [Piece("same", "un")],
        [Piece("removed", "deux"), Piece("added", "douze")],
        [Piece("same", "trois")],
        [Piece("added", "quatre")],
    ]


def test_a_hostile_text_is_compared_in_bounded_time() -> None:
    start = time.monotonic()
    diff.lines("a b " * 10_000, "b a " * 10_000)
    diff.lines("a\nb\n" * 10_000, "b\na\n" * 10_000)
    diff.lines("a " * 990, "b a " * 499)
    assert time.monotonic() - start < 2
