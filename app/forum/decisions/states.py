"""The life of a decision and of an action cut out of minutes, their kinds, and what a decision rests on."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class DecisionKind(Labelled):
    DECISION = "decision", _l("Decision")
    RECOMMENDATION = "recommendation", _l("Recommendation")
    OPINION = "opinion", _l("Opinion of the Forum")
    REQUEST = "request", _l("Request to an administration")


class DecisionBasis(Labelled):
    CONSENSUS = "consensus", _l("By consensus")
    VOTE = "vote", _l("By a vote")


class DecisionStatus(Labelled):
    """Replaced: another decision stands instead. Withdrawn: taken back before anybody outside could read it."""

    OPEN = "open", _l("To be carried out"), "blue"
    IN_PROGRESS = "in_progress", _l("Being carried out"), "blue"
    DONE = "done", _l("Carried out"), "green"
    DROPPED = "dropped", _l("Given up")
    REPLACED = "replaced", _l("Replaced by another decision")
    WITHDRAWN = "withdrawn", _l("Taken back before publication"), "ochre"


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


class ActionStatus(Labelled):
    OPEN = "open", _l("To be carried out"), "blue"
    DONE = "done", _l("Carried out"), "green"
    DROPPED = "dropped", _l("Given up")
    WITHDRAWN = "withdrawn", _l("Taken back before publication"), "ochre"


ACTION_MOVES: dict[StrEnum, set[StrEnum]] = {
    ActionStatus.OPEN: {ActionStatus.DONE, ActionStatus.DROPPED, ActionStatus.WITHDRAWN},
    ActionStatus.DONE: {ActionStatus.OPEN, ActionStatus.WITHDRAWN},
    ActionStatus.DROPPED: {ActionStatus.OPEN, ActionStatus.WITHDRAWN},
    ActionStatus.WITHDRAWN: set(),
}

SUBJECTS = ("body", "organisation", "document", "meeting")
"""What a decision may concern: things of lower rooms, by the name of their table."""
