"""Requests about personal data, and the trace that an erasure leaves."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.database import Identified, UTCDateTime, Versioned, one_of
from app.core.extensions import db
from app.forum.personal_data import states
from app.forum.personal_data.states import DataRequestKind, DataRequestStatus


class DataRequest(Identified, Versioned, db.Model):
    """What a person asks about their data, in their own words; `due_on`: the last day of the month to answer."""

    __tablename__ = "data_request"
    __table_args__ = (Index("ix_data_request_status_due_on_id", "status", "due_on", "id"),)
    MOVES = states.MOVES

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[DataRequestKind] = mapped_column(one_of(DataRequestKind))
    status: Mapped[DataRequestStatus] = mapped_column(
        one_of(DataRequestStatus),
        default=DataRequestStatus.RECEIVED,
    )
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    message: Mapped[str | None] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(2))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    due_on: Mapped[date] = mapped_column(Date)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)


class Erasure(Identified, db.Model):
    """That somebody's data were erased: when, by whom, why, how many rows of each table; of whom, only a digest."""

    __tablename__ = "erasure"

    digest: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    rows: Mapped[dict[str, int]] = mapped_column(JSON)
    erased_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
