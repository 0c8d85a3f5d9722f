"""Where the calendars to follow are: their addresses on the web, and those that open the reader's own calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core.absolute import absolute
from app.forum.members.models import Body


@dataclass(frozen=True)
class Feed:
    """One calendar to follow. `url`: its address; `webcal`: the same one, which opens the reader's own calendar."""

    name: str
    url: str
    webcal: str


def feeds(bodies: Iterable[Body], body_id: int | None) -> list[Feed]:
    """What to offer beside a list: the calendar of the body that it shows (0: outside meetings), and the whole one."""
    found = [feed_of(body) for body in bodies if body.id == body_id]
    if body_id == 0:
        found.append(_feed(_("Outside meetings followed by the Forum"), "meetings.calendar_followed"))
    return [*found, _feed(_("All the meetings of the Forum"), "meetings.calendar")]


def feed_of(body: Body) -> Feed:
    return _feed(str(body.name), "meetings.calendar_of", body_id=body.id, slug=body.slug)


def _feed(name: str, endpoint: str, **values: Any) -> Feed:
    url = absolute(endpoint, **values)
    return Feed(name, url, "webcal:" + url.partition(":")[2])
