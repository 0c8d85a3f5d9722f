"""What the search finds of a meeting: its title once it is announced, its agenda once it is public."""

from typing import Any

from app.core import search, text
from app.forum.meetings.models import Meeting


def index(meeting: Meeting) -> None:
    """Everything an anonymous reader may see of it; called after each change that shows."""
    search.index(
        "meeting",
        meeting.id,
        kind="meeting",
        endpoint="meetings.show",
        arguments={"meeting_id": meeting.id, "slug": meeting.slug},
        title=(meeting.title_fr, meeting.title_en),
        body=(_words(meeting, "fr"), _words(meeting, "en")),
        happened_on=meeting.first_day,
    )


def _words(meeting: Meeting, lang: str) -> str:
    """All that the public page says in one language, notes for the secretariat left out."""

    def of(thing: Any, name: str) -> str:
        return getattr(thing, f"{name}_{lang}") or ""

    if not meeting.agenda_is_public:
        return of(meeting, "place")
    parts = [of(meeting, "theme"), text.plain(of(meeting, "introduction_html")), of(meeting, "place")]
    parts += [one.get(lang) or "" for one in meeting.organisers]
    for day in meeting.days:
        for slot in day.slots:
            parts += [of(slot, "title"), text.plain(of(slot, "description_html"))]
            parts += [question.get(lang) or "" for question in slot.questions]
            parts += [reference["title"] or "" for reference in slot.references]
    parts += [f"{person.name}, {of(person, 'function')}" for person in meeting.people]
    parts += [f"{of(venue, 'room')} {of(venue, 'building')}" for venue in meeting.venues]
    return " · ".join(part for part in parts if part.strip())
