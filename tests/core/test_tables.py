"""CSV that a spreadsheet opens as it is, and never computes; days as people write them."""

from datetime import date

import pytest

from app.core import days, tables
from tests.support import hostile

FORMULAS = filter(tables.is_formula, hostile.CSV_FORMULAS)


@pytest.mark.parametrize("value", [*FORMULAS, "\uff1d1+1", ' "=1', "'=1", "@SUM(1)"])
def test_a_cell_that_looks_like_a_formula_gets_an_apostrophe_and_comes_back_as_it_was(value: str) -> None:
    guarded = tables.guarded(value)
    assert guarded.startswith("'")
    assert not tables.is_formula(guarded[1:]) or tables.unguarded(guarded) == tables.guarded(value)[1:]


@pytest.mark.parametrize(
    ("value", "cell"),
    [(None, ""), (-3, "-3"), (1.5, "1.5"), (True, "true"), (date(2027, 3, 1), "2027-03-01"), ("L’Agora", "L’Agora"),
     ("'tis", "'tis"), ("a\u202eb", "ab")],
)  # fmt: skip
def test_numbers_days_and_plain_texts_stay_what_they_are(value: object, cell: str) -> None:
    assert tables.guarded(value) == cell
    assert tables.unguarded(cell) == cell


def test_a_table_has_its_mark_its_separator_and_its_quotes() -> None:
    text = tables.write(["a", "b"], [["x;y", 'q"q'], ["l\nm", None]], separator=";", bom=True)
    assert text == '\ufeffa;b\r\n"x;y";"q""q"\r\n"l\nm";\r\n'


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2027-03-12", date(2027, 3, 12)), ("12/03/2027", date(2027, 3, 12)), (" 1.2.2027 ", date(2027, 2, 1)),
        ("2028-02-29", date(2028, 2, 29)), ("2027-02-29", None), ("1990-01-01", date(1990, 1, 1)),
        ("1989-12-31", None), ("2100-12-31", date(2100, 12, 31)), ("2101-01-01", None), ("9999-12-31", None),
        ("0000-01-01", None), ("32/01/2027", None), ("01/02/27", None), ("10000-01-01", None), ("demain", None),
        ("\u0661\u0662/03/2027", None), ("", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written_or_not_at_all(written: str, day: date | None) -> None:
    assert days.read(written) == day
