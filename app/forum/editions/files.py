"""The minutes as a file that keeps: tagged PDF, made ahead by `flask work`, or by the first reader who asks."""

import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from types import SimpleNamespace

from flask import current_app, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from app.core import i18n, pdf, site_version
from app.core.errors import NotMade
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.editions import queries
from app.forum.editions.models import MinutesEdition
from app.forum.editions.reading import Reading

TEMPLATES = ("editions/paper.html", "editions/_paper_text.html", "layouts/paper.html")
RECENT = timedelta(days=3)
AT_ONCE = 4  # files of one run: a few seconds each


def of(edition: MinutesEdition) -> bytes:
    """In the language spoken. Raises `NotMade` where no PDF can be made."""
    return pdf.kept(key(edition), lambda: _made(edition))


def _made(edition: MinutesEdition) -> bytes:
    """Also outside a request, where nothing of the site stands around a template."""
    reading, lang = Reading(edition.content, for_paper=True), i18n.language()
    site = SimpleNamespace(name=_("Open Government Forum"))
    html = render_template(
        "editions/paper.html", edition=edition, reading=reading, meeting=edition.minutes.meeting, lang=lang, site=site
    )
    return pdf.write(html, lang=lang, title=f"{edition.label} · {reading.title.text}")


def key(edition: MinutesEdition) -> str:
    """Of all that the file shows: what is sealed, its language, its address, and how it is laid out."""
    parts = edition.digest, str(edition.number), i18n.language(), current_app.config["BASE_URL"], _layout()
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _layout() -> str:
    return _layout_of(tuple(_source(name) for name in TEMPLATES))


def _source(name: str) -> str:
    kept: dict[str, str] = current_app.extensions.setdefault("minutes_paper", {})
    if name not in kept:
        assert current_app.jinja_env.loader is not None
        kept[name] = current_app.jinja_env.loader.get_source(current_app.jinja_env, name)[0]
    return kept[name]


@lru_cache(maxsize=4)
def _layout_of(sources: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(sources).encode()).hexdigest()


def size(edition: MinutesEdition) -> int | None:
    """In bytes, once the file is made."""
    return pdf.size_of(key(edition))


# -- made ahead ------------------------------------------------------------------------------------------------------


def _missing(now: datetime) -> list[tuple[int, str]]:
    """(number of the edition, language) of the recent files that nobody has made yet."""
    if not pdf.available():
        return []
    found = []
    for edition in queries.since(now - RECENT):
        for lang in i18n.LANGUAGES:
            with i18n.in_language(lang):
                if size(edition) is None:
                    found.append((edition.id, lang))
    return found


def waiting(now: datetime) -> bool:
    return bool(_missing(now))


def make_ahead(now: datetime) -> int:
    """The files of what was just published; how many were made. No transaction is open meanwhile."""
    wanted, done = _missing(now)[:AT_ONCE], 0
    db.session.rollback()
    for edition_id, lang in wanted:
        edition = db.session.get(MinutesEdition, edition_id, options=[undefer(MinutesEdition.content)])
        with i18n.in_language(lang):
            try:
                done += bool(edition and of(edition))
            except NotMade:
                break  # the machine is busy: the next run goes on, and a reader who asks may wait for their own
            finally:
                db.session.rollback()
    if done:
        with writing(public=False):
            site_version.bump()  # the page says how large the file is
    return done
