"""The bodies that meet."""

from sqlalchemy import Enum, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Bilingual, Identified, Stamped, Versioned
from app.core.extensions import db
from app.core.i18n import localized, rich
from app.core.text import slug
from app.forum.members.states import BodyKind


class Body(Identified, Bilingual, Stamped, Versioned, db.Model):
    """A body of the Forum. `purpose` is Markdown; its HTML is sanitised on save."""

    __tablename__ = "body"

    kind: Mapped[BodyKind] = mapped_column(
        Enum(BodyKind, native_enum=False, length=30, values_callable=lambda e: [m.value for m in e]), index=True
    )
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
