"""What the sheets room registers: panel of numbers, checklist, desk, personal data, labels of the journal."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _

from app.core import clock, intake
from app.core.extensions import db
from app.core.registry import Panel, Step, Todo, of
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase
from app.forum.organisations.states import College
from app.forum.sheets import counts, journal, keeping, policy, queries, reading
from app.forum.sheets.models import AttendanceSheet


def wire(app: Flask) -> None:
    intake.accept_lists(app, "recused")
    app.jinja_env.filters["hour_of"] = reading.clock_of
    app.jinja_env.filters["college_name"] = lambda code: College(code).label
    registry = of(app)
    registry.related.setdefault("meeting", []).append(_panel)
    registry.steps.append(_steps)
    registry.meeting_links.append(_links)
    registry.todos.append(_todos)
    registry.quorum_missed.append(_quorum_missed)
    registry.people_there.append(lambda meeting: queries.people_there(meeting.id))
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.subjects["attendance_sheet"] = _subject


def _address(meeting: Meeting) -> str:
    return url_for("sheets.show", meeting_id=meeting.id, slug=meeting.slug)


def _panel(viewer: Any, meeting: Meeting) -> Iterable[Panel]:
    """Numbers of a meeting that was held and whose sheet is closed, no name of anybody; the sheet for its readers."""
    return [*_link(viewer, meeting), *_numbers(meeting)]


def _link(viewer: Any, meeting: Meeting) -> Iterable[Panel]:
    if meeting.body_id is not None and not meeting.is_off and policy.can_read(viewer, meeting):
        yield Panel("sheets/_reading.html", {"address": _address(meeting)}, 59)


def _numbers(meeting: Meeting) -> Iterable[Panel]:
    sheet = queries.sheet_of(meeting.id) if meeting.phase == MeetingPhase.HELD else None
    if sheet is None or sheet.is_open:
        return []
    facts = counts.facts(sheet, meeting)
    values = {
        "outcomes": sorted(facts.outcomes().items(), key=lambda one: list(College).index(College(one[0]))),
        "opened": facts.by_item(),
        "no_quorum": facts.no_quorum,
        "without_vote": facts.without_vote(),
        "guests": sheet.guests,
    }
    return [Panel("sheets/_panel.html", values, 60)]


def _quorum_missed(meeting: Meeting) -> bool:
    """By a closed sheet: an item was opened, or the meeting ended, without the quorum that it needed."""
    sheet = queries.sheet_of(meeting.id) if meeting.phase == MeetingPhase.HELD else None
    if sheet is None or sheet.is_open:
        return False
    facts = counts.facts(sheet, meeting)
    return not facts.no_quorum and facts.missed_quorum()


def _steps(_viewer: Any, meeting: Meeting) -> Iterable[Step]:
    if meeting.body_id is None or meeting.is_off:
        return []
    sheet = queries.sheet_of(meeting.id)
    return [
        Step(
            MeetingPhase.HELD.value,
            _("Keep the attendance sheet, then close it"),
            _address(meeting),
            sheet is not None and not sheet.is_open,
            meeting.last_day,
        )
    ]


def _links(_viewer: Any, meeting: Meeting) -> Iterable[tuple[Any, str]]:
    if meeting.body_id is not None:
        yield _("Its attendance sheet"), _address(meeting)


def _todos(viewer: Any) -> Iterable[Todo]:
    if policy.can_key(viewer):
        for sheet in queries.unclosed(clock.today()):
            title = sheet.meeting.title
            yield Todo(_("Close the attendance sheet of %(title)s", title=title), _address(sheet.meeting))


def _subject(viewer: Any, sheet_id: int) -> tuple[str, str] | None:
    sheet = db.session.get(AttendanceSheet, sheet_id)
    if sheet is None or not policy.can_read(viewer, sheet.meeting):
        return None
    return _("Attendance sheet: %(title)s", title=sheet.meeting.title), _address(sheet.meeting)
