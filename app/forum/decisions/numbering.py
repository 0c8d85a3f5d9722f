"""Numbers given once and for all: `D-2026-014`, `A-2026-031`; the year is that of the meeting."""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.core.database import rows_touched
from app.core.extensions import db
from app.forum.decisions.models import Action, Decision, Numbering

DECISIONS, ACTIONS = "D", "A"


def give(row: Decision | Action, letter: str) -> None:
    """The next number of its year."""
    row.sequence = take(letter, row.year)
    row.number = written(letter, row.year, row.sequence)


def take(letter: str, year: int) -> int:
    """The next place of a year. Whoever else takes one waits for this transaction; one that is undone leaves no gap."""
    if not _advance(letter, year):
        _begin(letter, year)
        _advance(letter, year)
    found = select(Numbering.last).where(Numbering.letter == letter, Numbering.year == year)
    return db.session.scalars(found).one()


def _advance(letter: str, year: int) -> bool:
    own = Numbering.letter == letter, Numbering.year == year
    taken = update(Numbering).where(*own).values(last=Numbering.last + 1).execution_options(synchronize_session=False)
    return rows_touched(db.session.execute(taken)) == 1


def _begin(letter: str, year: int) -> None:
    """The first of the year; of two at once, the second one waits, then finds the row of the first."""
    try:
        with db.session.begin_nested():
            db.session.add(Numbering(letter=letter, year=year, last=0))
    except IntegrityError:
        return


def written(letter: str, year: int, place: int) -> str:
    return f"{letter}-{year}-{place:03d}"
