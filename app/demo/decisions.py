"""The demo's decisions and actions: cut out of three minutes, followed since, late or done."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from app.accounts.models import User
from app.core import clock
from app.core.extensions import db
from app.forum.decisions import actions, following, service
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.states import ActionStatus, DecisionBasis, DecisionKind, DecisionStatus
from app.forum.decisions.wording import ActionFollowUp, ActionWording, DecisionWording, FollowUp
from app.forum.members.models import Body
from app.forum.members.states import BodyKind
from app.forum.minutes.models import Minutes, Section
from app.forum.organisations.models import Organisation

HERE = Path(__file__).parent


def _content(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((HERE / name).read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found


def cut_out(actor: User, minutes: Minutes, key: str) -> None:
    """What one of the minutes decided, before it is adopted. `key`: of its meeting in the file."""
    content, known = _content("decisions.yaml"), {}
    for one in content["decisions"]:
        if one["minutes"] == key:
            section = _section(minutes, one)
            known[one["key"]] = service.cut_out(actor, section, _wording(one, section, content))
    for one in content["actions"]:
        if one["minutes"] == key:
            section = _section(minutes, one)
            wanted = ActionWording(title=(one["title_fr"], one.get("title_en")), **_answers(one, section))
            actions.cut_out(actor, section, wanted)


def follow(actor: User, key: str) -> None:
    """What became of it, each word on its day; those of days to come are left out."""
    content = _content("decisions.yaml")
    for one in content["decisions"]:
        for said in one["updates"] if one["minutes"] == key else ():
            _say(actor, _named(Decision, one), said)
    for one in content["actions"]:
        action = _named(Action, one) if one["minutes"] == key else None
        if action is not None and one["status"] != "open":
            _finish(actor, action, one)


def _named(model: Any, one: dict[str, Any]) -> Any:
    return db.session.scalar(select(model).where(model.title_fr == one["title_fr"]))


def _section(minutes: Minutes, one: dict[str, Any]) -> Section:
    return next(section for section in minutes.sections if section.key == one["section"])


def _wording(one: dict[str, Any], section: Section, content: dict[str, Any]) -> DecisionWording:
    former = next((each for each in content["decisions"] if each["key"] == one.get("replaces")), None)
    return DecisionWording(
        kind=DecisionKind(one["kind"]),
        title=(one["title_fr"], one.get("title_en")),
        text=(one["text_fr"], one.get("text_en")),
        basis=DecisionBasis(one["basis"]),
        vote_id=section.votes[one["vote"]].id if "vote" in one else None,
        replaces_id=_named(Decision, former).id if former is not None else None,
        concerns=tuple(found for key in one.get("concerns", ()) if (found := _concerned(key)) is not None),
        **_answers(one, section),
    )


def _answers(one: dict[str, Any], section: Section) -> dict[str, Any]:
    last = section.minutes.meeting.last_day
    return {
        "organisation_id": _organisation(one["organisation"]) if "organisation" in one else None,
        "responsible": (one.get("responsible_fr"), one.get("responsible_en")),
        "deadline": last + timedelta(days=one["deadline"]) if "deadline" in one else None,
    }


def _organisation(key: str) -> int | None:
    """By its key in the demo's members."""
    name = next((each["fr"] for each in _content("members.yaml")["organisations"] if each["key"] == key), None)
    return db.session.scalar(select(Organisation.id).where(Organisation.name_fr == name))


def _concerned(key: str) -> tuple[str, int] | None:
    """`plenary`, the key of a working group, or that of an organisation."""
    names = {each["key"]: each["name_fr"] for each in _content("forum.yaml")["bodies"]}
    body = select(Body.id).where(Body.name_fr == names[key] if key in names else Body.kind == BodyKind.PLENARY)
    if key == "plenary" or key in names:
        found = db.session.scalar(body.order_by(Body.id).limit(1))
        return ("body", found) if found is not None else None
    number = _organisation(key)
    return ("organisation", number) if number is not None else None


def _say(actor: User, decision: Decision, said: dict[str, Any]) -> None:
    day = decision.decided_on + timedelta(days=said["day"])
    status = DecisionStatus(said["status"]) if "status" in said else None
    if day > clock.today() or decision.status in (DecisionStatus.REPLACED, DecisionStatus.WITHDRAWN):
        return
    deadline = decision.decided_on + timedelta(days=said["deadline"]) if "deadline" in said else decision.deadline
    with clock.seen_from(datetime.combine(day, time(16), clock.PARIS).astimezone(UTC)):
        following.follow(actor, decision, FollowUp(day, (said["fr"], said.get("en")), deadline, status))


def _finish(actor: User, action: Action, one: dict[str, Any]) -> None:
    day = action.decided_on + timedelta(days=one.get("day", 40))
    if day > clock.today():
        return
    done_on = day if one["status"] == "done" else None
    note = one.get("note_fr"), one.get("note_en")
    with clock.seen_from(datetime.combine(day, time(16), clock.PARIS).astimezone(UTC)):
        actions.follow(actor, action, ActionFollowUp(ActionStatus(one["status"]), note, done_on, action.deadline))
