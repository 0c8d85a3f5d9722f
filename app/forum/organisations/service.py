"""Writes of organisations: create, edit, other names, merge of duplicates."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from app.core import audit, clock, names, search
from app.core.access import authorize
from app.core.database import rows_touched
from app.core.errors import Refused
from app.core.extensions import db
from app.core.i18n import set_pair
from app.forum.organisations import identifiers, policy, queries
from app.forum.organisations.details import Details
from app.forum.organisations.models import Organisation, OrganisationAlias

audit.declare("organisation.created", "college")
audit.declare("organisation.changed", "fields")
audit.declare("organisation.alias_added", "alias")
audit.declare("organisation.alias_removed", "alias")
audit.declare("organisation.merged", "lost", "moved")

MAX_NAME, MAX_ACRONYM = 300, 40
FOLLOWERS: dict[str, Callable[[Organisation], None]] = {}


def create(actor: Any, details: Details) -> Organisation:
    """A new organisation. Raises `Refused` for a wrong number or address."""
    authorize(policy.can_edit(actor))
    organisation = Organisation(outdated=[])
    _write(organisation, details)
    db.session.add(organisation)
    db.session.flush()
    audit.record(actor, "organisation.created", organisation, college=organisation.college.value)
    index(organisation)
    return organisation


def edit(actor: Any, organisation: Organisation, details: Details) -> None:
    """Replace what is known. The former name is not kept: add it as another name when it was once in use."""
    authorize(policy.can_edit(actor))
    before = _values(organisation)
    _write(organisation, details)
    changed = sorted(name for name, value in _values(organisation).items() if before[name] != value)
    if changed:
        audit.record(actor, "organisation.changed", organisation, fields=changed)
        _index_with_others(organisation)


def _values(organisation: Organisation) -> dict[str, Any]:
    return {
        name: getattr(organisation, name)
        for name in ("name_fr", "name_en", "acronym", "college", "siren", "rna", "website")
    }


def _write(organisation: Organisation, details: Details) -> None:
    french, english = details.name
    set_pair(organisation, "name", _name("name_fr", french), _name("name_en", english) if english else None)
    organisation.name_key = names.key(french)
    organisation.acronym = details.acronym or None
    if len(details.acronym or "") > MAX_ACRONYM:
        raise Refused("acronym", _("Use %(limit)s characters or fewer.", limit=MAX_ACRONYM))
    organisation.acronym_key = names.key(details.acronym) if details.acronym else None
    organisation.college = details.college
    organisation.siren = _checked("siren", details.siren)
    organisation.rna = _checked("rna", details.rna)
    organisation.website = _checked("website", details.website)


def _name(field: str, value: str) -> str:
    if not names.key(value):
        raise Refused(field, _("Enter a name with letters or figures."))
    if len(value) > MAX_NAME:
        raise Refused(field, _("Use %(limit)s characters or fewer.", limit=MAX_NAME))
    return value


def _checked(field: str, value: str | None) -> str | None:
    """Raises `Refused` when an identifier is not one."""
    if not value:
        return None
    found = getattr(identifiers, field)(value)
    if found is None:
        raise Refused(field, identifiers.wrong(field))
    return str(found)


def add_alias(
    actor: Any,
    organisation: Organisation,
    *,
    label: str,
    lang: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> OrganisationAlias:
    """Another name, used between two days (both included) or for ever. Raises `Refused`."""
    authorize(policy.can_edit(actor))
    if valid_from and valid_until and valid_until < valid_from:
        raise Refused("valid_until", _("The last day comes before the first."))
    alias = _alias(organisation, label, lang, valid_from, valid_until)
    db.session.flush()
    audit.record(actor, "organisation.alias_added", organisation, alias=alias.id)
    index(organisation)
    return alias


def _alias(
    organisation: Organisation, label: str, lang: str, valid_from: date | None, valid_until: date | None
) -> OrganisationAlias:
    alias = OrganisationAlias(
        label=_name("label", label),
        label_key=names.key(label),
        lang=lang,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    organisation.aliases.append(alias)
    return alias


def remove_alias(actor: Any, organisation: Organisation, alias: OrganisationAlias) -> None:
    authorize(policy.can_edit(actor))
    audit.record(actor, "organisation.alias_removed", organisation, alias=alias.id)
    organisation.aliases.remove(alias)
    db.session.flush()
    index(organisation)


def merge(actor: Any, lost: Organisation, *, into: Organisation) -> int:
    """Make `lost` stand for `into`: what referred to it refers to the kept one; returns how many rows moved.

    The lost row stays, with its names, so that its address leads to the kept one and the merge can be undone by hand;
    its names become other names of the kept one, which takes the numbers it lacked. Raises `Refused`.
    """
    authorize(policy.can_edit(actor))
    if lost.id == into.id or lost.merged_into_id is not None or into.merged_into_id is not None:
        raise Refused("into", _("Choose two different organisations that have not been merged yet."))
    moved = sum(_move(key, lost, into) for key in queries.references())
    db.session.refresh(lost, ["aliases"])
    db.session.refresh(into, ["aliases"])
    for field in ("acronym", "acronym_key", "siren", "rna", "website"):
        if getattr(into, field) is None:
            setattr(into, field, getattr(lost, field))
    _keep_names(lost, into)
    lost.merged_into_id = into.id
    db.session.flush()
    audit.record(actor, "organisation.merged", into, lost=lost.id, moved=moved)
    search.forget("organisation", lost.id)
    _index_with_others(into)
    return moved


def _move(key: Any, lost: Organisation, into: Organisation) -> int:
    """Whoever is editing one of the rows that move is told that it changed: its version grows."""
    table = key.parent.table
    values: dict[str, Any] = {key.parent.name: into.id}
    if "version" in table.columns:
        values |= {"version": table.c.version + 1, "updated_at": clock.now()}
    done = db.session.execute(update(table).where(key.parent == lost.id).values(values))
    db.session.expire_all()
    return rows_touched(done)


def _keep_names(lost: Organisation, into: Organisation) -> None:
    known = {into.name_key, into.acronym_key, names.key(into.name_en or "")} | {one.label_key for one in into.aliases}
    for label, lang in ((lost.name_fr, "fr"), (lost.name_en, "en"), (lost.acronym, "fr")):
        if label and names.key(label) not in known:
            known.add(names.key(label))
            _alias(into, label, lang, None, None)


def follow(act: Callable[[Organisation], None]) -> None:
    """Have a room above called each time that what the public reads of an organisation has changed."""
    FOLLOWERS[act.__qualname__] = act


def index(organisation: Organisation) -> None:
    others = " ".join([organisation.acronym or "", *(alias.label for alias in organisation.aliases)])
    search.index(
        "organisation",
        organisation.id,
        kind="organisation",
        endpoint="members.organisation",
        arguments={"organisation_id": organisation.id, "slug": organisation.slug},
        title=(organisation.name_fr, organisation.name_en),
        body=(others, others),
    )


def _index_with_others(organisation: Organisation) -> None:
    index(organisation)
    db.session.flush()
    for act in FOLLOWERS.values():
        act(organisation)


def reindex() -> int:
    found = queries.public()
    for organisation in found:
        index(organisation)
    return len(found)
