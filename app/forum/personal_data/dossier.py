"""Everything the portal holds on one person, as the rooms declared it: the page and the file say the same."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core import clock, registry

SHOWN = 200


@dataclass(frozen=True)
class Part:
    """The rows of one table. `on_erasure`: what becomes of them."""

    table: str
    label: Any
    rows: list[dict[str, Any]]
    on_erasure: Any

    @property
    def shown(self) -> list[list[tuple[Any, str]]]:
        """The first rows as (name, value), for a page; what is empty is left out. The file holds them all."""
        house = registry.current()
        return [
            [
                (house.field(name), house.said(name, value))
                for name, value in row.items()
                if value not in (None, "", [], {})
            ]
            for row in self.rows[:SHOWN]
        ]

    @property
    def left_out(self) -> int:
        return max(0, len(self.rows) - SHOWN)


@dataclass(frozen=True)
class Dossier:
    email: str
    made_at: datetime
    parts: list[Part]

    @property
    def is_empty(self) -> bool:
        return not self.parts

    def as_json(self) -> str:
        """Tables by name, rows as exported; UTF-8, indented so that it can be read."""
        held = {part.table: part.rows for part in self.parts}
        return json.dumps(
            {"address": self.email, "made_at": self.made_at.isoformat(), "held": held}, ensure_ascii=False, indent=1
        )


def of(email: str) -> Dossier:
    """Every table of the registry that holds something of the person of this address."""
    house = registry.current()
    parts = [
        Part(one.table, house.nouns_of(one.table), rows, one.on_erasure)
        for one in house.persons
        if (rows := one.export(email))
    ]
    return Dossier(email, clock.now(), parts)
