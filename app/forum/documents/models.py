"""Every public document, one table that each room publishes into: the repository of OGP requirement 2.2."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Bilingual, Identified, UTCDateTime, Versioned, one_of
from app.core.extensions import db
from app.core.files import StoredFile
from app.core.i18n import localized
from app.core.text import slug
from app.forum.documents.states import AccessLevel, DocumentKind, DocumentLanguage


class Document(Identified, Bilingual, Versioned, db.Model):
    """A page of the site, in both languages (`file` empty), or a file in one language.

    `first_published_at` never changes; `published_at` is the date of the edition shown; both are empty while the
    document is held back, because what it belongs to is not public yet. `edition`: 1, then one more for each new file.
    `body_id`: the body that it belongs to. `folded`: the words of both titles, for the search of the list.
    """

    __tablename__ = "document"
    __table_args__ = (
        # One page of each kind for a thing; as many files as it takes.
        Index(
            "uq_document_page", "subject_type", "subject_id", "kind", unique=True,
            sqlite_where=text("file_id IS NULL"), postgresql_where=text("file_id IS NULL"),
        ),
        Index("ix_document_access_published_at", "access", "published_at"),
        Index("ix_document_kind_published_at", "kind", "published_at"),
        Index("ix_document_body_id_published_at", "body_id", "published_at"),
    )  # fmt: skip

    kind: Mapped[DocumentKind] = mapped_column(one_of(DocumentKind, 30))
    subject_type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int] = mapped_column()
    endpoint: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    title_fr: Mapped[str] = mapped_column(String(600))
    title_en: Mapped[str | None] = mapped_column(String(600))
    folded: Mapped[str] = mapped_column(Text, default="", server_default="")
    language: Mapped[DocumentLanguage | None] = mapped_column(one_of(DocumentLanguage, 3))
    access: Mapped[AccessLevel] = mapped_column(
        one_of(AccessLevel, 20), default=AccessLevel.PUBLIC, server_default=AccessLevel.PUBLIC.value
    )
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    translation_of_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="SET NULL"), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    edition: Mapped[int] = mapped_column(default=1, server_default="1")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    first_published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason_fr: Mapped[str | None] = mapped_column(Text)
    reason_en: Mapped[str | None] = mapped_column(Text)

    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    editions: Mapped[list["Edition"]] = relationship(
        back_populates="document", order_by="Edition.number.desc()", cascade="all, delete-orphan"
    )

    title = localized("title")
    reason = localized("reason")

    @property
    def slug(self) -> str:
        return slug(self.title_fr)

    @property
    def was_revised(self) -> bool:
        return self.published_at != self.first_published_at

    @property
    def is_held(self) -> bool:
        return self.published_at is None

    @property
    def changed_at(self) -> datetime | None:
        """The last thing that a reader should hear of: the edition shown, or its withdrawal."""
        return self.withdrawn_at or self.published_at


class Edition(Identified, db.Model):
    """One file that a document has been, the present one included. `added_at`: when the secretariat chose it."""

    __tablename__ = "document_edition"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)

    document: Mapped[Document] = relationship(back_populates="editions")
    file: Mapped[StoredFile] = relationship(lazy="joined")
