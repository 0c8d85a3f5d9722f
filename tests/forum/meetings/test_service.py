"""Writes of meetings: who may, what is refused, what follows."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.policy import OPERATOR
from app.core import clock
from app.core.audit import AuditEntry
from app.core.errors import IllegalMove, NotAllowed, Refused
from app.core.extensions import db
from app.core.search import SearchEntry
from app.core.text import MAX_SOURCE
from app.core.transaction import writing
from app.forum.documents.models import Document
from app.forum.meetings import policy, service
from app.forum.meetings.models import Meeting, Slot
from app.forum.oversight.health import stored_html
from tests import make
from tests.support import hostile


def words() -> list[str]:
    return [row.word for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def replace(meeting: Meeting, *days: dict[str, Any], **head: Any) -> bool:
    with writing():
        return service.replace_agenda(OPERATOR, meeting, make.agenda(meeting, *days, **head))


@pytest.mark.parametrize("who", ["account", "administrator", "electoral_board"])
def test_only_the_secretariat_writes(app: Flask, who: str) -> None:
    actor, meeting = make.cast(who), make.meeting(published=False)
    day = date(2027, 1, 1)
    for act in (
        lambda: service.create(actor, title=("a", None), first_day=day, last_day=day),
        lambda: service.introduce(actor, meeting, "a", None),
        lambda: service.replace_agenda(actor, meeting, make.agenda(meeting)),
        lambda: service.publish(actor, meeting),
        lambda: service.revise(actor, meeting),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert policy.can_edit(make.cast("secretariat")) is True


@pytest.mark.parametrize(
    ("who", "public", "draft"), [("account", True, False), ("administrator", True, False), ("secretariat", True, True)]
)
def test_a_draft_is_read_by_the_secretariat_alone(app: Flask, who: str, public: bool, draft: bool) -> None:
    viewer = make.cast(who)
    seen = [policy.can_read(viewer, make.meeting(published=published)) for published in (True, False)]
    assert seen == [public, draft]


def test_a_meeting_cannot_end_before_it_begins(secretariat: Any) -> None:
    with pytest.raises(Refused) as refusal:
        service.create(secretariat, title=("a", None), first_day=date(2027, 1, 2), last_day=date(2027, 1, 1))
    assert refusal.value.field == "last_day"


def test_publishing_enters_the_repository_the_search_and_the_journal(app: Flask, at: Any) -> None:
    now = at("2027-01-01T10:00")
    meeting = make.meeting("Publique", published=False)
    assert (make.count(Document), make.count(SearchEntry)) == (0, 0)
    with writing():
        service.publish(OPERATOR, meeting)
    document, entry = db.session.query(Document).one(), db.session.query(SearchEntry).one()
    assert (document.title_fr, document.first_published_at, document.published_at, document.was_revised) == (
        "Publique",
        now,
        now,
        False,
    )
    assert (entry.subject_id, entry.title_fr, meeting.published_at, words()[-2:]) == (
        meeting.id,
        "Publique",
        now,
        ["meeting.published", "meeting.announced"],
    )


@pytest.mark.parametrize("published", [True])
def test_a_meeting_is_published_once(app: Flask, published: bool) -> None:
    with pytest.raises(IllegalMove):
        service.publish(OPERATOR, make.meeting(published=published))


def test_a_draft_cannot_be_revised(app: Flask) -> None:
    with pytest.raises(IllegalMove):
        service.revise(OPERATOR, make.meeting(published=False))


def test_nothing_is_published_without_its_french(app: Flask) -> None:
    meeting = make.meeting("", "English only", published=False)
    with pytest.raises(Refused):
        service.publish(OPERATOR, meeting)
    meeting = make.meeting(published=False, slots=[make.slot(title={"fr": "", "en": "Item"})])
    with pytest.raises(Refused):
        service.publish(OPERATOR, meeting)


def test_a_revision_keeps_the_first_date_and_gives_a_new_version(app: Flask, at: Any) -> None:
    first = at("2027-01-01T10:00")
    meeting = make.meeting()
    later = at("2027-01-02T10:00")
    with writing():
        service.revise(OPERATOR, meeting)
    document = db.session.query(Document).one()
    assert (meeting.status, meeting.sequence, meeting.published_at, meeting.revised_at) == ("revised", 1, first, later)
    assert (document.first_published_at, document.published_at, document.was_revised) == (first, later, True)


def test_each_change_of_a_public_agenda_grows_its_sequence_and_no_other(app: Flask) -> None:
    meeting = make.meeting(slots=[make.slot()])
    day = {"date": meeting.first_day, "slots": [make.slot(title={"fr": "Autre", "en": "Other"})]}
    assert [replace(meeting, day), meeting.sequence, meeting.status.value] == [True, 1, "published"]
    assert [replace(meeting, day), meeting.sequence, meeting.status.value] == [False, 1, "published"]
    assert [replace(meeting, day, document_status="revised"), meeting.sequence, meeting.status.value] == [
        False,
        2,
        "revised",
    ]
    assert [replace(meeting, day, document_status="revised"), meeting.sequence, meeting.status.value] == [
        False,
        2,
        "revised",
    ]


def test_a_draft_agenda_does_not_replace_a_public_one(app: Flask) -> None:
    meeting = make.meeting(slots=[make.slot()])
    with pytest.raises(Refused) as refusal:
        replace(meeting, document_status="draft")
    assert (refusal.value.field, make.count(Slot)) == ("document_status", 1)


def test_a_slot_that_moves_to_another_day_keeps_its_row_even_when_its_day_goes(app: Flask) -> None:
    meeting = make.meeting(lasts=2, slots=[make.slot("a"), make.slot("b")])
    numbers = {slot.key: slot.id for slot in db.session.query(Slot)}
    replace(meeting, {"date": meeting.last_day, "slots": [make.slot("b"), make.slot("a")]})
    assert {slot.key: slot.id for slot in db.session.query(Slot)} == numbers
    assert [(slot.key, slot.position) for slot in meeting.days[0].slots] == [("b", 0), ("a", 1)]


def test_a_public_introduction_is_found_at_once(app: Flask) -> None:
    meeting = make.meeting()
    with writing():
        service.introduce(OPERATOR, meeting, "**Une phrase**", None)
    assert meeting.introduction_html_fr == "<p><strong>Une phrase</strong></p>\n"
    assert "Une phrase" in db.session.query(SearchEntry).one().body_fr


def test_stored_html_is_what_the_sanitiser_gives_and_a_change_around_the_portal_is_found(app: Flask) -> None:
    everything = "\n\n".join(hostile.XSS)
    meeting = make.meeting(
        introduction=(everything, everything), slots=[make.slot(description={"fr": "<b>x</b>", "en": None})]
    )
    assert stored_html() == []
    with writing():
        meeting.introduction_html_en = "<script>alert(1)</script>"
    assert len(stored_html()) == 1
    assert "introduction_html_en" in stored_html()[0]


def test_two_changes_at_once_make_one_winner(app: Flask) -> None:
    meeting = make.meeting()
    db.session.refresh(meeting)
    db.session.execute(text("UPDATE meeting SET version = version + 1"))
    meeting.title_fr = "Autre"
    with pytest.raises(StaleDataError):
        db.session.flush()


def test_a_meeting_of_today_is_upcoming_until_the_day_is_over(as_: Any, at: Any) -> None:
    at("2027-03-28T10:00")
    make.meeting("Ce jour", first_day=clock.today())
    at("2027-03-28T23:59:59")
    assert "Ce jour" in as_("visitor").get("meetings.index").words
    at("2027-03-29T00:00:00")
    assert "Ce jour" not in as_("visitor").get("meetings.index").words
    assert "Ce jour" in as_("visitor").get("meetings.index", when="past").words


def test_an_introduction_too_long_to_be_shown_whole_is_refused(app: Flask) -> None:
    meeting = make.meeting(introduction=("Bonjour.", None))
    with pytest.raises(Refused, match="introduction"):
        service.introduce(OPERATOR, meeting, "x" * (MAX_SOURCE + 1), None)
    db.session.rollback()
    assert meeting.introduction_fr == "Bonjour."
