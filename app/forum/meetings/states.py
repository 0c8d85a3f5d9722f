"""The whole life of a meeting and of its agenda, and their words, on one screen."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class AgendaStatus(Labelled):
    DRAFT = "draft", _l("Draft agenda")
    PUBLISHED = "published", _l("Agenda published")
    REVISED = "revised", _l("Revised agenda")


class MeetingPhase(Labelled):
    """Where a meeting stands.

    Planned: the secretariat alone knows. Once announced: the public reads it (A6-4),
    even cancelled; what is cancelled before that stays unknown.
    """

    PLANNED = "planned", _l("Planned")
    ANNOUNCED = "announced", _l("Announced")
    CONVENED = "convened", _l("Convened"), "green"
    HELD = "held", _l("Held"), "green"
    POSTPONED = "postponed", _l("Postponed"), "ochre"
    CANCELLED = "cancelled", _l("Cancelled"), "ochre"


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


class MeetingMode(Labelled):
    IN_PERSON = "in_person", _l("In person")
    REMOTE = "remote", _l("Remote")
    HYBRID = "hybrid", _l("In person and remote")
    WRITTEN = "written", _l("Written consultation")


class SlotKind(Labelled):
    SESSION = "session", _l("Session")
    OPENING = "opening", _l("Opening")
    CLOSING = "closing", _l("Closing")
    PHOTO = "photo", _l("Photograph")
    LUNCH = "lunch", _l("Lunch")
    DINNER = "dinner", _l("Dinner")
    BREAK = "break", _l("Break")
    ARRIVAL = "arrival", _l("Arrival")
    WORKSHOP = "workshop", _l("Workshop")
    ASSEMBLY = "assembly", _l("Assembly")
    SPEECH = "speech", _l("Speech")
    CULTURAL_EVENT = "cultural_event", _l("Cultural event")
    REGISTRATION = "registration", _l("Registration")
    OTHER = "other", _l("Other item")

    @property
    def is_work(self) -> bool:
        """Work is drawn filled on the agenda's line; pauses are hollow and muted."""
        return self in WORK


WORK = {SlotKind.SESSION, SlotKind.WORKSHOP, SlotKind.ASSEMBLY, SlotKind.SPEECH, SlotKind.OPENING, SlotKind.CLOSING}


class PersonRole(Labelled):
    MEETING_CHAIR = "meeting_chair", _l("Meeting chair")
    HOST = "host", _l("Host")
    CHAIR = "chair", _l("Session chair")
    SPEAKER = "speaker", _l("Speaker")
    WELCOME = "welcome", _l("Welcome remarks")
