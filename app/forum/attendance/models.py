"""Answers of those who sit in a body before its meeting, their proxies, and the reminders that were sent."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.database import Identified, UTCDateTime, Versioned, one_of
from app.core.extensions import db
from app.forum.attendance.states import Choice, ProxyEnd
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate


class Answer(Identified, Versioned, db.Model):
    """What was last said for one seat, the full member's; what was said before is kept nowhere.

    `day`: the first day of the meeting then; an answer given for another day counts no more. `substitute_id`: the
    mandate of the substitute who comes, when it is known. `on_behalf`: keyed by the secretariat, from a call or a
    letter. `by_user_id`: the account that keyed it.
    """

    __tablename__ = "attendance_answer"
    __table_args__ = (UniqueConstraint("meeting_id", "mandate_id"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    day: Mapped[date] = mapped_column(Date)
    choice: Mapped[Choice] = mapped_column(one_of(Choice))
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id", ondelete="SET NULL"), index=True)
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    on_behalf: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Proxy(Identified, Versioned, db.Model):
    """One member's right to vote for another at one meeting (F.10). `principal`: who gives it, `holder`: who votes.

    `day`: the first day of the meeting when it was given. Live while `revoked_at` is empty: from then on it is void,
    for the reason `voided_reason`, and the votes held before stay as they were cast. `on_behalf`: recorded by the
    secretariat from a signed paper. Kept as long as the sheet: the quorum is worked out from it.
    """

    __tablename__ = "proxy"
    __table_args__ = (
        CheckConstraint("principal_id <> holder_id", name="two_members"),
        CheckConstraint("(revoked_at IS NULL) = (voided_reason IS NULL)", name="ended_for_a_reason"),
        Index("ix_proxy_meeting_id_holder_id", "meeting_id", "holder_id"),
        Index(
            "uq_proxy_live", "meeting_id", "principal_id", unique=True,
            sqlite_where=text("revoked_at IS NULL"), postgresql_where=text("revoked_at IS NULL"),
        ),
    )  # fmt: skip

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    principal_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    day: Mapped[date] = mapped_column(Date)
    on_behalf: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    given_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    voided_reason: Mapped[ProxyEnd | None] = mapped_column(one_of(ProxyEnd))

    meeting: Mapped[Meeting] = relationship()
    principal: Mapped[Mandate] = relationship(foreign_keys=principal_id)
    holder: Mapped[Mandate] = relationship(foreign_keys=holder_id)

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None

    def holds_at(self, moment: datetime) -> bool:
        """Whether the holder could vote with it at that instant (UTC)."""
        return self.given_at <= moment and (self.revoked_at is None or moment < self.revoked_at)


class Reminder(Identified, db.Model):
    """One reminder to one seat that has not answered: at most one a day. `sent_on`: a Paris day.

    `by_user_id` empty: sent by the portal itself, some days before the meeting.
    """

    __tablename__ = "answer_reminder"
    __table_args__ = (UniqueConstraint("meeting_id", "mandate_id", "sent_on"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    sent_on: Mapped[date] = mapped_column(Date)
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
