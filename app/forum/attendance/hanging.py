"""What this room hangs on the page of a meeting, its checklist, the desk and its messages."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock, i18n
from app.core.extensions import db
from app.core.registry import Panel, Step, Todo
from app.forum.attendance import opening, policy, queries
from app.forum.attendance.book import name_of
from app.forum.attendance.forecast import Forecast, Outlook
from app.forum.attendance.models import Answer, Proxy, Reminder
from app.forum.attendance.states import Choice
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingPhase

SOON = timedelta(days=7)


def panels(viewer: Any, meeting: Meeting) -> Iterator[Panel]:
    """Above the agenda: one's own answer; for the secretariat, how many have answered. Nothing for the public."""
    if not viewer.is_authenticated or meeting.body_id is None or not opening.are_asked(meeting):
        return
    own = _own(viewer, meeting)
    if own is not None:
        yield own
    if policy.can_read_answers(viewer):
        values = {"forecast": queries.foretell(meeting), "url": _address("answers", meeting)}
        yield Panel("attendance/_all.html", values, order=20)


class Line(NamedTuple):
    """One seat that the reader answers for; `name`: of its full member when it is somebody else."""

    name: str
    choice: Choice | None
    url: str


def _own(viewer: Any, meeting: Meeting) -> Panel | None:
    """In two statements, whatever the body."""
    held = policy.seats_of(viewer, meeting.body_id, meeting.first_day)
    if not held:
        return None
    seats = {(one.titular_id or one.id): one for one in sorted(held, key=lambda one: not one.is_alternate)}
    own = [one.id for one in held if not one.is_alternate]
    said, proxies = queries.said_of(meeting, list(seats), own)
    lines = [
        Line(
            name_of(one.titular) if one.titular is not None else "",
            said.get(number),
            _address("answer", meeting, seat=number),
        )
        for number, one in sorted(seats.items(), key=lambda pair: pair[1].is_alternate)
    ]
    values = {
        "lines": lines,
        "held": [(name_of(one.principal), _proxy(one, meeting)) for one in proxies if one.holder_id in own],
        "given": [(name_of(one.holder), _proxy(one, meeting)) for one in proxies if one.principal_id in own],
        "is_open": opening.is_open(meeting, clock.now()),
        "begins": opening.begins(meeting),
    }
    return Panel("attendance/_own.html", values, order=10)


def _proxy(proxy: Proxy, meeting: Meeting) -> str:
    return _address("proxy", meeting, proxy_id=proxy.id)


def _address(endpoint: str, meeting: Meeting, **values: Any) -> str:
    return url_for(f"attendance.{endpoint}", meeting_id=meeting.id, slug=meeting.slug, **values)


def steps(_viewer: Any, meeting: Meeting) -> Iterator[Step]:
    """Who has answered and whether there will be a quorum, once the meeting is known."""
    if meeting.body_id is None or not opening.are_asked(meeting):
        return
    found = queries.foretell(meeting)
    yield Step(
        MeetingPhase.CONVENED.value,
        ngettext(
            "%(num)d answer out of %(invited)s", "%(num)d answers out of %(invited)s", found.answered,
            invited=i18n.number(found.invited),
        ),
        _address("answers", meeting),
        done=found.silent == 0,
        due=meeting.first_day,
        note=outlook(found),
    )  # fmt: skip


def outlook(found: Forecast) -> str:
    """In one sentence, as a checklist writes it."""
    if found.outlook == Outlook.NOT_NEEDED:
        return _("No quorum is needed.")
    if found.outlook == Outlook.REACHED:
        return _("The expected quorum is reached.")
    return ngettext(
        "%(num)d member is still missing for the quorum.", "%(num)d members are still missing for the quorum.",
        found.missing,
    )  # fmt: skip


def links(_viewer: Any, meeting: Meeting) -> Iterator[tuple[Any, str]]:
    if meeting.body_id is not None:
        yield _("Answers and proxies"), _address("answers", meeting)


def todos(viewer: Any) -> Iterator[Todo]:
    """A member answers what they are convened to; the secretariat sees who is silent a week before."""
    person = getattr(viewer, "person", None)
    for meeting in queries.unanswered_by(person.id) if person is not None else ():
        label = _("Answer the notice of meeting: %(title)s", title=meeting.title.text)
        yield Todo(label, _address("answer", meeting), meeting.first_day)
    if not policy.can_read_answers(viewer):
        return
    for meeting, count in queries.lacking_answers(clock.today() + SOON):
        label = ngettext(
            "%(num)d person has not answered: %(title)s", "%(num)d people have not answered: %(title)s", count,
            title=meeting.title.text,
        )  # fmt: skip
        yield Todo(label, _address("answers", meeting), meeting.first_day)


# -- the subjects of the journal: for the secretariat alone ----------------------------------------------------------


def answer_subject(viewer: Any, number: int) -> tuple[str, str] | None:
    return _subject(viewer, db.session.get(Answer, number))


def proxy_subject(viewer: Any, number: int) -> tuple[str, str] | None:
    return _subject(viewer, db.session.get(Proxy, number))


def reminder_subject(viewer: Any, number: int) -> tuple[str, str] | None:
    return _subject(viewer, db.session.get(Reminder, number))


def _subject(viewer: Any, row: Any) -> tuple[str, str] | None:
    meeting = db.session.get(Meeting, row.meeting_id) if row is not None else None
    if meeting is None or not policy.can_read_answers(viewer):
        return None
    return str(meeting.title), _address("answers", meeting)


# -- messages --------------------------------------------------------------------------------------------------------


class Told(NamedTuple):
    """What a message says of a proxy, read when it is written: names are never kept in the outbox."""

    meeting: Meeting
    principal_name: str
    holder_name: str
    is_open: bool


def told(proxy_id: int) -> Told | None:
    found = queries.named(proxy_id)
    if found is None:
        return None
    is_open = opening.is_open(found.meeting, clock.now())
    return Told(found.meeting, name_of(found.principal), name_of(found.holder), is_open)
