"""Plain functions that make things, with keyword overrides. They write through the services, then commit."""

from datetime import date, timedelta
from typing import Any

from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.accounts.models import User
from app.accounts.policy import OPERATOR
from app.accounts.states import FunctionKind
from app.core import clock
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.meetings import service as meetings
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingMode
from app.forum.members import service as members
from app.forum.members.models import Body
from app.forum.members.states import BodyKind

PASSWORD = "a password of the tests"


def user(email: str = "camille@example.org", name: str = "Camille Essai", **values: Any) -> User:
    with writing():
        return accounts_service.create(email, name, password=values.pop("password", PASSWORD), **values)


def cast(who: str) -> User:
    """A member of the cast, made on first call. `account`: signed in, no function."""
    email = f"{who}@example.org"
    known = accounts.by_email(email)
    if known is not None:
        return known
    made = user(email, who.replace("_", " ").title())
    if who in set(FunctionKind):
        function(made, FunctionKind(who))
    return made


def function(holder: User, kind: FunctionKind, *, starts_on: date | None = None, ends_on: date | None = None) -> None:
    with writing():
        accounts_service.grant(holder, kind, starts_on=starts_on or clock.today() - timedelta(days=30), ends_on=ends_on)


def body(
    kind: BodyKind = BodyKind.WORKING_GROUP, fr: str = "Participation des jeunes", en: str | None = "Youth"
) -> Body:
    with writing():
        return members.create_body(
            OPERATOR,
            kind,
            name=(fr, en),
            purpose=("Le groupe travaille.", "The group works."),
            cadence=("Une fois par trimestre", "Once a quarter"),
        )


def slot(key: str = "s1", **values: Any) -> dict[str, Any]:
    """A slot in the shape of an agenda file."""
    return {
        "id": key, "start": None, "end": None, "kind": "session", "number": None,
        "title": {"fr": "Un point", "en": "An item"}, "description": None, "venue": None, "optional": False,
        "format": None, "speaking_time_minutes": None, "host": None, "chair": None, "speakers": [], "questions": [],
        "references": [], "note": None, **values,
    }  # fmt: skip


def agenda(meeting: Meeting, *days: dict[str, Any], **head: Any) -> dict[str, Any]:
    """An agenda file for a meeting; `days` are {date, slots}. Keywords replace parts of its `meeting` mapping."""
    from app.forum.meetings import agenda_data

    data = agenda_data.of(meeting)
    data["meeting"].update(head)
    data["days"] = list(days) or data["days"]
    return data


def meeting(
    fr: str = "Réunion d’essai", en: str | None = "Test meeting", *, in_days: int = 10, lasts: int = 1,
    published: bool = True, introduction: tuple[str | None, str | None] = (None, None),
    slots: list[dict[str, Any]] | None = None,
    **values: Any,
) -> Meeting:  # fmt: skip
    """A meeting `in_days` from today, published unless said otherwise."""
    first = values.pop("first_day", clock.today() + timedelta(days=in_days))
    with writing():
        made = meetings.create(
            OPERATOR,
            title=(fr, en),
            first_day=first,
            last_day=first + timedelta(days=lasts - 1),
            mode=values.pop("mode", MeetingMode.IN_PERSON),
            body=values.pop("body", None),
            series_number=values.pop("series_number", None),
        )
        if any(introduction):
            meetings.introduce(OPERATOR, made, *introduction)
        if slots is not None:
            meetings.replace_agenda(OPERATOR, made, agenda(made, {"date": first, "slots": slots}))
        if published:
            meetings.publish(OPERATOR, made)
        for name, value in values.items():
            setattr(made, name, value)
    return made


def count(model: Any) -> int:
    from sqlalchemy import func, select

    return db.session.scalar(select(func.count()).select_from(model)) or 0


def working_copy(meeting_id: int, *, like: int | None = None) -> Any:
    """The working copy of a meeting, begun by the secretariat."""
    from app.forum.agendas import queries
    from app.forum.agendas import service as agendas

    actor = cast("secretariat")
    with writing(public=False):
        found = queries.meeting(like, OPERATOR) if like else None
        agendas.begin(actor, queries.meeting(meeting_id, OPERATOR), like=found)
    return queries.copy(meeting_id, OPERATOR)


def part(meeting_id: int, key: str) -> int:
    """The id of a part of a working copy by its key; "" for the head."""
    from app.forum.agendas import queries

    copy = queries.copy(meeting_id, OPERATOR)
    return next(one.id for one in copy.parts if one.key == key)
