"""The checklist of a meeting: the lines that every room gives, by phase, in the order of a meeting's life."""

from itertools import groupby
from typing import Any

from app.core import registry
from app.core.registry import Step
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase

ORDER = list(MeetingPhase)


def steps(viewer: Any, meeting: Meeting) -> list[Step]:
    """In order; each room that has lines asks one to three statements."""
    found = [step for give in registry.current().steps for step in give(viewer, meeting)]
    return sorted(found, key=lambda step: (ORDER.index(MeetingPhase(step.phase)), step.order))


def by_phase(viewer: Any, meeting: Meeting) -> list[tuple[Any, list[Step]]]:
    """(phase in words, its lines)."""
    runs = groupby(steps(viewer, meeting), lambda step: step.phase)
    return [(MeetingPhase(phase).label, list(run)) for phase, run in runs]


def next_undone(viewer: Any, meeting: Meeting) -> Step | None:
    """The first line that still asks for something."""
    return next((step for step in steps(viewer, meeting) if step.done is False), None)
