"""The attendance sheet of a meeting: one line for each seat, its hours, its recusals, and the items as they opened."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.database import Bilingual, Identified, UTCDateTime, Versioned, one_of
from app.core.extensions import db
from app.core.i18n import localized
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate
from app.forum.organisations.states import College
from app.forum.sheets.states import LineState, Mode


class AttendanceSheet(Identified, db.Model):
    """The sheet of a meeting. `version` grows with each mark: what a reader has seen is everything up to a version.

    Its row is locked by each mark, so that versions follow the order of commits and no reader ever misses one.
    `day`: the first day of the meeting when it was drawn: another day needs another sheet. `no_quorum`: a second notice
    with the same agenda, as it was when the sheet was drawn, for agendas may change afterwards. `guests`: how many
    people without a seat were there. `ended_at`: when the meeting ended, said at the closing. `reason`: why it was
    opened again, for the secretariat.
    """

    __tablename__ = "attendance_sheet"
    __table_args__ = (CheckConstraint("guests >= 0", name="guests"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), unique=True)
    day: Mapped[date] = mapped_column(Date)
    no_quorum: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    guests: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str | None] = mapped_column(String(500))

    meeting: Mapped[Meeting] = relationship()

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class AttendanceLine(Identified, db.Model):
    """A seat on the sheet. `mandate`: its full member's.

    `college`, `votes`: as they were when the sheet was opened, for a sheet is a record. `version`: that of the sheet
    when the line last changed. `foreseen`: what the answers said beforehand, to which an undone mark leads back.
    """

    __tablename__ = "attendance_line"
    __table_args__ = (
        UniqueConstraint("sheet_id", "mandate_id"),
        Index("ix_attendance_line_sheet_id_version", "sheet_id", "version"),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("attendance_sheet.id", ondelete="CASCADE"))
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    position: Mapped[int] = mapped_column()
    college: Mapped[College] = mapped_column(one_of(College))
    votes: Mapped[bool] = mapped_column()
    state: Mapped[LineState] = mapped_column(one_of(LineState), default=LineState.EXPECTED)
    foreseen: Mapped[LineState] = mapped_column(one_of(LineState), default=LineState.EXPECTED)
    version: Mapped[int] = mapped_column(default=1)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    sheet: Mapped[AttendanceSheet] = relationship()
    mandate: Mapped[Mandate] = relationship(foreign_keys=mandate_id)
    stays: Mapped[list["Stay"]] = relationship(
        order_by="Stay.arrived_at, Stay.id", cascade="all, delete-orphan", passive_deletes=True
    )
    recusals: Mapped[list["Recusal"]] = relationship(
        order_by="Recusal.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def is_untouched(self) -> bool:
        """Nothing was said of it on the sheet."""
        return not self.stays and not self.recusals and self.state == self.foreseen

    @property
    def last_stay(self) -> "Stay | None":
        return self.stays[-1] if self.stays else None

    @property
    def attended_by_id(self) -> int | None:
        """The mandate of the substitute who came last; None for the full member, or nobody."""
        return self.last_stay.attended_by_id if self.last_stay is not None else None

    @property
    def open_stay(self) -> "Stay | None":
        last = self.last_stay
        return last if last is not None and last.left_at is None else None


class Stay(Identified, db.Model):
    """From an arrival, included, to a departure, excluded. Somebody may leave and come back: one row each time.

    `attended_by_id`: the substitute who sat then, None for the full member: one may take over from the other.
    """

    __tablename__ = "attendance_stay"
    __table_args__ = (CheckConstraint("left_at IS NULL OR left_at >= arrived_at", name="hours"),)

    line_id: Mapped[int] = mapped_column(ForeignKey("attendance_line.id", ondelete="CASCADE"), index=True)
    mode: Mapped[Mode] = mapped_column(one_of(Mode), default=Mode.IN_PERSON)
    attended_by_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"), index=True)
    arrived_at: Mapped[datetime] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SheetItem(Identified, Versioned, Bilingual, db.Model):
    """An item of the agenda as the meeting took it: when it was opened, and until when it was discussed.

    Its title is kept, since the agenda may still change: the slot may go, the record stays. `opened_at` None: the item
    has not begun, and somebody is already recused for it.
    """

    __tablename__ = "attendance_item"
    __table_args__ = (
        UniqueConstraint("sheet_id", "slot_id"),
        CheckConstraint("closed_at IS NULL OR closed_at >= opened_at", name="hours"),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("attendance_sheet.id", ondelete="CASCADE"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id", ondelete="SET NULL"), index=True)
    slot_key: Mapped[str] = mapped_column(String(80))
    title_fr: Mapped[str] = mapped_column(String(500))
    title_en: Mapped[str | None] = mapped_column(String(500))
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    title = localized("title")


class Recusal(Identified, db.Model):
    """A member takes no part in one item."""

    __tablename__ = "attendance_recusal"
    __table_args__ = (UniqueConstraint("line_id", "item_id"),)

    line_id: Mapped[int] = mapped_column(ForeignKey("attendance_line.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("attendance_item.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    item: Mapped[SheetItem] = relationship()
