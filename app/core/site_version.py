"""One row that changes with each committed write a reader could see: the key of every kept page."""

from sqlalchemy import select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core.extensions import db


class SiteVersion(db.Model):
    __tablename__ = "site_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=1)


def bump() -> None:
    """Make every kept page old, in the same transaction as the change itself."""
    db.session.execute(update(SiteVersion).values(number=SiteVersion.number + 1))


def current() -> int:
    return db.session.scalar(select(SiteVersion.number)) or 0


READ = text("SELECT number FROM site_version")
