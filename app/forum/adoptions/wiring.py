"""What the adoptions room registers: checklist, desk, standing line, the end of procedures, mails, personal data."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from app.core import mail
from app.core.registry import Job, of
from app.forum.adoptions import correction_views, desk, following, journal, keeping, outgoing, policy, queries, standing
from app.forum.adoptions.words import adoption_words


def wire(app: Flask) -> None:
    app.jinja_env.filters.update(minutes_procedure=outgoing.procedure_of, minutes_correction=outgoing.correction_of)
    app.jinja_env.globals.update(
        can_withdraw_correction=policy.can_withdraw, correction_address=correction_views.address,
        adoption_words=adoption_words, minutes_address=standing.address_of,
    )  # fmt: skip
    for name in ("opened", "reminder"):
        mail.parts_maker(f"adoptions/{name}", outgoing.unless_ended)
    registry = of(app)
    registry.jobs.append(Job("adoptions", following.follow, timedelta(minutes=1), waiting=following.waiting))
    registry.standing_lines.append(standing.lines)
    registry.steps.append(desk.steps)
    registry.meeting_links.append(desk.links)
    registry.minutes_links.append(desk.minutes_links)
    registry.paragraph_links.append(correction_views.beside)
    registry.todos.append(desk.todos)
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(journal.WORDS)
    registry.nouns.update(journal.NOUNS)
    registry.fields.update(journal.FIELDS)
    registry.subjects |= {
        "minutes_correction": _label_correction, "minutes_procedure": _label_procedure, "minutes_answer": _label_answer,
    }  # fmt: skip


def _label_correction(viewer: Any, correction_id: int) -> tuple[str, str] | None:
    found = queries.find_correction(correction_id)
    if found is None or not policy.can_follow(viewer, found.minutes):
        return None
    meeting = found.minutes.meeting
    return _("Correction to the minutes: %(title)s", title=meeting.title.text), desk.corrections_url(meeting)


def _label_procedure(viewer: Any, procedure_id: int) -> tuple[str, str] | None:
    return _labelled(viewer, queries.find_procedure(procedure_id))


def _label_answer(viewer: Any, answer_id: int) -> tuple[str, str] | None:
    return _labelled(viewer, queries.procedure_answered(answer_id))


def _labelled(viewer: Any, procedure: Any) -> tuple[str, str] | None:
    if procedure is None or not policy.can_follow(viewer, procedure.minutes):
        return None
    meeting = procedure.minutes.meeting
    label = _("Written procedure %(number)s on the minutes: %(title)s", number=procedure.number,
              title=meeting.title.text)  # fmt: skip
    return label, desk.adoption_url(meeting)
