"""The convocations of a meeting, version after version, and the ledger of their messages."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.database import Bilingual, Identified, UTCDateTime, one_of
from app.core.extensions import db
from app.core.i18n import localized
from app.forum.convocations.states import ConvocationKind, Fate, Told
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate, Person


class Convocation(Identified, Bilingual, db.Model):
    """One version, as it was sent: it is never rewritten. `number`: 1 for the first of its meeting.

    `content`: everything that it prints (`snapshot`), so that it can be read for ever; `digest`: of what a reader would
    see change. `remote_link`: where to connect, for the recipients alone. `sequence`: of the calendar entry.
    `notice_days`: days from the sending to the meeting; `required_days`: those that the rule then asked for. An update
    that leaves the day as it was gives no notice of its own (`gives_notice`): it keeps the days of the version before.
    `reason`: of the urgency, or of the change.
    """

    __tablename__ = "convocation"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    kind: Mapped[ConvocationKind] = mapped_column(one_of(ConvocationKind))
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    first_day: Mapped[date] = mapped_column(Date)
    sequence: Mapped[int] = mapped_column()
    notice_days: Mapped[int] = mapped_column()
    required_days: Mapped[int] = mapped_column()
    gives_notice: Mapped[bool] = mapped_column(default=True)
    reason_fr: Mapped[str | None] = mapped_column(String(500))
    reason_en: Mapped[str | None] = mapped_column(String(500))
    remote_link: Mapped[str | None] = mapped_column(String(500))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))

    meeting: Mapped[Meeting] = relationship()
    sent_by: Mapped[User | None] = relationship()

    reason = localized("reason")

    @property
    def is_urgent(self) -> bool:
        """It leaves less time than the rule then asked for."""
        return self.gives_notice and not self.kind.calls_off and self.notice_days < self.required_days


class ConvocationRecipient(Identified, db.Model):
    """One line of the ledger: who was told, where, in which language, and what became of the message.

    `address`, `address_key` (folded) are emptied after a while; empty from the start for whoever has none. `told`: to
    come or not to come. `sendings`: how many times the message was handed to the outbox.
    """

    __tablename__ = "convocation_recipient"
    __table_args__ = (
        UniqueConstraint("convocation_id", "person_id"),
        Index("ix_convocation_recipient_convocation_id_fate", "convocation_id", "fate"),
    )

    convocation_id: Mapped[int] = mapped_column(ForeignKey("convocation.id", ondelete="CASCADE"))
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id", ondelete="SET NULL"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(320))
    address_key: Mapped[str | None] = mapped_column(String(320), index=True)
    lang: Mapped[str] = mapped_column(String(2))
    told: Mapped[Told] = mapped_column(one_of(Told))
    as_substitute: Mapped[bool] = mapped_column(default=False)
    message_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    fate: Mapped[Fate] = mapped_column(one_of(Fate))
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sendings: Mapped[int] = mapped_column(default=0)

    convocation: Mapped[Convocation] = relationship()
    person: Mapped[Person | None] = relationship()
    mandate: Mapped[Mandate | None] = relationship()

    @property
    def reached(self) -> bool:
        """They were asked to come, and the message left or will: they know of the meeting."""
        return self.told == Told.REQUEST and self.fate in (Fate.QUEUED, Fate.SENT, Fate.SUPERSEDED)

    @property
    def was_sent_again(self) -> bool:
        return self.sendings > 1
