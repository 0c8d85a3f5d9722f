"""What the desk reminds the secretariat of: an obligation that is about to be missed for want of a meeting."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.i18n import day
from app.core.registry import Todo
from app.forum.meetings import policy, rhythm_queries
from app.forum.meetings.rhythm_queries import Indicator
from app.forum.members import queries as members
from app.forum.members.states import BodyKind

AHEAD = timedelta(days=60)


def too_few_meetings(viewer: Any) -> Iterator[Todo]:
    """Each body that must meet within sixty days and has announced nothing in time."""
    if not policy.can_edit(viewer):
        return
    for one in rhythm_queries.current(members.bodies()):
        if one.reading.lacks and one.reading.due <= clock.today() + AHEAD:
            yield Todo(_label(one), url_for("agendas.create"), one.reading.due)


def _label(one: Indicator) -> str:
    due = day(one.reading.due)
    if one.body is not None and one.body.kind == BodyKind.PLENARY:
        return _("No plenary session is announced by %(day)s", day=due) if one.reading.next is None else _(
            "Too few plenary sessions are announced by %(day)s", day=due
        )  # fmt: skip
    return _("%(body)s: no meeting is announced by %(day)s", body=one.body.name if one.body else "", day=due)
