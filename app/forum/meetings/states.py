"""The whole life of a meeting and of its agenda, and their words, on one screen."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class AgendaStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    REVISED = "revised"

    @property
    def label(self) -> Any:
        return STATUS_LABELS[self]


class MeetingPhase(StrEnum):
    """Where a meeting stands.

    Planned: the secretariat alone knows. Once announced: the public reads it (A6-4),
    even cancelled; what is cancelled before that stays unknown.
    """

    PLANNED = "planned"
    ANNOUNCED = "announced"
    CONVENED = "convened"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Any:
        return PHASE_LABELS[self]

    @property
    def tone(self) -> str:
        """The colour of its tag."""
        return PHASE_TONES.get(self, "neutral")


AGENDA_MOVES: dict[StrEnum, set[StrEnum]] = {
    AgendaStatus.DRAFT: {AgendaStatus.PUBLISHED},
    AgendaStatus.PUBLISHED: {AgendaStatus.REVISED},
    AgendaStatus.REVISED: {AgendaStatus.REVISED},
}
PHASE_MOVES: dict[StrEnum, set[StrEnum]] = {
    MeetingPhase.PLANNED: {MeetingPhase.ANNOUNCED, MeetingPhase.CANCELLED},
    # A meeting of another body, or one older than the portal, is not convened here: it is held all the same.
    MeetingPhase.ANNOUNCED: {
        MeetingPhase.CONVENED, MeetingPhase.HELD, MeetingPhase.POSTPONED, MeetingPhase.CANCELLED,
    },
    MeetingPhase.CONVENED: {MeetingPhase.HELD, MeetingPhase.POSTPONED, MeetingPhase.CANCELLED},
    MeetingPhase.POSTPONED: {MeetingPhase.ANNOUNCED, MeetingPhase.CANCELLED},
    MeetingPhase.CANCELLED: {MeetingPhase.ANNOUNCED},  # restored: the entry of calendars comes back with a new SEQUENCE
    MeetingPhase.HELD: set(),
}  # fmt: skip
MOVES = {**AGENDA_MOVES, **PHASE_MOVES}
PUBLIC = (AgendaStatus.PUBLISHED, AgendaStatus.REVISED)


class MeetingMode(StrEnum):
    IN_PERSON = "in_person"
    REMOTE = "remote"
    HYBRID = "hybrid"
    WRITTEN = "written"

    @property
    def label(self) -> Any:
        return MODE_LABELS[self]


class SlotKind(StrEnum):
    SESSION = "session"
    OPENING = "opening"
    CLOSING = "closing"
    PHOTO = "photo"
    LUNCH = "lunch"
    DINNER = "dinner"
    BREAK = "break"
    ARRIVAL = "arrival"
    WORKSHOP = "workshop"
    ASSEMBLY = "assembly"
    SPEECH = "speech"
    CULTURAL_EVENT = "cultural_event"
    REGISTRATION = "registration"
    OTHER = "other"

    @property
    def label(self) -> Any:
        return KIND_LABELS[self]

    @property
    def is_work(self) -> bool:
        """Work is drawn filled on the agenda's line; pauses are hollow and muted."""
        return self in WORK


WORK = {SlotKind.SESSION, SlotKind.WORKSHOP, SlotKind.ASSEMBLY, SlotKind.SPEECH, SlotKind.OPENING, SlotKind.CLOSING}


class PersonRole(StrEnum):
    MEETING_CHAIR = "meeting_chair"
    HOST = "host"
    CHAIR = "chair"
    SPEAKER = "speaker"
    WELCOME = "welcome"

    @property
    def label(self) -> Any:
        return ROLE_LABELS[self]


STATUS_LABELS = {
    AgendaStatus.DRAFT: _l("Draft agenda"),
    AgendaStatus.PUBLISHED: _l("Agenda published"),
    AgendaStatus.REVISED: _l("Revised agenda"),
}
PHASE_LABELS = {
    MeetingPhase.PLANNED: _l("Planned"),
    MeetingPhase.ANNOUNCED: _l("Announced"),
    MeetingPhase.CONVENED: _l("Convened"),
    MeetingPhase.HELD: _l("Held"),
    MeetingPhase.POSTPONED: _l("Postponed"),
    MeetingPhase.CANCELLED: _l("Cancelled"),
}
PHASE_TONES = {
    MeetingPhase.CONVENED: "green",
    MeetingPhase.HELD: "green",
    MeetingPhase.POSTPONED: "ochre",
    MeetingPhase.CANCELLED: "ochre",
}
MODE_LABELS = {
    MeetingMode.IN_PERSON: _l("In person"),
    MeetingMode.REMOTE: _l("Remote"),
    MeetingMode.HYBRID: _l("In person and remote"),
    MeetingMode.WRITTEN: _l("Written consultation"),
}
KIND_LABELS = {
    SlotKind.SESSION: _l("Session"),
    SlotKind.OPENING: _l("Opening"),
    SlotKind.CLOSING: _l("Closing"),
    SlotKind.PHOTO: _l("Photograph"),
    SlotKind.LUNCH: _l("Lunch"),
    SlotKind.DINNER: _l("Dinner"),
    SlotKind.BREAK: _l("Break"),
    SlotKind.ARRIVAL: _l("Arrival"),
    SlotKind.WORKSHOP: _l("Workshop"),
    SlotKind.ASSEMBLY: _l("Assembly"),
    SlotKind.SPEECH: _l("Speech"),
    SlotKind.CULTURAL_EVENT: _l("Cultural event"),
    SlotKind.REGISTRATION: _l("Registration"),
    SlotKind.OTHER: _l("Other item"),
}
ROLE_LABELS = {
    PersonRole.MEETING_CHAIR: _l("Meeting chair"),
    PersonRole.HOST: _l("Host"),
    PersonRole.CHAIR: _l("Session chair"),
    PersonRole.SPEAKER: _l("Speaker"),
    PersonRole.WELCOME: _l("Welcome remarks"),
}
