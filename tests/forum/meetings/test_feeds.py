"""The calendars that anybody may follow, read back by vobject and by icalendar."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from flask import Flask
from sqlalchemy import inspect

from app.accounts.policy import OPERATOR
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.meetings import calendar_queries, phases
from app.forum.meetings.models import Meeting
from app.forum.members.models import Body
from app.forum.members.states import BodyKind
from tests import make

REASON = ("Grève des transports", "Transport strike")
LINK = "https://visio.example.org/canary-link"


def read(as_: Any, target: str = "meetings.calendar", who: str = "visitor", **values: Any) -> Any:
    answer = as_(who).get(target, **values)
    assert answer.response.mimetype == "text/calendar"
    raw = answer.response.data.decode()
    assert vobject.readOne(raw).name == "VCALENDAR"
    return icalendar.Calendar.from_ical(raw)


def titles(found: Any) -> list[str]:
    return [str(event["SUMMARY"]) for event in found.events]


def place(body: Any) -> dict[str, Any]:
    return {"body_id": body.id, "slug": body.slug}


def act(what: Any, meeting: Meeting, **values: Any) -> None:
    with writing():
        what(OPERATOR, db.session.get_one(Meeting, inspect(meeting).identity), **values)


def test_each_calendar_holds_its_own_meetings(as_: Any) -> None:
    group, plenary = make.body(), make.standing_body(BodyKind.PLENARY)
    make.meeting("Du groupe", body=group, in_days=1), make.meeting("De la plénière", body=plenary, in_days=2)
    here = place(group)
    make.meeting("D’ailleurs", in_days=3)
    assert titles(read(as_)) == ["Du groupe", "De la plénière"]
    assert titles(read(as_, "meetings.calendar_of", **here)) == ["Du groupe"]
    assert titles(read(as_, "meetings.calendar_followed")) == ["D’ailleurs"]


def test_a_calendar_says_its_name_in_its_language_and_when_to_ask_again(as_: Any) -> None:
    group = make.body()
    here = place(group)
    make.meeting(body=group)
    found = read(as_, "meetings.calendar_of", lang="fr", **here)
    assert found["X-WR-CALNAME"] == "Forum du gouvernement ouvert\u00a0: Participation des jeunes"
    assert (found["METHOD"], found["REFRESH-INTERVAL"].dt) == ("PUBLISH", timedelta(hours=6))
    english = read(as_, "meetings.calendar_of", lang="en", **here)
    assert english["X-WR-CALNAME"] == "Open Government Forum: Youth"
    assert english.events[0]["SUMMARY"].params["LANGUAGE"] == "en"


@pytest.mark.parametrize("act_on", [None, phases.cancel, phases.postpone])
def test_the_entry_in_a_calendar_is_that_of_the_meeting_alone(as_: Any, act_on: Any) -> None:
    meeting = make.meeting(body=make.body(), slots=[make.slot("a", start=time(9), end=time(10))])
    here = {"meeting_id": meeting.id, "slug": meeting.slug}
    if act_on:
        act(act_on, meeting, reason=REASON)
    alone = read(as_, "meetings.entry", **here)
    assert alone["METHOD"] == "PUBLISH"
    assert read(as_).events[0].to_ical() == alone.events[0].to_ical()
    assert alone.events[0]["STATUS"] == ("CANCELLED" if act_on else "CONFIRMED")


def test_a_planned_meeting_is_in_no_calendar_even_of_the_secretariat(as_: Any) -> None:
    make.meeting(body=make.body(), published=False)
    assert titles(read(as_)) == titles(read(as_, who="secretariat")) == []


def test_a_calendar_without_meetings_is_still_a_calendar(as_: Any) -> None:
    assert [part.name for part in read(as_).subcomponents] == ["VTIMEZONE"]


def test_what_is_moved_cancelled_and_restored_replaces_the_same_entry(as_: Any, at: Any) -> None:
    at("2027-03-01T10:00")
    meeting = make.meeting(first_day=date(2027, 4, 1), body=make.body())
    seen, here = [], {"meeting_id": meeting.id, "slug": meeting.slug}

    def look() -> None:
        event = read(as_).events[0]
        assert read(as_, "meetings.entry", **here).events[0].to_ical() == event.to_ical()
        seen.append((event["UID"], event["SEQUENCE"], str(event["STATUS"]), event.start, event["LAST-MODIFIED"].dt))

    look()
    for hour, what in enumerate((
        lambda: act(phases.put_on, meeting, day=date(2027, 4, 8)),
        lambda: act(phases.cancel, meeting, reason=REASON),
        lambda: act(phases.announce, meeting, day=date(2027, 4, 15)),
        lambda: act(phases.arrange, meeting, starts=time(14), ends=None, remote_link=None),
    ), 11):  # fmt: skip
        at(f"2027-03-01T{hour}:00")
        what()
        look()
    assert len({one[0] for one in seen}) == 1
    assert [one[1] for one in seen] == sorted({one[1] for one in seen})
    assert [one[2] for one in seen] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED", "CONFIRMED"]
    assert [one[4] for one in seen] == sorted({one[4] for one in seen})
    assert seen[3][3] == date(2027, 4, 15)


@pytest.mark.parametrize(("day", "start"), [(date(2027, 3, 28), 7), (date(2027, 10, 31), 8)])
def test_a_meeting_on_the_day_the_clocks_change_keeps_its_instant(as_: Any, at: Any, day: date, start: int) -> None:
    at("2027-03-01T10:00")
    make.meeting(first_day=day, body=make.body(), slots=[make.slot("a", start=time(9), end=time(10))])
    raw = as_("visitor").get("meetings.calendar").response.data.decode()
    expected = datetime(day.year, day.month, day.day, start, tzinfo=UTC)
    assert icalendar.Calendar.from_ical(raw).events[0].start.astimezone(UTC) == expected
    assert vobject.readOne(raw).vevent.dtstart.value.astimezone(UTC) == expected


def test_neither_the_connection_nor_a_draft_agenda_is_in_a_public_calendar(as_: Any) -> None:
    meeting = make.meeting(body=make.body(), published=False, slots=[make.slot(title={"fr": "Secret", "en": "Secret"})])
    act(phases.announce, meeting)
    act(phases.arrange, meeting, starts=time(14), ends=time(16), remote_link=LINK)
    for who in ("visitor", "secretariat"):
        raw = as_(who).get("meetings.calendar").text
        assert "visio" not in raw and "Secret" not in raw
        assert "T140000" in raw


def test_a_calendar_holds_a_year_of_the_past_and_all_to_come_within_its_bound(
    as_: Any, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("2027-06-15T12:00")
    group = make.body()
    for day in ("2026-06-14", "2026-06-15", "2027-06-14", "2027-06-15", "2029-01-01"):
        make.meeting(day, first_day=date.fromisoformat(day), body=group)
    assert titles(read(as_)) == ["2026-06-15", "2027-06-14", "2027-06-15", "2029-01-01"]
    monkeypatch.setattr(calendar_queries, "MOST", 3)
    assert titles(read(as_)) == ["2027-06-14", "2027-06-15", "2029-01-01"]


def test_a_calendar_costs_the_same_with_one_meeting_and_with_thirty(as_: Any) -> None:
    number = make.body().id
    slots = [make.slot("a", start=time(9), end=time(10))]
    make.meeting(body=db.session.get(Body, number), slots=slots)
    before = as_("visitor").get("meetings.calendar").statements
    for days in range(29):
        make.meeting(f"Réunion {days}", in_days=days, body=db.session.get(Body, number), slots=slots)
    answer = as_("visitor").get("meetings.calendar")
    assert answer.statements == before <= 10
    assert len(icalendar.Calendar.from_ical(answer.text).events) == 30


def test_another_name_in_the_address_leads_to_the_right_one(as_: Any) -> None:
    number = make.body().id
    answer = as_("visitor").get("meetings.calendar_of", body_id=number, slug="ancien-nom", status=301)
    assert answer.headers["Location"] == f"/fr/meetings/calendar-{number}-participation-des-jeunes.ics"


def test_pages_say_how_to_follow_the_calendars(app: Flask, as_: Any) -> None:
    here = place(make.body())
    address = f"http://localhost/fr/meetings/calendar-{here['body_id']}-participation-des-jeunes.ics"
    whole = "http://localhost/fr/meetings/calendar.ics"
    for page, expected in (
        (as_("visitor").get("meetings.index"), [whole]),
        (as_("visitor").get("meetings.index", body=here["body_id"]), [address, whole]),
        (as_("visitor").get("working_groups.show", **here), [address]),
    ):
        assert page.css("//link[@type='text/calendar']/@href") == expected
        links = page.css("//main//a/@href")
        for one in expected:
            assert one in links and one.replace("http:", "webcal:") in links
