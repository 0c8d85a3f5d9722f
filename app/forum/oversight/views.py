"""The desk: what waits and the staff's screens; the outbox; the journal; what is kept, and for how long."""

import re
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user

from app.accounts import queries as accounts
from app.accounts.policy import is_secretariat
from app.core import clock, paging, registry
from app.core import mail as mails
from app.core.access import access, may_open
from app.core.audit import WORDS
from app.core.errors import NotFound
from app.core.hypermedia import go, render
from app.forum.oversight import details, policy, queries, service, week
from app.forum.oversight.queries import JournalFilters, MailFilters

bp = Blueprint("oversight", __name__)
TABLE = re.compile(r"[a-z_]{1,60}")


@bp.get("/")
@access(policy.can_use_desk)
def desk() -> Response:
    todos = queries.waiting(current_user)
    return render(
        "oversight/desk.html",
        groups=week.grouped(todos[: queries.WAITING], clock.today()),
        more=len(todos[queries.WAITING :]),
        coming=week.coming(current_user),
        prepares=is_secretariat(current_user),
        seated=bool(registry.current().seats(current_user).bodies),
        screens=queries.screens(current_user),
        today=clock.today(),
    )


# -- the outbox ------------------------------------------------------------------------------------------------------
@bp.get("/outbox")
@access(policy.can_read_outbox)
def outbox() -> Response:
    filters = MailFilters(status=_one_of(request.args.get("status"), details.MAIL_STATUSES), day=_day())
    return render(
        "oversight/outbox.html",
        "oversight/_mail_list.html",
        filters=filters,
        stretch=queries.mails(filters, paging.asked_before()),
        counts=queries.mail_counts(),
        statuses=details.MAIL_STATUSES,
        subject_of=details.subject_of,
        can_send_again=policy.can_send_again(current_user),
    )


@bp.get("/outbox/<id:mail_id>")
@access(policy.can_read_outbox)
def mail(mail_id: int) -> Response:
    message = queries.mail(mail_id)
    return render(
        "oversight/mail.html",
        mail=message,
        preview=details.preview_with_files(message),
        trouble=details.trouble(message.error),
        can_send_again=policy.can_send_again(current_user) and message.status == mails.FAILED,
    )


@bp.post("/outbox/<id:mail_id>/send-again")
@access(policy.can_send_again, quiet=True)
def send_again(mail_id: int) -> Response:
    service.send_again(current_user, queries.mail(mail_id))
    return go(".mail", mail_id=mail_id)


@bp.post("/outbox/send-failed-again")
@access(policy.can_send_again, quiet=True)
def send_all_again() -> Response:
    service.send_all_again(current_user)
    return go(".outbox", status=mails.QUEUED)


# -- the journal -----------------------------------------------------------------------------------------------------
@bp.get("/journal")
@access(policy.can_read_journal)
def journal() -> Any:
    person = request.args.get("person", "").strip()
    if "@" in person:  # the address does not stay in the page's own address
        user = accounts.by_email(person[:320])
        asked = {"word": request.args.get("word"), "day": request.args.get("day")}
        return go(".journal", person=user.id if user else "none", **asked)
    filters = _journal_filters(person)
    stretch = queries.journal(filters, paging.asked_before())
    return render(
        "oversight/journal.html",
        "oversight/_entry_list.html",
        filters=filters,
        person=person,
        stretch=stretch,
        names=queries.actors(stretch.items),
        words=sorted(((word, str(details.word(word))) for word in WORDS), key=lambda one: one[1].casefold()),
        label=details.word,
        can_open_accounts=policy.can_open_accounts(current_user),
    )


def _journal_filters(person: str) -> JournalFilters:
    thing, number = request.args.get("thing") or None, request.args.get("number")
    if thing is not None and not TABLE.fullmatch(thing):
        raise NotFound
    return JournalFilters(
        actor=-1 if person == "none" else _number(person),
        word=_one_of(request.args.get("word"), WORDS),
        thing=thing,
        number=_number(number) if thing else None,
        day=_day(),
    )


@bp.get("/journal/<id:entry_id>")
@access(policy.can_read_journal)
def entry(entry_id: int) -> Response:
    found = queries.entry(entry_id)
    return render(
        "oversight/entry.html",
        entry=found,
        label=details.word,
        names=queries.actors([found]),
        details=details.readable(found.details),
        thing=_openable(queries.subject_of(current_user, found)),
        can_open_accounts=policy.can_open_accounts(current_user),
    )


def _openable(thing: tuple[str, str] | None) -> tuple[str, str] | None:
    """Without its address when the page it leads to is for others."""
    if thing is None or not thing[1]:
        return thing
    return thing[0], thing[1] if may_open(current_user, thing[1]) else ""


@bp.route("/journal/seals", methods=["GET", "POST"])
@access(policy.can_read_journal, quiet=True)
def seals() -> Response:
    verdict = service.verify_seals(current_user) if request.method == "POST" else None
    return render("oversight/seals.html", verdict=verdict, seal=queries.last_seal())


# -- what is kept ----------------------------------------------------------------------------------------------------
@bp.get("/retention")
@access(policy.can_read_retention)
def retention() -> Response:
    return render(
        "oversight/retention.html",
        kept=queries.kept(clock.now()),
        noun=registry.current().noun,
        may_open=partial(may_open, current_user),
    )


# -- what an address asks for: plausible, or not found ---------------------------------------------------------------
def _one_of(value: str | None, known: Any) -> str | None:
    if not value:
        return None
    if value not in known:
        raise NotFound
    return value


def _number(value: str | None) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 10 and int(value) <= 2147483647):
        raise NotFound
    return int(value)


def _day() -> date | None:
    value = request.args.get("day")
    if not value:
        return None
    try:
        found = date.fromisoformat(value) if len(value) == 10 else date.min
    except ValueError as fault:
        raise NotFound from fault
    if not 1990 <= found.year <= 2100:
        raise NotFound
    return found
