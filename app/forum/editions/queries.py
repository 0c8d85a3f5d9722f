"""Reads of published minutes: the newest edition, one of them, those of a body, what search and the doctor ask."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, undefer

from app.core import clock, text
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.adoptions import policy as adoptions_policy
from app.forum.adoptions import queries as adoptions
from app.forum.adoptions.models import Correction
from app.forum.adoptions.states import CorrectionStatus
from app.forum.documents import queries as repository
from app.forum.documents.models import Document
from app.forum.editions.models import MinutesEdition, Paragraph
from app.forum.meetings.models import Meeting
from app.forum.minutes import policy as minutes_policy
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import PUBLIC, MinutesStatus

MOST = 100
WHOLE = undefer(MinutesEdition.content), undefer(MinutesEdition.full_content)
LIGHT = (undefer(MinutesEdition.content),)


def _editions(meeting_id: int) -> Select[Any]:
    return (
        select(MinutesEdition)
        .join(MinutesEdition.minutes)
        .join(Minutes.meeting)
        .where(Minutes.meeting_id == meeting_id)
        .order_by(MinutesEdition.number.desc())
        .options(contains_eager(MinutesEdition.minutes).contains_eager(Minutes.meeting).joinedload(Meeting.body))
        .limit(1)
    )


def newest(meeting_id: int, *, whole: bool = False) -> MinutesEdition | None:
    """What everyone reads today, with its content, its minutes, their meeting and its body, in one statement."""
    return db.session.scalar(_editions(meeting_id).options(*(WHOLE if whole else LIGHT)))


def unpublished(meeting_id: int, viewer: Any) -> Minutes:
    """Minutes that are not public yet, for whoever may read them; also for whoever was there and has left since, who is
    asked to read them again. Raises `NotFound`."""
    found = minutes_queries.of_meeting(meeting_id)
    if found is None:
        raise NotFound
    if minutes_policy.can_read(viewer, found):
        return found
    was_there = viewer.is_authenticated and adoptions.seat_there(viewer, meeting_id) is not None
    if not was_there or not adoptions_policy.can_follow(viewer, found, was_there=True):
        raise NotFound
    return found


def newest_of(meeting_id: int) -> MinutesEdition | None:
    """The same without its content, for a link to it."""
    wanted = select(MinutesEdition).join(MinutesEdition.minutes).where(Minutes.meeting_id == meeting_id)
    return db.session.scalar(wanted.order_by(MinutesEdition.number.desc()).limit(1))


def edition(meeting_id: int, number: int) -> MinutesEdition:
    """One edition, with its content. Raises `NotFound`."""
    found = db.session.scalar(_editions(meeting_id).where(MinutesEdition.number == number).options(*LIGHT))
    if found is None:
        raise NotFound
    return found


def last(minutes_id: int) -> MinutesEdition | None:
    """The newest edition of these minutes with all that it seals."""
    wanted = select(MinutesEdition).where(MinutesEdition.minutes_id == minutes_id)
    return db.session.scalar(wanted.order_by(MinutesEdition.number.desc()).limit(1).options(*WHOLE))


def editions(minutes_id: int) -> Sequence[MinutesEdition]:
    """All of them without their content, the newest first."""
    wanted = select(MinutesEdition).where(MinutesEdition.minutes_id == minutes_id)
    return db.session.scalars(wanted.order_by(MinutesEdition.number.desc()).limit(MOST)).all()


def later_withholding(edition: MinutesEdition) -> Sequence[MinutesEdition]:
    """The editions after this one in which the public reads less than was adopted, with all that they seal."""
    later = MinutesEdition.minutes_id == edition.minutes_id, MinutesEdition.number > edition.number
    wanted = select(MinutesEdition).where(*later, MinutesEdition.full_digest.is_not(None))
    return db.session.scalars(wanted.order_by(MinutesEdition.number).limit(MOST).options(*WHOLE)).all()


def errata(minutes_id: int) -> int:
    """How many errata were published."""
    found = select(func.max(MinutesEdition.erratum)).where(MinutesEdition.minutes_id == minutes_id)
    return db.session.scalar(found) or 0


def paragraphs(minutes_id: int) -> dict[int, Paragraph]:
    """Every paragraph that was ever public, by its number."""
    rows = db.session.scalars(select(Paragraph).where(Paragraph.minutes_id == minutes_id).order_by(Paragraph.number))
    return {row.number: row for row in rows}


def find(edition_id: int) -> MinutesEdition | None:
    wanted = select(MinutesEdition).where(MinutesEdition.id == edition_id)
    whole = joinedload(MinutesEdition.minutes).joinedload(Minutes.meeting)
    return db.session.scalar(wanted.options(whole))


def documents(ids: list[int]) -> dict[int, Document]:
    """Those of them that everyone may read today, with their files."""
    if not ids:
        return {}
    public = [*repository.visible_to(repository.ANYONE), Document.withdrawn_at.is_(None)]
    rows = db.session.scalars(select(Document).where(Document.id.in_(ids), Document.file_id.is_not(None), *public))
    return {row.id: row for row in rows}


def beside(meeting: Meeting) -> tuple[Meeting | None, Meeting | None]:
    """The meetings of the same body, before and after, whose minutes are public."""
    public = (
        select(Meeting)
        .join(Minutes, Minutes.meeting_id == Meeting.id)
        .where(Meeting.body_id == meeting.body_id, Minutes.status.in_(PUBLIC))
        .limit(1)
    )
    same_day = Meeting.last_day == meeting.last_day
    before = or_(Meeting.last_day < meeting.last_day, and_(same_day, Meeting.id < meeting.id))
    after = or_(Meeting.last_day > meeting.last_day, and_(same_day, Meeting.id > meeting.id))
    return (
        db.session.scalar(public.where(before).order_by(Meeting.last_day.desc(), Meeting.id.desc())),
        db.session.scalar(public.where(after).order_by(Meeting.last_day, Meeting.id)),
    )


def waiting_corrections(minutes_id: int) -> int:
    """How many proposed corrections nobody has answered."""
    waiting = Correction.minutes_id == minutes_id, Correction.status == CorrectionStatus.PROPOSED
    return db.session.scalar(select(func.count()).select_from(Correction).where(*waiting)) or 0


# -- search, machines, indicators --------------------------------------------------------------------------------------


def published() -> Sequence[Minutes]:
    """All that are public, with their meeting."""
    wanted = select(Minutes).where(Minutes.status.in_(PUBLIC)).order_by(Minutes.id)
    return db.session.scalars(wanted.options(joinedload(Minutes.meeting))).all()


def shown_paragraphs() -> Sequence[Paragraph]:
    """The paragraphs that stand in a newest edition: those the search finds."""
    shown = or_(Paragraph.text_fr.is_not(None), Paragraph.text_en.is_not(None))
    return db.session.scalars(select(Paragraph).where(shown).order_by(Paragraph.id)).all()


def last_published_on() -> date | None:
    """The day, in Paris, on which an edition of minutes was last published."""
    at = db.session.scalar(select(func.max(MinutesEdition.at)))
    return at.astimezone(clock.PARIS).date() if at else None


def since(instant: datetime, limit: int = MOST) -> Sequence[MinutesEdition]:
    """The editions published since an instant, without their content, the newest first."""
    wanted = select(MinutesEdition).where(MinutesEdition.at >= instant).order_by(MinutesEdition.at.desc())
    whole = joinedload(MinutesEdition.minutes).joinedload(Minutes.meeting)
    return db.session.scalars(wanted.options(whole).limit(limit)).all()


def addresses() -> Iterator[tuple[str, dict[str, Any], datetime | None]]:
    """The newest edition's page, then each edition's own."""
    rows = db.session.execute(
        select(Meeting.id, Meeting.title_fr, MinutesEdition.number, MinutesEdition.at)
        .join(Minutes, Minutes.meeting_id == Meeting.id)
        .join(MinutesEdition, MinutesEdition.minutes_id == Minutes.id)
        .order_by(Meeting.id, MinutesEdition.number.desc())
        .limit(20_000)
    )
    seen: set[int] = set()
    for meeting_id, title, number, at in rows:
        yield from _address(meeting_id, title, None if meeting_id in seen else number, number, at)
        seen.add(meeting_id)


def _address(meeting_id: int, title: str, newest: int | None, number: int, at: datetime) -> Iterator[Any]:
    here = {"meeting_id": meeting_id, "slug": text.slug(title)}
    if newest is not None:
        yield "editions.show", here, at
    yield "editions.edition", {**here, "number": number}, at


def waiting(limit: int = 100) -> Sequence[Minutes]:
    """Adopted minutes that nobody has published, public ones whose English was promised; the oldest meeting first."""
    promised = and_(Minutes.status.in_(PUBLIC), Minutes.english_due.is_not(None))
    wanted = select(Minutes).join(Minutes.meeting).where(or_(Minutes.status == MinutesStatus.APPROVED, promised))
    ordered = wanted.order_by(Meeting.last_day, Meeting.id).limit(limit)
    return db.session.scalars(ordered.options(joinedload(Minutes.meeting))).all()
