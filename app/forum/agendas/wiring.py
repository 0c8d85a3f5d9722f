"""What the agendas room registers: the desk's link and what waits on it, the queue's texts, personal data, journal."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import i18n, intake
from app.core.registry import DeskGroup, DeskLink, Todo, of
from app.forum.agendas import journal, keeping, policy, queries, translations
from app.forum.agendas.translations import NAMES
from app.forum.meetings.states import SlotKind

SOON = timedelta(days=15)


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
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)


def todos(viewer: Any) -> Iterator[Todo]:
    """Each working copy waits to be published, before its meeting; then drafts of meetings that are near."""
    if not policy.can_edit(viewer):
        return
    for copy in queries.in_progress():
        meeting = copy.meeting
        label = _("Publish the agenda: %(title)s", title=meeting.title.text)
        if meeting.agenda_is_public:
            label = _("Publish the revision: %(title)s", title=meeting.title.text)
        yield Todo(label, url_for("agendas.overview", meeting_id=meeting.id), meeting.first_day)
    for meeting in queries.drafts_due(SOON):
        label = _("Publish the agenda: %(title)s", title=meeting.title.text)
        yield Todo(label, url_for("agendas.overview", meeting_id=meeting.id), meeting.first_day)
