"""Meetings, the days and slots of their agenda, the venues and the people named on it."""

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.core import clock, i18n
from app.core.database import Bilingual, Identified, Stamped, UTCDateTime, Versioned, one_of
from app.core.extensions import db
from app.core.i18n import localized, rich
from app.core.text import slug
from app.forum.documents.models import Document
from app.forum.meetings import states
from app.forum.meetings.states import AgendaStatus, MeetingMode, MeetingPhase, PersonRole, SlotKind
from app.forum.members.models import Body


class Meeting(Identified, Bilingual, Stamped, Versioned, db.Model):
    """A meeting of a body of the Forum, or (`body` empty) an outside meeting that the Forum follows.

    Days are days of `timezone`. `uid` and `sequence` identify the calendar entry for the life of the meeting.
    `status` is the agenda's, `phase` the meeting's: the public reads a meeting once it is announced, its agenda once it
    is published. `starts`, `ends`: announced hours, local; the agenda's own, once public, go before them.
    `announced_at`: when the public first knew of it, empty while the secretariat alone does.
    `remote_link`: where to connect, for the members who are convened and never for the public. `second_notice_of_id`:
    the meeting that lacked its quorum, which this one resumes with the same agenda (F.6).
    `organisers`: list of {fr, en}; `contact`: {channels, attached_to}, a function and never a person.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="days"),
        Index("ix_meeting_last_day_phase", "last_day", "phase"),
        Index("ix_meeting_body_id_last_day_phase", "body_id", "last_day", "phase"),
        Index("ix_meeting_first_day", "first_day"),
    )
    MOVES = states.MOVES
    STATUSES = {MeetingPhase: "phase"}

    uid: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    series_number: Mapped[int | None] = mapped_column()
    title_fr: Mapped[str] = mapped_column(String(500))
    title_en: Mapped[str | None] = mapped_column(String(500))
    theme_fr: Mapped[str | None] = mapped_column(String(500))
    theme_en: Mapped[str | None] = mapped_column(String(500))
    date_label_fr: Mapped[str | None] = mapped_column(String(300))
    date_label_en: Mapped[str | None] = mapped_column(String(300))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    timezone: Mapped[str] = mapped_column(String(60), default="Europe/Paris")
    place_fr: Mapped[str | None] = mapped_column(String(300))
    place_en: Mapped[str | None] = mapped_column(String(300))
    mode: Mapped[MeetingMode] = mapped_column(one_of(MeetingMode), default=MeetingMode.IN_PERSON)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    organisers: Mapped[list[dict[str, str | None]]] = mapped_column(JSON, default=list)
    contact: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    introduction_fr: Mapped[str | None] = mapped_column(Text, deferred=True, deferred_group="introduction")
    introduction_en: Mapped[str | None] = mapped_column(Text, deferred=True, deferred_group="introduction")
    introduction_html_fr: Mapped[str | None] = mapped_column(Text, deferred=True, deferred_group="introduction")
    introduction_html_en: Mapped[str | None] = mapped_column(Text, deferred=True, deferred_group="introduction")
    status: Mapped[AgendaStatus] = mapped_column(one_of(AgendaStatus), default=AgendaStatus.DRAFT)
    phase: Mapped[MeetingPhase] = mapped_column(one_of(MeetingPhase), default=MeetingPhase.PLANNED)
    starts: Mapped[time | None] = mapped_column(Time)
    ends: Mapped[time | None] = mapped_column(Time)
    remote_link: Mapped[str | None] = mapped_column(String(500))
    announced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    second_notice_of_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    sequence: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    body: Mapped[Body | None] = relationship()
    days: Mapped[list["AgendaDay"]] = relationship(
        back_populates="meeting", order_by="AgendaDay.day", cascade="all, delete-orphan"
    )
    venues: Mapped[list["Venue"]] = relationship(order_by="Venue.position", cascade="all, delete-orphan")
    people: Mapped[list["AgendaPerson"]] = relationship(
        order_by="AgendaPerson.position", cascade="all, delete-orphan", foreign_keys="AgendaPerson.meeting_id"
    )

    revisions: Mapped[list["AgendaRevision"]] = relationship(
        order_by="AgendaRevision.id.desc()", cascade="all, delete-orphan", passive_deletes=True
    )
    story: Mapped[list["MeetingStep"]] = relationship(
        back_populates="meeting", order_by="MeetingStep.id", cascade="all, delete-orphan", passive_deletes=True
    )
    second_notice_of: Mapped["Meeting | None"] = relationship(
        foreign_keys=second_notice_of_id, remote_side="Meeting.id"
    )

    title = localized("title")
    theme = localized("theme")
    place = localized("place")
    date_label = localized("date_label")
    introduction = rich("introduction")

    @property
    def slug(self) -> str:
        return slug(self.title_fr)

    @property
    def agenda_is_public(self) -> bool:
        return self.status in states.PUBLIC

    @validates("phase")
    def _enter_phase(self, _name: str, phase: MeetingPhase) -> MeetingPhase:
        """A meeting cancelled before it was announced was never known to the public."""
        if self.announced_at is None and phase not in (MeetingPhase.PLANNED, MeetingPhase.CANCELLED):
            self.announced_at = clock.now()
        return phase

    @property
    def is_announced(self) -> bool:
        """The public knows of it: it stays so when it is postponed or cancelled."""
        return self.announced_at is not None

    @property
    def is_off(self) -> bool:
        """Nobody should come: cancelled, or postponed to a day that is not known yet."""
        return self.phase in (MeetingPhase.CANCELLED, MeetingPhase.POSTPONED)

    @property
    def is_followed(self) -> bool:
        """An outside meeting that the Forum follows."""
        return self.body_id is None

    @property
    def dates(self) -> str:
        """The dates as printed, or worked out from the two days."""
        return self.date_label.text or i18n.day_range(self.first_day, self.last_day)

    @property
    def chair(self) -> "AgendaPerson | None":
        return next((person for person in self.people if person.role == PersonRole.MEETING_CHAIR), None)


class MeetingStep(Identified, Bilingual, db.Model):
    """One step in the story of a meeting, as the public reads it: what it became, when, and why.

    `day`, `former_day`: its first day then and, where the step moved it, before.
    """

    __tablename__ = "meeting_step"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    phase: Mapped[MeetingPhase] = mapped_column(one_of(MeetingPhase))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    day: Mapped[date] = mapped_column(Date)
    former_day: Mapped[date | None] = mapped_column(Date)
    reason_fr: Mapped[str | None] = mapped_column(String(500))
    reason_en: Mapped[str | None] = mapped_column(String(500))

    meeting: Mapped[Meeting] = relationship(back_populates="story")

    reason = localized("reason")


class Venue(Identified, Bilingual, db.Model):
    """A room in a building; several rooms may share an address. `address` is normalised, `as_printed` is not."""

    __tablename__ = "venue"
    __table_args__ = (UniqueConstraint("meeting_id", "key"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column()
    room_fr: Mapped[str | None] = mapped_column(String(300))
    room_en: Mapped[str | None] = mapped_column(String(300))
    building_fr: Mapped[str] = mapped_column(String(300))
    building_en: Mapped[str | None] = mapped_column(String(300))
    access_fr: Mapped[str | None] = mapped_column(String(300))
    access_en: Mapped[str | None] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(300))
    as_printed: Mapped[str | None] = mapped_column(String(300))

    room = localized("room")
    building = localized("building")
    access = localized("access")


class AgendaDay(Identified, db.Model):
    """One day of an agenda; it may fall outside the announced range."""

    __tablename__ = "agenda_day"
    __table_args__ = (UniqueConstraint("meeting_id", "day"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date)
    meeting: Mapped[Meeting] = relationship(back_populates="days")
    slots: Mapped[list["Slot"]] = relationship(
        back_populates="day", order_by="Slot.position", cascade="all, delete-orphan"
    )


class Slot(Identified, Bilingual, db.Model):
    """A slot of an agenda. `starts`, `ends`: local time of the meeting, None when not printed.

    `speaking_time`: minutes for each speaker or delegation. `questions`: list of {fr, en}; `references`: list of
    {title, url}. `note`: for the secretariat, never shown to the public.
    """

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("day_id", "key"),)

    day_id: Mapped[int] = mapped_column(ForeignKey("agenda_day.id", ondelete="CASCADE"))
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id", ondelete="SET NULL"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column()
    starts: Mapped[time | None] = mapped_column(Time)
    ends: Mapped[time | None] = mapped_column(Time)
    kind: Mapped[SlotKind] = mapped_column(one_of(SlotKind))
    number: Mapped[int | None] = mapped_column()
    title_fr: Mapped[str] = mapped_column(String(500))
    title_en: Mapped[str | None] = mapped_column(String(500))
    description_fr: Mapped[str | None] = mapped_column(Text)
    description_en: Mapped[str | None] = mapped_column(Text)
    description_html_fr: Mapped[str | None] = mapped_column(Text)
    description_html_en: Mapped[str | None] = mapped_column(Text)
    is_optional: Mapped[bool] = mapped_column(default=False)
    format: Mapped[str | None] = mapped_column(String(80))
    speaking_time: Mapped[int | None] = mapped_column()
    questions: Mapped[list[dict[str, str | None]]] = mapped_column(JSON, default=list)
    references: Mapped[list[dict[str, str | None]]] = mapped_column(JSON, default=list)
    note_fr: Mapped[str | None] = mapped_column(Text)
    note_en: Mapped[str | None] = mapped_column(Text)

    day: Mapped[AgendaDay] = relationship(back_populates="slots")

    title = localized("title")
    description = rich("description")


class AgendaPerson(Identified, Bilingual, db.Model):
    """A person named on an agenda in a function: of the meeting (`slot_id` empty) or of one slot."""

    __tablename__ = "agenda_person"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    role: Mapped[PersonRole] = mapped_column(one_of(PersonRole))
    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(300))
    honorific: Mapped[str | None] = mapped_column(String(300))
    function_fr: Mapped[str] = mapped_column(String(300))
    function_en: Mapped[str | None] = mapped_column(String(300))
    scope_fr: Mapped[str | None] = mapped_column(String(300))
    scope_en: Mapped[str | None] = mapped_column(String(300))

    function = localized("function")
    scope = localized("scope")


class Attachment(Identified, db.Model):
    """A document attached to a meeting or to one of its slots; a slot that goes leaves its documents to the meeting."""

    __tablename__ = "attachment"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id", ondelete="SET NULL"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    position: Mapped[int] = mapped_column()

    document: Mapped[Document] = relationship(lazy="joined")
    meeting: Mapped[Meeting] = relationship()


class AgendaRevision(Identified, Bilingual, db.Model):
    """Why a public agenda was changed, in the words shown to the reader."""

    __tablename__ = "agenda_revision"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    sequence: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    reason_fr: Mapped[str] = mapped_column(String(500))
    reason_en: Mapped[str | None] = mapped_column(String(500))

    reason = localized("reason")
