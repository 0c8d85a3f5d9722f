"""The phases of a meeting: who moves it, what the public reads of each, what calendars are told."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from app.accounts.policy import OPERATOR
from app.core import clock, registry
from app.core.errors import IllegalMove, NotAllowed, Refused
from app.core.extensions import db
from app.core.search import SearchEntry
from app.core.transaction import writing
from app.forum.meetings import own_steps, phases, queries, service
from app.forum.meetings.models import Meeting
from app.forum.meetings.states import MeetingMode, MeetingPhase
from tests import make

REASON = ("Grève des transports", "Transport strike")


def moved(act: Any, meeting: Meeting, **values: Any) -> Meeting:
    with writing():
        found = db.session.get_one(Meeting, meeting.id)
        act(OPERATOR, found, **values)
    return db.session.get_one(Meeting, meeting.id)


def story(meeting_id: int) -> list[tuple[str, str | None]]:
    return [(step.phase.value, step.reason_fr) for step in db.session.get_one(Meeting, meeting_id).story]


def shown(as_: Any, meeting: Meeting, lang: str = "fr", who: str = "visitor", status: int = 200) -> Any:
    return as_(who).get("meetings.show", meeting_id=meeting.id, slug=meeting.slug, lang=lang, status=status)


def calendar(as_: Any, meeting: Meeting) -> Any:
    return as_("visitor").get("meetings.entry", meeting_id=meeting.id, slug=meeting.slug)


@pytest.mark.parametrize("who", ["account", "member", "co_chair", "administrator", "electoral_board"])
def test_only_the_secretariat_moves_a_meeting(app: Flask, who: str) -> None:
    actor, meeting = make.cast(who), make.meeting(published=False)
    for act in (
        lambda: phases.announce(actor, meeting),
        lambda: phases.convene(actor, meeting),
        lambda: phases.hold(actor, meeting),
        lambda: phases.postpone(actor, meeting, reason=REASON),
        lambda: phases.cancel(actor, meeting, reason=REASON),
        lambda: phases.put_on(actor, meeting, clock.today()),
        lambda: phases.arrange(actor, meeting, starts=None, ends=None, remote_link=None),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_planned_meeting_exists_for_the_secretariat_alone(as_: Any) -> None:
    meeting = make.meeting("Réunion prévue", published=False)
    shown(as_, meeting, status=404)
    assert "Réunion prévue" not in as_("visitor").get("meetings.index").text
    assert "seul le secrétariat en a connaissance" in shown(as_, meeting, who="secretariat").words
    assert make.count(SearchEntry) == 0


def test_an_announced_meeting_shows_its_day_and_not_its_agenda(as_: Any) -> None:
    slots = [make.slot(title={"fr": "Point secret", "en": None})]
    meeting = moved(phases.announce, make.meeting("Réunion annoncée", published=False, slots=slots))
    for page in (shown(as_, meeting), calendar(as_, meeting), as_("visitor").get("pages.search", q="annoncée")):
        assert "Point secret" not in page.text
        assert "Réunion" in page.text
    assert "Point secret" in shown(as_, meeting, who="secretariat").words


def test_publishing_the_agenda_announces_the_meeting(app: Flask) -> None:
    meeting = make.meeting()
    assert (meeting.phase, story(meeting.id)) == (MeetingPhase.ANNOUNCED, [("planned", None), ("announced", None)])
    assert meeting.sequence == 0


def test_a_cancelled_meeting_says_why_and_cancels_its_entry_then_comes_back(as_: Any) -> None:
    meeting = moved(phases.cancel, make.meeting(), reason=REASON)
    page = shown(as_, meeting, "en")
    assert "This meeting is cancelled. Reason: Transport strike" in page.words
    assert entry(as_, meeting) == ("CANCELLED", 1)
    meeting = moved(phases.announce, meeting, day=meeting.first_day)
    assert entry(as_, meeting) == ("CONFIRMED", 2)
    assert story(meeting.id)[1:] == [("announced", None), ("cancelled", REASON[0]), ("announced", None)]


def entry(as_: Any, meeting: Meeting) -> tuple[str, int]:
    event = Calendar.from_ical(calendar(as_, meeting).text).events[0]
    return str(event["STATUS"]), int(event["SEQUENCE"])


def test_a_postponed_meeting_comes_back_on_another_day_with_its_agenda(app: Flask) -> None:
    first = clock.today() + timedelta(days=10)
    meeting = make.meeting(in_days=10, lasts=2, slots=[make.slot()])
    meeting = moved(phases.postpone, meeting, reason=REASON)
    meeting = moved(phases.announce, meeting, day=first + timedelta(days=30))
    assert (meeting.first_day, meeting.last_day) == (first + timedelta(days=30), first + timedelta(days=31))
    assert [day.day for day in queries.get(meeting.id, OPERATOR).days] == [first + timedelta(days=30)]
    assert (meeting.story[-1].former_day, meeting.story[-1].day) == (first, first + timedelta(days=30))


def test_the_days_of_an_agenda_move_by_less_than_its_length(app: Flask) -> None:
    first = date(2027, 5, 10)
    with writing():
        made = make.meeting(first_day=first, lasts=3, slots=[make.slot(id="a")])
        phases.shift(made, first + timedelta(days=1))
        phases.shift(made, first - timedelta(days=1))
    assert (made.first_day, made.last_day, made.days[0].day) == (date(2027, 5, 9), date(2027, 5, 11), date(2027, 5, 9))


@pytest.mark.parametrize("act", [phases.cancel, phases.postpone])
def test_a_page_read_before_a_meeting_was_called_off_does_not_announce_it_again(as_: Any, act: Any) -> None:
    desk, meeting = as_("secretariat"), make.meeting(published=False)
    here = {"meeting_id": meeting.id, "slug": meeting.slug}
    announce = desk.path("meetings.announce", **here)
    read = desk.get("meetings.preparation", **here).form(announce)
    phase = moved(act, moved(phases.announce, db.session.get_one(Meeting, here["meeting_id"])), reason=REASON).phase
    desk.open("POST", announce, status=409, data=read)
    assert db.session.get_one(Meeting, here["meeting_id"]).phase == phase


@pytest.mark.parametrize("act", [phases.cancel, phases.postpone])
def test_nothing_is_called_off_without_a_reason(app: Flask, act: Any) -> None:
    with pytest.raises(Refused) as refusal:
        act(OPERATOR, make.meeting(), reason=(None, "English only"))
    assert refusal.value.field == "reason_fr"


def test_a_meeting_does_not_come_back_in_the_past(app: Flask) -> None:
    meeting = moved(phases.postpone, make.meeting(), reason=REASON)
    for act in (phases.announce, phases.put_on):
        with pytest.raises(Refused) as refusal:
            act(OPERATOR, meeting, day=clock.today() - timedelta(days=1))
        assert refusal.value.field == "day"


def test_a_meeting_is_held_from_its_first_day_on(app: Flask) -> None:
    with pytest.raises(Refused):
        phases.hold(OPERATOR, make.meeting(in_days=1))
    assert moved(phases.hold, make.meeting(in_days=0)).phase == MeetingPhase.HELD


def test_what_was_held_is_neither_cancelled_nor_held_again(app: Flask) -> None:
    meeting = moved(phases.hold, make.meeting(in_days=0))
    for act in (lambda: phases.cancel(OPERATOR, meeting, reason=REASON), lambda: phases.hold(OPERATOR, meeting)):
        with pytest.raises(IllegalMove):
            act()


def test_announced_hours_stand_until_the_agenda_has_its_own(as_: Any) -> None:
    meeting = moved(phases.announce, make.meeting(published=False))
    link = "https://visio.example.org/x"
    meeting = moved(phases.arrange, meeting, starts=time(14, 30), ends=time(17), remote_link=link)
    page = shown(as_, meeting)
    assert "14\u00a0h\u00a030\u00a0– 17\u00a0h" in page.text
    assert "visio.example.org" not in page.text
    assert "visio.example.org" not in calendar(as_, meeting).text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts": time(14), "ends": time(13)}, "ends"),
        ({"starts": time(14), "ends": time(14)}, "ends"),
        ({"starts": None, "ends": time(14)}, "ends"),
        ({"remote_link": "http://visio.example.org"}, "remote_link"),
        ({"remote_link": "javascript:alert(1)"}, "remote_link"),
        ({"remote_link": "https://"}, "remote_link"),
    ],
)
def test_hours_and_links_that_make_no_sense_are_refused(app: Flask, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        phases.arrange(OPERATOR, make.meeting(), **{"starts": None, "ends": None, "remote_link": None, **values})
    assert refusal.value.field == field


GAP = date(2027, 3, 28)


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ({"starts": time(2, 30), "ends": time(5)}, "starts"),
        ({"starts": time(1, 30), "ends": time(2, 30)}, "ends"),
    ],
)
def test_an_hour_that_the_clocks_skip_is_refused_for_a_meeting_of_that_day(
    app: Flask, hours: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        phases.arrange(OPERATOR, make.meeting(first_day=GAP), remote_link=None, **hours)
    assert refusal.value.field == field


def test_a_meeting_does_not_move_to_a_day_that_has_not_its_hours(app: Flask, at: Any) -> None:
    at("2027-03-01T09:00")
    nightly = moved(phases.arrange, make.meeting(first_day=GAP - timedelta(days=1)), **hours_of(time(2, 30), time(5)))
    slotted = make.meeting(first_day=GAP - timedelta(days=1), slots=[make.slot(start=time(2, 30), end=time(4))])
    for meeting in (nightly, slotted):
        with pytest.raises(Refused) as refusal:
            phases.put_on(OPERATOR, meeting, GAP)
        assert (refusal.value.field, meeting.first_day) == ("day", GAP - timedelta(days=1))
    called_off = moved(phases.postpone, nightly, reason=REASON)
    with pytest.raises(Refused):
        phases.announce(OPERATOR, called_off, day=GAP)


def test_an_agenda_moves_no_meeting_to_a_day_that_has_not_its_announced_hours(app: Flask) -> None:
    eve = GAP - timedelta(days=1)
    nightly = moved(phases.arrange, make.meeting(first_day=eve), **hours_of(time(2, 30), time(5)))
    agenda = make.agenda(nightly)
    agenda["meeting"] |= {"first_day": GAP, "last_day": GAP}
    with pytest.raises(Refused) as refusal:
        service.replace_agenda(OPERATOR, nightly, agenda)
    db.session.rollback()
    assert (refusal.value.field, db.session.get_one(Meeting, nightly.id).first_day) == ("first_day", eve)


def hours_of(starts: time, ends: time) -> dict[str, Any]:
    return {"starts": starts, "ends": ends, "remote_link": None}


def test_an_hour_that_comes_twice_is_the_first_and_the_page_says_so(as_: Any, at: Any) -> None:
    at("2027-03-01T09:00")
    desk, meeting = as_("secretariat"), make.meeting(first_day=date(2027, 10, 31))
    here = {"meeting_id": meeting.id, "slug": meeting.slug}
    desk.post("meetings.arrange", {"starts": "2:30", "ends": "5:00"}, **here)
    assert "Dimanche 31\u00a0octobre 2027" in desk.get("meetings.preparation", **here).words
    event = Calendar.from_ical(calendar(as_, meeting).text).events[0]
    assert event["DTSTART"].dt.utcoffset() == timedelta(hours=2)


def test_two_people_who_change_the_hours_see_both(as_: Any) -> None:
    desk = as_("secretariat")
    meeting = make.meeting()
    address = desk.path("meetings.arrange", meeting_id=meeting.id, slug=meeting.slug)
    read = desk.get(address).form(address)
    moved(phases.arrange, meeting, starts=time(9), ends=time(12), remote_link=None)
    answer = desk.open("POST", address, status=409, data={**read, "starts": "14 h", "ends": "17 h"})
    assert "9\u00a0h" in answer.words and "09:00:00" not in answer.words
    again = answer.form(address)
    assert again["starts"] == "14:00"
    desk.open("POST", address, status=303, data=again)
    assert db.session.get_one(Meeting, meeting.id).starts == time(14)


@pytest.mark.parametrize("typed", ["25:00", "midi", "9" * 300, "14:61", "\x00"])
def test_an_hour_that_is_none_is_refused_and_stays(as_: Any, typed: str) -> None:
    desk = as_("secretariat")
    meeting = make.meeting()
    here = {"meeting_id": meeting.id, "slug": meeting.slug, "lang": "en"}
    answer = desk.post("meetings.arrange", {"starts": typed}, status=422, **here)
    assert "Enter an hour such as 14:30." in answer.words


def test_the_checklist_is_in_the_order_of_a_meeting(app: Flask, as_: Any) -> None:
    desk = as_("secretariat")
    meeting = make.meeting()
    known = registry.current().steps

    def give(_viewer: Any, _meeting: Any) -> list[registry.Step]:
        return [
            registry.Step("held", "Feuille", "/fr/", done=False),
            registry.Step("announced", "Ordre du jour", None, done=True),
        ]

    known.append(give)
    try:
        page = desk.get("meetings.preparation", meeting_id=meeting.id, slug=meeting.slug)
    finally:
        known.remove(give)
    assert page.words.index("Ordre du jour fait") < page.words.index("Feuille à faire")


def test_the_checklist_of_a_hybrid_meeting_asks_for_what_is_missing(app: Flask) -> None:
    actor, body = make.cast("secretariat"), make.body()
    meeting = make.meeting(body=body, in_days=20, published=False, mode=MeetingMode.HYBRID)
    with app.test_request_context("/fr/"):
        found = [(step.phase, str(step.label), step.done, step.due) for step in own_steps.steps(actor, meeting)]
    assert found == [
        ("planned", "Annoncer sa date au public", False, None),
        ("announced", "Fixer ses horaires", False, None),
        ("announced", "Indiquer où se connecter", False, None),
        ("announced", "Publier son ordre du jour", False, clock.today() + timedelta(days=5)),
    ]
    assert list(own_steps.steps(make.cast("member"), meeting)) == []


def test_a_meeting_of_which_nobody_said_that_it_was_held_waits_on_the_desk(app: Flask) -> None:
    body = make.body()
    make.meeting("Oubliée", body=body, in_days=-3)
    make.meeting("À venir", body=body)
    moved(phases.hold, make.meeting("Tenue", body=body, in_days=-4))
    make.meeting("Extérieure", in_days=-3)
    with app.test_request_context("/fr/"):
        found = [(str(one.label), one.due) for one in own_steps.todos(make.cast("secretariat"))]
    assert found == [("Dites si elle s’est tenue\u00a0: Oubliée", clock.today() - timedelta(days=2))]


def test_a_planned_meeting_that_is_cancelled_stays_unknown_to_the_public(as_: Any) -> None:
    meeting = moved(phases.cancel, make.meeting(published=False), reason=REASON)
    assert (meeting.phase, meeting.is_announced, meeting.sequence) == ("cancelled", False, 0)
    shown(as_, meeting, status=404)
    shown(as_, meeting, who="secretariat")
    assert db.session.query(SearchEntry).count() == 0
    back = moved(phases.announce, meeting, day=meeting.first_day)
    assert (back.is_announced, back.sequence) == (True, 0)
    shown(as_, meeting)


def test_an_announced_meeting_that_is_cancelled_stays_public(as_: Any) -> None:
    meeting = moved(phases.cancel, moved(phases.announce, make.meeting(published=False)), reason=REASON)
    shown(as_, meeting)


def test_a_planned_meeting_that_moves_writes_no_line_in_the_public_story(app: Flask) -> None:
    meeting = make.meeting(published=False)
    moved(phases.put_on, meeting, day=meeting.first_day + timedelta(days=3))
    assert story(meeting.id) == [("planned", None)]


def test_the_agenda_of_an_announced_meeting_gives_calendars_a_new_version_of_it(app: Flask) -> None:
    meeting = moved(phases.announce, make.meeting(published=False))
    assert meeting.sequence == 0
    assert moved(service.publish, meeting).sequence == 1


@pytest.mark.parametrize("link", ["https://[", "https://[::1", "http://example.org", "https://"])
def test_a_link_that_is_no_address_is_refused(app: Flask, link: str) -> None:
    with pytest.raises(Refused, match="https"):
        moved(phases.arrange, make.meeting(), starts=None, ends=None, remote_link=link)
