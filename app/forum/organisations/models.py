"""Organisations, the names they had or are also known by, and what a merge leaves behind (A.20 #16)."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import names
from app.core.database import Bilingual, Identified, Stamped, Versioned, one_of
from app.core.extensions import db
from app.core.i18n import localized
from app.core.text import slug
from app.forum.organisations.states import College

# Compared and sorted byte by byte on both engines: a name's key has only what all alphabets agree on.
KEY = String(320).with_variant(String(320, collation="C"), "postgresql")


class Organisation(Identified, Bilingual, Stamped, Versioned, db.Model):
    """A public institution, an association, a university … `name_key` is `names.key` of the French name.

    `merged_into_id`: this row was a duplicate; its address leads to the organisation that was kept.
    """

    __tablename__ = "organisation"

    name_fr: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str | None] = mapped_column(String(300))
    name_key: Mapped[str] = mapped_column(KEY, index=True)
    acronym: Mapped[str | None] = mapped_column(String(40))
    acronym_key: Mapped[str | None] = mapped_column(KEY, index=True)
    college: Mapped[College] = mapped_column(one_of(College))
    siren: Mapped[str | None] = mapped_column(String(9), index=True)
    rna: Mapped[str | None] = mapped_column(String(10), index=True)
    website: Mapped[str | None] = mapped_column(String(500))
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", deferrable=True, initially="DEFERRED"), index=True
    )
    aliases: Mapped[list["OrganisationAlias"]] = relationship(
        order_by="OrganisationAlias.valid_until.desc(), OrganisationAlias.id", cascade="all, delete-orphan"
    )

    name = localized("name")

    @property
    def slug(self) -> str:
        return slug(self.name_fr)

    @property
    def is_ambiguous(self) -> bool:
        """Its name mixes alphabets: for the secretariat to look at (H09)."""
        return names.is_mixed(self.name_fr) or names.is_mixed(self.name_en or "")


class OrganisationAlias(Identified, db.Model):
    """Another name of an organisation, in one language; both days included, empty when not known."""

    __tablename__ = "organisation_alias"
    __table_args__ = (
        CheckConstraint("valid_from IS NULL OR valid_until IS NULL OR valid_until >= valid_from", name="days"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(300))
    label_key: Mapped[str] = mapped_column(KEY, index=True)
    lang: Mapped[str] = mapped_column(String(2))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
