"""What the attendance room registers: panels, checklist, desk, reminders, personal data, labels of the journal."""

from datetime import timedelta
from typing import Any

from flask import Flask

from app.core.registry import Job, of
from app.forum.attendance import hanging, journal, keeping, queries, reminders
from app.forum.attendance.states import ProxyEnd


def _end_label(reason: str) -> Any:
    return ProxyEnd(reason).label


def wire(app: Flask) -> None:
    app.jinja_env.globals.update(
        attendance_proxy=hanging.told, attendance_meeting=queries.meeting, proxy_end_label=_end_label
    )
    registry = of(app)
    registry.related.setdefault("meeting", []).append(hanging.panels)
    registry.steps.append(hanging.steps)
    registry.meeting_links.append(hanging.links)
    registry.todos.append(hanging.todos)
    registry.jobs.append(Job("keep_up_answers", reminders.keep_up, timedelta(hours=1)))
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.subjects |= {
        "attendance_answer": hanging.answer_subject,
        "proxy": hanging.proxy_subject,
        "answer_reminder": hanging.reminder_subject,
    }
