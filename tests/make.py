"""Plain functions that make things, with keyword overrides. They write through the services, then commit."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import inspect
from werkzeug.datastructures import FileStorage

from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.accounts.models import User
from app.accounts.policy import OPERATOR
from app.accounts.states import FunctionKind
from app.core import clock
from app.core.extensions import db
from app.core.transaction import writing
from app.demo import files as demo_files
from app.forum.meetings import attachment_service as attachments
from app.forum.meetings import service as meetings
from app.forum.meetings.models import Attachment, Meeting
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


def upload(content: bytes | None = None, name: str = "note.pdf") -> FileStorage:
    """A file as a form sends it; a small PDF unless said otherwise."""
    return FileStorage(BytesIO(demo_files.pdf(["Une note"]) if content is None else content), filename=name)


def attachment(
    to: Meeting, fr: str = "Note de cadrage", en: str | None = None, *, content: bytes | None = None,
    name: str = "note.pdf", **said: Any,
) -> Attachment:  # fmt: skip
    """A document of a meeting; keywords are those of `attachment_service.Description`."""
    with writing():
        to = db.session.get_one(Meeting, inspect(to).identity)  # the caller's may have left its session
        return attachments.attach(OPERATOR, to, upload(content, name), attachments.Description(title=(fr, en), **said))


def count(model: Any) -> int:
    from sqlalchemy import func, select

    return db.session.scalar(select(func.count()).select_from(model)) or 0
