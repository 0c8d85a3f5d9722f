"""What the agendas room registers: the desk's link and what waits on it, the queue's texts, personal columns."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import i18n, intake
from app.core.registry import DeskGroup, DeskLink, PersonColumns, Todo, of
from app.forum.agendas import policy, queries, translations
from app.forum.agendas.translations import NAMES
from app.forum.meetings.states import SlotKind


def wire(app: Flask) -> None:
    app.jinja_env.filters.update(
        calendar_day=date.fromisoformat,
        clock_text=lambda hour: i18n.clock_time(time.fromisoformat(hour)),
        slot_kind=lambda kind: SlotKind(kind).label,
    )
    intake.accept_lists(app, "languages", "channels")
    registry = of(app)
    registry.desk_links.append(DeskLink(DeskGroup.MEETINGS, _l("New meeting"), "agendas.create", policy.can_edit))
    registry.todos.append(todos)
    registry.translations.update({model.__tablename__: translations.of(model) for model in NAMES})
    # Who of the secretariat wrote what: the number of an account, which stays without a name once it is erased.
    registry.persons += [
        PersonColumns("working_copy", frozenset({"started_by_id"}), lambda _email: [], lambda _email: 0),
        PersonColumns("working_part", frozenset({"updated_by_id"}), lambda _email: [], lambda _email: 0),
        PersonColumns("agenda_revision", frozenset({"actor_id"}), lambda _email: [], lambda _email: 0),
    ]


def todos(viewer: Any) -> Iterator[Todo]:
    """Each working copy waits to be published, before its meeting."""
    if not policy.can_edit(viewer):
        return
    for copy in queries.in_progress():
        meeting = copy.meeting
        label = _("Publish the agenda: %(title)s", title=meeting.title.text)
        if meeting.is_public:
            label = _("Publish the revision: %(title)s", title=meeting.title.text)
        yield Todo(label, url_for("agendas.overview", meeting_id=meeting.id), meeting.first_day)
