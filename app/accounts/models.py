"""Accounts, the functions they hold between two dates, their second factor, sessions and links sent by mail."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.states import AccountState, FunctionKind, TokenPurpose
from app.core import clock, text
from app.core.database import Identified, Stamped, UTCDateTime, Versioned, one_of
from app.core.extensions import db


class User(Identified, Stamped, Versioned, db.Model):
    """A person with an account.

    `email_key` is the folded address: one account for one address. `name_key` is how both engines sort and search.
    `totp_secret` is sealed (core/sealing.py); `totp_step` is the last time step accepted, so that no code works twice.
    `requires_second_factor` is set by the members room for co-chairs and committee.
    """

    __tablename__ = "user"

    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    lang: Mapped[str] = mapped_column(String(2), default="fr")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    deactivated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deactivation_reason: Mapped[str | None] = mapped_column(Text)
    requires_second_factor: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_step: Mapped[int | None] = mapped_column()
    second_factor_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    functions: Mapped[list["Function"]] = relationship(
        back_populates="user", order_by="Function.starts_on", lazy="selectin", foreign_keys="Function.user_id"
    )

    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.id)

    def rename(self, name: str) -> None:
        self.name, self.name_key = name, text.fold(name)[:200]

    def holds(self, kind: FunctionKind, on: date | None = None) -> bool:
        """True when the account holds the function on that day (today in Paris by default)."""
        return any(function.kind == kind and function.covers(on or clock.today()) for function in self.functions)

    @property
    def has_second_factor(self) -> bool:
        return self.totp_secret is not None

    @property
    def state(self) -> AccountState:
        if not self.is_active:
            return AccountState.CLOSED
        return AccountState.OPEN if self.password_hash else AccountState.INVITED


class Function(Identified, Stamped, db.Model):
    """A function with its dates; it opens no door outside them. `ends_on` is the last day, None when open.

    `withdrawn_at`: taken back before it had covered a whole day; it opens nothing, and the row tells the story.
    """

    __tablename__ = "user_function"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[FunctionKind] = mapped_column(one_of(FunctionKind))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    end_reason: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    user: Mapped[User] = relationship(back_populates="functions", foreign_keys=[user_id])

    def covers(self, day: date) -> bool:
        return self.withdrawn_at is None and self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class SignIn(Identified, db.Model):
    """A session: the cookie holds a random id, the row its SHA-256. Deleting the row ends the session at once (S05).

    `strong`: a second factor was shown. `confirmed_at`: when the password was last typed. `device`: browser and system
    in two words, so that their owner recognises them in the list.
    """

    __tablename__ = "sign_in"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    strong: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    device: Mapped[str] = mapped_column(String(60), default="")
    user: Mapped[User] = relationship(lazy="joined")


class SignUp(Identified, db.Model):
    """Someone who asked for an account and has not yet confirmed the address: no account exists until they do."""

    __tablename__ = "sign_up"

    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320), index=True)
    name: Mapped[str] = mapped_column(String(200))
    lang: Mapped[str] = mapped_column(String(2))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)


class AccountToken(Identified, db.Model):
    """The right that a link gives, once. Only SHA-256 digests of its secrets are kept, one for each attempt to send it.

    `expires_at` is None until its mail has been written. `email`: the address to take or to give back.
    """

    __tablename__ = "account_token"

    purpose: Mapped[TokenPurpose] = mapped_column(one_of(TokenPurpose))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("sign_up.id", ondelete="CASCADE"), index=True)
    email: Mapped[str | None] = mapped_column(String(320))
    digests: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    user: Mapped[User | None] = relationship()
    sign_up: Mapped[SignUp | None] = relationship()


class RecoveryCode(Identified, db.Model):
    """One of the ten codes that replace a lost device, each good once; 80 random bits, of which only SHA-256 stays."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "digest"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
