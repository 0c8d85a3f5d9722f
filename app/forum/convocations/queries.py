"""Reads of convocations: versions, who is to be told, the ledger, what waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, defer, joinedload, selectinload

from app.accounts.models import User
from app.accounts.policy import is_secretariat
from app.core import clock, paging
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.agendas.models import WorkingCopy
from app.forum.convocations.models import Convocation, ConvocationRecipient
from app.forum.convocations.states import Fate, Told
from app.forum.documents import policy as documents_policy
from app.forum.documents import queries as documents
from app.forum.documents.models import Document
from app.forum.meetings import attachment_queries
from app.forum.meetings.models import AgendaDay, Attachment, Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.members import directory
from app.forum.members.models import Mandate, Person

PAGE_SIZE = 100
MOST_VERSIONS = 200
OFF = (MeetingPhase.POSTPONED, MeetingPhase.CANCELLED)


@dataclass(frozen=True)
class Reader:
    """Somebody to tell. `address` None: nobody knows how to write to them."""

    person_id: int
    mandate_id: int
    user_id: int | None
    name: str
    address: str | None
    lang: str
    as_substitute: bool
    told: Told = Told.REQUEST


# -- versions --------------------------------------------------------------------------------------------------------


def versions(meeting: Meeting) -> Sequence[Convocation]:
    """Every version of a meeting, the last one first, without what they print."""
    return db.session.scalars(
        select(Convocation)
        .where(Convocation.meeting_id == meeting.id)
        .order_by(Convocation.number.desc())
        .options(defer(Convocation.content))
        .limit(MOST_VERSIONS)
    ).all()


def last(meeting: Meeting) -> Convocation | None:
    return db.session.scalar(
        select(Convocation)
        .where(Convocation.meeting_id == meeting.id)
        .order_by(Convocation.number.desc())
        .options(joinedload(Convocation.sent_by))
        .limit(1)
    )


def locked_version(meeting_id: int) -> int | None:
    """Hold the working copy of a meeting, then the meeting, to the end of the transaction; its version, as stored."""
    db.session.execute(select(WorkingCopy.id).where(WorkingCopy.meeting_id == meeting_id).with_for_update())
    return db.session.scalar(select(Meeting.version).where(Meeting.id == meeting_id).with_for_update())


def version(meeting: Meeting, number: int) -> Convocation:
    """Raises `NotFound`."""
    found = db.session.scalar(
        select(Convocation).where(Convocation.meeting_id == meeting.id, Convocation.number == number)
    )
    if found is None:
        raise NotFound
    return found


def successor(meeting: Meeting) -> Meeting | None:
    """The meeting that resumes this one, whatever became of it."""
    found = select(Meeting).where(Meeting.second_notice_of_id == meeting.id).order_by(Meeting.id)
    return db.session.scalar(found.limit(1))


def before(row: Convocation) -> Convocation | None:
    """The version that it follows."""
    return db.session.scalar(
        select(Convocation).where(Convocation.meeting_id == row.meeting_id, Convocation.number == row.number - 1)
    )


def is_superseded(row: Convocation, person_id: int) -> bool:
    """Whether a later version was addressed to the same person."""
    later = (
        select(ConvocationRecipient.id)
        .join(Convocation, Convocation.id == ConvocationRecipient.convocation_id)
        .where(
            Convocation.meeting_id == row.meeting_id,
            Convocation.number > row.number,
            ConvocationRecipient.person_id == person_id,
            ConvocationRecipient.message_id.is_not(None),
        )
    )
    return db.session.scalar(later.limit(1)) is not None


# -- who is to be told -----------------------------------------------------------------------------------------------


def seated(meeting: Meeting) -> list[Reader]:
    """Whoever sits in the body on the first day, full members then substitutes: one reader a person, four statements.

    Observers and qualified persons are convened too. An account that was closed is no way to reach somebody.
    """
    if meeting.body_id is None:
        return []
    seats = directory.seats_of(meeting.body_id, meeting.first_day)
    held = [(one, False) for one in seats]
    held += [(one, True) for seat in seats for one in seat.alternates if one.covers(meeting.first_day)]
    chosen: dict[int, tuple[Mandate, bool]] = {}
    for mandate, as_substitute in held:
        if mandate.person_id is not None:
            chosen.setdefault(mandate.person_id, (mandate, as_substitute))
    ways = _ways(chosen)
    return [
        Reader(person_id, mandate.id, *ways[person_id], as_substitute)
        for person_id, (mandate, as_substitute) in chosen.items()
        if person_id in ways
    ]


def is_seated(meeting: Meeting) -> bool:
    """Whether anybody sits in the body on the first day, in one statement."""
    found = select(Mandate.id).join(Meeting, Meeting.body_id == Mandate.body_id)
    found = found.where(Meeting.id == meeting.id, Mandate.titular_id.is_(None), Mandate.person_id.is_not(None))
    return db.session.scalar(found.where(_sits(Mandate)).limit(1)) is not None


def _ways(people: Iterable[int]) -> dict[int, tuple[int | None, str, str | None, str]]:
    """{person: (account, name, address, language)}, in one statement."""
    rows = db.session.execute(
        select(Person.id, Person.user_id, Person.name, Person.contact_email, User.email, User.lang, User.is_active)
        .outerjoin(User, User.id == Person.user_id)
        .where(Person.id.in_(list(people)))
    )
    return {
        person: (user, name, email if active else contact, lang if active else "fr")
        for person, user, name, contact, email, lang, active in rows
    }


def with_newcomers(rows: Iterable[Convocation]) -> set[int]:
    """The meetings of some versions where somebody sits, or no longer sits, whom that version did not tell so."""
    chosen = {row.id: row.meeting_id for row in rows}
    lines, full = ConvocationRecipient, aliased(Mandate)
    asked = select(lines.convocation_id, lines.person_id).where(
        lines.convocation_id.in_(chosen), lines.told == Told.REQUEST, lines.person_id.is_not(None)
    )
    seated = (
        select(Meeting.id, Mandate.person_id)
        .join(Mandate, Mandate.body_id == Meeting.body_id)
        .outerjoin(full, full.id == Mandate.titular_id)
        .where(Meeting.id.in_(chosen.values()), Mandate.person_id.is_not(None), _sits(Mandate))
        .where(or_(Mandate.titular_id.is_(None), _sits(full)))
    )
    told = {(chosen[row], person) for row, person in db.session.execute(asked)}
    return {meeting for meeting, _person in told ^ {(one[0], one[1]) for one in db.session.execute(seated)}}


def _sits(seat: Any) -> ColumnElement[bool]:
    """On the first day of the meeting."""
    return and_(
        seat.starts_on <= Meeting.first_day, or_(seat.sits_until.is_(None), seat.sits_until >= Meeting.first_day)
    )


def told_before(row: Convocation | None) -> dict[int, ConvocationRecipient]:
    """Whom a version told, by their person; the full ledger of one version has at most some thousands of lines."""
    if row is None:
        return {}
    rows = db.session.scalars(
        select(ConvocationRecipient)
        .where(ConvocationRecipient.convocation_id == row.id, ConvocationRecipient.person_id.is_not(None))
        .order_by(ConvocationRecipient.id)
    )
    return {one.person_id: one for one in rows if one.person_id is not None}


def reread(lines: Iterable[ConvocationRecipient], told: Told) -> list[Reader]:
    """The people of some lines, where they can be reached today."""
    known = {one.person_id: one for one in lines if one.person_id is not None}
    ways = _ways(known)
    return [
        Reader(person_id, line.mandate_id or 0, *ways[person_id], line.as_substitute, told)
        for person_id, line in known.items()
        if person_id in ways
    ]


# -- annexes ---------------------------------------------------------------------------------------------------------


def annexes(meeting: Meeting) -> list[Document]:
    """The documents of a meeting that the members of its body may open, in order; a translation goes with its
    original."""
    return _annexes(meeting, attachment_queries.of_meeting(meeting))


def annexes_of(meetings: Iterable[Meeting]) -> dict[int, list[Document]]:
    """`annexes` of some meetings, in one statement."""
    chosen = {one.id: one for one in meetings}
    rows = db.session.scalars(
        select(Attachment)
        .where(Attachment.meeting_id.in_(chosen))
        .order_by(Attachment.position, Attachment.id)
        .limit(attachment_queries.MOST * max(len(chosen), 1))
    ).all()
    return {key: _annexes(one, [row for row in rows if row.meeting_id == key]) for key, one in chosen.items()}


def _annexes(meeting: Meeting, attachments: Iterable[Attachment]) -> list[Document]:
    reader = _reader(meeting)
    shown = [
        one.document
        for one in attachments
        if one.document.withdrawn_at is None and documents_policy.can_read(reader, one.document)
    ]
    known = {one.id for one in shown}
    return [one for one in shown if one.translation_of_id not in known]


def known_documents(viewer: Any, *contents: dict[str, Any]) -> dict[int, Document]:
    """The annexes of some contents that the viewer may know exist, by their numbers, in one statement."""
    return _known(documents.reader(viewer), contents)


def documents_of_a_member(meeting: Meeting, content: dict[str, Any], *, is_member: bool = True) -> dict[int, Document]:
    """As `known_documents`, for somebody who sits in the body that meets; `is_member`: with a vote."""
    return _known(_reader(meeting, is_member=is_member), (content,))


def _reader(meeting: Meeting, *, is_member: bool = True) -> documents_policy.Reader:
    """Observers and qualified persons sit in the body, and are no members of the Forum."""
    return documents_policy.Reader(is_member=is_member, bodies=frozenset({meeting.body_id} if meeting.body_id else ()))


def _known(reader: documents_policy.Reader, contents: Iterable[dict[str, Any]]) -> dict[int, Document]:
    ids = sorted({one["document"] for content in contents for one in content["annexes"]})
    if not ids:
        return {}
    rows = db.session.scalars(select(Document).where(Document.id.in_(ids)).order_by(Document.id))
    return {one.id: one for one in rows if documents_policy.can_read(reader, one)}


# -- the ledger ------------------------------------------------------------------------------------------------------


def ledger(row: Convocation, viewer: Any, number: int) -> paging.Page:
    """One page of the messages of a version, what went wrong first. Raises `NotFound` for who may not read it."""
    if not is_secretariat(viewer):
        raise NotFound
    lines = ConvocationRecipient
    total = db.session.scalar(select(func.count()).where(lines.convocation_id == row.id)) or 0
    rows = db.session.scalars(
        select(lines)
        .where(lines.convocation_id == row.id)
        .order_by(lines.fate.not_in((Fate.FAILED, Fate.NO_ADDRESS)), lines.id)
        .options(
            joinedload(lines.person),
            joinedload(lines.mandate).joinedload(Mandate.organisation),
        )
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    ).all()
    return paging.checked(paging.Page(rows, number, PAGE_SIZE, total))


def fates(row: Convocation) -> dict[Fate, int]:
    """How many messages of a version have each fate."""
    lines = ConvocationRecipient
    rows = db.session.execute(
        select(lines.fate, func.count()).where(lines.convocation_id == row.id).group_by(lines.fate)
    ).all()
    counts = {row[0]: row[1] for row in rows}
    return {fate: counts[fate] for fate in Fate if fate in counts}


def line(convocation_id: int, person_id: int) -> ConvocationRecipient | None:
    """One line with its letter and its person, for whoever writes its message."""
    return db.session.scalar(
        select(ConvocationRecipient)
        .where(
            ConvocationRecipient.convocation_id == convocation_id,
            ConvocationRecipient.person_id == person_id,
        )
        .options(
            joinedload(ConvocationRecipient.convocation).joinedload(Convocation.meeting).joinedload(Meeting.body),
            joinedload(ConvocationRecipient.person),
            joinedload(ConvocationRecipient.mandate),
        )
    )


def is_told(row: Convocation, viewer: Any) -> bool:
    """Whether a version asks the viewer to come, who sits in the body today or will on the day of the meeting."""
    lines = ConvocationRecipient
    asked = (
        select(lines.id)
        .join(Person, Person.id == lines.person_id)
        .join(Mandate, Mandate.person_id == Person.id)
        .join(Meeting, Meeting.body_id == Mandate.body_id)
        .where(Meeting.id == row.meeting_id, or_(directory.sitting(clock.today()), _sits(Mandate)))
        .where(lines.convocation_id == row.id, lines.told == Told.REQUEST, Person.user_id == viewer.id)
    )
    return db.session.scalar(asked.limit(1)) is not None


# -- what waits ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """A meeting of a body to come, its last version if any, and how many of its messages failed."""

    meeting: Meeting
    last: Convocation | None
    failed: int


def waiting(within: timedelta, limit: int = 40) -> list[Waiting]:
    """The meetings to come of the bodies of the Forum, the next one first, in one statement.

    One that was called off waits as long as somebody could not be told so.
    """
    newest = (
        select(Convocation.meeting_id, func.max(Convocation.number).label("number"))
        .group_by(Convocation.meeting_id)
        .subquery()
    )
    failed = (
        select(func.count())
        .where(ConvocationRecipient.convocation_id == Convocation.id, ConvocationRecipient.fate == Fate.FAILED)
        .correlate(Convocation)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Meeting, Convocation, failed)
        .options(defer(Convocation.content))
        .outerjoin(newest, newest.c.meeting_id == Meeting.id)
        .outerjoin(
            Convocation,
            and_(Convocation.meeting_id == Meeting.id, Convocation.number == newest.c.number),
        )
        .where(
            Meeting.body_id.is_not(None),
            Meeting.first_day >= clock.today(),
            Meeting.first_day <= clock.today() + within,
            or_(
                Meeting.phase.in_((MeetingPhase.ANNOUNCED, MeetingPhase.CONVENED)),
                and_(Meeting.phase.in_(OFF), failed > 0),
            ),
        )
        .order_by(Meeting.first_day, Meeting.id)
        .limit(limit)
    )
    return [Waiting(meeting, last, count or 0) for meeting, last, count in rows]


def whole(ids: Iterable[int]) -> Sequence[Meeting]:
    """Some meetings with all that a convocation prints of them."""
    return db.session.scalars(
        select(Meeting)
        .where(Meeting.id.in_(list(ids)))
        .order_by(Meeting.first_day, Meeting.id)
        .execution_options(populate_existing=True)
        .options(
            joinedload(Meeting.body),
            selectinload(Meeting.days).joinedload(AgendaDay.slots),
            selectinload(Meeting.people),
            selectinload(Meeting.venues),
        )
    ).all()
