"""Dangerous acts are done by two people: one asks, another one with the right confirms or refuses (S20).

What an act is and who may take part is declared by rooms in `registry.acts`. The request waits for seven days; the
confirmation executes it in its own transaction, once, and only if whoever asked still has the right.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, String, Text, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import audit, clock, mail, paging, registry
from app.core.access import authorize
from app.core.database import Identified, UTCDateTime, Versioned, one_of
from app.core.errors import IllegalMove, NotFound, Refused
from app.core.extensions import db
from app.core.workflow import move

WAITS = timedelta(days=7)
SIZE = 25
GONE = "—"
"""In the place of an address or of words that are no longer kept."""


class ActStatus(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def label(self) -> Any:
        return LABELS[self]

    @property
    def tone(self) -> str:
        return {"waiting": "ochre", "confirmed": "green"}.get(self.value, "neutral")


LABELS = {
    ActStatus.WAITING: _l("Waiting for a second person"),
    ActStatus.CONFIRMED: _l("Confirmed and done"),
    ActStatus.REFUSED: _l("Refused"),
    ActStatus.WITHDRAWN: _l("Request withdrawn"),
    ActStatus.EXPIRED: _l("Expired"),
}
SETTLED = {ActStatus.CONFIRMED, ActStatus.REFUSED, ActStatus.WITHDRAWN, ActStatus.EXPIRED}

audit.declare("pending_act.asked", "word", "concerns")
for _status in SETTLED:
    audit.declare(f"pending_act.{_status.value}", "word", "concerns")


class PendingAct(Identified, Versioned, db.Model):
    """One request. `answer`: why it was refused or withdrawn, in the words of `settled_by`."""

    __tablename__ = "pending_act"
    __table_args__ = (Index("ix_pending_act_status_expires_at", "status", "expires_at"),)
    MOVES = {ActStatus.WAITING: SETTLED}

    word: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[ActStatus] = mapped_column(
        one_of(ActStatus),
        default=ActStatus.WAITING,
    )
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[Any] = relationship("User", foreign_keys=[asked_by_id], lazy="joined")
    settled_by: Mapped[Any] = relationship("User", foreign_keys=[settled_by_id], lazy="joined")

    @property
    def act(self) -> registry.Act:
        return registry.current().acts[self.word]

    @property
    def state(self) -> ActStatus:
        """As a reader sees it: a request whose time has run out has expired, before the job says so."""
        return ActStatus.EXPIRED if self.status == ActStatus.WAITING and not self.is_open else self.status

    @property
    def is_open(self) -> bool:
        return self.status == ActStatus.WAITING and clock.now() < self.expires_at

    @property
    def concerns(self) -> int | None:
        return self.act.concerns(self.arguments)


def can_settle(viewer: Any, request: PendingAct) -> bool:
    """Another person than who asked and than whom it concerns, with the right of the act."""
    return (
        request.is_open
        and viewer.id not in (request.asked_by_id, request.concerns)
        and request.act.independent(request.asked_by, viewer)
        and request.act.may_confirm(viewer, request.arguments)
    )


def can_withdraw(viewer: Any, request: PendingAct) -> bool:
    return request.is_open and viewer.id == request.asked_by_id


def others(actor: Any, act: registry.Act, arguments: dict[str, Any]) -> list[Any]:
    """Those who could confirm what `actor` asks for."""
    apart = (actor.id, act.concerns(arguments))
    return [
        one
        for one in act.confirmers()
        if one.id not in apart and act.independent(actor, one) and act.may_confirm(one, arguments)
    ]


def ask(actor: Any, word: str, arguments: dict[str, Any], *, reason: str) -> PendingAct:
    """Ask for a dangerous act. Raises `NotAllowed`; `Refused` when nobody else could confirm, or when it waits already.

    Those who may confirm are told by mail, which names the act and nobody.
    """
    act = registry.current().acts[word]
    authorize(act.may_ask(actor, arguments) and act.concerns(arguments) != actor.id)
    told = others(actor, act, arguments)
    if not told:
        raise Refused("reason", _("Nobody else could confirm this: a further administrator is needed first."))
    if _waits_already(word, arguments):
        raise Refused("reason", _("This has already been asked for and waits for a second person."))
    now = clock.now()
    request = PendingAct(
        word=word, arguments=arguments, reason=reason, status=ActStatus.WAITING,
        asked_by_id=actor.id, asked_at=now, expires_at=now + WAITS,
    )  # fmt: skip
    db.session.add(request)
    audit.record(actor, "pending_act.asked", request, word=word, concerns=act.concerns(arguments))
    for one in told:
        mail.queue(
            "four_eyes/asked", to=one.email, lang=one.lang,
            word=word, act_id=request.id, expires_at=request.expires_at.isoformat(),
        )  # fmt: skip
    return request


def _waits_already(word: str, arguments: dict[str, Any]) -> bool:
    """Among all that wait, however many; compared here, as PostgreSQL does not compare JSON."""
    known = db.session.scalars(
        select(PendingAct.arguments).where(
            PendingAct.status == ActStatus.WAITING, PendingAct.expires_at > clock.now(), PendingAct.word == word
        )
    )
    return any(one == arguments for one in known)


def waiting() -> list[PendingAct]:
    """What waits for a second person, the nearest end first; at most a hundred."""
    rows = db.session.scalars(
        select(PendingAct)
        .where(PendingAct.status == ActStatus.WAITING, PendingAct.expires_at > clock.now())
        .order_by(PendingAct.expires_at, PendingAct.id)
        .limit(100)
    )
    return [one for one in rows if one.word in registry.current().acts]


def settled(number: int) -> paging.Page:
    """What is over, the latest first; a request whose time has run out counts as over before the job has said so."""
    over = or_(PendingAct.status != ActStatus.WAITING, PendingAct.expires_at <= clock.now())
    known = over & PendingAct.word.in_(registry.current().acts)
    total = db.session.scalar(select(func.count()).select_from(PendingAct).where(known)) or 0
    rows = db.session.scalars(
        select(PendingAct).where(known).order_by(PendingAct.id.desc()).offset((number - 1) * SIZE).limit(SIZE)
    )
    return paging.checked(paging.Page(rows.all(), number, SIZE, total))


def get(act_id: int) -> PendingAct:
    """Raises `NotFound`."""
    request = db.session.get(PendingAct, act_id)
    if request is None or request.word not in registry.current().acts:
        raise NotFound
    return request


def _taken(act_id: int) -> PendingAct:
    """The request, held until the end of the transaction: of ten confirmations, nine read what the first one did."""
    request = db.session.scalar(
        select(PendingAct)
        .where(PendingAct.id == act_id)
        .with_for_update(of=PendingAct)
        .execution_options(populate_existing=True)
    )
    if request is None:
        raise NotFound
    if not request.is_open:
        raise IllegalMove(f"pending_act: {request.status.value}")
    return request


def confirm(actor: Any, act_id: int) -> PendingAct:
    """Execute, in this transaction. Raises `NotAllowed`, `IllegalMove` when it no longer waits, `Refused` when it
    cannot be done any more or when who asked has lost the right."""
    request = _taken(act_id)
    authorize(can_settle(actor, request))
    if not (request.asked_by.is_active and request.act.may_ask(request.asked_by, request.arguments)):
        raise Refused("decision", _("The person who asked no longer has the right to."))
    with db.session.begin_nested():  # refused by its service, the act leaves no trace and goes on waiting
        _settle(actor, request, ActStatus.CONFIRMED)
        request.act.execute(actor, request.arguments, request.reason)
    return request


def refuse(actor: Any, act_id: int, *, answer: str) -> PendingAct:
    request = _taken(act_id)
    authorize(can_settle(actor, request))
    _settle(actor, request, ActStatus.REFUSED, answer)
    return request


def withdraw(actor: Any, act_id: int, *, answer: str) -> PendingAct:
    """Whoever asked takes it back."""
    request = _taken(act_id)
    authorize(can_withdraw(actor, request))
    _settle(actor, request, ActStatus.WITHDRAWN, answer)
    return request


def drop(request: PendingAct, *, tell: bool) -> None:
    """Withdraw what waits because somebody in it is erased: nobody could confirm it any more.

    `tell`: whoever asked, unless it is them.
    """
    if request.status == ActStatus.WAITING:
        _settle(None, request, ActStatus.WITHDRAWN, tell=tell)


def _settle(
    actor: Any, request: PendingAct, status: ActStatus, answer: str | None = None, *, tell: bool = True
) -> None:
    request.settled_by_id, request.settled_at, request.answer = getattr(actor, "id", None), clock.now(), answer
    move(request, status, actor=actor, word=request.word, concerns=request.concerns)
    if status != ActStatus.CONFIRMED and request.arguments.get("email"):
        request.arguments = {**request.arguments, "email": GONE}  # nothing was done: no address is kept for it
    if tell and request.asked_by_id != request.settled_by_id and request.asked_by.is_active:
        mail.queue(
            "four_eyes/settled", to=request.asked_by.email, lang=request.asked_by.lang,
            word=request.word, act_id=request.id, status=status.value,
        )  # fmt: skip


def expire(now: datetime) -> int:
    """Close what nobody confirmed in time; returns how many."""
    late = db.session.scalars(
        select(PendingAct)
        .where(PendingAct.status == ActStatus.WAITING, PendingAct.expires_at <= now)
        .order_by(PendingAct.id)
        .limit(200)
        .with_for_update(of=PendingAct, skip_locked=True)
    ).all()
    for request in late:
        _settle(None, request, ActStatus.EXPIRED)
    return len(late)
