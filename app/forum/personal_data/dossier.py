"""Everything the portal holds on one person, as the rooms declared it: the page and the file say the same."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.core import clock, registry
from app.forum.members import keeping as members

SHOWN = 200
NOBODY = "nobody"
"""In the place of a person of the register: the address is that of none of them."""


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
    """`choices`: the people of the register among whom somebody of the staff chooses, as (value, label); `person`: the
    value chosen, empty until then."""

    email: str
    made_at: datetime
    parts: list[Part]
    choices: list[tuple[str, str]]
    person: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.parts

    @property
    def is_open(self) -> bool:
        """Of whom these data are is not known yet."""
        return bool(self.choices) and not self.person

    @property
    def chosen(self) -> str:
        """In words, who of the register was chosen."""
        return dict(self.choices).get(self.person, "")

    def as_json(self) -> str:
        """Tables by name, rows as exported; UTF-8, indented so that it can be read."""
        held = {part.table: part.rows for part in self.parts}
        return json.dumps(
            {"address": self.email, "made_at": self.made_at.isoformat(), "held": held}, ensure_ascii=False, indent=1
        )


def of(email: str, person: str = "") -> Dossier:
    """Every table of the registry that holds something of the person of this address.

    `person`: who of the register it is, as `choices` says it, when the address leaves a doubt.
    """
    choices = choices_of(email)
    chosen = person if person in dict(choices) else ""
    return Dossier(email, clock.now(), _parts(email, people_of(choices, chosen)), choices, chosen)


def own(email: str) -> Dossier:
    """What somebody reads of themselves: in the register, what their account proves to be theirs and nothing else."""
    return Dossier(email, clock.now(), _parts(email, [one.id for one in members.linked(email)]), [])


def _parts(email: str, people: list[int] | None) -> list[Part]:
    house = registry.current()
    return [
        Part(one.table, house.nouns_of(one.table), rows, one.on_erasure)
        for one in house.persons
        if (rows := one.export(email, people) if one.by_people else one.export(email))
    ]


def choices_of(email: str) -> list[tuple[str, str]]:
    """The people behind an address that is not one person's alone, and nobody of them; empty without a doubt."""
    people = members.in_doubt(email)
    return [*((str(one.id), _name(one)) for one in people), (NOBODY, _("None of these people"))] if people else []


def _name(person: Any) -> str:
    what = ", ".join(str(part) for part in (person.name, person.function_fr) if part)
    return _("%(person)s (no. %(number)s in the register)", person=what, number=person.id)


def people_of(choices: list[tuple[str, str]], person: str) -> list[int] | None:
    """The numbers chosen; None where there is nothing to choose, or nothing is chosen yet."""
    if not choices or not person:
        return None
    return [] if person == NOBODY else [int(person)]
