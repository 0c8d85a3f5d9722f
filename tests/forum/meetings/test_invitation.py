"""An entry sent to one person, a feed that is followed: read back by two parsers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from app.forum.meetings import calendar
from app.forum.meetings.calendar import CANCEL, CANCELLED, PUBLISH, REQUEST, Attendee, Conference, Entry, Organizer
from tests.forum.meetings.test_calendar import HOSTILE, lines, named

PARIS = ZoneInfo("Europe/Paris")
LINK = "https://visio.example.org/s/a?b=1;c=2,3&d=é"
CAMILLE = Attendee("Camille Évrard", "camille@example.org")
SECRETARIAT = Organizer("Secrétariat du Forum", "secretariat@example.org")


def entry(**values: Any) -> Entry:
    start = values.pop("starts", datetime(2027, 1, 12, 9, tzinfo=PARIS))
    kept = {
        "uid": "u@localhost", "sequence": 3, "status": "CONFIRMED", "title": "Plénière", "starts": start,
        "ends": start + timedelta(hours=2), "stamp": datetime(2027, 1, 1, 9, tzinfo=UTC), "location": "Paris",
        "description": "9 h : accueil", "url": "http://localhost/fr/meetings/1", "lang": "fr",
    }  # fmt: skip
    return Entry(**{**kept, **values})


def invitation(**values: Any) -> Entry:
    return entry(organizer=SECRETARIAT, attendee=CAMILLE, **values)


def first(raw: bytes) -> Any:
    """By the second parser, which must also be able to write it again."""
    made = vobject.readOne(raw.decode())
    assert made.serialize()
    return made.vevent


def test_an_invitation_names_who_convenes_and_who_is_asked_to_answer() -> None:
    raw = calendar.write("x", [invitation()], method=REQUEST)
    (found,) = icalendar.Calendar.from_ical(raw).events
    assert lines(raw)[:5] == [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{calendar.PRODID}", "CALSCALE:GREGORIAN", "METHOD:REQUEST",
    ]  # fmt: skip
    assert (found["ORGANIZER"], found["ORGANIZER"].params["CN"]) == ("mailto:secretariat@example.org", SECRETARIAT.name)
    assert found["ATTENDEE"] == "mailto:camille@example.org"
    assert dict(found["ATTENDEE"].params) == {
        "CN": "Camille Évrard", "CUTYPE": "INDIVIDUAL", "PARTSTAT": "NEEDS-ACTION", "ROLE": "REQ-PARTICIPANT",
        "RSVP": "TRUE",
    }  # fmt: skip
    seen = first(raw)
    assert (seen.attendee.value, seen.attendee.params["PARTSTAT"]) == ("mailto:camille@example.org", ["NEEDS-ACTION"])
    assert (seen.organizer.value, seen.sequence.value, seen.transp.value) == (
        "mailto:secretariat@example.org", "3", "OPAQUE",
    )  # fmt: skip


def test_who_is_informed_is_not_asked_to_answer() -> None:
    told = replace(CAMILLE, role="OPT-PARTICIPANT", partstat="ACCEPTED", rsvp=False)
    raw = calendar.write("x", [entry(organizer=SECRETARIAT, attendee=told)], method=REQUEST)
    params = first(raw).attendee.params
    assert [params[name] for name in ("ROLE", "PARTSTAT", "RSVP")] == [["OPT-PARTICIPANT"], ["ACCEPTED"], ["FALSE"]]


def test_a_cancellation_keeps_the_identity_and_frees_the_time() -> None:
    raw = calendar.write("x", [invitation(sequence=4)], method=CANCEL)
    found = first(raw)
    assert (found.uid.value, found.sequence.value, found.status.value, found.transp.value) == (
        "u@localhost", "4", CANCELLED, "TRANSPARENT",
    )  # fmt: skip
    assert "METHOD:CANCEL" in lines(raw)


def test_the_remote_link_is_where_calendars_and_people_look() -> None:
    raw = calendar.write("x", [invitation(conference=Conference(LINK, "À distance\u00a0:"))], method=REQUEST)
    (line,) = named(raw, "CONFERENCE")
    encoded = LINK.replace("é", "%C3%A9")
    assert line == f"CONFERENCE;FEATURE=VIDEO;LABEL=À distance;VALUE=URI:{encoded}"
    assert first(raw).description.value == f"9 h : accueil\n\nÀ distance\u00a0: {LINK}"


@pytest.mark.parametrize("method", [None, PUBLISH])
@pytest.mark.parametrize("private", [{"attendee": CAMILLE}, {"conference": Conference(LINK, "À distance")}])
def test_a_public_file_with_a_person_or_a_remote_link_is_never_written(
    method: str | None, private: dict[str, Any]
) -> None:
    with pytest.raises(calendar.NotPublishable):
        calendar.write("x", [entry(), entry(**private)], method=method)


@pytest.mark.parametrize("method", [REQUEST, CANCEL])
@pytest.mark.parametrize("lacking", [{"attendee": CAMILLE}, {"organizer": SECRETARIAT}])
def test_a_message_to_nobody_or_from_nobody_is_never_written(method: str, lacking: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="u@localhost"):
        calendar.write("x", [entry(**lacking)], method=method)


def test_a_feed_says_how_often_to_ask_and_keeps_what_was_cancelled() -> None:
    entries = [entry(), entry(uid="v@localhost", status=CANCELLED), entry(uid="w@localhost", transparent=True)]
    raw = calendar.write("Le Forum", entries, method=PUBLISH, refresh=timedelta(hours=12))
    head = lines(raw)[: lines(raw).index("BEGIN:VEVENT")]
    assert {"METHOD:PUBLISH", "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H", "NAME:Le Forum",
            "X-WR-CALNAME:Le Forum"} <= set(head)  # fmt: skip
    seen = vobject.readOne(raw.decode()).vevent_list
    assert [(one.status.value, one.transp.value) for one in seen] == [
        ("CONFIRMED", "OPAQUE"), ("CANCELLED", "TRANSPARENT"), ("CONFIRMED", "TRANSPARENT"),
    ]  # fmt: skip


def test_a_message_to_a_person_is_not_a_calendar_to_follow() -> None:
    assert not [line for line in lines(calendar.write("x", [invitation()], method=REQUEST)) if "CALNAME" in line]


def test_an_empty_feed_is_a_calendar() -> None:
    assert vobject.readOne(calendar.write("x", [], method=PUBLISH).decode()).name == "VCALENDAR"


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (datetime(2027, 3, 28, 1, 30, tzinfo=PARIS), datetime(2027, 3, 28, 3, 30, tzinfo=PARIS)),
        (datetime(2027, 10, 31, 1, 30, tzinfo=PARIS), datetime(2027, 10, 31, 3, 30, tzinfo=PARIS)),
        (datetime(2027, 10, 31, 2, 30, tzinfo=PARIS), datetime(2027, 10, 31, 2, 30, tzinfo=PARIS, fold=1)),
        (datetime(2027, 3, 27, 14, tzinfo=PARIS), datetime(2027, 3, 29, 12, tzinfo=PARIS)),
        (datetime(2027, 10, 30, 14, tzinfo=PARIS), datetime(2027, 11, 1, 12, tzinfo=PARIS)),
    ],
)
def test_the_days_when_the_clocks_change_keep_every_instant(starts: datetime, ends: datetime) -> None:
    raw = calendar.write("x", [invitation(starts=starts, ends=ends)], method=REQUEST)
    (found,) = icalendar.Calendar.from_ical(raw).events
    seen, expected = first(raw), [one.astimezone(UTC) for one in (starts, ends)]
    assert [one.astimezone(UTC) for one in (found.start, found.end)] == expected
    assert [one.value.astimezone(UTC) for one in (seen.dtstart, seen.dtend)] == expected


def test_days_without_hours_count_the_last_one() -> None:
    made = invitation(starts=date(2027, 3, 27), ends=date(2027, 3, 29))
    seen = first(calendar.write("x", [made], method=REQUEST))
    assert (seen.dtstart.value, seen.dtend.value) == (date(2027, 3, 27), date(2027, 3, 30))


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_name_address_or_link_adds_no_line(value: str) -> None:
    made = entry(
        organizer=Organizer(value, value), attendee=Attendee(value, value), conference=Conference(value, value)
    )
    raw = calendar.write(value, [made], method=REQUEST)
    names = [line.split(":")[0].split(";")[0] for line in lines(raw)]
    assert (names.count("ATTACH"), names.count("BEGIN")) == (0, names.count("END"))
    assert [names.count(one) for one in ("ORGANIZER", "ATTENDEE", "CONFERENCE", "UID", "METHOD")] == [1] * 5
    expected = " ".join(calendar.CONTROL.sub("", value).replace('"', "”").replace("\\", " ").split())
    assert first(raw).attendee.params["CN"] == [expected]
    assert icalendar.Calendar.from_ical(raw).events[0]["ATTENDEE"].params["CN"] == expected
