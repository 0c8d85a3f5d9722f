"""The line that each agenda of a body opens with while minutes of the body wait for its adoption."""

from collections.abc import Callable, Iterator

from flask_babel import gettext as _

from app.core import i18n
from app.core.absolute import path
from app.core.registry import StandingLine
from app.forum.meetings.models import Meeting
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes.models import Minutes

MINUTES, LONGEST = 5, 500  # of an item; characters of its title


def lines(meeting: Meeting) -> Iterator[StandingLine]:
    """One for each minutes of an earlier meeting that the body has not adopted, the oldest first."""
    if meeting.body_id is None:
        return
    for minutes in minutes_queries.unadopted(meeting.body_id, meeting.first_day):
        yield _line(minutes)


def _line(minutes: Minutes) -> StandingLine:
    def title(_lang: str) -> str:
        return _("Adoption of the minutes of this meeting: %(title)s", title=minutes.meeting.title.text)[:LONGEST]

    def description(lang: str) -> str:
        return f"[{_('Read these minutes')}]({address_of(minutes, lang)})"

    key = f"minutes-{minutes.id}"
    return StandingLine(key, _both(title), _both(description), minutes=MINUTES)


def _both(write: Callable[[str], str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for lang in i18n.LANGUAGES:
        with i18n.in_language(lang):
            found[lang] = write(lang)
    return found


def address_of(minutes: Minutes, lang: str) -> str:
    """The page of the minutes in one language, without the name of the site."""
    meeting = minutes.meeting
    return path("editions.show", lang=lang, meeting_id=meeting.id, slug=meeting.slug)
