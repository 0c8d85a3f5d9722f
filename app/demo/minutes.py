"""The minutes of the demo: three published, one circulated, one being written; their corrections and their adoption.

The first plenary has its closed sheet and no minutes: whoever tries the portal may write them."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.models import User
from app.core import clock, mail, rules
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.demo import decisions, sheets
from app.forum.adoptions import corrections, following
from app.forum.adoptions import queries as adoption_queries
from app.forum.adoptions import service as adoptions
from app.forum.editions import service as editions
from app.forum.editions.states import Choices
from app.forum.meetings.models import AgendaDay, Meeting, Slot
from app.forum.members import queries as members
from app.forum.members.states import BodyKind
from app.forum.minutes import service, votes
from app.forum.minutes.models import Minutes, Section
from app.forum.sheets import queries as sheet_queries

FILE = Path(__file__).parent / "minutes.yaml"
SECRETARY = "secretariat@example.org"
WRITTEN, CIRCULATED = 6, 9  # days after the meeting
SILENCE = "silence"


def fill() -> None:
    """Each act at its hour, through the services. Adoption: at the next meeting, in writing, at the next meeting."""
    content: dict[str, Any] = yaml.load(FILE.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    secretary = accounts.by_email(SECRETARY)
    assert secretary is not None
    plenary = next(one for one in members.bodies() if one.kind == BodyKind.PLENARY)
    _allow_silence(plenary.id, secretary)
    sheets.past(_meeting(content["attended"]), leaves=False)
    for one in content["published"]:
        _published(secretary, one)
    _circulated(secretary, content["circulated"])
    _drafted(secretary, content["drafted"])
    _delivered()


def _delivered() -> None:
    """What was sent in the past of the demo was delivered then."""
    waiting = select(OutgoingMail).where(OutgoingMail.status == mail.QUEUED)
    for one in db.session.scalars(waiting.order_by(OutgoingMail.id)):
        if one.template.startswith(("minutes/", "adoptions/")):
            with clock.seen_from(one.created_at):
                mail.settle(one, refused=False)


def _allow_silence(body_id: int, author: User) -> None:
    rules.put(
        "minutes_adoption", SILENCE, valid_from=clock.today() - timedelta(days=149), scope=body_id, author=author,
        reason="Décision de la troisième plénière : adopter le compte rendu sans attendre la suivante.",
        reason_en="Decision of the third plenary: adopt the minutes without waiting for the next one.",
        decided_by="plenary",
    )  # fmt: skip


def _meeting(key: str) -> Meeting:
    """The meeting whose agenda has a slot of this name."""
    found = select(Meeting).join(AgendaDay).join(Slot).where(Slot.key == key, Meeting.body_id.is_not(None))
    return db.session.scalars(found.order_by(Meeting.last_day.desc())).all()[0]


def _hour(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), clock.PARIS).astimezone(UTC)


def _at(meeting: Meeting, days: int, hour: int = 10) -> Any:
    """That many days after a meeting, and never after the present moment."""
    return clock.seen_from(min(_hour(meeting.last_day + timedelta(days=days), hour), clock.now()))


def _published(actor: User, one: dict[str, Any]) -> None:
    meeting = _find(one)
    if sheet_queries.sheet_of(meeting.id) is None:
        sheets.past(meeting, leaves=False)
    with _at(meeting, WRITTEN):
        minutes = _written(actor, meeting, one)
        decisions.cut_out(actor, minutes, one["meeting"])
    with _at(meeting, CIRCULATED):
        service.circulate(actor, minutes, clock.today() + timedelta(days=10))
    for said in one.get("corrections", ()):
        _correct(actor, minutes, said)
    day = _adopted(actor, minutes, one)
    due = clock.today() + timedelta(days=one["english_in_days"]) if "english_in_days" in one else None
    with clock.seen_from(min(_hour(day + timedelta(days=2)), clock.now())):
        editions.publish(actor, minutes, Choices(english_due=due))
    decisions.follow(actor, one["meeting"])
    _erratum(actor, minutes, one, day)


def _find(one: dict[str, Any]) -> Meeting:
    """By the first section; a key that several meetings have is told apart by the title."""
    title, key = one.get("title"), one["sections"][0]["key"]
    if title is None:
        return _meeting(key)
    return db.session.scalars(select(Meeting).where(Meeting.title_fr == title)).one()


def _written(actor: User, meeting: Meeting, one: dict[str, Any]) -> Minutes:
    minutes = service.begin(actor, meeting)
    texts = {section["key"]: section for section in one["sections"]}
    for section in minutes.sections:
        written = texts.get(section.key, {})
        for lang in ("fr", "en"):
            if written.get(lang):
                service.write(actor, section, lang, written[lang].strip(), base=0, is_reviewed=True)
        for vote in written.get("votes") or ():
            counts = {name: vote[name] for name in ("in_favour", "against", "abstaining", "silent")}
            question = (vote["question"]["fr"], vote["question"]["en"])
            room = votes.room_of(section)
            votes.record(actor, section, question=question, members=room.members if room else 0, **counts)
    service.describe(
        actor, minutes, chair=one["chair"], secretary=one["secretary"],
        summary=_pair(one, "summary"), plain=_pair(one, "plain"), recording_url=one.get("recording"), english_due=None,
    )  # fmt: skip
    return minutes


def _pair(one: dict[str, Any], name: str) -> tuple[str | None, str | None]:
    held = one.get(name) or {}
    return tuple(held[lang].strip() if held.get(lang) else None for lang in ("fr", "en"))  # type: ignore[return-value]


def _correct(actor: User, minutes: Minutes, said: dict[str, Any]) -> None:
    """A participant proposes; the secretariat answers a few days later, unless it has not yet."""
    proposer = accounts.by_email(said["by"])
    seat = adoption_queries.seat_there(proposer, minutes.meeting_id)
    if proposer is None or seat is None:
        return
    section = next(one for one in minutes.sections if one.key == said["section"])
    assert minutes.circulated_at is not None
    with clock.seen_from(minutes.circulated_at + timedelta(days=2)):
        wanted = corrections.target(minutes, section.id, "fr", said["paragraph"])
        proposed = wanted.block.source.replace(said["old"], said["new"])
        row = corrections.propose(proposer, minutes, seat, wanted, proposed=proposed, reason=said["reason"])
        db.session.flush()
    if "answer" in said:
        with clock.seen_from(minutes.circulated_at + timedelta(days=8)):
            if said["accepted"]:
                corrections.accept(actor, minutes, row, written=proposed, answer=said["answer"])
                _reword(actor, section, "en", said["en"])
            else:
                corrections.refuse(actor, minutes, row, answer=said["answer"])


def _adopted(actor: User, minutes: Minutes, one: dict[str, Any]) -> date:
    """At the meeting that the file names, in the afternoon; or in writing, nobody objecting. The day."""
    if one["adopted"] != SILENCE:
        meeting = _find({"title": one["adopted"], "sections": [{"key": ""}]})
        with _at(meeting, 0, 17):
            adoptions.adopt_at(actor, minutes, meeting)
    else:
        with _at(minutes.meeting, CIRCULATED + 20):
            procedure = adoptions.open_procedure(actor, minutes)
        with clock.seen_from(_hour(procedure.deadline + timedelta(days=1), 1)):
            following.follow(clock.now())
    assert minutes.adopted_on is not None
    return minutes.adopted_on


def _erratum(actor: User, minutes: Minutes, one: dict[str, Any], day: date) -> None:
    for wrong in one.get("errata", ()):
        section = next(each for each in minutes.sections if each.key == wrong["section"])
        with clock.seen_from(min(_hour(day + timedelta(days=wrong["days"])), clock.now())):
            for lang in ("fr", "en"):
                _reword(actor, section, lang, wrong[lang])
            editions.publish_again(actor, minutes, reason=(wrong["reason"]["fr"], wrong["reason"]["en"]))


def _reword(actor: User, section: Section, lang: str, pairs: list[list[str]]) -> None:
    """In a section, the first words of each pair become the second ones."""
    text = section.text(lang)
    assert text is not None
    source = text.source
    for before, after in pairs:
        assert before in source, before
        source = source.replace(before, after)
    service.write(actor, section, lang, source, base=text.version, is_reviewed=True)


def _circulated(actor: User, one: dict[str, Any]) -> None:
    """Read by those who were there, who may still propose; one correction is answered, one waits."""
    meeting = _find(one)
    with _at(meeting, WRITTEN):
        minutes = _written(actor, meeting, one)
    with clock.seen_from(clock.now() - timedelta(days=4)):
        service.circulate(actor, minutes, clock.today() + timedelta(days=12))
    for said in one.get("corrections", ()):
        _correct(actor, minutes, said)


def _drafted(actor: User, one: dict[str, Any]) -> None:
    meeting = _find(one)
    with _at(meeting, WRITTEN):
        _written(actor, meeting, one)
