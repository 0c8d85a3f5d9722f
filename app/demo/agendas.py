"""The demo's secretariat at work: English left behind by its French, and a revision in progress."""

from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.policy import is_secretariat
from app.core import clock
from app.core.extensions import db
from app.forum.agendas import service, working
from app.forum.agendas.models import WorkingPart
from app.forum.meetings import agenda_data, queries
from app.forum.meetings import service as meetings
from app.forum.meetings.models import Meeting

ADDED = {"fr": " et questions diverses", "en": " and other business"}
QUESTION = {"fr": "Quelles données publier en premier\u202f?", "en": None}


def fill() -> None:
    """Through the services, as the secretariat of the demo."""
    actor = next(user for user in db.session.scalars(select(User).order_by(User.id)) if is_secretariat(user))
    upcoming = queries.some(actor, queries.UPCOMING, 20)
    public = [one for one in upcoming if one.agenda_is_public and one.first_day > clock.today()]
    if public:
        meeting = queries.get(public[-1].id, actor)
        _leave_english_behind(actor, meeting)
        _begin_a_revision(actor, meeting)


def _leave_english_behind(actor: Any, meeting: Meeting) -> None:
    """The French title of a slot changes and its English does not: the queue of translations tells it."""
    data = agenda_data.of(meeting)
    titles = [slot["title"] for day in data["days"] for slot in day["slots"] if slot["title"]["en"]]
    for title in titles[-1:]:
        title["fr"] += ADDED["fr"]
    meetings.replace_agenda(actor, meeting, data)


def _begin_a_revision(actor: Any, meeting: Meeting) -> None:
    """A working copy with two changes that are not public yet."""
    copy = service.begin(actor, meeting)
    slots = [slot for slot in copy.slots if slot.data["kind"] in ("session", "workshop", "opening")]
    for slot in slots[:1]:
        title = {lang: text + ADDED[lang] if text else None for lang, text in slot.data["title"].items()}
        _save(actor, slot, title=title, questions=[*slot.data["questions"], QUESTION])


def _save(actor: Any, part: WorkingPart, **values: Any) -> None:
    service.save(actor, part, {**part.data, **values}, working.seen(part.kind, part.data))
