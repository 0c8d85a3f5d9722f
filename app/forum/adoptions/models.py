"""Corrections that those who were there propose, and the written procedures by which a body adopts its minutes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core import clock
from app.core.database import Identified, UTCDateTime, one_of
from app.core.extensions import db
from app.forum.adoptions import states
from app.forum.adoptions.states import CorrectionStatus, ProcedureStatus
from app.forum.members.models import AnsweredBySeats, Mandate, SeatAnswer
from app.forum.minutes.models import Minutes, Section

IS_OPEN = text("status = 'open'")


class Correction(Identified, db.Model):
    """What one participant proposes to write instead of a paragraph of the circulated minutes; kept whatever comes.

    `place`: which paragraph of the section, from 1. `quoted`: how it was written then; `proposed`: what should stand
    there; `reason`: why. `answer`: what the proposer reads, the reason of a refusal included. `applied`: what was
    written instead in the end, of an accepted one.
    """

    __tablename__ = "minutes_correction"
    __table_args__ = (
        Index("ix_minutes_correction_minutes_id_id", "minutes_id", "id"),
        Index("ix_minutes_correction_status_id", "status", "id"),
        CheckConstraint("lang IN ('fr', 'en')", name="lang"),
    )
    MOVES = states.CORRECTION_MOVES

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id", ondelete="CASCADE"))
    section_id: Mapped[int] = mapped_column(ForeignKey("minutes_section.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    lang: Mapped[str] = mapped_column(String(2))
    place: Mapped[int] = mapped_column()
    quoted: Mapped[str] = mapped_column(Text)
    proposed: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[CorrectionStatus] = mapped_column(one_of(CorrectionStatus), default=CorrectionStatus.PROPOSED)
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    answer: Mapped[str | None] = mapped_column(Text)
    applied: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    minutes: Mapped[Minutes] = relationship()
    section: Mapped[Section] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    mandate: Mapped[Mandate] = relationship()


class Procedure(Identified, AnsweredBySeats, db.Model):
    """A written procedure on the minutes as they stand (`digest`). `deadline`: its last day, Paris.

    `silent`: silence is consent, and one objection stops it; otherwise `needed` approvals of `out_of` seats adopt.
    """

    __tablename__ = "minutes_procedure"
    __table_args__ = (
        UniqueConstraint("minutes_id", "number"),
        Index(
            "ix_minutes_procedure_open", "minutes_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
        ),
        Index("ix_minutes_procedure_status_id", "status", "id"),
    )  # fmt: skip
    MOVES = states.PROCEDURE_MOVES

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[ProcedureStatus] = mapped_column(one_of(ProcedureStatus), default=ProcedureStatus.OPEN)
    silent: Mapped[bool] = mapped_column()
    needed: Mapped[int] = mapped_column()
    out_of: Mapped[int] = mapped_column()
    deadline: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    minutes: Mapped[Minutes] = relationship()
    answers: Mapped[list["ProcedureAnswer"]] = relationship(
        back_populates="procedure", order_by="[ProcedureAnswer.at, ProcedureAnswer.id]", cascade="all, delete-orphan",
        passive_deletes=True,
    )  # fmt: skip


class ProcedureAnswer(SeatAnswer, db.Model):
    """An answer to a written procedure; the reason of an objection is read by the members of the body."""

    __tablename__ = "minutes_answer"
    __table_args__ = (UniqueConstraint("procedure_id", "mandate_id"), UniqueConstraint("procedure_id", "user_id"))

    procedure_id: Mapped[int] = mapped_column(ForeignKey("minutes_procedure.id", ondelete="CASCADE"))

    procedure: Mapped[Procedure] = relationship(back_populates="answers")
