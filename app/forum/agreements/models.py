"""Frozen versions of agendas, what the seats of the committee answered, and the items that members asked for."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core import clock
from app.core.database import Identified, UTCDateTime, one_of
from app.core.extensions import db
from app.forum.agreements import states
from app.forum.agreements.states import RequestStatus, Threshold, VersionStatus
from app.forum.meetings.models import Meeting
from app.forum.members.models import AnsweredBySeats, Mandate, SeatAnswer

IS_OPEN = text("status IN ('shared', 'agreed', 'approved')")


class AgendaVersion(Identified, AnsweredBySeats, db.Model):
    """The whole text of an agenda as it was shared, which stays readable whatever becomes of the working copy.

    `digest`: SHA-256 of `content`, the [head, venues, days] of `agendas.working`; whoever approves approves this text
    and no other. `deadline`: last day to answer, Paris; `threshold`, `needed`, `out_of`, `silent`: the rule on the day
    of sharing. `by_silence`: agreed because nobody objected. `published_at`: that of the agenda that it became.
    """

    __tablename__ = "agenda_version"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        Index(
            "ix_agenda_version_open", "meeting_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
        ),
        Index("ix_agenda_version_status_id", "status", "id"),
    )  # fmt: skip
    MOVES = states.VERSION_MOVES

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[list[Any]] = mapped_column(JSON, deferred=True)
    status: Mapped[VersionStatus] = mapped_column(one_of(VersionStatus), default=VersionStatus.SHARED)
    threshold: Mapped[Threshold] = mapped_column(one_of(Threshold))
    needed: Mapped[int] = mapped_column()
    out_of: Mapped[int] = mapped_column()
    silent: Mapped[bool] = mapped_column(default=False)
    by_silence: Mapped[bool] = mapped_column(default=False)
    deadline: Mapped[date | None] = mapped_column(Date)
    frozen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    meeting: Mapped[Meeting] = relationship()
    answers: Mapped[list["VersionAnswer"]] = relationship(
        back_populates="version", order_by="[VersionAnswer.at, VersionAnswer.id]", cascade="all, delete-orphan",
        passive_deletes=True,
    )  # fmt: skip

    @property
    def is_open(self) -> bool:
        return self.status in states.OPEN


class VersionAnswer(SeatAnswer, db.Model):
    """An answer to a version; the reason of an objection is read by the committee and the secretariat alone."""

    __tablename__ = "version_answer"
    __table_args__ = (UniqueConstraint("version_id", "mandate_id"), UniqueConstraint("version_id", "user_id"))

    version_id: Mapped[int] = mapped_column(ForeignKey("agenda_version.id", ondelete="CASCADE"))

    version: Mapped[AgendaVersion] = relationship(back_populates="answers")


class ItemRequest(Identified, db.Model):
    """An item that a member asks to see on the agenda of a meeting of their body, in the language they write in.

    `slot_key`: the slot that it became. `answer_reason`: what the asker reads of the secretariat's answer.
    """

    __tablename__ = "item_request"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 240", name="minutes"),
        Index("ix_item_request_meeting_id_id", "meeting_id", "id"),
        Index("ix_item_request_user_id_id", "user_id", "id"),
        Index("ix_item_request_status_id", "status", "id"),
        Index("ix_item_request_asked_at", "asked_at"),
    )
    MOVES = states.REQUEST_MOVES

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    lang: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int] = mapped_column()
    status: Mapped[RequestStatus] = mapped_column(one_of(RequestStatus), default=RequestStatus.ASKED)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    answer_reason: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    slot_key: Mapped[str | None] = mapped_column(String(80))

    meeting: Mapped[Meeting] = relationship()
    mandate: Mapped[Mandate] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
