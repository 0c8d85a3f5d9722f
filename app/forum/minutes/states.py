"""The life of minutes from draft to publication (A.19), of their two tracks, and of an open vote they record."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class MinutesStatus(Labelled):
    """Approved: adopted by the body. Corrected: published, then changed by an erratum."""

    DRAFT = "draft", _l("Draft minutes")
    CIRCULATED = "circulated", _l("Minutes circulated"), "blue"
    APPROVED = "approved", _l("Minutes adopted"), "green"
    PUBLISHED = "published", _l("Minutes published"), "green"
    CORRECTED = "corrected", _l("Minutes published, with an erratum"), "ochre"


MOVES: dict[StrEnum, set[StrEnum]] = {
    MinutesStatus.DRAFT: {MinutesStatus.CIRCULATED},
    MinutesStatus.CIRCULATED: {MinutesStatus.APPROVED, MinutesStatus.DRAFT},
    MinutesStatus.APPROVED: {MinutesStatus.PUBLISHED, MinutesStatus.DRAFT},
    MinutesStatus.PUBLISHED: {MinutesStatus.CORRECTED},
    MinutesStatus.CORRECTED: {MinutesStatus.CORRECTED},
}
IN_PREPARATION = (MinutesStatus.DRAFT, MinutesStatus.CIRCULATED)
PUBLIC = (MinutesStatus.PUBLISHED, MinutesStatus.CORRECTED)


class AdoptionWay(Labelled):
    """How a body adopts the minutes of one of its meetings."""

    MEETING = "meeting", _l("At a meeting of the body")
    WRITTEN = "written", _l("In writing, by a majority of the members")
    SILENCE = "silence", _l("In writing, nobody having objected")


class TrackState(Labelled):
    """Where one language of a section stands."""

    MISSING = "missing", _l("Missing")
    DRAFT = "draft", _l("Being written"), "blue"
    REVIEWED = "reviewed", _l("Reviewed"), "green"
    OUTDATED = "outdated", _l("Older than the French"), "ochre"


class WithholdingGround(Labelled):
    """Why the public reads another text than the one adopted (CRPA L311-5, L311-6, L312-1-2)."""

    PRIVACY = "privacy", _l("Private life (CRPA, art. L311-6)")
    BUSINESS = "business", _l("Business secrecy (CRPA, art. L311-6)")
    SECURITY = "security", _l("Security of people or of the State (CRPA, art. L311-5)")
    PROCEEDINGS = "proceedings", _l("Proceedings before a court (CRPA, art. L311-5)")
