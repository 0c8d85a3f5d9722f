"""The life of a proposed correction, and of a written procedure by which a body adopts its minutes."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class CorrectionStatus(Labelled):
    PROPOSED = "proposed", _l("Correction waiting for an answer"), "blue"
    ACCEPTED = "accepted", _l("Correction accepted"), "green"
    REFUSED = "refused", _l("Correction refused"), "ochre"
    WITHDRAWN = "withdrawn", _l("Correction withdrawn")


CORRECTION_MOVES: dict[StrEnum, set[StrEnum]] = {
    CorrectionStatus.PROPOSED: {CorrectionStatus.ACCEPTED, CorrectionStatus.REFUSED, CorrectionStatus.WITHDRAWN},
    CorrectionStatus.ACCEPTED: set(),
    CorrectionStatus.REFUSED: set(),
    CorrectionStatus.WITHDRAWN: set(),
}


class ProcedureStatus(Labelled):
    """Open until its deadline. Opposed: somebody objected, or too few approved: a meeting decides."""

    OPEN = "open", _l("Written procedure under way")
    ADOPTED = "adopted", _l("Adopted by written procedure")
    OPPOSED = "opposed", _l("Not adopted by written procedure")
    WITHDRAWN = "withdrawn", _l("Written procedure stopped")


PROCEDURE_MOVES: dict[StrEnum, set[StrEnum]] = {
    ProcedureStatus.OPEN: {ProcedureStatus.ADOPTED, ProcedureStatus.OPPOSED, ProcedureStatus.WITHDRAWN},
    ProcedureStatus.ADOPTED: set(),
    ProcedureStatus.OPPOSED: set(),
    ProcedureStatus.WITHDRAWN: set(),
}
