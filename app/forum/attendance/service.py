"""Writes of answers and proxies. Each holds the meeting's row first: of two at once, the second sees the first (F.10).

A proxy and the answer « represented » go together: giving one says the other, ending it before the meeting leaves the
seat without an answer, so that its member is asked again.
"""

from datetime import time
from typing import Any

from flask_babel import gettext as _

from app.core import clock
from app.core.access import authorize
from app.core.errors import IllegalMove, NotFound, Refused
from app.forum.attendance import opening, policy, queries, records
from app.forum.attendance.book import Book, Said, name_of
from app.forum.attendance.models import Answer, Proxy
from app.forum.attendance.proxies import decline as decline
from app.forum.attendance.proxies import in_force_since
from app.forum.attendance.proxies import revoke as revoke
from app.forum.attendance.proxies import void as void
from app.forum.attendance.records import hold as hold
from app.forum.attendance.states import THERE, Choice
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate

AWAY = (Choice.EXCUSED, Choice.SUBSTITUTE)


class Changed(IllegalMove):
    """Somebody answered for the same seat since the form was shown (409)."""


class Closed(Refused):
    """The meeting has begun, or answers are not asked for (409): `message` says what to do."""


def answer(
    actor: Any, meeting: Meeting, seat: Mandate, said: Said, *, seen: int | None = None, book: Book | None = None
) -> Answer:
    """Answer for a seat, the last answer being the one that counts. `seen`: the version shown, None not to ask; `book`:
    from `hold`, when the caller has taken the meeting's row already. What is refused is refused before any write.

    Raises `Closed`, `Changed`, and `Refused` at `choice` or `holder` when a rule of F.10 forbids it.
    """
    authorize(policy.can_answer(actor, seat, meeting.first_day))
    book = _opened(actor, meeting, seat, seen, book)
    said = _checked(actor, meeting, book, seat, said)
    if said.choice == Choice.REPRESENTED:
        _represent(actor, meeting, book, seat, said)
    else:
        records.end_own(actor, meeting, book, seat)
        if said.choice in AWAY:
            records.leave(actor, meeting, book, seat)
    return records.store(actor, meeting, book, seat, said.choice, said.substitute_id)


def withdraw(actor: Any, meeting: Meeting, seat: Mandate, *, seen: int | None = None, book: Book | None = None) -> None:
    """A substitute who had said that they come does not after all: the seat has not answered any more."""
    authorize(policy.can_answer(actor, seat, meeting.first_day))
    book = _opened(actor, meeting, seat, seen, book)
    if book.choice(seat) != Choice.SUBSTITUTE:
        raise Refused("choice", _("No substitute is announced for this seat."))
    if not _speaks_for(actor, seat):
        _check_not_another(actor, book, seat)
    records.forget(actor, book.answers[seat.id])


def _opened(actor: Any, meeting: Meeting, seat: Mandate, seen: int | None, book: Book | None) -> Book:
    book = book or records.hold(meeting)
    is_key = policy.can_key(actor)
    if not (opening.can_be_keyed if is_key else opening.is_open)(meeting, clock.now()):
        raise Closed("choice", opening.closed_because(meeting))
    if seat.id not in book.seats:
        raise Refused("choice", _("%(name)s does not sit in this body on the day of the meeting.", name=name_of(seat)))
    if seen is not None and seen != book.version(seat):
        raise Changed(f"attendance_answer: seen {seen}")
    return book


def _checked(actor: Any, meeting: Meeting, book: Book, seat: Mandate, said: Said) -> Said:
    modes = opening.modes(meeting)
    if not modes.get(said.choice.value, True):
        raise Refused("choice", _("This way of taking part is not open for this meeting: choose another answer."))
    if not _speaks_for(actor, seat):
        _check_substitute(actor, book, seat, said)
        own = policy.own_substitute(actor, seat, book.day)
        return Said(said.choice, None, own.id if own is not None else None)
    if said.choice != Choice.SUBSTITUTE:
        return Said(said.choice, said.holder_id, since=said.since if policy.can_key(actor) else None)
    known = {one.id for one in book.substitutes(seat)}
    if not known:
        raise Refused("choice", _("Nobody is the substitute of %(name)s on that day.", name=name_of(seat)))
    if said.substitute_id is None and len(known) > 1:
        raise Refused("substitute", _("Choose which substitute comes."))
    chosen = said.substitute_id or next(iter(known))
    if chosen not in known:
        raise Refused("substitute", _("Choose a substitute of the list."))
    return Said(said.choice, None, chosen)


def _speaks_for(actor: Any, seat: Mandate) -> bool:
    """The full member, or the secretariat on their word; a substitute speaks for themselves alone."""
    return policy.is_person_of(actor, seat) or policy.can_key(actor)


def _check_not_another(actor: Any, book: Book, seat: Mandate) -> None:
    """Of two substitutes of a seat, neither undoes what is said of the other."""
    said, own = book.answers.get(seat.id), policy.own_substitute(actor, seat, book.day)
    announced = said.substitute_id if said is not None and said.choice == Choice.SUBSTITUTE else None
    if announced is not None and (own is None or announced != own.id):
        raise Refused(
            "choice",
            _("Another substitute of %(name)s is announced. Only %(name)s or the secretariat can change it.",
              name=name_of(seat)),
        )  # fmt: skip


def _check_substitute(actor: Any, book: Book, seat: Mandate, said: Said) -> None:
    """A substitute says that they come, and does not undo what the full member has answered."""
    if said.choice != Choice.SUBSTITUTE:
        raise Refused("choice", _("Only %(name)s or the secretariat can give this answer.", name=name_of(seat)))
    _check_not_another(actor, book, seat)
    if book.choice(seat) in (*THERE, Choice.REPRESENTED):
        given = book.answers[seat.id].choice.label
        raise Refused(
            "choice",
            _("%(name)s has answered: %(answer)s. Only they or the secretariat can change it.",
              name=name_of(seat), answer=given),
        )  # fmt: skip


def _represent(actor: Any, meeting: Meeting, book: Book, seat: Mandate, said: Said) -> None:
    holder = _holder(book, said.holder_id)
    former = book.given_by(seat)
    if former is not None and former.holder_id == holder.id:
        if said.since is not None:
            _date_back(actor, meeting, former, said.since)
        return
    fault = (book.fault if policy.can_key(actor) else book.discreet_fault)(seat, holder)
    if fault is not None:
        raise Refused("holder", fault)
    since = in_force_since(meeting, seat, said.since)
    records.end_own(actor, meeting, book, seat)
    own = policy.is_person_of(actor, seat)
    records.give(actor, meeting, seat, holder, on_behalf=not own, since=since)


def _date_back(actor: Any, meeting: Meeting, proxy: Proxy, hour: time) -> None:
    since = in_force_since(meeting, proxy.principal, hour, but=proxy)
    if since < proxy.given_at:
        records.date_back(actor, proxy, since)


def _holder(book: Book, holder_id: int | None) -> Mandate:
    if holder_id is None:
        raise Refused("holder", _("Choose the member who will hold the proxy."))
    found = book.seats.get(holder_id) or queries.mandate(holder_id)
    if found is None:
        raise Refused("holder", _("Choose a name of the list."))
    return found


def seat(meeting: Meeting, mandate_id: int) -> Mandate:
    """The full member's seat of a meeting. Raises `NotFound`."""
    found = queries.seats(meeting).get(mandate_id)
    if found is None:
        raise NotFound
    return found
