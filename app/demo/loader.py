"""Fill an empty database with the demo forum, through the same services as everyone."""

import copy
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from flask import current_app
from sqlalchemy import func, select, update

from app.accounts import queries as accounts_queries
from app.accounts import second_factor
from app.accounts import service as accounts_service
from app.accounts.models import User
from app.accounts.policy import OPERATOR
from app.accounts.states import FunctionKind
from app.core import clock, registry
from app.core.errors import Refused
from app.core.extensions import db
from app.core.transaction import writing
from app.demo import (
    administration,
    agendas,
    agreements,
    attendance,
    convocations,
    correspondence,
    minutes,
    papers,
    planning,
    sheets,
)
from app.demo import members as members_demo
from app.demo.days import weekday
from app.forum.documents.models import Document
from app.forum.meetings import agenda_file, phases, service
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingMode, MeetingPhase
from app.forum.members import service as members
from app.forum.members.models import Body
from app.forum.members.states import BodyKind

HERE = Path(__file__).parent
PASSWORD = "demonstration-du-forum"
TOTP_SECRET = "DEMOFORUMDEMOFORUMDEMOFORUMDEMOF"  # published: a demonstration has nothing to hide
STRONG = {*FunctionKind, "co_chair", "committee_member"}  # roles that demand a second factor


def is_empty() -> bool:
    return not any(db.session.scalar(select(func.count()).select_from(model)) for model in (User, Body, Meeting))


def accounts() -> list[dict[str, Any]]:
    """The accounts that can sign in: those of a function, of a mandate, and of somebody who applies."""
    return [
        {
            "role": one["role"],
            "college": one["college"],
            "email": one["email"],
            "password": PASSWORD,
            "totp_secret": TOTP_SECRET if one["role"] in STRONG else None,
        }
        for one in _content()["accounts"]
    ]


def describe(listed: list[dict[str, Any]]) -> str:
    lines = [f"  {one['email']:<40} {one['role']}" for one in listed]
    head = f"Demo accounts (password: {PASSWORD})"
    code = f"  second factor: {TOTP_SECRET} in an authenticator app, or: flask --app wsgi demo-code EMAIL"
    return "\n".join([head, *lines, code])


def code_of(email: str) -> str:
    """The code of the moment of any account that has a second factor. Raises `Refused` in production."""
    if current_app.config["KIND"] == "production":
        raise Refused("demo-code", "a second factor is nobody else's in production")
    user = accounts_queries.by_email(email)
    if user is None or user.totp_secret is None:
        raise Refused("email", "no account with a second factor has this address")
    return second_factor.code_now(user)


def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(
        (HERE / "forum.yaml").read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    return content


def fill() -> list[dict[str, Any]]:
    """Raises `Refused` in production or when the database already holds something."""
    if current_app.config["KIND"] == "production":
        raise Refused("demo", "the demo forum never goes into a production database")
    if not is_empty():
        raise Refused("demo", "the database is not empty")
    content = _content()
    with writing():
        _fill_accounts(content["accounts"])
        bodies = {one["key"]: _fill_body(one) for one in content["bodies"]}
        members_demo.fill(content["people"], content["accounts"], bodies)
        for one in content["meetings"]:
            _fill_meeting(one, bodies, content)
        _fill_outside_meeting()
        papers.fill()
        administration.fill()
        correspondence.fill()
        agendas.fill()
        agreements.fill()
        convocations.fill()
        attendance.fill()
        sheets.fill()
        minutes.fill()
        planning.fill()
    with writing():
        for index in registry.current().indexers:
            index()
    return accounts()


def _fill_accounts(listed: list[dict[str, Any]]) -> None:
    functions = {kind.value: kind for kind in FunctionKind}
    hashed = None
    for one in listed:
        user = accounts_service.create(
            one["email"], one["name"], lang=one["lang"], password=None if hashed else PASSWORD, by="demo"
        )
        hashed = user.password_hash = user.password_hash or hashed  # one hash for all: each takes a tenth of a second
        if one["role"] in functions:
            accounts_service.grant(
                user,
                functions[one["role"]],
                starts_on=clock.today() - timedelta(days=400),
                reason="Compte de démonstration.",
            )
        if one["role"] in STRONG:
            second_factor.enrol(user, TOTP_SECRET)


def _fill_body(one: dict[str, Any]) -> Body:
    return members.create_body(
        OPERATOR,
        BodyKind(one["kind"]),
        name=(one["name_fr"], one["name_en"]),
        purpose=(one["purpose_fr"], one["purpose_en"]),
        cadence=(one.get("cadence_fr"), one.get("cadence_en")),
    )


def _fill_meeting(one: dict[str, Any], bodies: dict[str, Body], content: dict[str, Any]) -> None:
    first = weekday(one["days"])
    agenda = one["agenda"] if isinstance(one["agenda"], list) else content["agendas"][one["agenda"]]
    last = first + timedelta(days=max((day["day"] for day in agenda if not _is_extra(day)), default=0))
    english = one.get("english", "complete")
    meeting = service.create(
        OPERATOR,
        title=(one["title_fr"], one.get("title_en")),
        first_day=first,
        last_day=last,
        body=bodies[one["body"]],
        series_number=one.get("number"),
        mode=MeetingMode(one["mode"]),
        languages=tuple(one.get("languages", ["fr"])),
    )
    service.introduce(
        OPERATOR, meeting, one.get("introduction_fr"), None if english == "missing" else one.get("introduction_en")
    )
    data = _agenda_data(one, agenda, first, last, content["venues"], english)
    data["meeting"]["document_status"] = "draft" if one["status"] == "draft" else "published"
    service.replace_agenda(OPERATOR, meeting, data)
    if one["status"] == "revised":
        service.revise(OPERATOR, meeting)
    if english == "outdated":
        meeting.outdated = ["introduction"]
    if one.get("convened"):
        convocations.past(meeting)
    _date_back(meeting, first, one.get("updated_days"))


def _is_extra(day: dict[str, Any]) -> bool:
    """A day of optional slots only is outside the announced dates (A.20 #27)."""
    return bool(day["slots"]) and all(slot.get("optional") for slot in day["slots"])


def _agenda_data(
    one: dict[str, Any], agenda: list[dict[str, Any]], first: date, last: date, venues: dict[str, Any], english: str
) -> dict[str, Any]:
    """The demo's own notation, written out as an agenda file and read back: it passes every check of a real one."""
    days: list[dict[str, Any]] = []
    for day in agenda:
        slots = [_without_english(slot) if english == "missing" else copy.deepcopy(slot) for slot in day["slots"]]
        days.append({"date": first + timedelta(days=day["day"]), "slots": slots})
    used = {slot.get("venue") for day in days for slot in day["slots"]}
    head = {
        key: one[key]
        for key in ("title_fr", "title_en", "theme_fr", "theme_en", "place_fr", "place_en", "organisers")
        if one.get(key) is not None
    }
    if english == "missing":
        head = {key: value for key, value in head.items() if not key.endswith("_en") or key == "title_en"}
    file = {
        "meeting": {
            **head,
            "series_number": one.get("number"),
            "first_day": first,
            "last_day": last,
            "timezone": "Europe/Paris",
        },
        "venues": {key: value for key, value in venues.items() if key in used},
        "days": days,
    }
    written = yaml.dump(file, allow_unicode=True, sort_keys=False, Dumper=_QuotedTimes)
    return agenda_file.parse_yaml(written.encode())


class _QuotedTimes(yaml.SafeDumper):
    """Times stay quoted texts, and nothing is written once for two places."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True

    def quoted(self, value: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", value, style='"' if value[2:3] == ":" else None)


_QuotedTimes.add_representer(str, _QuotedTimes.quoted)


def _without_english(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_english(inner) for key, inner in value.items() if key != "en" and not key.endswith("_en")}
    return [_without_english(inner) for inner in value] if isinstance(value, list) else value


def _date_back(meeting: Meeting, first: date, updated_days: int | None) -> None:
    """The demo was published in its past: three weeks before the meeting or, for those to come, over the last weeks."""
    if not meeting.agenda_is_public:
        return
    if meeting.last_day < clock.today():
        phases.hold(OPERATOR, meeting)
    published = _morning(min(first - timedelta(days=21), clock.today() - timedelta(days=2 + meeting.id * 7 % 40)))
    revised = meeting.revised_at and _morning(
        clock.today() + timedelta(days=updated_days) if updated_days is not None else first - timedelta(days=6)
    )
    if revised:
        revised = max(published, min(revised, clock.now()))
    meeting.published_at, meeting.revised_at = published, revised
    moments = {
        MeetingPhase.PLANNED: published - timedelta(days=12),
        MeetingPhase.ANNOUNCED: published,
        MeetingPhase.CONVENED: _morning(first - convocations.NOTICE),
        MeetingPhase.HELD: _morning(meeting.last_day) + timedelta(hours=9),
    }
    for step in meeting.story:
        step.at = moments[step.phase]
    db.session.flush()
    db.session.execute(
        update(Document)
        .where(Document.subject_type == "meeting", Document.subject_id == meeting.id)
        .values(first_published_at=published, published_at=revised or published)
    )


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), clock.PARIS).astimezone(UTC)


def _fill_outside_meeting() -> None:
    """A real agenda of three days, as printed: an outside meeting that the Forum follows."""
    data = agenda_file.parse_yaml((HERE / "oecd-agenda-2023.yaml").read_bytes())
    head = data["meeting"]
    meeting = service.create(
        OPERATOR,
        title=(head["title"]["fr"], head["title"]["en"]),
        first_day=head["first_day"],
        last_day=head["last_day"],
        languages=("fr", "en"),
    )
    service.replace_agenda(OPERATOR, meeting, data)
    _date_back(meeting, head["first_day"], None)
