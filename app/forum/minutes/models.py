"""The minutes of a meeting: their head, one section for each item, each in two languages, and what was saved before."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.database import Bilingual, Identified, Stamped, UTCDateTime, Versioned, one_of
from app.core.extensions import db
from app.core.i18n import localized, rich
from app.forum.counting.resolutions import Base, Outcome, Side, Votes, decide
from app.forum.meetings.models import Meeting
from app.forum.minutes import states
from app.forum.minutes.states import AdoptionWay, MinutesStatus, TrackState


class Minutes(Identified, Bilingual, Stamped, Versioned, db.Model):
    """One record for a meeting. French is the text that is adopted; English is its translation.

    `chair`, `secretary`: name and function as printed. `summary`: what the reader sees first; `plain`: the same in
    plain language. `recording_url`: where the meeting can be watched, never embedded. `english_due`: the day by which
    English follows, when French goes first. `corrections_until`: the last day to propose one, Paris. `is_held`: a
    written procedure runs on this very text, which may not change meanwhile. `adopted_at_id`: the meeting that adopted;
    `adopted_digest`: SHA-256 of the French that was adopted.
    """

    __tablename__ = "minutes"
    __table_args__ = (Index("ix_minutes_status_id", "status", "id"),)
    MOVES = states.MOVES

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), unique=True)
    status: Mapped[MinutesStatus] = mapped_column(one_of(MinutesStatus), default=MinutesStatus.DRAFT)
    chair: Mapped[str | None] = mapped_column(String(300))
    secretary: Mapped[str | None] = mapped_column(String(300))
    summary_fr: Mapped[str | None] = mapped_column(Text)
    summary_en: Mapped[str | None] = mapped_column(Text)
    summary_html_fr: Mapped[str | None] = mapped_column(Text)
    summary_html_en: Mapped[str | None] = mapped_column(Text)
    plain_fr: Mapped[str | None] = mapped_column(Text)
    plain_en: Mapped[str | None] = mapped_column(Text)
    plain_html_fr: Mapped[str | None] = mapped_column(Text)
    plain_html_en: Mapped[str | None] = mapped_column(Text)
    recording_url: Mapped[str | None] = mapped_column(String(500))
    english_due: Mapped[date | None] = mapped_column(Date)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    circulated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    corrections_until: Mapped[date | None] = mapped_column(Date)
    is_held: Mapped[bool] = mapped_column(default=False)
    adopted_way: Mapped[AdoptionWay | None] = mapped_column(one_of(AdoptionWay))
    adopted_on: Mapped[date | None] = mapped_column(Date)
    adopted_at_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="SET NULL"), index=True)
    adopted_digest: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    meeting: Mapped[Meeting] = relationship(foreign_keys=meeting_id)
    adopted_at: Mapped[Meeting | None] = relationship(foreign_keys=adopted_at_id)
    sections: Mapped[list["Section"]] = relationship(
        back_populates="minutes", order_by="[Section.position, Section.id]", cascade="all, delete-orphan",
        passive_deletes=True,
    )  # fmt: skip

    summary = rich("summary")
    plain = rich("plain")

    @property
    def is_public(self) -> bool:
        return self.status in states.PUBLIC

    @property
    def french_is_open(self) -> bool:
        """Whether the French may be changed: once adopted it is not, until a publication that an erratum can follow."""
        return not self.is_held and self.status != MinutesStatus.APPROVED


class Section(Identified, Bilingual, Versioned, db.Model):
    """One item. `key`: the slot of the agenda that it came from, or its own. Its title is kept: agendas may change."""

    __tablename__ = "minutes_section"
    __table_args__ = (UniqueConstraint("minutes_id", "key"),)

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column()
    title_fr: Mapped[str] = mapped_column(String(500))
    title_en: Mapped[str | None] = mapped_column(String(500))

    minutes: Mapped[Minutes] = relationship(back_populates="sections")
    texts: Mapped[list["SectionText"]] = relationship(
        back_populates="section", order_by="SectionText.lang.desc()", cascade="all, delete-orphan",
        passive_deletes=True,
    )  # fmt: skip
    votes: Mapped[list["Vote"]] = relationship(
        back_populates="section", order_by="Vote.id", cascade="all, delete-orphan", passive_deletes=True
    )

    title = localized("title")

    def text(self, lang: str) -> "SectionText | None":
        return next((one for one in self.texts if one.lang == lang), None)

    def state(self, lang: str) -> TrackState:
        """Where the section stands in one language: English is outdated once its French has changed."""
        found, french = self.text(lang), self.text("fr")
        if found is None or not found.source:
            return TrackState.MISSING
        if lang == "en" and french is not None and found.translated_from not in (None, french.source):
            return TrackState.OUTDATED
        return TrackState.REVIEWED if found.is_reviewed else TrackState.DRAFT


class SectionText(Identified, Stamped, Versioned, db.Model):
    """A section in one language. `source`: Markdown; `blocks`: its safe HTML, one for each paragraph, list or table.

    `translated_from`: of English, the French that it translates. `public_source`, `public_blocks`: what the public
    reads instead, when something may not be published; `public_from`: the source that it was made from; `ground`: the
    legal reason why.
    """

    __tablename__ = "minutes_text"
    __table_args__ = (UniqueConstraint("section_id", "lang"), CheckConstraint("lang IN ('fr', 'en')", name="lang"))

    section_id: Mapped[int] = mapped_column(ForeignKey("minutes_section.id", ondelete="CASCADE"))
    lang: Mapped[str] = mapped_column(String(2))
    source: Mapped[str] = mapped_column(Text, default="")
    blocks: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_reviewed: Mapped[bool] = mapped_column(default=False)
    translated_from: Mapped[str | None] = mapped_column(Text)
    public_source: Mapped[str | None] = mapped_column(Text)
    public_blocks: Mapped[list[str] | None] = mapped_column(JSON)
    public_from: Mapped[str | None] = mapped_column(Text)
    ground: Mapped[str | None] = mapped_column(String(20))
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    section: Mapped[Section] = relationship(back_populates="texts")
    saves: Mapped[list["SectionSave"]] = relationship(
        back_populates="text", order_by="SectionSave.number.desc()", cascade="all, delete-orphan", passive_deletes=True
    )


class SectionSave(Identified, db.Model):
    """What a text was after one save. `number`: the version of the text then."""

    __tablename__ = "minutes_save"
    __table_args__ = (UniqueConstraint("text_id", "number"),)

    text_id: Mapped[int] = mapped_column(ForeignKey("minutes_text.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    source: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    text: Mapped[SectionText] = relationship(back_populates="saves")


class SectionDraft(Identified, db.Model):
    """What somebody was writing and has not saved: theirs alone. `base`: the version of the text that they began with.

    Gone once they save, and a month after the last key.
    """

    __tablename__ = "minutes_draft"
    __table_args__ = (UniqueConstraint("section_id", "lang", "user_id"),)

    section_id: Mapped[int] = mapped_column(ForeignKey("minutes_section.id", ondelete="CASCADE"))
    lang: Mapped[str] = mapped_column(String(2))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    base: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)


class Vote(Identified, Bilingual, Stamped, db.Model):
    """An open vote on a resolution (F.7). The same question put twice in a meeting keeps both results.

    In rights, proxies included. `members`: those who vote in the body, without those recused. `base`: of what the
    majority is more than half, as the rule said on the day.
    """

    __tablename__ = "minutes_vote"
    __table_args__ = (
        CheckConstraint("in_favour >= 0 AND against >= 0 AND abstaining >= 0 AND silent >= 0", name="rights"),
        CheckConstraint("in_favour + against + abstaining + silent <= members", name="members"),
    )

    section_id: Mapped[int] = mapped_column(ForeignKey("minutes_section.id", ondelete="CASCADE"), index=True)
    question_fr: Mapped[str] = mapped_column(String(500))
    question_en: Mapped[str | None] = mapped_column(String(500))
    in_favour: Mapped[int] = mapped_column()
    against: Mapped[int] = mapped_column()
    abstaining: Mapped[int] = mapped_column(default=0)
    silent: Mapped[int] = mapped_column(default=0)
    members: Mapped[int] = mapped_column()
    base: Mapped[Base] = mapped_column(one_of(Base))
    casting: Mapped[Side | None] = mapped_column(one_of(Side, 10))

    section: Mapped[Section] = relationship(back_populates="votes")

    question = localized("question")

    @property
    def votes(self) -> Votes:
        return Votes(self.in_favour, self.against, self.abstaining, self.silent)

    @property
    def outcome(self) -> Outcome:
        return decide(self.votes, self.members, self.base, self.casting)
