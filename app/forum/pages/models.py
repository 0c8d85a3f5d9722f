"""What people send through the contact form."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.database import Identified, UTCDateTime, one_of
from app.core.extensions import db
from app.forum.pages.states import ContactSubject


class ContactMessage(Identified, db.Model):
    """A message, stored as written with its language; `due_at`: by when it must be answered; `answered_at`: when it
    was."""

    __tablename__ = "contact_message"
    __table_args__ = (Index("ix_contact_message_answered_at_due_at_id", "answered_at", "due_at", "id"),)

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    subject: Mapped[ContactSubject] = mapped_column(one_of(ContactSubject))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    message: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(2))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
