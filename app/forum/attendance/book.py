"""What is known of the attendance at a meeting at one instant, and what a proxy may be. No database, no request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from flask_babel import gettext as _

from app.forum.attendance.models import Answer, Proxy
from app.forum.attendance.states import THERE, Choice
from app.forum.members.models import Mandate
from app.forum.members.states import VOTING_SEATS


def name_of(mandate: Mandate) -> str:
    """As the public directory names them."""
    return mandate.person.name if mandate.person is not None else _("a member whose name has been erased")


def votes(mandate: Mandate) -> bool:
    return mandate.seat in VOTING_SEATS


def is_same_person(one: Mandate, other: Mandate) -> bool:
    return one.id == other.id or (one.person_id is not None and one.person_id == other.person_id)


@dataclass(frozen=True)
class Said:
    """`holder_id`: the seat that is to hold the proxy of who is represented; `substitute_id`: which substitute comes,
    None when there is only one or when it is not known; `since`: the local hour of today from which a proxy brought on
    paper is in force, for the secretariat alone."""

    choice: Choice
    holder_id: int | None = None
    substitute_id: int | None = None
    since: time | None = None


@dataclass(frozen=True)
class Book:
    """`seats`: every full member's seat on the day of the meeting, in the order of a sheet; `answers`: by seat, those
    given for that day; `proxies`: the live ones. `limit`: proxies that one member may hold. `there`: the mandates
    of those who are known to be in the room, substitutes too, whatever they had answered.
    """

    day: date
    seats: Mapping[int, Mandate]
    answers: Mapping[int, Answer]
    proxies: Sequence[Proxy]
    limit: int
    same_college: bool
    there: frozenset[int] = frozenset()

    def choice(self, seat: Mandate) -> Choice | None:
        found = self.answers.get(seat.id)
        return found.choice if found is not None else None

    def version(self, seat: Mandate) -> int:
        """0 while the seat has not answered."""
        found = self.answers.get(seat.id)
        return found.version if found is not None else 0

    def given_by(self, seat: Mandate) -> Proxy | None:
        return next((one for one in self.proxies if one.principal_id == seat.id), None)

    def held_by(self, seat: Mandate) -> list[Proxy]:
        return [one for one in self.proxies if one.holder_id == seat.id]

    def substitutes(self, seat: Mandate) -> list[Mandate]:
        """Those who may come in place of this seat on the day."""
        return [one for one in seat.alternates if one.covers(self.day) and one.person_id is not None]

    def is_there(self, seat: Mandate) -> bool:
        """Somebody of the seat is in the room: the full member or a substitute."""
        return seat.id in self.there or any(one.id in self.there for one in seat.alternates)

    def may_give(self, seat: Mandate) -> bool:
        return votes(seat) and self.limit > 0

    def holders(self, principal: Mandate) -> list[Mandate]:
        """Who may hold the proxy of this member, as things stand."""
        if self.fault_of_principal(principal) is not None:
            return []
        return [one for one in self.seats.values() if self.fault_of_holder(principal, one) is None]

    def fault(self, principal: Mandate, holder: Mandate) -> str | None:
        """Why this proxy cannot be (F.10), in words for a person; None when it can."""
        return self.fault_of_principal(principal) or self.fault_of_holder(principal, holder)

    def fault_of_principal(self, principal: Mandate) -> str | None:
        if self.limit == 0:
            return _("The rules of the Forum allow no proxy in this body.")
        if principal.id not in self.seats:
            return _("%(name)s does not sit in this body on the day of the meeting.", name=name_of(principal))
        if not votes(principal):
            return _("Only a member who votes gives a proxy: observers and qualified persons do not vote.")
        if self.is_there(principal):
            return _("%(name)s, or a substitute of theirs, is there: no proxy is needed.", name=name_of(principal))
        if self.choice(principal) == Choice.SUBSTITUTE:
            return _(
                "The substitute of %(name)s is announced, which excludes a proxy. Answer “excused” first, "
                "then give the proxy.",
                name=name_of(principal),
            )
        held = [one for one in self.held_by(principal) if one.principal_id in self.seats]
        if held:
            return _(
                "%(name)s holds the proxy of %(other)s and cannot give theirs: that proxy must be declined first.",
                name=name_of(principal),
                other=name_of(self.seats[held[0].principal_id]),
            )
        return None

    def fault_of_holder(self, principal: Mandate, holder: Mandate) -> str | None:
        return self._fault_of_mandate(principal, holder) or self._not_coming(holder) or self._full(principal, holder)

    def discreet_fault(self, principal: Mandate, holder: Mandate) -> str | None:
        """As `fault`, for whoever may not read the answers of the others: what they said is not told."""
        open_to_all = self.fault_of_principal(principal) or self._fault_of_mandate(principal, holder)
        if open_to_all is not None or self.fault_of_holder(principal, holder) is None:
            return open_to_all
        return _("%(name)s cannot hold your proxy: choose a name of the list.", name=name_of(holder))

    def _fault_of_mandate(self, principal: Mandate, holder: Mandate) -> str | None:
        """What the public directory says as well."""
        name = name_of(holder)
        if is_same_person(principal, holder):
            return _("Nobody gives a proxy to themselves: choose another member.")
        if holder.id not in self.seats:
            return self._not_sitting(principal, holder)
        if not votes(holder):
            return _("%(name)s does not vote in this body and cannot hold a proxy.", name=name)
        if self.same_college and holder.college != principal.college:
            return _("%(name)s belongs to the other college: a proxy goes to a member of the same college.", name=name)
        return None

    def _not_sitting(self, principal: Mandate, holder: Mandate) -> str:
        if holder.body_id == principal.body_id and holder.titular_id is None:
            return _("The mandate of %(name)s does not cover the day of the meeting.", name=name_of(holder))
        return _("%(name)s is not a full member of this body: choose a name of the list.", name=name_of(holder))

    def _not_coming(self, holder: Mandate) -> str | None:
        """Present in the room goes before whatever was answered; a chain is one all the same."""
        name, given = name_of(holder), self.given_by(holder)
        if given is not None and given.holder_id in self.seats:
            other = name_of(self.seats[given.holder_id])
            return _("%(name)s is represented by %(other)s and cannot hold a proxy.", name=name, other=other)
        if holder.id in self.there or self.choice(holder) in (None, *THERE):
            return None
        if self.choice(holder) == Choice.SUBSTITUTE:
            return _("%(name)s does not come, a substitute does: choose another member.", name=name)
        return _("%(name)s is excused from this meeting: choose another member.", name=name)

    def _full(self, principal: Mandate, holder: Mandate) -> str | None:
        held = [one for one in self.held_by(holder) if one.principal_id != principal.id]
        if len(held) < self.limit:
            return None
        return _("%(name)s already holds as many proxies as the rules allow: choose another member.",
                 name=name_of(holder))  # fmt: skip
