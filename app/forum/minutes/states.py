"""The life of minutes from draft to publication (A.19), of their two tracks, and of an open vote they record."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class MinutesStatus(StrEnum):
    """Approved: adopted by the body. Corrected: published, then changed by an erratum."""

    DRAFT = "draft"
    CIRCULATED = "circulated"
    APPROVED = "approved"
    PUBLISHED = "published"
    CORRECTED = "corrected"

    @property
    def label(self) -> Any:
        return STATUS_LABELS[self]

    @property
    def tone(self) -> str:
        return STATUS_TONES[self]


MOVES: dict[StrEnum, set[StrEnum]] = {
    MinutesStatus.DRAFT: {MinutesStatus.CIRCULATED},
    MinutesStatus.CIRCULATED: {MinutesStatus.APPROVED, MinutesStatus.DRAFT},
    MinutesStatus.APPROVED: {MinutesStatus.PUBLISHED},
    MinutesStatus.PUBLISHED: {MinutesStatus.CORRECTED},
    MinutesStatus.CORRECTED: {MinutesStatus.CORRECTED},
}
IN_PREPARATION = (MinutesStatus.DRAFT, MinutesStatus.CIRCULATED)
PUBLIC = (MinutesStatus.PUBLISHED, MinutesStatus.CORRECTED)
STATUS_LABELS = {
    MinutesStatus.DRAFT: _l("Draft minutes"),
    MinutesStatus.CIRCULATED: _l("Minutes circulated"),
    MinutesStatus.APPROVED: _l("Minutes adopted"),
    MinutesStatus.PUBLISHED: _l("Minutes published"),
    MinutesStatus.CORRECTED: _l("Minutes published, with an erratum"),
}
STATUS_TONES = {
    MinutesStatus.DRAFT: "neutral",
    MinutesStatus.CIRCULATED: "blue",
    MinutesStatus.APPROVED: "green",
    MinutesStatus.PUBLISHED: "green",
    MinutesStatus.CORRECTED: "ochre",
}


class AdoptionWay(StrEnum):
    """How a body adopts the minutes of one of its meetings."""

    MEETING = "meeting"
    WRITTEN = "written"
    SILENCE = "silence"

    @property
    def label(self) -> Any:
        return WAY_LABELS[self]


WAY_LABELS = {
    AdoptionWay.MEETING: _l("At a meeting of the body"),
    AdoptionWay.WRITTEN: _l("In writing, by a majority of the members"),
    AdoptionWay.SILENCE: _l("In writing, nobody having objected"),
}


class TrackState(StrEnum):
    """Where one language of a section stands."""

    MISSING = "missing"
    DRAFT = "draft"
    REVIEWED = "reviewed"
    OUTDATED = "outdated"

    @property
    def label(self) -> Any:
        return TRACK_LABELS[self]

    @property
    def tone(self) -> str:
        return TRACK_TONES[self]


TRACK_LABELS = {
    TrackState.MISSING: _l("Missing"),
    TrackState.DRAFT: _l("Being written"),
    TrackState.REVIEWED: _l("Reviewed"),
    TrackState.OUTDATED: _l("Older than the French"),
}
TRACK_TONES = {
    TrackState.MISSING: "neutral",
    TrackState.DRAFT: "blue",
    TrackState.REVIEWED: "green",
    TrackState.OUTDATED: "ochre",
}


class WithholdingGround(StrEnum):
    """Why the public reads another text than the one adopted (CRPA L311-5, L311-6, L312-1-2)."""

    PRIVACY = "privacy"
    BUSINESS = "business"
    SECURITY = "security"
    PROCEEDINGS = "proceedings"

    @property
    def label(self) -> Any:
        return GROUND_LABELS[self]


GROUND_LABELS = {
    WithholdingGround.PRIVACY: _l("Private life (CRPA, art. L311-6)"),
    WithholdingGround.BUSINESS: _l("Business secrecy (CRPA, art. L311-6)"),
    WithholdingGround.SECURITY: _l("Security of people or of the State (CRPA, art. L311-5)"),
    WithholdingGround.PROCEEDINGS: _l("Proceedings before a court (CRPA, art. L311-5)"),
}
