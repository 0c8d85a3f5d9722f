"""Writes of minutes in preparation: begun from the agenda, written section by section, circulated.

A text is saved over the version that its writer read and over no other (R04): whoever writes holds the section.
"""

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.core import audit, clock, text
from app.core.access import authorize
from app.core.errors import IllegalMove, Refused
from app.core.extensions import db
from app.core.i18n import set_pair
from app.core.workflow import move
from app.forum.meetings.models import Meeting
from app.forum.minutes import checks, outgoing, policy, queries
from app.forum.minutes.models import Minutes, Section, SectionDraft, SectionSave, SectionText
from app.forum.minutes.states import IN_PREPARATION, AdoptionWay, MinutesStatus

audit.declare("minutes.begun", "sections")
audit.declare("minutes.described", "fields")
audit.declare("minutes.section_added")
audit.declare("minutes.section_renamed")
audit.declare("minutes.section_removed")
audit.declare("minutes.written", "section", "lang", "version")
audit.declare("minutes.withheld", "section", "lang", "ground")
audit.declare("minutes.circulated", "until", "people")
audit.declare("minutes.draft")
audit.declare("minutes.approved", "way", "on")

BELOW = 3  # a section stands under a heading of the second level: its own headings are lower
OWN = "own-"  # keys of sections that are not slots
MOST_SECTIONS = 100


class Stale(Exception):
    """Somebody saved the text after it was read. `text`: what is stored now."""

    def __init__(self, found: SectionText) -> None:
        super().__init__("stale")
        self.text = found


def begin(actor: Any, meeting: Meeting) -> Minutes:
    """A section for each line of work of the agenda, the chair whom it names. The minutes that exist when there are.

    Raises `Refused` before the day of the meeting, or when it was called off.
    """
    authorize(policy.can_write(actor))
    db.session.execute(select(Meeting.id).where(Meeting.id == meeting.id).with_for_update())
    known = queries.of_meeting(meeting.id)
    if known is not None:
        return known
    if meeting.is_off or meeting.first_day > clock.today():
        raise Refused("meeting", _("This meeting has not taken place: its minutes begin on its day."))
    minutes = Minutes(meeting=meeting, started_by_id=actor.id, chair=_chair(meeting), sections=[])
    for position, slot in enumerate(queries.items(meeting.id)):
        minutes.sections.append(
            Section(key=slot.key, position=position, title_fr=slot.title_fr, title_en=slot.title_en, texts=[])
        )
    db.session.add(minutes)
    db.session.flush()
    audit.record(actor, "minutes.begun", minutes, sections=len(minutes.sections))
    return minutes


def _chair(meeting: Meeting) -> str | None:
    person = queries.chair_of(meeting)
    if person is None:
        return None
    return ", ".join(part for part in (person.name, person.function_fr) if part)[:300]


def describe(
    actor: Any,
    minutes: Minutes,
    *,
    chair: str | None,
    secretary: str | None,
    summary: tuple[str | None, str | None],
    plain: tuple[str | None, str | None],
    recording_url: str | None,
    english_due: date | None,
) -> None:
    """The head of the minutes and what stands above their sections. `english_due`: of today at the earliest.

    Raises `Refused` once the French is adopted and not yet published.
    """
    authorize(policy.can_write(actor))
    before = _described(minutes)
    if recording_url is not None and not _is_address(recording_url):
        raise Refused("recording_url", _("Enter an address that begins with https://"))
    minutes.chair, minutes.secretary, minutes.recording_url = chair, secretary, recording_url
    if english_due is not None and english_due != minutes.english_due and english_due < clock.today():
        raise Refused("english_due", _("This day has passed: give the day by which the English will be there."))
    minutes.english_due = english_due
    _set_rich(minutes, "summary", summary)
    _set_rich(minutes, "plain", plain)
    changed = sorted(name for name, value in _described(minutes).items() if value != before[name])
    french = [name for name in changed if not name.endswith("_en") and name != "english_due"]
    if french:
        ensure_open(minutes, "summary_fr")
    if changed:
        audit.record(actor, "minutes.described", minutes, fields=changed)


def _is_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:  # an unclosed bracket
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", link)


def _described(minutes: Minutes) -> dict[str, Any]:
    names = ("chair", "secretary", "summary_fr", "summary_en", "plain_fr", "plain_en", "recording_url", "english_due")
    return {name: getattr(minutes, name) for name in names}


def _set_rich(minutes: Minutes, name: str, pair: tuple[str | None, str | None]) -> None:
    set_pair(minutes, name, pair[0] or None, pair[1] or None)
    for lang, source in zip(("fr", "en"), pair, strict=True):
        setattr(minutes, f"{name}_html_{lang}", text.to_html(source, lang))


def ensure_open(minutes: Minutes, field: str) -> None:
    """Raises `Refused` at a field when the French may not change."""
    if minutes.is_held:
        raise Refused(field, _("A written procedure runs on this text: stop it before you change the French."))
    if not minutes.french_is_open:
        raise Refused(field, _("This text is adopted: publish it; an erratum can follow."))


# -- sections --------------------------------------------------------------------------------------------------------


def add_section(actor: Any, minutes: Minutes, title: tuple[str, str | None]) -> Section:
    """A section that the agenda had not foreseen, at the end."""
    authorize(policy.can_write(actor))
    ensure_open(minutes, "title_fr")
    if len(minutes.sections) >= MOST_SECTIONS:
        raise Refused("title_fr", _("These minutes have as many sections as they can hold."))
    position = queries.next_position(minutes.id)
    section = Section(key=f"{OWN}{position + 1}", position=position, title_fr=title[0], title_en=title[1], texts=[])
    known = {one.key for one in minutes.sections}
    while section.key in known:
        section.key += "x"
    minutes.sections.append(section)
    db.session.flush()
    audit.record(actor, "minutes.section_added", section)
    return section


def take_new_items(actor: Any, minutes: Minutes) -> int:
    """A section for each line of work that the agenda has had since; how many."""
    authorize(policy.can_write(actor))
    known, added = {one.key for one in minutes.sections}, 0
    for slot in queries.items(minutes.meeting_id):
        if slot.key not in known:
            section = add_section(actor, minutes, (slot.title_fr, slot.title_en))
            section.key, added = slot.key, added + 1
    return added


def rename_section(actor: Any, section: Section, title: tuple[str, str | None]) -> None:
    authorize(policy.can_write(actor))
    if title[0] != section.title_fr:
        ensure_open(section.minutes, "title_fr")
    set_pair(section, "title", *title)
    audit.record(actor, "minutes.section_renamed", section)


def remove_section(actor: Any, section: Section) -> None:
    """One in which nothing stands, of minutes that nobody outside has read: what they corrected is kept.

    Raises `Refused`.
    """
    authorize(policy.can_write(actor))
    ensure_open(section.minutes, "title_fr")
    if section.minutes.circulated_at is not None:
        raise Refused("title_fr", _("These minutes have been circulated: a section may be emptied, and stays."))
    if any(one.source for one in section.texts) or section.votes or checks.has_blocks(section):
        raise Refused("title_fr", _("This section is not empty: empty it first."))
    audit.record(actor, "minutes.section_removed", section)
    section.minutes.sections.remove(section)


def write(actor: Any, section: Section, lang: str, source: str, *, base: int, is_reviewed: bool) -> SectionText:
    """Save one language of a section, over the version `base` that its writer read (0: there was none).

    English remembers the French that it translates. Raises `Stale` when somebody saved meanwhile, `Refused` when the
    French may not change.
    """  # fmt: skip
    authorize(policy.can_write(actor))
    found = _held_text(section, lang)
    if found is not None and found.version != base:
        raise Stale(found)
    if lang == "fr" and (found is None or found.source != source):
        ensure_open(section.minutes, "source")
    if found is None:
        found = SectionText(section=section, lang=lang, source="", blocks=[], saves=[])
        db.session.add(found)
    _fill(found, source, is_reviewed)
    found.updated_by_id = actor.id
    db.session.flush()
    number = found.version
    found.saves.insert(0, SectionSave(number=number, source=source, user_id=actor.id, at=clock.now()))
    forget_draft(actor, section, lang)
    audit.record(actor, "minutes.written", section.minutes, section=section.id, lang=lang, version=number)
    return found


def _held_text(section: Section, lang: str) -> SectionText | None:
    """The text as it is stored at this moment; whoever writes it too waits for us."""
    db.session.execute(select(Section.id).where(Section.id == section.id).with_for_update())
    wanted = select(SectionText).where(SectionText.section_id == section.id, SectionText.lang == lang)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def _fill(found: SectionText, source: str, is_reviewed: bool) -> None:
    french = found.section.text("fr")
    found.source, found.is_reviewed = source, is_reviewed
    found.blocks = [one.html for one in text.blocks(source, below=BELOW - 1, lang=found.lang)]
    found.updated_at = clock.now()  # also when nothing else changed: a save is a version
    if found.lang == "en":
        found.translated_from = french.source if french is not None else ""


def withhold(actor: Any, section: Section, lang: str, source: str | None, ground: str | None) -> None:
    """What the public reads of a section instead of the adopted text, and on what ground; None: the text itself.

    Raises `Refused` without a ground, or when nothing is written that could be kept back.
    """
    authorize(policy.can_write(actor))
    found = _held_text(section, lang)
    if found is None or not found.source:
        raise Refused("source", _("Nothing is written in this language: there is nothing to keep back."))
    if source is not None and text.tidy(source) == text.tidy(found.source):
        raise Refused("source", _("This is the adopted text: take something out of it, or give the whole text back."))
    if source is not None and ground is None:
        raise Refused("ground", _("Choose the ground on which something is kept from the public."))
    found.public_source, found.ground = source, ground if source is not None else None
    found.public_from = found.source if source is not None else None
    shown = text.blocks(source, below=BELOW - 1, lang=lang)
    found.public_blocks = None if source is None else [one.html for one in shown]
    audit.record(actor, "minutes.withheld", section.minutes, section=section.id, lang=lang, ground=found.ground)


def keep_draft(actor: Any, section: Section, lang: str, source: str, base: int) -> None:
    """What somebody is writing, for them alone, until they save or give it up."""
    authorize(policy.can_write(actor))
    found = queries.draft(section.id, lang, actor.id)
    if found is None:
        found = SectionDraft(section_id=section.id, lang=lang, user_id=actor.id)
        db.session.add(found)
    found.source, found.base, found.at = source, base, clock.now()
    db.session.flush()


def forget_draft(actor: Any, section: Section, lang: str) -> None:
    mine = SectionDraft.section_id == section.id, SectionDraft.lang == lang, SectionDraft.user_id == actor.id
    db.session.execute(delete(SectionDraft).where(*mine))


# -- from draft to circulated ----------------------------------------------------------------------------------------


def circulate(actor: Any, minutes: Minutes, until: date) -> int:
    """Send the draft to those who were there, who may propose corrections until a day, included; how many were told.

    `minutes` is held. Raises `Refused` while the attendance is not closed, a section has no French, or for a day that
    has passed.
    """
    authorize(policy.can_write(actor))
    if until < clock.today():
        raise Refused("until", _("This day has passed: give those who were there the time to read."))
    for fault in checks.before_circulation(minutes):
        raise Refused("until", fault)
    people = outgoing.participants(minutes)
    move(minutes, MinutesStatus.CIRCULATED, actor=actor, until=until.isoformat(), people=len(people))
    minutes.circulated_at, minutes.corrections_until = clock.now(), until
    outgoing.circulated(minutes, people)
    return len(people)


def readers(minutes: Minutes) -> int:
    """How many of those who were there can be written to."""
    return len(outgoing.participants(minutes))


def take_back(actor: Any, minutes: Minutes) -> None:
    """Back to a draft, before adoption, or when what was adopted is no longer what stands; `minutes` is held.

    Corrections proposed stay. Raises `IllegalMove`.
    """
    authorize(policy.can_write(actor))
    if minutes.is_held or not (minutes.status in IN_PREPARATION or checks.differs_from_adopted(minutes)):
        raise IllegalMove("a procedure runs, or the text is the one that was adopted")
    move(minutes, MinutesStatus.DRAFT, actor=actor)
    minutes.adopted_way = minutes.adopted_on = minutes.adopted_at = minutes.adopted_digest = None


def adopt(actor: Any, minutes: Minutes, way: AdoptionWay, on: date, digest: str, at: Meeting | None = None) -> None:
    """The body has adopted the French as it stands; the room of adoptions has judged that it may, and by which way.

    `minutes` is held; `actor` None: the end of a written procedure. `digest`: of that French; `at`: the meeting that
    adopted.
    """
    move(minutes, MinutesStatus.APPROVED, actor=actor, way=way.value, on=on.isoformat())
    minutes.adopted_way, minutes.adopted_on, minutes.adopted_at, minutes.is_held = way, on, at, False
    minutes.adopted_digest = digest
