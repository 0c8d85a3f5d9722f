"""Every public document, one table that each room publishes into: the repository of OGP requirement 2.2."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Enum, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Bilingual, Identified, UTCDateTime
from app.core.extensions import db
from app.core.i18n import localized
from app.forum.documents.states import DocumentKind


class Document(Identified, Bilingual, db.Model):
    """`first_published_at` never changes; `published_at` is the date of the version shown."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "kind"),
        Index("ix_document_published_at", "published_at"),
    )

    kind: Mapped[DocumentKind] = mapped_column(
        Enum(DocumentKind, native_enum=False, length=30, values_callable=lambda e: [m.value for m in e])
    )
    subject_type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int] = mapped_column()
    endpoint: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    title_fr: Mapped[str] = mapped_column(String(600))
    title_en: Mapped[str | None] = mapped_column(String(600))
    first_published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)

    title = localized("title")

    @property
    def was_revised(self) -> bool:
        return self.published_at != self.first_published_at
