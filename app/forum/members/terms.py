"""Writes of mandates: open, end, replace, extend, correct. Days are Paris days, both included.

Whoever elects, appoints or designates calls `open_mandate` or `replace`; the rules of a seat are checked here only.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from app.core import audit, i18n, rules
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db
from app.forum.members import policy, rights
from app.forum.members.models import Body, Mandate, Need, Person
from app.forum.members.states import (
    BODIES_OF,
    NUMBERED,
    STAYS_UNTIL_REPLACED,
    VOTING_SEATS,
    WITHOUT_SUBSTITUTE,
    EndReason,
    Origin,
    SeatKind,
)
from app.forum.organisations.models import Organisation
from app.forum.organisations.states import College

audit.declare("mandate.opened", "person", "organisation", "body", "seat", "starts_on", "ends_on", "replaces")
audit.declare("mandate.ended", "sits_until", "reason")
audit.declare("mandate.extended", "ends_on")
audit.declare("mandate.corrected", "fields")
audit.declare("mandate.removed", "person", "organisation", "titular", "starts_on", "sits_until")

FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
MAX_REFERENCE = 500
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Seat:
    """What is held: a kind of seat in a body, for a college. `number` None: the first free one of a counted seat."""

    body: Body
    kind: SeatKind
    college: College
    number: int | None = None
    titular: Mandate | None = None


@dataclass(frozen=True)
class Title:
    """By what right: origin, the need of a direct appointment, the act or decision that says so."""

    origin: Origin
    reference: str | None = None
    need: Need | None = None


def open_mandate(
    actor: Any,
    person: Person,
    seat: Seat,
    title: Title,
    *,
    organisation: Organisation | None,
    starts_on: date,
    ends_on: date | None = None,
    replaces: Mandate | None = None,
    sits_until: tuple[date, EndReason] | None = None,
) -> Mandate:
    """Give a seat from a day on. A co-chair or committee mandate without an end has the term of `term_months`.

    `sits_until`: the last day in office and why, of a mandate of the past that is written down only now.
    Raises `Refused` for a seat already held, a wrong body or college, days out of order, an appointment without need.
    """
    authorize(policy.can_seat(actor, person))
    _lock(seat.body)
    mandate = Mandate(
        person=person,
        organisation=organisation,
        body=seat.body,
        seat=seat.kind,
        college=seat.college,
        titular=seat.titular,
        starts_on=starts_on,
        ends_on=ends_on or default_end(seat.kind, starts_on),
        origin=title.origin,
        reference=title.reference or None,
        need=title.need,
        replaces=replaces,
        sits_until=sits_until[0] if sits_until else None,
        end_reason=sits_until[1] if sits_until else None,
    )
    try:
        with db.session.no_autoflush:
            _settle(mandate)
            check(mandate)
            mandate.seat_number = _number(mandate, seat.number)
            _refuse_overlap(mandate)
    except Refused:  # nothing of it hangs on what stays
        mandate.person = mandate.titular = mandate.replaces = None
        raise
    db.session.add(mandate)
    db.session.flush()
    _record_opening(actor, mandate)
    rights.follow(person)
    return mandate


def _record_opening(actor: Any, mandate: Mandate) -> None:
    audit.record(
        actor,
        "mandate.opened",
        mandate,
        person=mandate.person_id,
        organisation=mandate.organisation_id,
        body=mandate.body_id,
        seat=mandate.seat.value,
        starts_on=mandate.starts_on.isoformat(),
        ends_on=mandate.ends_on.isoformat() if mandate.ends_on else None,
        replaces=mandate.replaces_id,
    )


def default_end(seat: SeatKind, starts_on: date) -> date | None:
    """The last day of a term of `term_months` (A.20 #8), for the seats that have one."""
    if seat not in STAYS_UNTIL_REPLACED:
        return None
    months = starts_on.month - 1 + int(rules.value("term_months"))
    year, month = starts_on.year + months // 12, months % 12 + 1
    for day in (starts_on.day, 30, 29, 28):
        try:
            return date(year, month, day) - ONE_DAY
        except ValueError:
            continue
    return None


def end(actor: Any, mandate: Mandate, *, last_day: date, reason: EndReason) -> None:
    """The holder sits until `last_day`; their substitutes leave with them, or never come. Raises `Refused`."""
    authorize(policy.can_seat(actor, mandate.person))
    _lock(mandate.body)
    if last_day < mandate.starts_on:
        raise Refused("last_day", _("The last day comes before the first."))
    if mandate.sits_until is not None and last_day > mandate.sits_until:
        raise Refused("last_day", _("The mandate ends before this day: extend it instead."))
    if reason == EndReason.TERM and mandate.ends_on is not None and last_day < mandate.ends_on:
        raise Refused("reason", _("The term is not over on this day: choose another reason."))
    _end_one(actor, mandate, last_day, reason)
    for one in list(mandate.alternates):
        if one.starts_on > last_day:
            _remove(actor, one, mandate)
        else:
            _end_one(actor, one, last_day, reason)


def _end_one(actor: Any, mandate: Mandate, last_day: date, reason: EndReason) -> None:
    if mandate.sits_until is not None and mandate.sits_until < last_day:
        return
    mandate.sits_until, mandate.end_reason = last_day, reason
    audit.record(actor, "mandate.ended", mandate, sits_until=mandate.sits_until.isoformat(), reason=reason.value)
    rights.follow(mandate.person)


def _remove(actor: Any, alternate: Mandate, titular: Mandate) -> None:
    """A substitute has no day left: the register says of nobody that they sat when they never did."""
    person, last = alternate.person, alternate.sits_until
    audit.record(
        actor,
        "mandate.removed",
        alternate,
        person=alternate.person_id,
        organisation=alternate.organisation_id,
        titular=titular.id,
        starts_on=alternate.starts_on.isoformat(),
        sits_until=last.isoformat() if last else None,
    )
    db.session.delete(alternate)
    db.session.flush()
    db.session.expire(titular, ["alternates"])
    rights.follow(person)


def replace(
    actor: Any,
    mandate: Mandate,
    person: Person,
    title: Title,
    *,
    organisation: Organisation | None,
    starts_on: date,
    ends_on: date | None = None,
) -> Mandate:
    """Somebody takes the seat over: the holder sits until the day before.

    Before the end of the term, the successor has what remains of it (D.3); afterwards, a new term. Raises `Refused`.
    """
    authorize(policy.can_seat(actor, mandate.person) and policy.can_seat(actor, person))
    eve = starts_on - ONE_DAY
    if eve < mandate.starts_on:
        raise Refused("starts_on", _("The successor starts after the first day of the mandate that is replaced."))
    if mandate.sits_until is None or mandate.sits_until > eve:
        over = mandate.ends_on is not None and mandate.ends_on <= eve
        end(actor, mandate, last_day=eve, reason=EndReason.TERM if over else EndReason.REPLACED)
    remaining = mandate.ends_on if mandate.ends_on is not None and mandate.ends_on >= starts_on else None
    return open_mandate(
        actor,
        person,
        Seat(mandate.body, mandate.seat, mandate.college, mandate.seat_number, mandate.titular),
        title,
        organisation=organisation,
        starts_on=starts_on,
        ends_on=ends_on or remaining,
        replaces=mandate,
    )


def extend(actor: Any, mandate: Mandate, *, ends_on: date) -> None:
    """A longer term, when the mandate has not been ended. Raises `Refused`."""
    authorize(policy.can_seat(actor, mandate.person))
    _lock(mandate.body)
    if mandate.end_reason is not None or mandate.ends_on is None:
        raise Refused("ends_on", _("Only a mandate that has a term and was not ended can be extended."))
    if ends_on <= mandate.ends_on:
        raise Refused("ends_on", _("The new last day must come after the present one."))
    mandate.ends_on = ends_on
    with db.session.no_autoflush:
        _settle(mandate)
        check(mandate)
        _refuse_overlap(mandate)
    audit.record(actor, "mandate.extended", mandate, ends_on=ends_on.isoformat())
    rights.follow(mandate.person)


CORRECTABLE = ("organisation", "seat_number", "starts_on", "ends_on", "sits_until", "origin", "reference", "need")


def correct(actor: Any, mandate: Mandate, *, reason: str, **values: Any) -> None:
    """Put right what was written wrongly; `values` among `CORRECTABLE`. Raises `Refused`."""
    authorize(policy.can_seat(actor, mandate.person))
    if not reason.strip():
        raise Refused("correction", _("Say why the mandate is corrected."))
    _lock(mandate.body)
    changed = [name for name in CORRECTABLE if name in values and getattr(mandate, name) != values[name]]
    for name in changed:
        setattr(mandate, name, values[name])
    with db.session.no_autoflush:
        _settle(mandate)
        check(mandate)
        if "seat_number" in changed or mandate.seat_number is None or mandate.is_alternate:
            mandate.seat_number = _number(mandate, mandate.seat_number)
        _refuse_overlap(mandate)
    mandate.correction = reason
    audit.record(actor, "mandate.corrected", mandate, fields=changed)
    rights.follow(mandate.person)
    for one in list(mandate.alternates):
        _keep_within(actor, one, mandate)


def of_another_organisation(mandate: Mandate) -> list[Mandate]:
    """The substitutes who do not come from the organisation of the full member, where they must (D.3).

    A correction leaves theirs alone: who was written down for which organisation is for the secretariat to say.
    """
    if mandate.seat in STAYS_UNTIL_REPLACED:
        return []
    return [one for one in mandate.alternates if one.organisation != mandate.organisation]


def _keep_within(actor: Any, alternate: Mandate, titular: Mandate) -> None:
    """A substitute has the seat of the person they stand in for, and sits on no day on which that person does not."""
    first = max(alternate.starts_on, titular.starts_on)
    last = min((day for day in (alternate.sits_until, titular.sits_until) if day is not None), default=None)
    if last is not None and last < first:
        _remove(actor, alternate, titular)
        return
    names = ("seat_number", "starts_on", "ends_on", "sits_until")
    before = {name: getattr(alternate, name) for name in names}
    alternate.seat_number, alternate.starts_on = titular.seat_number, first
    alternate.ends_on = alternate.ends_on and max(alternate.ends_on, first)
    if alternate.sits_until != last:
        alternate.sits_until, alternate.end_reason = last, alternate.end_reason or titular.end_reason
    changed = [name for name in names if getattr(alternate, name) != before[name]]
    if changed:
        alternate.correction = titular.correction
        audit.record(actor, "mandate.corrected", alternate, fields=changed)
        rights.follow(alternate.person)


# -- the rules of a seat ---------------------------------------------------------------------------------------------


def _lock(body: Body) -> None:
    """Two people who fill the same seat at once are taken one after the other."""
    db.session.flush()
    db.session.execute(select(Body.id).where(Body.id == body.id).with_for_update())


def _settle(mandate: Mandate) -> None:
    """The last day in office: that of the term, unless the seat is kept until replaced or the mandate was ended."""
    if mandate.end_reason is None:
        mandate.sits_until = None if mandate.stays_until_replaced else mandate.ends_on
        titular = mandate.titular
        if titular is not None and titular.sits_until is not None:
            mandate.sits_until = min(mandate.sits_until or titular.sits_until, titular.sits_until)


def check(mandate: Mandate) -> None:
    """What one mandate must satisfy by itself. Raises `Refused` with the field at fault."""
    for field in ("starts_on", "ends_on", "sits_until"):
        day = getattr(mandate, field)
        if day is not None and not FIRST <= day <= LAST:
            raise Refused(field, _("Choose a day between 1990 and 2100."))
    if mandate.ends_on is not None and mandate.ends_on < mandate.starts_on:
        raise Refused("ends_on", _("The last day comes before the first."))
    if mandate.sits_until is not None and mandate.sits_until < mandate.starts_on:
        raise Refused("sits_until", _("The last day comes before the first."))
    if mandate.body.kind not in BODIES_OF[mandate.seat]:
        raise Refused("seat", _("There is no such seat in this body."))
    if mandate.seat in VOTING_SEATS and not mandate.college.has_vote:
        raise Refused("college", _("Observers and experts hold no seat with a vote."))
    if mandate.origin == Origin.DIRECT_APPOINTMENT and (mandate.need is None or not mandate.reference):
        raise Refused("need", _("A direct appointment rests on a stated need and on an act or decision to refer to."))
    if len(mandate.reference or "") > MAX_REFERENCE:
        raise Refused("reference", _("Use %(limit)s characters or fewer.", limit=MAX_REFERENCE))
    _check_organisation(mandate)
    if mandate.titular is not None:
        _check_substitute(mandate, mandate.titular)


def _check_organisation(mandate: Mandate) -> None:
    organisation = mandate.organisation
    if organisation is None:
        if mandate.seat != SeatKind.QUALIFIED_PERSON:
            raise Refused("organisation", _("Only a qualified person sits without an organisation."))
    elif organisation.merged_into_id is not None:
        raise Refused("organisation", _("This organisation was merged into another one."))


def _check_substitute(mandate: Mandate, titular: Mandate) -> None:
    """D.3: somebody of the same organisation; of the same college for an elected seat."""
    if mandate.seat in WITHOUT_SUBSTITUTE:
        raise Refused("titular", _("This seat has no substitute."))
    if titular.is_alternate or titular.body_id != mandate.body.id or titular.seat != mandate.seat:
        raise Refused("titular", _("A substitute stands in for a full member of the same seat and body."))
    if titular.college != mandate.college:
        raise Refused("titular", _("A substitute belongs to the same college."))
    same = mandate.organisation is not None and mandate.organisation.id == titular.organisation_id
    if not same and mandate.seat not in STAYS_UNTIL_REPLACED:
        raise Refused("organisation", _("A substitute comes from the same organisation."))
    if mandate.starts_on < titular.starts_on:
        raise Refused("starts_on", _("A substitute does not start before the person they stand in for."))
    last = titular.sits_until
    if last is not None and (mandate.sits_until is None or mandate.sits_until > last):
        raise Refused("sits_until", _("A substitute does not stay after the person they stand in for."))


def seats_of(college: College, seat: SeatKind) -> int | None:
    """How many titular seats a college has; None when they are not counted (A.20 #6, #7)."""
    if seat == SeatKind.CO_CHAIR:
        return 1 if college.has_vote else 0
    if seat == SeatKind.COMMITTEE_SEAT:
        return int(rules.value("committee_seats").get(college.value, 0))
    return None


def _number(mandate: Mandate, asked: int | None) -> int | None:
    """The number of a counted seat: the one asked for when it exists, else the first that is free."""
    if mandate.is_alternate or mandate.titular is not None:
        return mandate.titular.seat_number if mandate.titular else None
    if mandate.seat not in NUMBERED:
        return None
    most = seats_of(mandate.college, mandate.seat) or 0
    if asked is not None:
        if not 1 <= asked <= most:
            raise Refused("seat_number", _("This college has %(count)s seats here.", count=i18n.number(most)))
        return asked
    taken = {one.seat_number for one in _overlapping(mandate) if not one.is_alternate}
    free = next((number for number in range(1, most + 1) if number not in taken), None)
    if free is None:
        raise Refused("seat_number", _("Each seat of this college is held on these days: replace one of its holders."))
    return free


def _overlapping(mandate: Mandate) -> list[Mandate]:
    """The other mandates of the same body, kind of seat and college that share a day with this one."""
    conditions = [
        Mandate.body_id == mandate.body.id,
        Mandate.seat == mandate.seat,
        Mandate.college == mandate.college,
        or_(Mandate.sits_until.is_(None), Mandate.sits_until >= mandate.starts_on),
    ]
    if mandate.sits_until is not None:
        conditions.append(Mandate.starts_on <= mandate.sits_until)
    if mandate.id is not None:
        conditions.append(Mandate.id != mandate.id)
    return list(db.session.scalars(select(Mandate).where(*conditions).order_by(Mandate.id)))


def _refuse_overlap(mandate: Mandate) -> None:
    """Nobody holds the same seat twice on one day; a numbered seat has one full member."""
    for one in _overlapping(mandate):
        if mandate.person is not None and one.person_id == mandate.person.id:
            raise Refused("starts_on", _("This person already holds this seat on some of these days."))
        both_titular = one.titular_id is None and mandate.titular is None
        if mandate.seat_number is not None and both_titular and one.seat_number == mandate.seat_number:
            raise Refused("seat_number", _("Somebody holds this seat on some of these days: replace them instead."))
