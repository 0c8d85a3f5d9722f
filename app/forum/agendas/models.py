"""The working copy of an agenda: what the secretariat edits, and nobody else reads, until it is published."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.database import Bilingual, Identified, Stamped, UTCDateTime, Versioned, one_of
from app.core.extensions import db
from app.forum.agendas.states import PartKind
from app.forum.meetings.models import Meeting


class WorkingCopy(Identified, Stamped, db.Model):
    """One at most for a meeting. `days`: ISO dates in order. `base`: digest of the stored agenda when it was begun.

    `copied_from_id`: the meeting whose agenda it took over, names of people to be checked. `pending`: the agenda of a
    file that was checked and waits for a yes, in the stored form of `working`.
    """

    __tablename__ = "working_copy"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), unique=True)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="SET NULL"), index=True)
    base: Mapped[str] = mapped_column(String(64))
    days: Mapped[list[str]] = mapped_column(JSON, default=list)
    pending: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    meeting: Mapped[Meeting] = relationship(foreign_keys=meeting_id)
    copied_from: Mapped[Meeting | None] = relationship(foreign_keys=copied_from_id)
    started_by: Mapped[User | None] = relationship()
    parts: Mapped[list["WorkingPart"]] = relationship(
        back_populates="copy",
        order_by="[WorkingPart.position, WorkingPart.id]",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    @property
    def head(self) -> "WorkingPart":
        return next(part for part in self.parts if part.kind == PartKind.HEAD)

    @property
    def venues(self) -> list["WorkingPart"]:
        return self._of(PartKind.VENUE)

    @property
    def slots(self) -> list["WorkingPart"]:
        return self._of(PartKind.SLOT)

    def slots_of(self, day: str) -> list["WorkingPart"]:
        """The slots of an ISO date, in their order."""
        return [part for part in self.slots if part.day is not None and part.day.isoformat() == day]

    def _of(self, kind: PartKind) -> list["WorkingPart"]:
        """In order, even when a position has just changed."""
        kept = [part for part in self.parts if part.kind == kind and part.removed_at is None]
        return sorted(kept, key=lambda part: (part.position, part.id or 0))


class WorkingPart(Identified, Bilingual, Stamped, Versioned, db.Model):
    """The head of the meeting, one venue or one slot. `data`: its mapping in an agenda file, hours and dates as text.

    What is removed keeps its row until the copy is published or discarded: someone may still be writing in it.
    """

    __tablename__ = "working_part"
    __table_args__ = (UniqueConstraint("copy_id", "kind", "key"),)

    copy_id: Mapped[int] = mapped_column(ForeignKey("working_copy.id", ondelete="CASCADE"))
    kind: Mapped[PartKind] = mapped_column(one_of(PartKind, 10))
    key: Mapped[str] = mapped_column(String(80), default="")
    day: Mapped[date | None] = mapped_column(Date)
    position: Mapped[int] = mapped_column(default=0)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    copy: Mapped[WorkingCopy] = relationship(back_populates="parts")
    updated_by: Mapped[User | None] = relationship()
