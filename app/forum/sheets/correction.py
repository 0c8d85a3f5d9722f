"""What somebody types of one line, checked and in UTC. Pure: no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.forum.sheets.states import LineState, Mode


@dataclass(frozen=True)
class Hours:
    """A stay as typed: instants in UTC. `substitute_id`: the mandate of the substitute who sat, None for the member."""

    mode: Mode
    arrived_at: datetime
    left_at: datetime | None
    substitute_id: int | None = None


@dataclass(frozen=True)
class Correction:
    """All that a line says. `state` counts where there are no hours. `items`: those the member is recused for."""

    state: LineState
    hours: Sequence[Hours]
    items: frozenset[int]
