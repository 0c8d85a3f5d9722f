"""Full-text index of what an anonymous reader may see; rooms call `index()` when they publish and `forget()` when not.

Both engines hold the same words, folded here (case, accents, œ/æ, apostrophes, light plurals), so that they find the
same things in the same order: FTS5 on SQLite, tsvector on PostgreSQL. One row per thing, in both languages.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup, escape
from sqlalchemy import (
    JSON,
    Date,
    Index,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, i18n
from app.core.database import Identified
from app.core.extensions import db
from app.core.text import fold

WORD = re.compile(r"[^\W_]+")
ELIDED = frozenset(["l", "d", "j", "n", "s", "t", "m", "c", "qu"])
STOP = frozenset(
    [
        "le",
        "la",
        "les",
        "de",
        "des",
        "du",
        "un",
        "une",
        "et",
        "a",
        "au",
        "aux",
        "en",
        "the",
        "of",
        "and",
        "to",
        "in",
        "an",
    ]
)
MAX_QUERY, MAX_WORDS, MAX_WORD, EXTRACT = 200, 12, 60, 34
SLICE = 400
PARTS: set[str] = set()
"""Subjects that are parts of another one and bear its title: they are found by their own words, the whole by its title.
"""


class SearchEntry(Identified, db.Model):
    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id"),
        Index("ix_search_entry_kind_happened_on", "kind", "happened_on"),
    )

    subject_type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(40))
    endpoint: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    title_fr: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str | None] = mapped_column(Text)
    body_fr: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str | None] = mapped_column(Text)
    happened_on: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    """The last day, in Paris, on which the public may find it; empty without an end."""


@dataclass(frozen=True)
class Part:
    """One public thing among many that are indexed together: what `index` takes."""

    subject_id: int
    kind: str
    endpoint: str
    arguments: dict[str, Any]
    title: tuple[str, str | None]
    body: tuple[str, str | None]
    happened_on: date | None = None


@dataclass(frozen=True)
class Hit:
    kind: str
    title: Any
    url: str
    extract: Any
    happened_on: date | None


def stem(word: str) -> str:
    """Light plural folding, the same for French and English words: nationaux, national; centres, centre."""
    if len(word) > 5 and word.endswith("aux") and not word.endswith("eaux"):
        return word[:-3] + "al"
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and not word.endswith("ss") else word


def words(value: str | None) -> list[str]:
    """The index's words of a text, in order."""
    found = (match.group()[:MAX_WORD] for match in WORD.finditer(fold(value or "")))
    return [stem(word) for word in found if word not in ELIDED]


def index(
    subject_type: str,
    subject_id: int,
    *,
    kind: str,
    endpoint: str,
    arguments: dict[str, Any],
    title: tuple[str, str | None],
    body: tuple[str, str | None],
    happened_on: date | None = None,
    last_day: date | None = None,
) -> None:
    """Store or replace the entry of one public thing, in the caller's transaction."""
    entry = _find(subject_type, subject_id) or SearchEntry(subject_type=subject_type, subject_id=subject_id)
    entry.kind, entry.endpoint, entry.arguments, entry.happened_on = kind, endpoint, arguments, happened_on
    entry.last_day = last_day
    entry.title_fr, entry.title_en = title
    entry.body_fr, entry.body_en = body
    db.session.add(entry)
    db.session.flush()
    _write_words(entry)


def index_many(subject_type: str, parts: Sequence[Part]) -> None:
    """As `index`, for hundreds of things of one type: six statements for each `SLICE` of them."""
    for start in range(0, len(parts), SLICE):
        some = {part.subject_id: part for part in parts[start : start + SLICE]}
        known = _find_many(subject_type, list(some))
        for entry in known:
            for name, value in _columns(some[entry.subject_id]).items():
                setattr(entry, name, value)
        db.session.flush()
        absent = some.keys() - {entry.subject_id for entry in known}
        if absent:  # row by row, the ORM would ask the number of each
            named = [{"subject_type": subject_type, "subject_id": one, **_columns(some[one])} for one in sorted(absent)]
            db.session.execute(insert(SearchEntry), named)
        entries = _find_many(subject_type, list(some)) if absent else known
        _drop_words([entry.id for entry in entries])
        db.session.execute(_insertion(), [_word_row(entry) for entry in entries])


def _columns(part: Part) -> dict[str, Any]:
    (title_fr, title_en), (body_fr, body_en) = part.title, part.body
    return {
        "kind": part.kind, "endpoint": part.endpoint, "arguments": part.arguments, "happened_on": part.happened_on,
        "last_day": None, "title_fr": title_fr, "title_en": title_en, "body_fr": body_fr, "body_en": body_en,
    }  # fmt: skip


def forget_many(subject_type: str, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), SLICE):
        entries = _find_many(subject_type, ids[start : start + SLICE])
        if entries:
            _drop_words([entry.id for entry in entries])
            db.session.execute(delete(SearchEntry).where(SearchEntry.id.in_([entry.id for entry in entries])))


def _find_many(subject_type: str, ids: Sequence[int]) -> Sequence[SearchEntry]:
    wanted = select(SearchEntry).where(SearchEntry.subject_type == subject_type, SearchEntry.subject_id.in_(ids))
    return db.session.scalars(wanted.order_by(SearchEntry.id)).all()


def _drop_words(ids: Sequence[int]) -> None:
    key = "rowid" if _sqlite() else "entry_id"
    statement = text(f"DELETE FROM search_words WHERE {key} IN :ids")  # noqa: S608 -- ours
    db.session.execute(statement.bindparams(bindparam("ids", list(ids), expanding=True)))


def forget(subject_type: str, subject_id: int) -> None:
    entry = _find(subject_type, subject_id)
    if entry is not None:
        db.session.execute(
            text(
                "DELETE FROM search_words WHERE rowid = :id"
                if _sqlite()
                else "DELETE FROM search_words WHERE entry_id = :id"
            ),
            {"id": entry.id},
        )
        db.session.delete(entry)
        db.session.flush()


def rebuild_words() -> int:
    """Fill the engine's index again from the stored entries (after a restore); memory does not grow with them."""
    db.session.execute(text("DELETE FROM search_words"))
    done, insertion = 0, _insertion()
    for entries in db.session.scalars(select(SearchEntry).execution_options(yield_per=500)).partitions():
        db.session.execute(insertion, [_word_row(entry) for entry in entries])
        done += len(entries)
    return done


def _find(subject_type: str, subject_id: int) -> SearchEntry | None:
    return db.session.scalar(
        select(SearchEntry).where(SearchEntry.subject_type == subject_type, SearchEntry.subject_id == subject_id)
    )


def _sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _write_words(entry: SearchEntry) -> None:
    key = "rowid" if _sqlite() else "entry_id"
    db.session.execute(text(f"DELETE FROM search_words WHERE {key} = :id"), {"id": entry.id})  # noqa: S608
    db.session.execute(_insertion(), _word_row(entry))


def _insertion() -> Any:
    if _sqlite():
        return text("INSERT INTO search_words (rowid, title, body) VALUES (:id, :title, :body)")
    return text(
        "INSERT INTO search_words (entry_id, title, body) VALUES "
        "(:id, array_to_tsvector(CAST(:title AS text[])), array_to_tsvector(CAST(:body AS text[])))"
    )


def _word_row(entry: SearchEntry) -> dict[str, Any]:
    title = [] if entry.subject_type in PARTS else words(entry.title_fr) + words(entry.title_en)
    body = words(entry.body_fr) + words(entry.body_en)
    if _sqlite():
        return {"id": entry.id, "title": " ".join(title), "body": " ".join(body)}
    return {"id": entry.id, "title": sorted(set(title)), "body": sorted(set(body))}


# -- asking ----------------------------------------------------------------------------------------------------------


def query_words(asked: str) -> list[str]:
    """What a reader meant: stop words are dropped unless nothing else is left; at most 12 words."""
    found = list(dict.fromkeys(words(asked[:MAX_QUERY])))
    return ([word for word in found if word not in STOP] or found)[:MAX_WORDS]


def _matches(wanted: list[str], column: str | None = None) -> Any:
    """The ids of the entries that hold every wanted word, or a word that begins with it."""
    if _sqlite():
        every = " AND ".join(f'"{word}"*' for word in wanted)
        asked = f"{column} : ({every})" if column else every
        return text("SELECT rowid AS id FROM search_words WHERE search_words MATCH :asked").bindparams(
            bindparam("asked", asked, unique=True)
        )
    asked = " & ".join(f"'{word}':*" for word in wanted)
    left = column or "title || body"
    statement = f"SELECT entry_id AS id FROM search_words WHERE ({left}) @@ CAST(:asked AS tsquery)"  # noqa: S608 -- ours
    return text(statement).bindparams(bindparam("asked", asked, unique=True))


def _statement(wanted: list[str], kind: str | None = None) -> Any:
    found = _matches(wanted).columns(SearchEntry.id).subquery("found")
    may_be_found = or_(SearchEntry.last_day.is_(None), SearchEntry.last_day >= clock.today())
    statement = select(SearchEntry).join(found, found.c.id == SearchEntry.id).where(may_be_found)
    return statement.where(SearchEntry.kind == kind) if kind else statement


def count_by_kind(wanted: list[str]) -> dict[str, int]:
    if not wanted:
        return {}
    found = _statement(wanted).subquery()
    rows = db.session.execute(select(found.c.kind, func.count()).group_by(found.c.kind).order_by(found.c.kind))
    return dict(rows.all())


def find(wanted: list[str], *, kind: str | None, offset: int, limit: int) -> list[Hit]:
    """Entries with every word: those whose title has them first, then the most recent."""
    if not wanted:
        return []
    titled = _matches(wanted, "title").columns(SearchEntry.id).subquery("titled")
    rows = db.session.scalars(
        _statement(wanted, kind)
        .outerjoin(titled, titled.c.id == SearchEntry.id)
        .order_by(titled.c.id.is_(None), SearchEntry.happened_on.desc().nulls_last(), SearchEntry.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [_hit(row, wanted) for row in rows]


def _hit(entry: SearchEntry, wanted: list[str]) -> Hit:
    title, lang = i18n.pick(entry.title_fr, entry.title_en), i18n.language()
    bodies = [("fr", entry.body_fr), ("en", entry.body_en or "")]
    bodies.sort(key=lambda pair: pair[0] != lang)
    body_lang, body = next((pair for pair in bodies if _first(pair[1], wanted) is not None), bodies[0])
    return Hit(
        kind=entry.kind,
        title=_marked(title.text, title.lang, wanted),
        url=url_for(entry.endpoint, **entry.arguments),
        extract=_marked(_extract(body, wanted), body_lang, wanted),
        happened_on=entry.happened_on,
    )


def _is_wanted(word: str, wanted: Iterable[str]) -> bool:
    folded = stem(fold(word))
    return any(folded.startswith(one) for one in wanted)


def _first(body: str, wanted: list[str]) -> int | None:
    return next((match.start() for match in WORD.finditer(body) if _is_wanted(match.group(), wanted)), None)


def _extract(body: str, wanted: list[str]) -> str:
    """About 34 words around the first word found."""
    spans = [(match.start(), match.end()) for match in re.finditer(r"[^ \t\r\n]+", body)]
    if not spans:
        return ""
    at = _first(body, wanted) or 0
    near = next((i for i, (_start, end) in enumerate(spans) if end > at), 0)
    first = max(0, near - 10)
    last = min(len(spans), first + EXTRACT) - 1
    shown = body[spans[first][0] : spans[last][1]]
    return ("… " if first else "") + shown + (" …" if last < len(spans) - 1 else "")


def _marked(value: str, lang: str, wanted: list[str]) -> Markup:
    """The text with the found words in <mark>, escaped, and its language said when it is not the page's."""
    parts, at = [], 0
    for match in WORD.finditer(value):
        if _is_wanted(match.group(), wanted):
            parts += [escape(value[at : match.start()]), Markup("<mark>%s</mark>") % match.group()]
            at = match.end()
    html = Markup("").join([*parts, escape(value[at:])])
    return html if lang == i18n.language() else Markup('<span lang="%s">%s</span>') % (lang, html)
