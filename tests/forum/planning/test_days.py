"""Days proposed, hours that do not exist, titles and slots worked out: pure functions."""

from datetime import date, time

import pytest

from app.core.registry import StandingLine
from app.forum.planning import layout, title_pattern, working_days


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)), (2038, date(2038, 4, 25))],
)
def test_easter_falls_on_its_sunday(year, sunday):
    assert working_days.easter(year) == sunday


def test_a_year_has_eleven_public_holidays_three_of_which_follow_easter():
    assert sorted(working_days.holidays(2027)) == [
        date(2027, 1, 1), date(2027, 3, 29), date(2027, 5, 1), date(2027, 5, 6), date(2027, 5, 8), date(2027, 5, 17),
        date(2027, 7, 14), date(2027, 8, 15), date(2027, 11, 1), date(2027, 11, 11), date(2027, 12, 25),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "avoided"),
    [
        (date(2027, 3, 29), "Lundi de Pâques"), (date(2027, 8, 17), "Août"), (date(2027, 10, 16), "Fin de semaine"),
        (date(2027, 12, 20), "Vacances de Noël"), (date(2027, 12, 30), "Vacances de Noël"), (date(2027, 12, 17), None),
        (date(2028, 1, 4), None), (date(2027, 10, 14), None),
    ],
)  # fmt: skip
def test_what_speaks_against_a_day_is_said(bare_app, day, avoided):
    with bare_app.test_request_context("/fr/"):
        found = working_days.why_avoided(day)
        assert (str(found) if found is not None else None) == avoided


def test_the_day_nearest_to_the_middle_of_each_month_is_proposed_and_none_in_august():
    assert working_days.propose(2027, [3, 7, 8, 10]) == [
        (3, date(2027, 3, 16)), (7, date(2027, 7, 15)), (8, None), (10, date(2027, 10, 14)),
    ]  # fmt: skip
    assert working_days.propose(2027, [5], weekday=0) == [(5, date(2027, 5, 10))]


def test_a_title_takes_its_number_its_year_and_its_quarter_and_nothing_else():
    pattern = "Réunion {number}, {quarter}e trimestre {year}"
    assert title_pattern.filled(pattern, number=7, day=date(2027, 10, 5)) == "Réunion 7, 4e trimestre 2027"
    assert title_pattern.filled("{number.__class__} {0}", number=7, day=date(2027, 1, 1)) == "{number.__class__} {0}"
    assert [
        title_pattern.has_unknown_place(one) for one in (pattern, "{number.__class__}", "{0}", "{", "} x", "plain")
    ] == [False, True, True, True, True, False]


LINES = [
    {"kind": "opening", "title": {"fr": "Ouverture", "en": None}, "minutes": 15},
    {"kind": "session", "title": {"fr": "Travaux", "en": None}, "minutes": 45},
    {"kind": "closing", "title": {"fr": "Clôture", "en": None}, "minutes": 5},
]


def test_hours_follow_one_another_and_lines_that_come_back_find_their_place():
    first = StandingLine("minutes/1", {"fr": "Procès-verbal", "en": None}, minutes=10)
    second = StandingLine("order", {"fr": "Ordre du jour", "en": None})
    last = StandingLine("seats", {"fr": "Sièges", "en": None}, minutes=20, first=False)
    made = layout.slots(LINES, [first, second, last], time(9, 30))
    assert [(one["id"], one["start"], one["end"]) for one in made] == [
        ("slot-1", time(9, 30), time(9, 45)),
        ("standing-minutes-1", time(9, 45), time(9, 55)),
        ("standing-order", None, None),
        ("slot-2", time(9, 55), time(10, 40)),
        ("standing-seats", time(10, 40), time(11, 0)),
        ("slot-3", time(11, 0), time(11, 5)),
    ]


def test_what_would_end_after_midnight_has_no_hours():
    made = layout.slots(LINES, [], time(23, 30))
    assert [one["start"] for one in made] == [time(23, 30), None, time(23, 45)]
