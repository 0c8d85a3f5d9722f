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

from app.accounts import limits
from app.accounts import queries as accounts
from app.accounts.models import User
from app.core import audit, clock, four_eyes, i18n, mail, registry, rules
from app.core.access import authorize
from app.core.database import rows_touched
from app.core.errors import Refused
from app.core.extensions import db
from app.core.four_eyes import PendingAct
from app.core.workflow import move
from app.forum.administration import policy as administration
from app.forum.members import keeping as members
from app.forum.members.models import Person
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
    if limits.may_acknowledge(accounts.email_key(email)):
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


def look_up(actor: Any, email: str, *, person: str = "") -> dossier.Dossier:
    """What is held on the person of an address, for whoever answers them; the journal remembers that it was read."""
    authorize(policy.can_handle(actor))
    return _read(actor, dossier.of(email, person), "personal_data.consulted")


def export(actor: Any, email: str, *, person: str = "") -> dossier.Dossier:
    """The same, to be handed over: by the staff for somebody, or by each person for themselves.

    Raises `Refused` while it is not said which person of the register an address is.
    """
    mine = getattr(actor, "email", None)
    own = mine is not None and accounts.email_key(mine) == accounts.email_key(email)
    authorize(policy.can_handle(actor) or own)
    found = dossier.own(email) if own else dossier.of(email, person)
    if found.is_open:
        raise Refused("email", _choose())
    return _read(actor, found, "personal_data.exported")


def _read(actor: Any, found: dossier.Dossier, word: str) -> dossier.Dossier:
    audit.record(actor, word, accounts.by_email(found.email), tables=len(found.parts))
    return found


def _choose() -> str:
    return _("Several people of the register may have this address: choose the person first.")


def erasure_of(email: str, person: str = "") -> dict[str, Any]:
    """What a request to erase the data of an address holds; the address goes with the data.

    `people`: the numbers of those of the register whom it erases. `holder_id`: the account of the address. `user_id`:
    the account that it is about: that of the address, else that of one of these people.
    """
    chosen = dossier.people_of(dossier.choices_of(email), person)
    people = [one for one in members.behind(email) if chosen is None or one.id in chosen]
    user = accounts.by_email(email)
    return {
        "email": user.email if user else email,
        **_accounts_of(user, people),
        "people": [one.id for one in people],
    }


def _accounts_of(holder: User | None, people: list[Person]) -> dict[str, int | None]:
    about = holder or next((one.user for one in people if one.user is not None), None)
    return {"user_id": about.id if about else None, "holder_id": holder.id if holder else None}


def moved(arguments: dict[str, Any]) -> str:
    """Why a request that waits no longer erases whom it names, in words; empty while it does.

    An account may change its address meanwhile, and another one take it; somebody may open one with it.
    """
    email, asked_for = arguments["email"], arguments["people"]
    people = [one for one in members.behind(email) if one.id in asked_for]
    now = _accounts_of(accounts.by_email(email), people)
    if now["holder_id"] == arguments.get("holder_id", now["holder_id"]) and len(people) < len(asked_for):
        return _("This address is no longer that of the person: ask again.")
    if any(now[key] != arguments.get(key, now[key]) for key in now):
        return _("This address is no longer that of the account: ask again.")
    return ""


def ask_erasure(actor: Any, email: str, *, reason: str, person: str = "") -> PendingAct:
    """Ask somebody else to confirm the erasure of an address (S20).

    `person`: who of the register it is, when the address leaves a doubt. Raises `Refused` as `erase` does, when nobody
    else could confirm it, or when it waits already.
    """
    authorize(policy.can_handle(actor))
    choices = dossier.choices_of(email)
    if choices and person not in dict(choices):
        raise Refused("person", _choose())
    arguments = erasure_of(email, person)
    _refuse_erasure(actor, email, arguments["people"], reason)
    return four_eyes.ask(actor, ERASE, arguments, reason=reason)


def can_be_confirmed(actor: Any, email: str, person: str = "") -> bool:
    """Whether somebody else than the actor and the person could confirm the erasure."""
    return bool(four_eyes.others(actor, registry.current().acts[ERASE], erasure_of(email, person)))


def _refuse_erasure(actor: Any, email: str, people: list[int], reason: str) -> None:
    behind = {one.id: one for one in members.behind(email)}
    if set(people) - set(behind):
        raise Refused("email", _("This address is no longer that of the person: ask again."))
    concerned = [accounts.by_email(email), *(behind[one].user for one in people)]
    if any(user is not None and user.id == actor.id for user in concerned):
        raise Refused("email", _("Your own data are erased by somebody else of the staff."))
    if any(user is not None and administration.needs_two(user) for user in concerned):
        raise Refused(
            "email", _("This person administers the site or is on the electoral board: end the function first.")
        )
    if not reason.strip() or len(reason) > REASON_LIMIT:
        raise Refused("reason", _("Give the reason, in %(limit)s characters or fewer.", limit=REASON_LIMIT))
    held = {part.table for part in dossier.of(email, dossier.NOBODY).parts}
    if not people and not held - {PendingAct.__tablename__}:  # the request itself is nothing to erase
        raise Refused("email", _("Nothing is held under this address."))


def erase_as_asked(actor: Any, arguments: dict[str, Any], *, reason: str) -> Erasure:
    """What a confirmed request does. Raises `Refused` as `erase` does, and when the address is no longer theirs."""
    authorize(policy.can_handle(actor))
    if why := moved(arguments):
        raise Refused("email", why)
    return erase(actor, arguments["email"], reason=reason, people=arguments["people"])


def erase(actor: Any, email: str, *, reason: str, people: list[int] | None = None) -> Erasure:
    """Erase what the registry may erase of the person of an address, and tell them: done when a request is confirmed.

    Each room decides what goes and what stays without a name (minutes, totals, the journal). Raises `Refused` for
    one's own data, for those of somebody with a guarded function, without a reason, or when nothing is held.
    `people`: who leaves the register; None for those of whom there is no doubt.
    """
    authorize(policy.can_handle(actor))
    if people is None:
        people = [one.id for one in members.sure(email)]
    _refuse_erasure(actor, email, people, reason)
    person = accounts.by_email(email)
    lang, rows = _language(person, email), _erase_everywhere(email, people)
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


def _erase_everywhere(email: str, people: list[int]) -> dict[str, int]:
    """Rows erased in each table. People, then accounts come last: the others find the person through them."""
    last = {"person": 1, "user": 2}
    found = sorted(registry.current().persons, key=lambda one: last.get(one.table, 0))
    rows = {one.table: one.erase(email, people) if one.by_people else one.erase(email) for one in found}
    db.session.flush()
    return {table: count for table, count in rows.items() if count}


def digest(email: str) -> str:
    """A keyed digest of an address: enough to recognise it if it is given again, not to find it."""
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, f"erasure\n{accounts.email_key(email)}".encode(), hashlib.sha256).hexdigest()


def sweep_requests(now: datetime) -> int:
    """One year after its answer; a request without one is never lost."""
    done = db.session.execute(delete(DataRequest).where(DataRequest.answered_at < now - REQUEST_KEPT))
    return rows_touched(done)


def sweep_erasures(now: datetime) -> int:
    done = db.session.execute(delete(Erasure).where(Erasure.erased_at < now - ERASURE_KEPT))
    return rows_touched(done)
