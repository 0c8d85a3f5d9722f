"""What the decisions room registers: minutes, agendas, panels, desk, search, translations, personal data, journal."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.extensions import db
from app.core.registry import DeskGroup, DeskLink, Panel, Step, Todo, of
from app.forum.decisions import (
    actions,
    cut_outs,
    cutting,
    delay,
    journal,
    keeping,
    policy,
    queries,
    service,
    standing,
    translations,
)
from app.forum.decisions.models import Action, Decision, DecisionUpdate
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.minutes import queries as minutes_queries
from app.forum.minutes.models import Minutes, Section
from app.forum.minutes.states import IN_PREPARATION

SOON, LISTED = timedelta(days=14), 20


def wire(app: Flask) -> None:
    app.jinja_env.globals["decision_delay"] = delay.of
    app.jinja_env.globals["can_withhold"] = policy.can_withhold
    app.jinja_env.filters["vote_count"] = cutting.counted
    registry = of(app)
    registry.minutes_blocks.append(cutting.blocks)
    registry.minutes_published += [service.published, actions.published]
    registry.standing_lines.append(standing.lines)
    registry.related.setdefault("meeting", []).append(panels)
    registry.steps.append(steps)
    registry.meeting_links.append(links)
    registry.minutes_links.append(minutes_links)
    registry.section_links.append(section_links)
    registry.todos.append(todos)
    registry.desk_links.append(
        DeskLink(DeskGroup.MEETINGS, _l("Decisions and their follow-up"), "decisions.index", policy.can_write)
    )
    registry.indexers += [partial(reindex, Decision, service.index), partial(reindex, Action, actions.index)]
    registry.searchable |= {model.__tablename__: partial(queries.public, model) for model in (Decision, Action)}
    registry.site_addresses.append(addresses)
    registry.subjects |= {model.__tablename__: partial(_label, model) for model in (Decision, Action)}
    registry.subjects["decision_update"] = _label_update
    registry.translations.update(translations.TRANSLATIONS)
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)


def minutes_links(viewer: Any, minutes: Minutes) -> Iterator[tuple[Any, str]]:
    if policy.can_write(viewer):
        label = _("Decisions and actions of the minutes")
        yield label, url_for("decisions.sections", meeting_id=minutes.meeting_id)


def section_links(viewer: Any, section: Section) -> Iterator[tuple[Any, str]]:
    """Until the French is sealed."""
    if policy.can_write(viewer) and section.minutes.status in IN_PREPARATION and not section.minutes.is_held:
        yield _("New decision"), url_for("decisions.cut_out", section=section.id)
        yield _("New action"), url_for("decisions.cut_action", section=section.id)


def _label(model: Any, viewer: Any, row_id: int) -> tuple[str, str] | None:
    found = db.session.get(model, row_id)
    if found is None or not policy.can_read(viewer, found):
        return None
    return cut_outs.titles(found)[0], url_for(found.screen("show"), number=found.number)


def _label_update(viewer: Any, update_id: int) -> tuple[str, str] | None:
    found = db.session.get(DecisionUpdate, update_id)
    return _label(Decision, viewer, found.decision_id) if found is not None else None


def reindex(model: Any, index: Callable[[Any], None]) -> int:
    rows = queries.public(model)
    for one in rows:
        index(one)
    return len(rows)


def addresses() -> Iterable[tuple[str, dict[str, Any], datetime | None]]:
    yield "decisions.index", {}, None
    yield "decisions.actions", {}, None
    for one in (*queries.public(Decision), *queries.public(Action)):
        yield one.screen("show"), {"number": one.number}, one.updated_at


def panels(_viewer: Any, meeting: Meeting) -> Iterator[Panel]:
    """What the meeting decided, once its minutes are public."""
    held = meeting.body_id is not None and meeting.phase == MeetingPhase.HELD
    rows = queries.public_of_meeting(meeting.id) if held else []
    if rows:
        yield Panel("decisions/_panel.html", {"decisions": rows}, order=57)


def steps(viewer: Any, meeting: Meeting) -> Iterator[Step]:
    """While the minutes are written: afterwards nothing more can be cut out of them."""
    status = minutes_queries.status_of(meeting.id) if policy.can_write(viewer) and meeting.body_id is not None else None
    if status is not None:
        is_done = queries.has_any(meeting.id)
        open_or_said = False if status in IN_PREPARATION else None
        label = _("Cut the decisions out of the minutes")
        yield Step(MeetingPhase.HELD, label, _address(meeting), is_done or open_or_said, order=70)


def _address(meeting: Meeting) -> str:
    return url_for("decisions.sections", meeting_id=meeting.id)


def links(viewer: Any, meeting: Meeting) -> Iterable[tuple[Any, str]]:
    if policy.can_write(viewer) and meeting.body_id is not None and minutes_queries.status_of(meeting.id) is not None:
        yield _("Decisions and actions of the minutes"), _address(meeting)


def todos(viewer: Any) -> Iterator[Todo]:
    """What is late and what is due within two weeks, for the secretariat; the first ones, then a link to the rest."""
    if not policy.can_write(viewer):
        return
    until = clock.today() + SOON
    rows = [one for model in (Decision, Action) for one in queries.due(model, until, LISTED + 1)]
    rows.sort(key=lambda one: (one.deadline, one.number))
    for one in rows[:LISTED]:
        label = _("Follow up %(number)s: %(title)s", number=one.number, title=one.title.text)
        yield Todo(label, url_for(one.screen("show"), number=one.number), one.deadline)
    if len(rows) > LISTED:
        yield Todo(_("More decisions and actions to follow"), url_for("decisions.index", status="pending"))
