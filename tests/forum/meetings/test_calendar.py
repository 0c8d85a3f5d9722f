"""The calendar entry, read back by vobject and by a second, hand-written reader."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from flask import Flask

from app.accounts.policy import OPERATOR
from app.core import clock
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.meetings import calendar, service
from app.forum.meetings.models import Meeting
from tests import make
from tests.support import hostile

PARIS = ZoneInfo("Europe/Paris")
HOSTILE = [
    "a;b,c\\d:e\"f", "a\nb", "a\r\nATTACH:http://evil.example/x", "a\rEND:VEVENT\rBEGIN:VALARM", "x" * 400, "é" * 200,
    "👩\u200d👩\u200d👧" * 30, "a\x00b\x07c\x1bd", "a\x85b\x9bc", "a\u2028b\u2029c", "\\n\\;\\,", "=1+1",
]  # fmt: skip


def lines(raw: bytes) -> list[str]:
    """Unfolded by hand (RFC 5545, 3.1), after the form of each physical line was checked."""
    assert raw.endswith(b"\r\n")
    physical = raw.removesuffix(b"\r\n").split(b"\r\n")
    assert all(b"\r" not in one and b"\n" not in one for one in physical)
    assert max(len(one) for one in physical) <= 75
    return raw.replace(b"\r\n ", b"").replace(b"\r\n\t", b"").decode().removesuffix("\r\n").split("\r\n")


def unescaped(value: str) -> str:
    for escaped, plain in (("\\n", "\n"), ("\\N", "\n"), ("\\;", ";"), ("\\,", ",")):
        value = value.replace("\\\\", "\x00").replace(escaped, plain).replace("\x00", "\\\\")
    return value.replace("\\\\", "\\")


def named(raw: bytes, name: str) -> list[str]:
    """The lines of that name, in the event alone for what a time zone has too."""
    found = lines(raw)
    found = found if name == "TZID" else found[found.index("BEGIN:VEVENT") :]
    return [line for line in found if line.split(";")[0].split(":")[0] == name]


def entry(client: Any, meeting: Meeting | dict[str, Any], lang: str = "fr") -> bytes:
    place = meeting if isinstance(meeting, dict) else {"meeting_id": meeting.id, "slug": meeting.slug}
    answer = client.get("meetings.entry", lang=lang, **place)
    assert answer.response.mimetype == "text/calendar"
    data: bytes = answer.response.data
    return data


def event(raw: bytes) -> Any:
    return vobject.readOne(raw.decode()).vevent


def test_a_meeting_with_hours_carries_its_zone(as_: Any) -> None:
    meeting = make.meeting(first_day=date(2027, 1, 12), slots=[
        make.slot("a", start=time(9), end=time(10)), make.slot("b"),
        make.slot("c", start=time(14), end=time(17, 30))])  # fmt: skip
    raw = entry(as_("visitor"), meeting)
    assert named(raw, "DTSTART")[0] == "DTSTART;TZID=Europe/Paris:20270112T090000"
    assert named(raw, "DTEND")[0] == "DTEND;TZID=Europe/Paris:20270112T173000"
    assert named(raw, "TZID") == ["TZID:Europe/Paris"]
    assert lines(raw).count("BEGIN:VTIMEZONE") == 1
    assert event(raw).dtstart.value.astimezone(UTC) == datetime(2027, 1, 12, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "start", "end", "utc", "hours"),
    [
        (date(2027, 3, 28), time(1, 30), time(3, 30), datetime(2027, 3, 28, 0, 30, tzinfo=UTC), 1),
        (date(2027, 10, 31), time(1, 30), time(3, 30), datetime(2027, 10, 30, 23, 30, tzinfo=UTC), 3),
        (date(2028, 2, 29), time(9), time(11), datetime(2028, 2, 29, 8, tzinfo=UTC), 2),
        (date(2026, 12, 31), time(22), time(23, 59), datetime(2026, 12, 31, 21, tzinfo=UTC), 1),
    ],
)
def test_the_hours_are_right_when_the_clocks_change(
    as_: Any, day: date, start: time, end: time, utc: datetime, hours: int
) -> None:
    raw = entry(as_("visitor"), make.meeting(first_day=day, slots=[make.slot(start=start, end=end)]))
    found = event(raw)
    begins, ends = found.dtstart.value.astimezone(UTC), found.dtend.value.astimezone(UTC)
    assert (begins, (ends - begins) // timedelta(hours=1)) == (utc, hours)


@pytest.mark.parametrize("lasts", [1, 3])
def test_a_meeting_without_hours_lasts_whole_days(as_: Any, lasts: int) -> None:
    raw = entry(as_("visitor"), make.meeting(first_day=date(2027, 3, 27), lasts=lasts, slots=[make.slot()]))
    assert named(raw, "DTSTART") == ["DTSTART;VALUE=DATE:20270327"]
    assert named(raw, "DTEND") == [f"DTEND;VALUE=DATE:202703{27 + lasts}"]
    assert "BEGIN:VTIMEZONE" not in lines(raw)


def test_an_end_that_is_not_printed_is_not_invented(as_: Any) -> None:
    raw = entry(as_("visitor"), make.meeting(slots=[make.slot(start=time(9))]))
    assert (len(named(raw, "DTSTART")), named(raw, "DTEND")) == (1, [])


def test_a_day_outside_the_range_and_an_optional_slot_do_not_count(as_: Any) -> None:
    meeting = make.meeting(first_day=date(2027, 1, 12))
    days = [
        {"date": date(2027, 1, 11), "slots": [make.slot("a", start=time(7), end=time(8))]},
        {"date": date(2027, 1, 12), "slots": [make.slot("b", start=time(9), end=time(10)),
                                              make.slot("c", start=time(20), end=time(22), optional=True)]},
        {"date": date(2027, 1, 13), "slots": [make.slot("d", start=time(9), end=time(23))]},
    ]  # fmt: skip
    with writing():
        service.replace_agenda(OPERATOR, meeting, make.agenda(meeting, *days))
    raw = entry(as_("visitor"), meeting)
    assert (named(raw, "DTSTART")[0][-15:], named(raw, "DTEND")[0][-15:]) == ("20270112T090000", "20270112T100000")


def test_one_entry_for_life_whose_sequence_grows(as_: Any) -> None:
    meeting = make.meeting()
    place = {"meeting_id": meeting.id, "slug": meeting.slug}
    visitor, seen = as_("visitor"), []
    for _ in range(3):
        for lang in ("fr", "en"):
            raw = entry(visitor, place, lang)
            seen.append((named(raw, "UID"), named(raw, "SEQUENCE"), named(raw, "STATUS")))
        with writing():
            service.revise(OPERATOR, db.session.get_one(Meeting, place["meeting_id"]))
    uid = seen[0][0]
    assert seen == [([*uid], [f"SEQUENCE:{n}"], ["STATUS:CONFIRMED"]) for n in (0, 0, 1, 1, 2, 2)]
    assert uid[0].endswith("@localhost")


def test_two_meetings_have_two_identities(as_: Any) -> None:
    raws = [entry(as_("visitor"), make.meeting()) for _ in range(2)]
    assert named(raws[0], "UID") != named(raws[1], "UID")


def test_a_draft_is_tentative_and_for_the_secretariat_alone(as_: Any) -> None:
    draft = make.meeting(published=False)
    place = {"meeting_id": draft.id, "slug": draft.slug}
    as_("visitor").get("meetings.entry", status=404, **place)
    assert named(entry(as_("secretariat"), place), "STATUS") == ["STATUS:TENTATIVE"]


@pytest.mark.parametrize(("lang", "title"), [("fr", "Titre"), ("en", "Title")])
def test_texts_are_in_the_language_of_the_address(as_: Any, lang: str, title: str) -> None:
    meeting = make.meeting("Titre", "Title", place_fr="Paris", place_en="Paris, France")
    raw = entry(as_("visitor"), meeting, lang)
    assert named(raw, "SUMMARY") == [f"SUMMARY;LANGUAGE={lang}:{title}"]
    assert named(raw, "URL")[0].startswith(f"URL:http://localhost/{lang}/meetings/")
    assert named(raw, "LOCATION")[0].startswith(f"LOCATION;LANGUAGE={lang}:Paris")


@pytest.mark.parametrize("title", [*HOSTILE, *hostile.XSS[:10], *hostile.CSV_FORMULAS])
def test_a_hostile_title_stays_inside_its_line(title: str) -> None:
    instant = datetime(2027, 1, 1, 9, tzinfo=PARIS)
    end = instant + timedelta(hours=1)
    made = calendar.Entry(
        "u@localhost", 1, "CONFIRMED", title, instant, end, instant, title, title, "http://localhost/", "fr"
    )  # fmt: skip
    raw = calendar.write("x", [made])
    names = [line.split(":")[0].split(";")[0] for line in lines(raw)]
    once = ("SUMMARY", "LOCATION", "DESCRIPTION", "UID")
    assert (names.count("ATTACH"), names.count("BEGIN"), [names.count(name) for name in once]) == (
        0,
        names.count("END"),
        [1] * 4,
    )
    expected = calendar.CONTROL.sub("", title)
    assert unescaped(named(raw, "SUMMARY")[0].partition(":")[2]) == expected
    assert icalendar.Calendar.from_ical(raw).events[0]["SUMMARY"] == expected
    assert event(raw).summary.value == expected


def test_hostile_titles_survive_the_whole_way(as_: Any) -> None:
    for title in HOSTILE:
        shown = title.replace("\x00", "")
        raw = entry(as_("visitor", strict=False), make.meeting(shown))
        assert icalendar.Calendar.from_ical(raw).events[0]["SUMMARY"] == calendar.CONTROL.sub("", shown)


def test_the_programme_is_told_in_lines(as_: Any) -> None:
    meeting = make.meeting(
        first_day=date(2027, 1, 12),
        slots=[make.slot("a", start=time(9, 30), end=time(10)), make.slot("b", optional=True)],
    )
    text = event(entry(as_("visitor"), meeting, "en")).description.value
    assert text.splitlines() == [
        "Tuesday 12\u00a0January 2027",
        "09:30 An item",
        "An item (optional)",
        "",
        f"http://localhost/en/meetings/{meeting_path(meeting)}",
    ]


def meeting_path(meeting: Meeting) -> str:
    made = db.session.merge(meeting, load=True)
    return f"{made.id}-{made.slug}"


def test_the_file_has_a_name_without_surprise(as_: Any) -> None:
    meeting = make.meeting('A"; filename=x.exe\u202e', "b")
    answer = as_("visitor", strict=False).get("meetings.entry", meeting_id=meeting.id, slug=meeting.slug)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a-filename-x-exe.ics"'


def test_the_stamp_is_that_of_the_version(app: Flask, as_: Any, at: Any) -> None:
    at("2027-01-01T10:00")
    meeting = make.meeting()
    place = {"meeting_id": meeting.id, "slug": meeting.slug}
    at("2027-01-05T10:00")
    assert named(entry(as_("visitor"), place), "DTSTAMP") == ["DTSTAMP:20270101T090000Z"]
    with writing():
        service.revise(OPERATOR, db.session.get_one(Meeting, place["meeting_id"]))
    assert named(entry(as_("visitor"), place), "DTSTAMP") == ["DTSTAMP:20270105T090000Z"]
    assert clock.now() == datetime(2027, 1, 5, 9, tzinfo=UTC)
