"""The line that comes back at each meeting of a body: what it has decided and is not carried out yet."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.absolute import absolute
from app.core.registry import StandingLine
from app.forum.decisions import cutting, delay, queries
from app.forum.decisions.models import Action, Decision
from app.forum.meetings.models import Meeting

LISTED = 20


def lines(meeting: Meeting) -> Iterator[StandingLine]:
    """One line when something is left of the meetings before this one, in minutes that are public or not yet."""
    if meeting.body_id is None:
        return
    asked = meeting.body_id, meeting.first_day
    left = [*queries.pending_of(Decision, *asked, LISTED), *queries.pending_of(Action, *asked, LISTED)]
    if not left:
        return
    total = sum(queries.count_pending_of(model, *asked) for model in (Decision, Action))
    left.sort(key=lambda one: (one.deadline is None, one.deadline or meeting.first_day, one.year, one.number))
    title = dict[str, str | None](cutting.both(lambda: _("Follow-up of decisions and actions")))
    words = dict[str, str | None](cutting.both(lambda: _written(left[:LISTED], total)))
    yield StandingLine("open-decisions", title, words, minutes=10, first=True)


def _written(left: list[Any], total: int) -> str:
    listed = [f"- {_line(one)}" for one in left]
    if total > len(left):
        more = total - len(left)
        listed.append("- " + ngettext("and %(num)d other", "and %(num)d others", more))
    return "\n".join(listed)


def _line(one: Decision | Action) -> str:
    """An agenda is read by everyone: of what is not public yet it gives the number, and not the words (D.11)."""
    named = f"[{one.number}]({absolute(one.screen('show'), number=one.number)})"
    words = str(one.title) if one.is_public else _("minutes not published yet")
    return _("%(number)s, %(title)s: %(delay)s", number=named, title=_plain(words), delay=str(delay.of(one)))


def _plain(words: str) -> str:
    """Signs that Markdown would read are taken as they are."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in words)
