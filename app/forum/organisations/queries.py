"""Reads of organisations: one by id, by any of its names, the likely duplicates, a page of the list."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ForeignKey, func, or_, select
from sqlalchemy.orm import selectinload

from app.core import names, paging
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.organisations.models import Organisation, OrganisationAlias

PAGE_SIZE = 50
MOST_NAMES = 500  # offered while typing; beyond, the name is typed in full
BY_NAME = (Organisation.name_key, Organisation.id)


def get(organisation_id: int) -> Organisation:
    """Raises `NotFound`. A merged one is given: its address leads on."""
    found = db.session.scalar(
        select(Organisation).where(Organisation.id == organisation_id).options(selectinload(Organisation.aliases))
    )
    if found is None:
        raise NotFound
    return found


def kept(organisation: Organisation) -> Organisation:
    """The organisation that stands for this one: itself, or the one it was merged into."""
    while organisation.merged_into_id is not None:
        organisation = db.session.get_one(Organisation, organisation.merged_into_id)
    return organisation


def matching(asked: str) -> ColumnElement[bool]:
    """Organisations whose name, acronym or another name holds these words. `names.key` leaves no wildcard in them."""
    wanted = f"%{names.key(asked)}%"
    aliased = select(OrganisationAlias.organisation_id).where(OrganisationAlias.label_key.like(wanted))
    return or_(Organisation.name_key.like(wanted), Organisation.acronym_key.like(wanted), Organisation.id.in_(aliased))


def page(asked: str, number: int) -> paging.Page:
    """Organisations by name, those that were merged left out."""
    conditions = [Organisation.merged_into_id.is_(None), *([matching(asked)] if names.key(asked) else [])]
    total = db.session.scalar(select(func.count()).select_from(Organisation).where(*conditions)) or 0
    rows = db.session.scalars(
        select(Organisation).where(*conditions).order_by(*BY_NAME).offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    )
    return paging.checked(paging.Page(rows.all(), number, PAGE_SIZE, total))


def public() -> Sequence[Organisation]:
    """Every organisation that stands, with its other names, for the search index."""
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.merged_into_id.is_(None))
        .options(selectinload(Organisation.aliases))
        .order_by(*BY_NAME)
    ).all()


def offered() -> list[str]:
    """The first names of the list, offered while a name is typed."""
    return list(
        db.session.scalars(
            select(Organisation.name_fr)
            .where(Organisation.merged_into_id.is_(None))
            .order_by(*BY_NAME)
            .limit(MOST_NAMES)
        )
    )


def named(written: str) -> list[Organisation]:
    """The organisations that this name means: by name, else by acronym or another name. Two at most are enough."""
    wanted = names.key(written)
    if not wanted:
        return []
    standing = select(Organisation).where(Organisation.merged_into_id.is_(None)).order_by(*BY_NAME).limit(2)
    exact = db.session.scalars(
        standing.where(or_(Organisation.name_key == wanted, func.lower(Organisation.name_en) == written.lower()))
    ).all()
    if exact:
        return list(exact)
    aliased = select(OrganisationAlias.organisation_id).where(OrganisationAlias.label_key == wanted)
    return list(
        db.session.scalars(standing.where(or_(Organisation.acronym_key == wanted, Organisation.id.in_(aliased))))
    )


def lookalikes(
    *, name: str, acronym: str | None, siren: str | None, rna: str | None, but: int | None
) -> Sequence[Organisation]:
    """Organisations that may be the same one: same folded name or alias, acronym or number (H06, H09)."""
    wanted = names.key(name)
    same = [
        Organisation.name_key == wanted,
        Organisation.id.in_(select(OrganisationAlias.organisation_id).where(OrganisationAlias.label_key == wanted)),
    ]
    same += [Organisation.acronym_key == names.key(acronym)] if acronym and names.key(acronym) else []
    same += [Organisation.siren == siren] if siren else []
    same += [Organisation.rna == rna] if rna else []
    others = [Organisation.id != but] if but is not None else []
    statement = select(Organisation).where(Organisation.merged_into_id.is_(None), or_(*same), *others)
    return db.session.scalars(statement.order_by(*BY_NAME).limit(10)).all()


@dataclass(frozen=True)
class Moved:
    """What a merge would move: rows of one table."""

    table: str
    rows: int


def references() -> list[ForeignKey]:
    """Every column of the portal that points to an organisation: a new room's is found without being named here."""
    return sorted(
        (
            key
            for table in db.metadata.sorted_tables
            for key in table.foreign_keys
            if key.column.table.name == Organisation.__tablename__
        ),
        key=lambda key: (key.parent.table.name, key.parent.name),
    )


def what_moves(lost: Organisation) -> list[Moved]:
    found = []
    for key in references():
        rows = db.session.scalar(select(func.count()).select_from(key.parent.table).where(key.parent == lost.id))
        if rows:
            found.append(Moved(key.parent.table.name, rows))
    return found
