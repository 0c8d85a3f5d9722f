"""What the editions room registers: search, addresses for machines, panels, the file made ahead, doctor, desk."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _

from app.core import clock, search
from app.core.registry import Check, Job, Panel, Step, Todo, of
from app.forum.editions import doctor, files, indexing, journal, keeping, policy, queries
from app.forum.editions.reading import host, short
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.minutes.models import Minutes, Section
from app.forum.minutes.states import MinutesStatus

HALF_YEAR = timedelta(days=183)
"""The repository of an OGP process is updated at least every six months (requirement 2.2)."""


def wire(app: Flask) -> None:
    app.jinja_env.filters.update(short_digest=short, site_of=host)
    search.PARTS.add("minutes_paragraph")
    registry = of(app)
    registry.jobs.append(Job("minutes_pdf", files.make_ahead, timedelta(0), waiting=files.waiting))
    registry.checks.append(Check("sealed minutes", doctor.sealed_minutes))
    registry.indexers.append(reindex)
    registry.searchable |= {"minutes": queries.published, "minutes_paragraph": queries.shown_paragraphs}
    registry.site_addresses.append(queries.addresses)
    registry.related.setdefault("meeting", []).append(panels)
    registry.indicators.append(indicators)
    registry.minutes_links.append(links)
    registry.section_links.append(section_links)
    registry.steps.append(steps)
    registry.todos.append(todos)
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.subjects["minutes_edition"] = _label


def _here(meeting: Meeting) -> dict[str, Any]:
    return {"meeting_id": meeting.id, "slug": meeting.slug}


def _label(_viewer: Any, edition_id: int) -> tuple[str, str] | None:
    edition = queries.find(edition_id)
    if edition is None:
        return None
    meeting = edition.minutes.meeting
    address = url_for("editions.edition", **_here(meeting), number=edition.number)
    return f"{edition.label} · {meeting.title.text}", address


def reindex() -> int:
    """Minutes by minutes: the paragraphs of one are all that memory holds."""
    done = 0
    for minutes in queries.published():
        edition = queries.newest(minutes.meeting_id)
        if edition is None:
            continue
        rows = list(queries.paragraphs(minutes.id).values())
        indexing.paragraphs(minutes.meeting, rows)
        indexing.whole(minutes, edition.content)
        done += 1 + len(rows)
    return done


def panels(_viewer: Any, meeting: Meeting) -> Iterator[Panel]:
    """On the page of a meeting, where its minutes are: one statement."""
    held = meeting.body_id is not None and meeting.phase == MeetingPhase.HELD
    edition = queries.newest_of(meeting.id) if held else None
    if edition is not None:
        yield Panel("editions/_panel.html", {"edition": edition}, order=10)


def indicators() -> Iterator[Panel]:
    day = queries.last_published_on()
    is_late = day is not None and clock.today() - day > HALF_YEAR
    yield Panel("editions/_repository.html", {"day": day, "is_late": is_late})


def links(viewer: Any, minutes: Minutes) -> Iterator[tuple[Any, str]]:
    """For the secretariat, on the page of the minutes."""
    if not policy.can_publish(viewer, minutes):
        return
    if minutes.status == MinutesStatus.APPROVED:
        yield _("Publish the minutes"), url_for("editions.publish", **_here(minutes.meeting))
    elif minutes.is_public:
        yield _("Publish another edition"), url_for("editions.publish_again", **_here(minutes.meeting))


def section_links(viewer: Any, section: Section) -> Iterator[tuple[Any, str]]:
    """What the public reads instead, in each language that is written."""
    if policy.can_publish(viewer, section.minutes):
        labels = {"fr": _("Public text, in French"), "en": _("Public text, in English")}
        for text in section.texts:
            if text.source:
                here = {**_here(section.minutes.meeting), "section_id": section.id, "text": text.lang}
                yield labels[text.lang], url_for("editions.withhold", **here)


def steps(viewer: Any, meeting: Meeting) -> Iterator[Step]:
    """The last line of the checklist of a meeting that was held."""
    if meeting.body_id is None or meeting.phase != MeetingPhase.HELD or not policy.can_publish(viewer):
        return
    is_done = queries.newest_of(meeting.id) is not None
    address = url_for("editions.show" if is_done else "editions.publish", **_here(meeting))
    yield Step(MeetingPhase.HELD.value, _("Publish the minutes"), address, is_done, order=90)


def todos(viewer: Any) -> Iterator[Todo]:
    """Adopted minutes that wait to be published; English that was promised: one statement."""
    for minutes in queries.waiting() if policy.can_publish(viewer) else ():
        here, named = _here(minutes.meeting), {"title": minutes.meeting.title.text}
        if minutes.is_public:
            label = _("Publish the English of the minutes: %(title)s", **named)
            yield Todo(label, url_for("editions.publish_again", **here), minutes.english_due)
        else:
            yield Todo(_("Publish the minutes: %(title)s", **named), url_for("editions.publish", **here))
