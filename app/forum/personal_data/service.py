"""Writes of the personal data room: a request and its answer, an export, an erasure (D.4)."""

import hashlib
import hmac
import secrets
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete

from app.accounts import queries as accounts
from app.accounts.models import User
from app.core import audit, clock, four_eyes, i18n, mail, registry, rules
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db
from app.core.four_eyes import PendingAct
from app.core.workflow import move
from app.forum.administration import policy as administration
from app.forum.personal_data import dossier, policy
from app.forum.personal_data.models import DataRequest, Erasure
from app.forum.personal_data.states import ERASE, REASON_LIMIT, DataRequestKind, DataRequestStatus

REQUEST_KEPT, ERASURE_KEPT = timedelta(days=365), timedelta(days=3 * 365)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

audit.declare("data_request.made", "kind")
audit.declare("data_request.answered")
audit.declare("data_request.received")
audit.declare("personal_data.consulted", "tables")
audit.declare("personal_data.exported", "tables")
audit.declare("personal_data.erased", "tables")


def a_month_after(day: date) -> date:
    """The same day of the next month, or its last one when it is shorter (art. 12 GDPR)."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def ask(*, kind: DataRequestKind, name: str, email: str, message: str | None) -> DataRequest:
    """Store a request, acknowledge it and tell the team; anyone may ask."""
    now = clock.now()
    row = DataRequest(
        reference="P-" + "".join(secrets.choice(ALPHABET) for _letter in range(8)),
        kind=kind,
        name=name,
        email=email,
        message=message or None,
        lang=i18n.language(),
        received_at=now,
        due_on=a_month_after(clock.today()),
    )
    db.session.add(row)
    db.session.flush()
    shared = {
        "reference": row.reference,
        "kind": kind.value,
        "received_at": now.isoformat(),
        "due_on": row.due_on.isoformat(),
    }
    mail.queue("personal_data/request_received", to=email, lang=row.lang, **shared)
    team = rules.value("identity.contact_email")
    if team:
        mail.queue("personal_data/request_for_team", to=team, lang="fr", number=row.id, **shared)
    audit.record(None, "data_request.made", row, kind=kind.value)
    return row


def settle(actor: Any, request: DataRequest, *, answered: bool) -> None:
    """Say that a request was answered, or take it up again. Said twice, it is said once."""
    authorize(policy.can_handle(actor))
    wanted = DataRequestStatus.ANSWERED if answered else DataRequestStatus.RECEIVED
    if request.status == wanted:
        return
    move(request, wanted, actor=actor)
    request.answered_at = clock.now() if answered else None
    request.answered_by_id = actor.id if answered else None


def look_up(actor: Any, email: str) -> dossier.Dossier:
    """What is held on the person of an address, for whoever answers them; the journal remembers that it was read."""
    authorize(policy.can_handle(actor))
    return _read(actor, email, "personal_data.consulted")


def export(actor: Any, email: str) -> dossier.Dossier:
    """The same, to be handed over: by the staff for somebody, or by each person for themselves."""
    own = getattr(actor, "email", None)
    authorize(policy.can_handle(actor) or (own is not None and accounts.email_key(own) == accounts.email_key(email)))
    return _read(actor, email, "personal_data.exported")


def _read(actor: Any, email: str, word: str) -> dossier.Dossier:
    found = dossier.of(email)
    audit.record(actor, word, accounts.by_email(email), tables=len(found.parts))
    return found


def erasure_of(email: str) -> dict[str, Any]:
    """What a request to erase the data of an address holds; the address goes with the data."""
    person = accounts.by_email(email)
    return {"email": person.email if person else email, "user_id": person.id if person else None}


def ask_erasure(actor: Any, email: str, *, reason: str) -> PendingAct:
    """Ask somebody else to confirm the erasure of an address (S20).

    Raises `Refused` as `erase` does, when nobody else could confirm it, or when it waits already.
    """
    authorize(policy.can_handle(actor))
    _refuse_erasure(actor, email, reason)
    return four_eyes.ask(actor, ERASE, erasure_of(email), reason=reason)


def can_be_confirmed(actor: Any, email: str) -> bool:
    """Whether somebody else than the actor and the person could confirm the erasure."""
    return bool(four_eyes.others(actor, registry.current().acts[ERASE], erasure_of(email)))


def _refuse_erasure(actor: Any, email: str, reason: str) -> None:
    if accounts.email_key(email) == accounts.email_key(getattr(actor, "email", None) or ""):
        raise Refused("email", _("Your own data are erased by somebody else of the staff."))
    person = accounts.by_email(email)
    if person is not None and administration.needs_two(person):
        raise Refused(
            "email", _("This person administers the site or is on the electoral board: end the function first.")
        )
    if not reason.strip() or len(reason) > REASON_LIMIT:
        raise Refused("reason", _("Give the reason, in %(limit)s characters or fewer.", limit=REASON_LIMIT))
    if dossier.of(email).is_empty:
        raise Refused("email", _("Nothing is held under this address."))


def erase(actor: Any, email: str, *, reason: str) -> Erasure:
    """Erase what the registry may erase of the person of an address, and tell them: done when a request is confirmed.

    Each room decides what goes and what stays without a name (minutes, totals, the journal). Raises `Refused` for
    one's own data, without a reason, or when nothing is held.
    """
    authorize(policy.can_handle(actor))
    _refuse_erasure(actor, email, reason)
    person = accounts.by_email(email)
    lang, rows = _language(person, email), _erase_everywhere(email)
    erasure = Erasure(
        digest=digest(email),
        actor_id=actor.id,
        subject_id=person.id if person else None,
        reason=reason,
        rows=rows,
        erased_at=clock.now(),
    )
    db.session.add(erasure)
    db.session.flush()
    audit.record(actor, "personal_data.erased", person or erasure, tables=len(rows))
    told = mail.queue("personal_data/erased", to=email, lang=lang, erased_at=clock.now().isoformat())
    told.is_ephemeral = True
    return erasure


def _language(person: User | None, email: str) -> str:
    """In which language the person read us last."""
    if person is not None:
        return person.lang
    ids = accounts.rows_of(DataRequest, email, DataRequest.email)
    last = db.session.get(DataRequest, ids[-1]) if ids else None
    return last.lang if last else "fr"


def _erase_everywhere(email: str) -> dict[str, int]:
    """Rows erased in each table. The accounts come last: the others find the person through them."""
    found = sorted(registry.current().persons, key=lambda one: one.table == "user")
    rows = {one.table: one.erase(email) for one in found}
    db.session.flush()
    return {table: count for table, count in rows.items() if count}


def digest(email: str) -> str:
    """A keyed digest of an address: enough to recognise it if it is given again, not to find it."""
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, f"erasure\n{accounts.email_key(email)}".encode(), hashlib.sha256).hexdigest()


def sweep_requests(now: datetime) -> int:
    """One year after its answer; a request without one is never lost."""
    done = db.session.execute(delete(DataRequest).where(DataRequest.answered_at < now - REQUEST_KEPT))
    return done.rowcount  # type: ignore[attr-defined]


def sweep_erasures(now: datetime) -> int:
    done = db.session.execute(delete(Erasure).where(Erasure.erased_at < now - ERASURE_KEPT))
    return done.rowcount  # type: ignore[attr-defined]
