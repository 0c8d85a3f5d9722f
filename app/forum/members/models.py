"""The bodies that meet, the people who sit in them, their mandates, and the members still looked for."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, backref, declared_attr, mapped_column, relationship

from app.accounts.models import User
from app.core import clock
from app.core.database import Bilingual, Identified, Stamped, UTCDateTime, Versioned, one_of
from app.core.extensions import db
from app.core.i18n import localized, rich
from app.core.text import slug
from app.forum.members.states import (
    STAYS_UNTIL_REPLACED,
    BodyKind,
    Consent,
    EndReason,
    MandateState,
    Origin,
    SeatKind,
)
from app.forum.organisations.models import KEY, Organisation
from app.forum.organisations.states import College


def a_year_before(day: date) -> date:
    """The same day one year earlier; 28 February for a 29th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def a_year_after(day: date) -> date:
    """The last day whose `a_year_before` is no later: 29 February of a leap year for a 28th."""
    last = a_year_before(day).replace(year=day.year + 1)
    return last + timedelta(days=1) if a_year_before(last + timedelta(days=1)) <= day else last


class Body(Identified, Bilingual, Stamped, Versioned, db.Model):
    """A body of the Forum. `purpose` is Markdown; its HTML is sanitised on save."""

    __tablename__ = "body"

    kind: Mapped[BodyKind] = mapped_column(one_of(BodyKind, 30), index=True)
    name_fr: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str | None] = mapped_column(String(300))
    purpose_fr: Mapped[str | None] = mapped_column(Text)
    purpose_en: Mapped[str | None] = mapped_column(Text)
    purpose_html_fr: Mapped[str | None] = mapped_column(Text)
    purpose_html_en: Mapped[str | None] = mapped_column(Text)
    cadence_fr: Mapped[str | None] = mapped_column(String(300))
    cadence_en: Mapped[str | None] = mapped_column(String(300))

    name = localized("name")
    purpose = rich("purpose")
    cadence = localized("cadence")

    @property
    def slug(self) -> str:
        return slug(self.name_fr)


class Person(Identified, Bilingual, Stamped, Versioned, db.Model):
    """Somebody who sits in the Forum. The public reads the name, the function and the organisation, nothing else (D.4).

    `contact_email` is for the secretariat alone; an account, when there is one, is the better way to reach them.
    """

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(KEY, index=True)
    function_fr: Mapped[str | None] = mapped_column(String(300))
    function_en: Mapped[str | None] = mapped_column(String(300))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), unique=True)
    contact_email: Mapped[str | None] = mapped_column(String(320))
    user: Mapped[User | None] = relationship(backref=backref("person", uselist=False))
    mandates: Mapped[list["Mandate"]] = relationship(
        back_populates="person",
        order_by="Mandate.starts_on.desc(), Mandate.id.desc()",
        passive_deletes=True,
    )

    function = localized("function")


class Mandate(Identified, Stamped, Versioned, db.Model):
    """A seat held between two Paris days, both included. It opens no door outside them (S19).

    `ends_on`: last day of the term, None when the mandate has no term. `sits_until`: last day in office, None while it
    is not known; a co-chair or a committee member stays after the term until a successor sits (A.20 #8). `titular_id`:
    this is the substitute of that mandate. `replaces_id`: the mandate that this one took over. `correction`: why it was
    last corrected, for the secretariat. `person_id` is emptied when the name fades (D.4): the organisation, the seat
    and the days stay.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="term"),
        CheckConstraint("sits_until IS NULL OR sits_until >= starts_on", name="days"),
        Index("ix_mandate_body_id_starts_on_sits_until", "body_id", "starts_on", "sits_until"),
        # Answers « who sat on this day » by itself: what does not match is never fetched.
        Index("ix_mandate_titular_id_starts_on_sits_until", "titular_id", "starts_on", "sits_until"),
        Index("ix_mandate_sits_until", "sits_until"),
    )

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    college: Mapped[College] = mapped_column(one_of(College))
    seat: Mapped[SeatKind] = mapped_column(one_of(SeatKind))
    seat_number: Mapped[int | None] = mapped_column()
    titular_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id", deferrable=True, initially="DEFERRED"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    sits_until: Mapped[date | None] = mapped_column(Date)
    origin: Mapped[Origin] = mapped_column(one_of(Origin))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"), index=True)
    reference: Mapped[str | None] = mapped_column(String(500))
    end_reason: Mapped[EndReason | None] = mapped_column(one_of(EndReason))
    correction: Mapped[str | None] = mapped_column(String(500))
    replaces_id: Mapped[int | None] = mapped_column(
        ForeignKey("mandate.id", deferrable=True, initially="DEFERRED"), index=True
    )

    person: Mapped[Person | None] = relationship(back_populates="mandates")
    organisation: Mapped[Organisation | None] = relationship()
    body: Mapped[Body] = relationship()
    need: Mapped["Need | None"] = relationship()
    titular: Mapped["Mandate | None"] = relationship(
        foreign_keys=[titular_id], remote_side="Mandate.id", backref=backref("alternates", order_by="Mandate.id")
    )
    replaces: Mapped["Mandate | None"] = relationship(
        foreign_keys=[replaces_id], remote_side="Mandate.id", backref=backref("replaced_by", uselist=False)
    )

    @property
    def is_alternate(self) -> bool:
        return self.titular_id is not None

    def covers(self, day: date) -> bool:
        """In office on that day, the term being over or not."""
        return self.starts_on <= day and (self.sits_until is None or day <= self.sits_until)

    def state(self, day: date | None = None) -> MandateState:
        """Where the mandate stands on a day, today in Paris by default."""
        day = day or clock.today()
        if day < self.starts_on:
            return MandateState.UPCOMING
        if not self.covers(day):
            return MandateState.ENDED
        expired = self.ends_on is not None and self.ends_on < day
        return MandateState.EXPIRED_IN_OFFICE if expired else MandateState.IN_OFFICE

    @property
    def stays_until_replaced(self) -> bool:
        return self.seat in STAYS_UNTIL_REPLACED

    @property
    def is_named(self) -> bool:
        """The public reads the name while the holder sits and for one year afterwards (D.4)."""
        return self.sits_until is None or self.sits_until >= a_year_before(clock.today())

    @property
    def named_until(self) -> date | None:
        """The last day of that year; empty while no last day in office is known."""
        return a_year_after(self.sits_until) if self.sits_until is not None else None

    @property
    def public_person(self) -> Person | None:
        return self.person if self.is_named else None


class SeatAnswer(Identified):
    """Columns of what was answered in the name of a seat; a substitute answers for the seat, which counts once.

    `mandate_id`: the full member's, whom `by_substitute` somebody else answered for. `reason`: of an objection.
    """

    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    by_substitute: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[Consent] = mapped_column(one_of(Consent, 10))
    reason: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    @declared_attr
    def mandate(cls) -> Mapped[Mandate]:
        return relationship()

    @declared_attr
    def user(cls) -> Mapped[User]:
        return relationship()


class AnsweredBySeats:
    """A text that seats answer: `answers`, a relation to the room's own kind of `SeatAnswer`."""

    answers: Any

    @property
    def approvals(self) -> list[Any]:
        return [one for one in self.answers if one.answer == Consent.APPROVE]

    @property
    def objections(self) -> list[Any]:
        return [one for one in self.answers if one.answer == Consent.OBJECT]


class Need(Identified, Bilingual, Stamped, Versioned, db.Model):
    """A profile that the Forum looks for: what calls and direct appointments rest on (A3-2, A.20 #18).

    `body` is the working group that identified it, when one did. Open until the day before `closed_on`.
    """

    __tablename__ = "need"
    __table_args__ = (CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="days"),)

    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    theme_fr: Mapped[str] = mapped_column(String(300))
    theme_en: Mapped[str | None] = mapped_column(String(300))
    profile_fr: Mapped[str] = mapped_column(Text)
    profile_en: Mapped[str | None] = mapped_column(Text)
    reason_fr: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str | None] = mapped_column(Text)
    college: Mapped[College] = mapped_column(one_of(College))
    opened_on: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    body: Mapped[Body | None] = relationship()

    theme = localized("theme")
    profile = localized("profile")
    reason = localized("reason")

    @property
    def is_open(self) -> bool:
        return self.closed_on is None or clock.today() < self.closed_on
