"""The two tracks of minutes: how far each language is, and what waits for its English."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.core import translation
from app.core.access import authorize
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.registry import Translations, Untranslated
from app.core.translation import Reworded
from app.forum.meetings.models import Meeting
from app.forum.minutes import policy
from app.forum.minutes.models import Minutes, Section, SectionText
from app.forum.minutes.states import TrackState

FIELD = "text"


@dataclass(frozen=True)
class Progress:
    """How many sections of one language stand where."""

    lang: str
    counts: dict[TrackState, int]
    total: int

    @property
    def is_complete(self) -> bool:
        """Every section is written, and none is older than its French."""
        return not self.counts.get(TrackState.MISSING) and not self.counts.get(TrackState.OUTDATED)

    @property
    def reviewed(self) -> int:
        return self.counts.get(TrackState.REVIEWED, 0)


def progress(minutes: Minutes) -> list[Progress]:
    """French, then English."""
    return [
        Progress(lang, dict(Counter(one.state(lang) for one in minutes.sections)), len(minutes.sections))
        for lang in ("fr", "en")
    ]


def lacks_english(minutes: Minutes) -> bool:
    """Whether something that the public reads in French has no English, or an older one."""
    if any(one.state("en") in (TrackState.MISSING, TrackState.OUTDATED) for one in minutes.sections):
        return True
    pairs = [(minutes.summary_fr, minutes.summary_en), (minutes.plain_fr, minutes.plain_en)]
    pairs += [(one.title_fr, one.title_en) for one in minutes.sections]
    return bool(minutes.outdated) or any(fr and not en for fr, en in pairs)


# -- the queue of the translator ---------------------------------------------------------------------------------------


def texts() -> Translations:
    return Translations(_pending, _confirm)


def _pending(limit: int) -> Iterator[Untranslated]:
    """Sections with French and no English, or an older one; by the day that was promised, then by meeting."""
    english = aliased(SectionText)
    rows = db.session.execute(
        select(Section, english)
        .join(Section.texts.and_(SectionText.lang == "fr", SectionText.source != ""))
        .outerjoin(english, (english.section_id == Section.id) & (english.lang == "en"))
        .join(Section.minutes)
        .join(Minutes.meeting)
        .where(or_(english.id.is_(None), english.source == "", english.translated_from != SectionText.source))
        .order_by(Minutes.english_due.nulls_last(), Meeting.last_day, Section.position, Section.id)
        .limit(limit)
        .options(joinedload(Section.minutes).joinedload(Minutes.meeting), contains_eager(Section.texts))
        .execution_options(populate_existing=False)
    ).unique()
    for section, found in rows:
        yield _untranslated(section, found)


def _untranslated(section: Section, english: SectionText | None) -> Untranslated:
    meeting, french = section.minutes.meeting, section.text("fr")
    source = french.source if french is not None else ""
    written = english.source if english is not None and english.source else None
    return Untranslated(
        subject_id=section.id,
        field=FIELD,
        label=_("Minutes: %(section)s", section=section.title_fr),
        where=meeting.title.text,
        fr=source,
        en=written,
        before=english.translated_from if english is not None and written else None,
        url=url_for("minutes.write", meeting_id=meeting.id, slug=meeting.slug, section_id=section.id, track="en"),
        day=section.minutes.english_due or meeting.first_day,
    )


def _confirm(actor: Any, section_id: int, field: str, seen: str) -> None:
    """The English is still right although its French changed."""
    section = db.session.get(Section, section_id)
    authorize(policy.can_write(actor))
    english, french = (section.text("en"), section.text("fr")) if section is not None else (None, None)
    if english is None or french is None or field != FIELD or not english.source:
        raise NotFound
    if translation.mark(french.source, english.source) != seen:
        raise Reworded
    english.translated_from = french.source


# -- the texts that stand above the sections ---------------------------------------------------------------------------


def heads() -> Translations:
    def pending(limit: int) -> Iterator[Untranslated]:
        rows = db.session.scalars(
            select(Minutes)
            .where(translation.waits(Minutes, "summary", "plain"))
            .join(Minutes.meeting)
            .order_by(Minutes.english_due.nulls_last(), Meeting.last_day, Minutes.id)
            .limit(limit)
            .options(joinedload(Minutes.meeting))
        )
        for row in rows:
            for field, fr, en, before in translation.pairs(row, "summary", "plain"):
                label = _("Minutes: summary") if field == "summary" else _("Minutes: plain language")
                yield Untranslated(row.id, field, label, row.meeting.title.text, fr, en, before, _head(row), _day(row))

    def confirm(actor: Any, minutes_id: int, field: str, seen: str) -> None:
        authorize(policy.can_write(actor))
        row = db.session.get(Minutes, minutes_id)
        if row is None:
            raise NotFound
        translation.confirm(row, field, seen)

    return Translations(pending, confirm)


def _head(row: Minutes) -> str:
    return url_for("minutes.head", meeting_id=row.meeting_id, slug=row.meeting.slug)


def _day(row: Minutes) -> date:
    return row.english_due or row.meeting.first_day
