"""Templates of meetings, polls on their date, and the answers of those who sit in the body."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock, clock_change
from app.core.database import Bilingual, Identified, Stamped, UTCDateTime, Versioned, one_of
from app.core.extensions import db
from app.core.i18n import Text, localized, pick
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingMode
from app.forum.members.models import Body, Mandate
from app.forum.planning import states
from app.forum.planning.states import Choice, PollStatus


class MeetingTemplate(Identified, Bilingual, Stamped, Versioned, db.Model):
    """What the meetings of a series have in common.

    `title`: with {number}, {year} and {quarter}. `months`: those in which one is held, or else `every_months` after
    the one before. `weekday`: 0 for Monday, None for Tuesday to Thursday. `slots`: list of {kind, title: {fr, en},
    minutes}, in order; hours are worked out from `starts`, local.
    """

    __tablename__ = "meeting_template"

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    title_fr: Mapped[str] = mapped_column(String(400))
    title_en: Mapped[str | None] = mapped_column(String(400))
    mode: Mapped[MeetingMode] = mapped_column(one_of(MeetingMode))
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time | None] = mapped_column(Time)
    place_fr: Mapped[str | None] = mapped_column(String(300))
    place_en: Mapped[str | None] = mapped_column(String(300))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    months: Mapped[list[int]] = mapped_column(JSON, default=list)
    every_months: Mapped[int | None] = mapped_column()
    weekday: Mapped[int | None] = mapped_column()
    slots: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    is_active: Mapped[bool] = mapped_column(default=True)

    body: Mapped[Body] = relationship()

    title = localized("title")
    place = localized("place")


class DatePoll(Identified, Bilingual, Stamped, Versioned, db.Model):
    """When shall a body meet? `meeting` empty: for a meeting that the choice of a date creates.

    `closes_on`: last day of answers, included, in Paris. `settled_at`: when it was decided or withdrawn.
    """

    __tablename__ = "date_poll"
    __table_args__ = (Index("ix_date_poll_status_body_id_closes_on", "status", "body_id", "closes_on"),)
    MOVES = states.MOVES

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="SET NULL"), index=True)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_template.id", ondelete="SET NULL"), index=True)
    title_fr: Mapped[str] = mapped_column(String(500))
    title_en: Mapped[str | None] = mapped_column(String(500))
    mode: Mapped[MeetingMode] = mapped_column(one_of(MeetingMode))
    closes_on: Mapped[date] = mapped_column(Date)
    status: Mapped[PollStatus] = mapped_column(one_of(PollStatus), default=PollStatus.OPEN)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    reminded_on: Mapped[date | None] = mapped_column(Date)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    reason_fr: Mapped[str | None] = mapped_column(String(500))
    reason_en: Mapped[str | None] = mapped_column(String(500))

    body: Mapped[Body] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    template: Mapped[MeetingTemplate | None] = relationship()
    options: Mapped[list["PollOption"]] = relationship(
        back_populates="poll",
        order_by="[PollOption.day, PollOption.starts, PollOption.id]",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    title = localized("title")
    reason = localized("reason")

    @property
    def name(self) -> Text:
        """What the date is for: the meeting as it is called today, or the one to come."""
        return self.meeting.title if self.meeting is not None else pick(self.title_fr, self.title_en)

    @property
    def chosen(self) -> "PollOption | None":
        return next((option for option in self.options if option.is_chosen), None)

    @property
    def takes_answers(self) -> bool:
        return self.status == PollStatus.OPEN and clock.today() <= self.closes_on

    @property
    def waits_for_a_choice(self) -> bool:
        return self.status == PollStatus.OPEN and clock.today() > self.closes_on

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.meeting.timezone) if self.meeting is not None else clock.PARIS


class PollOption(Identified, db.Model):
    """One date: a day and its hours, local to the meeting."""

    __tablename__ = "poll_option"
    __table_args__ = (UniqueConstraint("poll_id", "day", "starts", "ends"),)

    poll_id: Mapped[int] = mapped_column(ForeignKey("date_poll.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date)
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)
    is_chosen: Mapped[bool] = mapped_column(default=False)

    poll: Mapped[DatePoll] = relationship(back_populates="options")

    @property
    def comes_twice(self) -> bool:
        """The clocks go back over its start: the first of the two hours is meant."""
        return clock_change.comes_twice(self.day, self.starts, self.poll.zone)


class PollAnswer(Identified, db.Model):
    """What the holder of a seat answered to one date."""

    __tablename__ = "poll_answer"
    __table_args__ = (UniqueConstraint("option_id", "mandate_id"),)

    option_id: Mapped[int] = mapped_column(ForeignKey("poll_option.id", ondelete="CASCADE"))
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id", ondelete="CASCADE"), index=True)
    choice: Mapped[Choice] = mapped_column(one_of(Choice))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    option: Mapped[PollOption] = relationship()
    mandate: Mapped[Mandate] = relationship()
