"""The life of a decision and of an action cut out of minutes, their kinds, and what a decision rests on."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class DecisionKind(StrEnum):
    DECISION = "decision"
    RECOMMENDATION = "recommendation"
    OPINION = "opinion"
    REQUEST = "request"

    @property
    def label(self) -> Any:
        return KIND_LABELS[self]


KIND_LABELS = {
    DecisionKind.DECISION: _l("Decision"),
    DecisionKind.RECOMMENDATION: _l("Recommendation"),
    DecisionKind.OPINION: _l("Opinion of the Forum"),
    DecisionKind.REQUEST: _l("Request to an administration"),
}


class DecisionBasis(StrEnum):
    CONSENSUS = "consensus"
    VOTE = "vote"

    @property
    def label(self) -> Any:
        return BASIS_LABELS[self]


BASIS_LABELS = {DecisionBasis.CONSENSUS: _l("By consensus"), DecisionBasis.VOTE: _l("By a vote")}


class DecisionStatus(StrEnum):
    """Replaced: another decision stands instead. Withdrawn: taken back before anybody outside could read it."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Any:
        return STATUS_LABELS[self]

    @property
    def tone(self) -> str:
        return STATUS_TONES[self]


DECISION_MOVES: dict[StrEnum, set[StrEnum]] = {
    DecisionStatus.OPEN: {
        DecisionStatus.IN_PROGRESS, DecisionStatus.DONE, DecisionStatus.DROPPED, DecisionStatus.REPLACED,
        DecisionStatus.WITHDRAWN,
    },
    DecisionStatus.IN_PROGRESS: {
        DecisionStatus.DONE, DecisionStatus.DROPPED, DecisionStatus.REPLACED, DecisionStatus.WITHDRAWN,
    },
    DecisionStatus.DONE: {DecisionStatus.IN_PROGRESS, DecisionStatus.REPLACED, DecisionStatus.WITHDRAWN},
    DecisionStatus.DROPPED: {DecisionStatus.IN_PROGRESS, DecisionStatus.REPLACED, DecisionStatus.WITHDRAWN},
    DecisionStatus.REPLACED: set(),
    DecisionStatus.WITHDRAWN: set(),
}  # fmt: skip
PENDING = (DecisionStatus.OPEN, DecisionStatus.IN_PROGRESS)
FOLLOWED = (DecisionStatus.IN_PROGRESS, DecisionStatus.DONE, DecisionStatus.DROPPED)
"""What a follow-up may lead to; a decision is replaced by another one, and withdrawn by a button of its own."""
STATUS_LABELS = {
    DecisionStatus.OPEN: _l("To be carried out"),
    DecisionStatus.IN_PROGRESS: _l("Being carried out"),
    DecisionStatus.DONE: _l("Carried out"),
    DecisionStatus.DROPPED: _l("Given up"),
    DecisionStatus.REPLACED: _l("Replaced by another decision"),
    DecisionStatus.WITHDRAWN: _l("Taken back before publication"),
}
STATUS_TONES = {
    DecisionStatus.OPEN: "blue",
    DecisionStatus.IN_PROGRESS: "blue",
    DecisionStatus.DONE: "green",
    DecisionStatus.DROPPED: "neutral",
    DecisionStatus.REPLACED: "neutral",
    DecisionStatus.WITHDRAWN: "ochre",
}


class ActionStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Any:
        return ACTION_LABELS[self]

    @property
    def tone(self) -> str:
        return ACTION_TONES[self]


ACTION_MOVES: dict[StrEnum, set[StrEnum]] = {
    ActionStatus.OPEN: {ActionStatus.DONE, ActionStatus.DROPPED, ActionStatus.WITHDRAWN},
    ActionStatus.DONE: {ActionStatus.OPEN, ActionStatus.WITHDRAWN},
    ActionStatus.DROPPED: {ActionStatus.OPEN, ActionStatus.WITHDRAWN},
    ActionStatus.WITHDRAWN: set(),
}
ACTION_LABELS = {
    ActionStatus.OPEN: _l("To be carried out"),
    ActionStatus.DONE: _l("Carried out"),
    ActionStatus.DROPPED: _l("Given up"),
    ActionStatus.WITHDRAWN: _l("Taken back before publication"),
}
ACTION_TONES = {
    ActionStatus.OPEN: "blue",
    ActionStatus.DONE: "green",
    ActionStatus.DROPPED: "neutral",
    ActionStatus.WITHDRAWN: "ochre",
}
SUBJECTS = ("body", "organisation", "document", "meeting")
"""What a decision may concern: things of lower rooms, by the name of their table."""
