"""Writes of bodies, people and needs; mandates are in `terms`."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.accounts import policy as accounts
from app.accounts import queries as account_queries
from app.accounts.models import User
from app.core import audit, clock, mail, names, search, text
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db
from app.core.i18n import set_pair
from app.forum.members import policy, queries, rights
from app.forum.members.models import Body, Need, Person
from app.forum.members.states import BodyKind
from app.forum.organisations.states import College

audit.declare("body.created", "kind")
audit.declare("person.created")
audit.declare("person.changed", "fields")
audit.declare("person.linked", "user")
audit.declare("person.unlinked", "user")
audit.declare("need.opened", "body", "college")
audit.declare("need.changed", "fields")
audit.declare("need.closed", "closed_on")

Pair = tuple[str | None, str | None]
MAX_NAME, MAX_FUNCTION, MAX_THEME, MAX_TEXT = 200, 300, 300, 5000


def create_body(
    actor: Any,
    kind: BodyKind,
    *,
    name: tuple[str, str | None],
    purpose: tuple[str, str | None],
    cadence: tuple[str | None, str | None] = (None, None),
) -> Body:
    """A new body; each pair is French then English."""
    authorize(accounts.is_secretariat(actor))
    body = Body(kind=kind, outdated=[])
    set_pair(body, "name", *name)
    set_pair(body, "purpose", *purpose)
    set_pair(body, "cadence", *cadence)
    body.purpose_html_fr, body.purpose_html_en = text.to_html(purpose[0]), text.to_html(purpose[1])
    db.session.add(body)
    db.session.flush()
    audit.record(actor, "body.created", body, kind=kind.value)
    if kind == BodyKind.WORKING_GROUP:
        index(body)
    return body


def index(body: Body) -> None:
    search.index(
        "body",
        body.id,
        kind="working_group",
        endpoint="working_groups.show",
        arguments={"body_id": body.id, "slug": body.slug},
        title=(body.name_fr, body.name_en),
        body=(text.plain(body.purpose_html_fr), text.plain(body.purpose_html_en)),
    )


# -- people ----------------------------------------------------------------------------------------------------------


def create_person(actor: Any, *, name: str, function: Pair = (None, None), contact_email: str | None = None) -> Person:
    """Somebody who may receive mandates. Raises `Refused` for a name that cannot be read."""
    authorize(policy.can_edit(actor))
    person = Person(outdated=[])
    _write_person(person, name, function, contact_email)
    db.session.add(person)
    db.session.flush()
    audit.record(actor, "person.created", person)
    return person


def edit_person(actor: Any, person: Person, *, name: str, function: Pair, contact_email: str | None) -> None:
    authorize(policy.can_edit(actor))
    fields = ("name", "function_fr", "function_en", "contact_email")
    before = {field: getattr(person, field) for field in fields}
    _write_person(person, name, function, contact_email)
    changed = [field for field in fields if getattr(person, field) != before[field]]
    if changed:
        audit.record(actor, "person.changed", person, fields=changed)
        rights.index(person)


def _write_person(person: Person, name: str, function: Pair, contact_email: str | None) -> None:
    if not names.key(name):
        raise Refused("name", _("Enter a name with letters or figures."))
    if len(name) > MAX_NAME:
        raise Refused("name", _("Use %(limit)s characters or fewer.", limit=MAX_NAME))
    if max(len(one or "") for one in function) > MAX_FUNCTION:
        raise Refused("function_fr", _("Use %(limit)s characters or fewer.", limit=MAX_FUNCTION))
    person.name, person.name_key = name, names.key(name)
    set_pair(person, "function", function[0] or None, function[1] or None)
    person.contact_email = contact_email or None


def link_account(actor: Any, person: Person, email: str) -> User:
    """Give the person's seats to the account of this exact address: from then on it opens their doors.

    Whoever has the account is told. Raises `Refused` when there is no such account, when it is somebody else's or
    the actor's own, and while the person has another one.
    """
    authorize(policy.can_edit(actor))
    user = account_queries.by_email(email)
    if user is None:
        raise Refused("email", _("No account has this address. Ask the person to create one, or invite them."))
    if user.person is not None and user.person is not person:
        raise Refused("email", _("This account already belongs to another person of the register."))
    if user.id == getattr(actor, "id", None):
        raise Refused("email", _("This is your own account: somebody else of the secretariat links it."))
    if person.user is user:
        return user
    if person.user_id is not None:
        raise Refused("email", _("This person already has another account: unlink it first."))
    person.user = user
    db.session.flush()
    audit.record(actor, "person.linked", person, user=user.id)
    mail.queue("members/account_linked", to=user.email, lang=user.lang, name=user.name)
    rights.follow(person)
    return user


def unlink_account(actor: Any, person: Person) -> None:
    """The account stays; it opens no door of this person's seats any more, and whoever has it is told."""
    authorize(policy.can_edit(actor))
    user = person.user
    if user is None:
        return
    person.user = None
    db.session.flush()
    audit.record(actor, "person.unlinked", person, user=user.id)
    mail.queue("members/account_unlinked", to=user.email, lang=user.lang, name=user.name)
    rights.forget_account(user)


# -- needs -----------------------------------------------------------------------------------------------------------


def open_need(
    actor: Any,
    *,
    body: Body | None,
    theme: tuple[str, str | None],
    profile: tuple[str, str | None],
    reason: tuple[str, str | None],
    college: College,
    opened_on: date | None = None,
) -> Need:
    """A profile that the Forum looks for, stated by a working group or by the secretariat (A3-2, A.20 #18)."""
    authorize(policy.can_state_need(actor, body))
    need = Need(
        body=body,
        outdated=[],
        opened_on=opened_on or clock.today(),
        college=college,
        opened_by_id=getattr(actor, "id", None),
    )
    _write_need(need, theme, profile, reason)
    db.session.add(need)
    db.session.flush()
    audit.record(actor, "need.opened", need, body=body.id if body else None, college=college.value)
    index_need(need)
    return need


def edit_need(
    actor: Any,
    need: Need,
    *,
    theme: tuple[str, str | None],
    profile: tuple[str, str | None],
    reason: tuple[str, str | None],
    college: College,
) -> None:
    authorize(policy.can_state_need(actor, need.body))
    fields = ("theme_fr", "theme_en", "profile_fr", "profile_en", "reason_fr", "reason_en", "college")
    before = {field: getattr(need, field) for field in fields}
    _write_need(need, theme, profile, reason)
    need.college = college
    changed = [field for field in fields if getattr(need, field) != before[field]]
    if changed:
        audit.record(actor, "need.changed", need, fields=changed)
        index_need(need)


def _write_need(
    need: Need, theme: tuple[str, str | None], profile: tuple[str, str | None], reason: tuple[str, str | None]
) -> None:
    for name, pair, limit in (
        ("theme", theme, MAX_THEME),
        ("profile", profile, MAX_TEXT),
        ("reason", reason, MAX_TEXT),
    ):
        if not pair[0] or not pair[0].strip():
            raise Refused(f"{name}_fr", _("The French text is missing: nothing is published without it."))
        if max(len(pair[0]), len(pair[1] or "")) > limit:
            raise Refused(f"{name}_fr", _("Use %(limit)s characters or fewer.", limit=limit))
        set_pair(need, name, pair[0], pair[1] or None)


def close_need(actor: Any, need: Need) -> None:
    """Nobody is looked for any more: the need stays readable, marked closed. Raises `Refused` when it is closed."""
    authorize(policy.can_state_need(actor, need.body))
    if not need.is_open:
        raise Refused("need", _("This need is already closed."))
    need.closed_on = clock.today()
    audit.record(actor, "need.closed", need, closed_on=need.closed_on.isoformat())


def index_need(need: Need) -> None:
    search.index(
        "need",
        need.id,
        kind="need",
        endpoint="members.needs",
        arguments={"_anchor": f"need-{need.id}"},
        title=(need.theme_fr, need.theme_en),
        body=(f"{need.profile_fr} {need.reason_fr}", f"{need.profile_en or ''} {need.reason_en or ''}".strip() or None),
        happened_on=need.opened_on,
    )


def reindex_needs() -> int:
    found = queries.every_need()
    for need in found:
        index_need(need)
    return len(found)
