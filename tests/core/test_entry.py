"""Hours and dates as people type them."""

import pytest

from app.core import entry


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("14:30", "14:30"), ("14h30", "14:30"), ("14 h 30", "14:30"), ("14\u00a0h\u00a030", "14:30"), ("14 h", "14:00"),
        ("9h", "09:00"), ("2.30 pm", "14:30"), ("2:30 PM", "14:30"), ("2 pm", "14:00"), ("12 am", "00:00"),
        ("12.15 p.m.", "12:15"), ("12 pm", "12:00"), ("14.30", "14:30"), (" 09:05 ", "09:05"), ("0h00", "00:00"),
        ("14", None), ("24:00", None), ("14:60", None), ("14:3", None), ("14h30 pm", None), ("13 pm", None),
        ("0 pm", None), ("１４:30", None), ("2.30", "02:30"), ("-1:30", None), ("", None), ("14:30:00", None),
        ("2e1:30", None), ("9" * 500, None),
    ],
)  # fmt: skip
def test_an_hour_is_understood_as_it_is_written(typed: str, expected: str | None) -> None:
    assert entry.hour(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2027-03-28", "2027-03-28"), ("28/03/2027", "2027-03-28"), ("28.3.2027", "2027-03-28"),
        ("1 / 2 / 2027", "2027-02-01"), ("2027-02-29", None), ("32/01/2027", None), ("01/02/27", None),
        ("0000-01-01", None), ("10000-01-01", None), ("28 mars 2027", None), ("", None), ("２027-01-01", None),
    ],
)  # fmt: skip
def test_a_date_is_read_day_first_and_never_guessed(typed: str, expected: str | None) -> None:
    assert entry.day(typed) == expected


def test_a_date_is_shown_as_it_can_be_typed() -> None:
    assert entry.day(entry.shown("2027-03-28")) == "2027-03-28"
