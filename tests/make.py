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


def contact(email: str = "camille@example.org", message: str = "Bonjour.", *, days_ago: int = 0, **values: Any) -> Any:
    """A message of the contact form, received some days ago."""
    from app.forum.pages import service as pages
    from app.forum.pages.states import ContactSubject

    with writing():
        made = pages.contact(
            subject=values.pop("subject", ContactSubject.GENERAL),
            name=values.pop("name", "Camille Essai"),
            email=email,
            message=message,
        )
        made.received_at -= timedelta(days=days_ago)
        made.due_at -= timedelta(days=days_ago)
    return _apart(made)


def data_request(email: str = "camille@example.org", *, days_ago: int = 0, **values: Any) -> Any:
    """A request about personal data, received some days ago."""
    from app.forum.personal_data import service as personal_data
    from app.forum.personal_data.states import DataRequestKind

    with writing():
        made = personal_data.ask(
            kind=values.pop("kind", DataRequestKind.ACCESS),
            name=values.pop("name", "Camille Essai"),
            email=email,
            message=values.pop("message", "Que savez-vous de moi ?"),
        )
        made.received_at -= timedelta(days=days_ago)
        made.due_on -= timedelta(days=days_ago)
    return _apart(made)


def _apart(made: Any) -> Any:
    """A row as it is stored, that can still be read when a request has ended the session."""
    db.session.refresh(made)
    db.session.expunge(made)
    db.session.rollback()
    return made


def failed_mail(to: str = "nobody@example.org", without: tuple[str, ...] = (), **arguments: Any) -> Any:
    """A message that the recipient's server refused for good; `without`: arguments that are made on delivery."""
    from app.core import mail

    with writing(public=False):
        made = mail.queue(
            "pages/contact_received", to=to, lang="fr",
            **{"reference": "M-ABCDEFGH", "subject": "general", "received_at": "2027-03-28T08:30:00+00:00",
               "due_at": "2027-04-11T08:30:00+00:00", **arguments},
        )  # fmt: skip
        made.arguments = {name: value for name, value in made.arguments.items() if name not in without}
        made.status, made.attempts, made.error = mail.FAILED, 1, "SMTPRecipientsRefused 550"
    return _apart(made)
