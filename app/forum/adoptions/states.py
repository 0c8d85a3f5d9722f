"""The life of a proposed correction, and of a written procedure by which a body adopts its minutes."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class CorrectionStatus(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Any:
        return CORRECTION_LABELS[self]

    @property
    def tone(self) -> str:
        return CORRECTION_TONES[self]


CORRECTION_MOVES: dict[StrEnum, set[StrEnum]] = {
    CorrectionStatus.PROPOSED: {CorrectionStatus.ACCEPTED, CorrectionStatus.REFUSED, CorrectionStatus.WITHDRAWN},
    CorrectionStatus.ACCEPTED: set(),
    CorrectionStatus.REFUSED: set(),
    CorrectionStatus.WITHDRAWN: set(),
}
CORRECTION_LABELS = {
    CorrectionStatus.PROPOSED: _l("Correction waiting for an answer"),
    CorrectionStatus.ACCEPTED: _l("Correction accepted"),
    CorrectionStatus.REFUSED: _l("Correction refused"),
    CorrectionStatus.WITHDRAWN: _l("Correction withdrawn"),
}
CORRECTION_TONES = {
    CorrectionStatus.PROPOSED: "blue",
    CorrectionStatus.ACCEPTED: "green",
    CorrectionStatus.REFUSED: "ochre",
    CorrectionStatus.WITHDRAWN: "neutral",
}


class ProcedureStatus(StrEnum):
    """Open until its deadline. Opposed: somebody objected, or too few approved: a meeting decides."""

    OPEN = "open"
    ADOPTED = "adopted"
    OPPOSED = "opposed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Any:
        return PROCEDURE_LABELS[self]


PROCEDURE_MOVES: dict[StrEnum, set[StrEnum]] = {
    ProcedureStatus.OPEN: {ProcedureStatus.ADOPTED, ProcedureStatus.OPPOSED, ProcedureStatus.WITHDRAWN},
    ProcedureStatus.ADOPTED: set(),
    ProcedureStatus.OPPOSED: set(),
    ProcedureStatus.WITHDRAWN: set(),
}
PROCEDURE_LABELS = {
    ProcedureStatus.OPEN: _l("Written procedure under way"),
    ProcedureStatus.ADOPTED: _l("Adopted by written procedure"),
    ProcedureStatus.OPPOSED: _l("Not adopted by written procedure"),
    ProcedureStatus.WITHDRAWN: _l("Written procedure stopped"),
}
