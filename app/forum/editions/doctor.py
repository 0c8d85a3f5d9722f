"""What `flask doctor` asks of published minutes: every edition is what was sealed, and the journal says the same.

Rows are read a few at a time: memory does not grow with the number of editions.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from app.core import text
from app.core.audit import AuditEntry
from app.core.extensions import db
from app.forum.editions.models import MinutesEdition
from app.forum.minutes.content import digest
from app.forum.minutes.models import SectionText

SLICE = 20
WORDS = ("minutes.published", "minutes.corrected", "minutes.edition_added")
Proofs = dict[tuple[int, int], tuple[str, str | None]]


def sealed_minutes() -> list[str]:
    """The editions whose content, or digest, was changed around the portal; the texts that are not safe HTML."""
    return [*_editions(), *_texts()]


def _editions() -> Iterator[str]:
    last = 0
    while rows := _after(last):
        proofs = _proofs({row.minutes_id for row in rows})
        for row in rows:
            yield from _faults(row, proofs)
        last = rows[-1].id


def _after(number: int) -> Sequence[Any]:
    """Columns, not objects: nothing of them stays in the session."""
    row = MinutesEdition
    wanted = select(
        row.id, row.minutes_id, row.number, row.content, row.digest, row.full_content, row.full_digest
    )  # fmt: skip
    return db.session.execute(wanted.where(row.id > number).order_by(row.id).limit(SLICE)).all()


def _proofs(minutes: set[int]) -> Proofs:
    """{(minutes, edition): its digests} as the journal, which is sealed each day, has them."""
    entry = AuditEntry
    rows = db.session.execute(
        select(entry.subject_id, entry.details)
        .where(entry.subject_type == "minutes", entry.subject_id.in_(minutes), entry.word.in_(WORDS))
        .order_by(entry.id)
    )
    return {(number, said["edition"]): (said["digest"], said["full_digest"]) for number, said in rows}


def _faults(row: Any, proofs: Proofs) -> Iterator[str]:
    name = f"minutes {row.minutes_id}, edition {row.number}"
    if digest(row.content) != row.digest:
        yield f"{name}: its text is not what was sealed"
    if (row.full_content is None) != (row.full_digest is None):
        yield f"{name}: its whole text or the digest of it is gone"
    elif row.full_content is not None and digest(row.full_content) != row.full_digest:
        yield f"{name}: its whole text is not what was sealed"
    if proofs.get((row.minutes_id, row.number)) != (row.digest, row.full_digest):
        yield f"{name}: its digest is not the one in the journal"
    if any(text.sanitise(html) != html for html in _htmls(row)):
        yield f"{name}: its text is not safe HTML"


def _htmls(row: Any) -> Iterator[str]:
    """Every piece of HTML that a page of this edition shows as it is."""
    for content in (row.content, row.full_content or {"sections": [], "summary": {}, "plain": {}}):
        heads: list[Any] = [*content["summary"].values(), *content["plain"].values()]
        yield from (one for one in heads if one)
        for section in content["sections"]:
            yield from (block["html"] for lang in ("fr", "en") for block in section[lang])
            yield from (one for block in section["set_apart"] for one in (block.get("text") or {}).values() if one)


def _texts() -> Iterator[str]:
    last = 0
    while rows := db.session.execute(_texts_after(last)).all():
        for number, blocks, public in rows:
            if any(text.sanitise(html) != html for html in [*(blocks or ()), *(public or ())]):
                yield f"minutes_text {number}: blocks is not safe HTML"
        last = rows[-1][0]


def _texts_after(number: int) -> Any:
    wanted = select(SectionText.id, SectionText.blocks, SectionText.public_blocks)
    return wanted.where(SectionText.id > number).order_by(SectionText.id).limit(SLICE * 5)
