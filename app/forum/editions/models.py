"""Published editions of minutes, each sealed, and the paragraphs whose addresses never change."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.database import Bilingual, Identified, UTCDateTime, one_of
from app.core.extensions import db
from app.core.i18n import localized
from app.forum.editions.states import EditionKind, NamesGround
from app.forum.minutes.models import Minutes


class MinutesEdition(Identified, Bilingual, db.Model):
    """Everything that a reader of the minutes sees, as it was published: never rewritten.

    `content`: what `minutes.content` gives, its paragraphs numbered; `digest`: its SHA-256. `erratum`: the number of
    the erratum, of one. `full_content`, `full_digest`: the whole text where the public reads less, for the members of
    the body. `names_ground`: on what ground somebody is named in the text. `reason`: why it follows another one.
    """

    __tablename__ = "minutes_edition"
    __table_args__ = (UniqueConstraint("minutes_id", "number"), Index("ix_minutes_edition_at", "at"))

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    kind: Mapped[EditionKind] = mapped_column(one_of(EditionKind))
    erratum: Mapped[int | None] = mapped_column()
    content: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    full_content: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    full_digest: Mapped[str | None] = mapped_column(String(64))
    names_ground: Mapped[NamesGround | None] = mapped_column(one_of(NamesGround))
    reason_fr: Mapped[str | None] = mapped_column(String(1000))
    reason_en: Mapped[str | None] = mapped_column(String(1000))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    minutes: Mapped[Minutes] = relationship()

    reason = localized("reason")

    @property
    def label(self) -> str:
        """« Compte rendu, édition 2 », as a heading, a file and a list name it."""
        return str(_("Minutes, edition %(number)d", number=self.number))


class Paragraph(Identified, db.Model):
    """A paragraph that was public once. `number`: its permanent address `#p-…`, never given to another one.

    `text_fr`, `text_en`: its words in the newest edition, for search; both empty once an erratum took it away.
    """

    __tablename__ = "minutes_paragraph"
    __table_args__ = (UniqueConstraint("minutes_id", "number"),)

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    text_fr: Mapped[str | None] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)

    minutes: Mapped[Minutes] = relationship()
