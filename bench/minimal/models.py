"""The tables of the minimal contestant, their texts already in HTML."""

import os
from datetime import date, time

from sqlalchemy import Date, Engine, ForeignKey, Index, String, Text, Time, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Meeting(Base):
    __tablename__ = "meeting"
    __table_args__ = (Index("ix_meeting_last_day", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(500))
    theme: Mapped[str] = mapped_column(String(500), default="")
    place: Mapped[str] = mapped_column(String(300))
    organiser: Mapped[str] = mapped_column(String(300), default="")
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    introduction: Mapped[str] = mapped_column(Text, default="")
    entries: Mapped[list["Entry"]] = relationship(order_by="Entry.id")


class Entry(Base):
    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    day: Mapped[date] = mapped_column(Date)
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)
    heading: Mapped[str] = mapped_column(String(600))
    place: Mapped[str] = mapped_column(String(700))
    text: Mapped[str] = mapped_column(Text)
    questions: Mapped[str] = mapped_column(Text)
    people: Mapped[list["Person"]] = relationship(order_by="Person.id")


class Person(Base):
    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    role: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(300))
    function: Mapped[str] = mapped_column(String(300))


class Section(Base):
    """One section of the minutes of a meeting."""

    __tablename__ = "section"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    title: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)


def open_engine() -> Engine:
    """The database named by MINIMAL_DATABASE_URL; SQLite is opened as the portal opens its own."""
    engine = create_engine(os.environ["MINIMAL_DATABASE_URL"])
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _open(connection, _record):  # type: ignore[no-untyped-def]
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

    return engine
