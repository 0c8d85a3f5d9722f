"""A frozen text as the screens of agendas read a working copy. No database."""

from dataclasses import dataclass, field
from typing import Any

from app.forum.agendas import change, preview, working
from app.forum.agendas import queries as agendas
from app.forum.meetings.models import Meeting

Data = dict[str, Any]


@dataclass(frozen=True)
class Part:
    key: str
    data: Data
    outdated: Data = field(default_factory=dict)


@dataclass(frozen=True)
class Frozen:
    """Stands for a working copy. `content`: [head, venues, days]; `meeting`: the stored one."""

    meeting: Meeting
    content: Any

    @property
    def head(self) -> Part:
        return Part("", self.content[0])

    @property
    def venues(self) -> list[Part]:
        return [Part(key, data) for key, data in self.content[1].items()]

    @property
    def days(self) -> list[str]:
        return [day for day, _slots in self.content[2]]

    def slots_of(self, day: str) -> list[Part]:
        slots: list[Data] = next((slots for one, slots in self.content[2] if one == day), [])
        return [Part(one["id"], {name: value for name, value in one.items() if name != "id"}) for one in slots]


def meeting_of(meeting: Meeting, content: Any, body: Any) -> Meeting:
    """The meeting as its page would show it with this text; never stored."""
    return preview.meeting_of(Frozen(meeting, content), body)


def changes(meeting: Meeting, before: Any, after: Any, bodies: Any) -> list[change.Change]:
    """What differs between two frozen texts, in words."""
    names: dict[Any, str] = {body.id: body.name.text for body in bodies}
    for content in (before, after):
        names |= agendas.labels(Frozen(meeting, content))
    return change.between(before, after, names)


def is_text_of(meeting: Meeting, content: Any) -> bool:
    """Whether the stored agenda is what was frozen, day for day: nothing that readers see differs."""
    head, venues, days = working.of_meeting(meeting)
    shown = [(day, [{**slot, "note": None} for slot in slots]) for day, slots in days]
    return not change.between(content, (head, venues, shown), {})


def content_of(copy: Any) -> Any:
    """What readers would get of a working copy, as it is stored in a version."""
    return working.plain([*working.shown_of(copy)])
