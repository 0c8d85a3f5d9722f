"""Accounts, the functions they hold between two dates, and the sessions that can be ended at any moment."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Enum, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.states import FunctionKind
from app.core import clock
from app.core.database import Identified, Stamped, UTCDateTime, Versioned
from app.core.extensions import db


class User(Identified, Stamped, Versioned, db.Model):
    """A person with an account. `email_key` is the folded address: one account for one address."""

    __tablename__ = "user"

    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    lang: Mapped[str] = mapped_column(String(2), default="fr")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    functions: Mapped[list["Function"]] = relationship(
        back_populates="user", order_by="Function.starts_on", lazy="selectin", foreign_keys="Function.user_id"
    )

    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.id)

    def holds(self, kind: FunctionKind, on: date | None = None) -> bool:
        """True when the account holds the function on that day (today in Paris by default)."""
        return any(function.kind == kind and function.covers(on or clock.today()) for function in self.functions)


class Function(Identified, Stamped, db.Model):
    """A function with its dates; it opens no door outside them. `ends_on` is the last day, None when open."""

    __tablename__ = "user_function"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[FunctionKind] = mapped_column(
        Enum(FunctionKind, native_enum=False, length=20, values_callable=lambda e: [m.value for m in e])
    )
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    user: Mapped[User] = relationship(back_populates="functions", foreign_keys=[user_id])

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class SignIn(Identified, db.Model):
    """A session: the cookie holds a random id, the row its SHA-256. Deleting the row ends the session at once (S05)."""

    __tablename__ = "sign_in"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    user: Mapped[User] = relationship(lazy="joined")
