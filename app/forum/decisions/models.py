"""Decisions and actions cut out of minutes, each under a number for ever, and what became of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.core import clock
from app.core.database import Bilingual, Identified, Stamped, UTCDateTime, Versioned, one_of
from app.core.extensions import db
from app.core.i18n import localized, rich
from app.forum.decisions import states
from app.forum.decisions.states import ActionStatus, DecisionBasis, DecisionKind, DecisionStatus
from app.forum.members.models import Body, Person
from app.forum.minutes.models import Minutes, Section, Vote
from app.forum.minutes.states import WithholdingGround
from app.forum.organisations.models import Organisation


class Numbering(Identified, db.Model):
    """The last number given in a year, `D` for decisions and `A` for actions: none is ever given twice."""

    __tablename__ = "decision_numbering"
    __table_args__ = (UniqueConstraint("letter", "year"),)

    letter: Mapped[str] = mapped_column(String(1))
    year: Mapped[int] = mapped_column()
    last: Mapped[int] = mapped_column(default=0)


class CutOut:
    """What a decision and an action have in common.

    `body_id`, `decided_on`: the body and the last day of the meeting, by which registers are read. `agreed_deadline`:
    the one of the minutes, which stays; `deadline`: the one that holds today. `took`: days from the meeting to
    `done_on`. `published_at`: when its minutes became public, empty before. `folded`: its words, for the search of the
    register. `adopted`: where the public reads another wording on a legal `ground` (D.11), what stood in the columns
    `WORDING` when it was adopted. `section` is empty only once a section that held nothing but what was withdrawn is
    removed.
    """

    WORDING: tuple[str, ...] = ("title_fr", "title_en")

    number: Mapped[str] = mapped_column(String(20), unique=True)
    year: Mapped[int] = mapped_column()
    sequence: Mapped[int] = mapped_column()
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id", ondelete="CASCADE"), index=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("minutes_section.id", ondelete="SET NULL"), index=True)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    decided_on: Mapped[date] = mapped_column(Date)
    title_fr: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str | None] = mapped_column(String(300))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    responsible_fr: Mapped[str | None] = mapped_column(String(300))
    responsible_en: Mapped[str | None] = mapped_column(String(300))
    deadline: Mapped[date | None] = mapped_column(Date)
    agreed_deadline: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    took: Mapped[int | None] = mapped_column()
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    folded: Mapped[str] = mapped_column(Text, default="")
    adopted: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    ground: Mapped[WithholdingGround | None] = mapped_column(one_of(WithholdingGround))

    @declared_attr
    def minutes(cls) -> Mapped[Minutes]:
        return relationship(Minutes)

    @declared_attr
    def section(cls) -> Mapped[Section | None]:
        return relationship(Section)

    @declared_attr
    def body(cls) -> Mapped[Body | None]:
        return relationship(Body)

    @declared_attr
    def organisation(cls) -> Mapped[Organisation | None]:
        return relationship(Organisation)

    title = localized("title")
    responsible = localized("responsible")
    SUFFIX = ""

    def screen(self, act: str) -> str:
        """The endpoint of one of its screens: `decisions.edit`, and of an action `decisions.edit_action`."""
        return f"decisions.{act}{self.SUFFIX}"

    @property
    def is_public(self) -> bool:
        return self.published_at is not None


class Decision(Identified, Bilingual, Stamped, Versioned, CutOut, db.Model):
    """`text`: the exact wording, Markdown, sealed with its minutes. `vote`: the one that adopted it, of a basis `vote`.

    `person`: who answers for it, shown while the public may read the name (D.4). `responsible`: a function instead.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("year", "sequence"),
        Index("ix_decision_body_id_decided_on", "body_id", "decided_on"),
        Index("ix_decision_status_deadline", "status", "deadline"),
        Index("ix_decision_published_at", "published_at"),
    )
    MOVES = states.DECISION_MOVES
    WORDING = (*CutOut.WORDING, "text_fr", "text_en", "text_html_fr", "text_html_en")

    kind: Mapped[DecisionKind] = mapped_column(one_of(DecisionKind))
    text_fr: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)
    text_html_fr: Mapped[str | None] = mapped_column(Text)
    text_html_en: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[DecisionBasis] = mapped_column(one_of(DecisionBasis))
    vote_id: Mapped[int | None] = mapped_column(ForeignKey("minutes_vote.id", ondelete="SET NULL"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    status: Mapped[DecisionStatus] = mapped_column(one_of(DecisionStatus), default=DecisionStatus.OPEN)
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id", ondelete="SET NULL"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id", ondelete="SET NULL"), index=True)

    vote: Mapped[Vote | None] = relationship()
    person: Mapped[Person | None] = relationship()
    amends: Mapped["Decision | None"] = relationship(foreign_keys=amends_id, remote_side="Decision.id")
    replaces: Mapped["Decision | None"] = relationship(foreign_keys=replaces_id, remote_side="Decision.id")
    updates: Mapped[list["DecisionUpdate"]] = relationship(
        back_populates="decision", order_by="[DecisionUpdate.day, DecisionUpdate.id]", cascade="all, delete-orphan",
        passive_deletes=True,
    )  # fmt: skip
    concerns: Mapped[list["DecisionSubject"]] = relationship(
        order_by="DecisionSubject.id", cascade="all, delete-orphan", passive_deletes=True
    )

    text = rich("text")

    @property
    def is_pending(self) -> bool:
        return self.status in states.PENDING


class DecisionUpdate(Identified, Bilingual, Versioned, db.Model):
    """One dated word on what became of a decision. `status`: what it moved to, if it did.

    `moves_deadline`: the deadline went from `deadline_before` to `deadline_after`; either may be none.
    """

    __tablename__ = "decision_update"
    __table_args__ = (Index("ix_decision_update_decision_id_day", "decision_id", "day"),)

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    day: Mapped[date] = mapped_column(Date)
    text_fr: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)
    text_html_fr: Mapped[str | None] = mapped_column(Text)
    text_html_en: Mapped[str | None] = mapped_column(Text)
    status: Mapped[DecisionStatus | None] = mapped_column(one_of(DecisionStatus))
    moves_deadline: Mapped[bool] = mapped_column(default=False)
    deadline_before: Mapped[date | None] = mapped_column(Date)
    deadline_after: Mapped[date | None] = mapped_column(Date)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    decision: Mapped[Decision] = relationship(back_populates="updates")

    text = rich("text")


class DecisionSubject(Identified, db.Model):
    """Something that a decision concerns: the table of a lower room, and the number of a row."""

    __tablename__ = "decision_subject"
    __table_args__ = (
        UniqueConstraint("decision_id", "subject_type", "subject_id"),
        Index("ix_decision_subject_subject_type_subject_id", "subject_type", "subject_id"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="CASCADE"))
    subject_type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int] = mapped_column()


class Action(Identified, Bilingual, Stamped, Versioned, CutOut, db.Model):
    """Something to do that the minutes noted. `note`: in a few words, what became of it."""

    __tablename__ = "action"
    __table_args__ = (
        UniqueConstraint("year", "sequence"),
        Index("ix_action_body_id_decided_on", "body_id", "decided_on"),
        Index("ix_action_status_deadline", "status", "deadline"),
        Index("ix_action_published_at", "published_at"),
    )
    MOVES, SUFFIX = states.ACTION_MOVES, "_action"

    status: Mapped[ActionStatus] = mapped_column(one_of(ActionStatus), default=ActionStatus.OPEN)
    note_fr: Mapped[str | None] = mapped_column(String(1000))
    note_en: Mapped[str | None] = mapped_column(String(1000))

    note = localized("note")

    @property
    def is_pending(self) -> bool:
        return self.status == ActionStatus.OPEN
