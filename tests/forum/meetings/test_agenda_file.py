"""The agenda file, rule by rule: no application, no database."""

import csv
import io
import unicodedata
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.forum.meetings import agenda_csv, agenda_file, agenda_yaml
from app.forum.meetings.agenda_file import FaultyFile, dump_csv, dump_yaml, parse_csv, parse_yaml

REAL = (Path(__file__).parents[3] / "app/demo/oecd-agenda-2023.yaml").read_bytes()
SMALL = """\
meeting:
  title_fr: "Réunion"
  title_en: "Meeting"
  first_day: 2027-03-27
  last_day: 2027-03-28
  timezone: Europe/Paris
  contact: {channels: [email]}
venues:
  hall:
    building_fr: "Mairie"
    address: "1 place de la Mairie"
days:
  - date: 2027-03-27
    slots:
      - id: slot-1
        start: "10:00"
        end: "11:00"
        kind: session
        number: 1
        title_fr: "Première session"
        venue: hall
  # The clocks go forward that night.
  - date: 2027-03-28
    slots:
      - id: slot-2
        start: null
        end: null
        kind: closing
        title_fr: "Clôture"
"""


def small(*changes: tuple[str, str]) -> bytes:
    text = SMALL
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text.encode("utf-8", "surrogatepass")


HEADER_LINE = (",".join(agenda_csv.COLUMNS) + "\n").encode()


def table_of_people(people: str) -> bytes:
    return HEADER_LINE + ("2027-01-01,a" + "," * agenda_csv.COLUMNS[1:].index("people_fr") + people + "\n").encode()


def faults(raw: bytes) -> list[tuple[int, str, str]]:
    return caught(lambda: parse_yaml(raw))


def caught(parse: Any) -> list[tuple[int, str, str]]:
    with pytest.raises(FaultyFile) as caught_file:
        parse()
    return [(fault.line, fault.where, str(fault.message)) for fault in caught_file.value.faults]


def changed(*changes: tuple[str, str]) -> list[tuple[int, str, str]]:
    return faults(small(*changes))


# -- what is read


def test_the_real_file_is_read():
    data = parse_yaml(REAL)
    assert (
        data["meeting"]["title"]["en"]
        == "42nd Annual Meeting of the Network of Senior Officials from Centres of Government"
    )
    assert [len(day["slots"]) for day in data["days"]] == [1, 9, 1]
    assert data["days"][1]["slots"][6]["start"] == time(15, 30)
    assert data["days"][2]["slots"][0]["optional"] is True


def test_what_is_absent_has_its_default():
    assert parse_yaml(small()) == {
        "meeting": {
            "title": {"fr": "Réunion", "en": "Meeting"},
            "theme": None,
            "series_number": None,
            "date_label": None,
            "first_day": date(2027, 3, 27),
            "last_day": date(2027, 3, 28),
            "timezone": "Europe/Paris",
            "place": None,
            "organisers": [],
            "document_status": "draft",
            "meeting_chair": None,
            "contact": {"channels": ["email"], "attached_to": None},
        },
        "venues": {
            "hall": {
                "room": None,
                "building": {"fr": "Mairie", "en": None},
                "access": None,
                "address": "1 place de la Mairie",
                "as_printed": None,
            }
        },
        "days": [
            {
                "date": date(2027, 3, 27),
                "slots": [
                    {
                        **NOTHING,
                        "id": "slot-1",
                        "start": time(10),
                        "end": time(11),
                        "kind": "session",
                        "number": 1,
                        "title": {"fr": "Première session", "en": None},
                        "venue": "hall",
                    }
                ],
            },
            {
                "date": date(2027, 3, 28),
                "slots": [{**NOTHING, "id": "slot-2", "kind": "closing", "title": {"fr": "Clôture", "en": None}}],
            },
        ],
    }


NOTHING: dict[str, Any] = {
    "start": None,
    "end": None,
    "number": None,
    "description": None,
    "venue": None,
    "optional": False,
    "format": None,
    "speaking_time_minutes": None,
    "host": None,
    "chair": None,
    "speakers": [],
    "questions": [],
    "references": [],
    "note": None,
}

OPTIONAL = (
    "theme_fr theme_en theme series_number date_label_fr date_label place_fr organisers document_status meeting_chair"
)


@pytest.mark.parametrize("key", OPTIONAL.split())
def test_an_optional_key_with_null_is_an_absent_key(key):
    raw = small(("  timezone: Europe/Paris\n", f"  timezone: Europe/Paris\n  {key}: null\n"))
    assert parse_yaml(raw) == parse_yaml(small())


@pytest.mark.parametrize(
    "key", ["number", "description_fr", "optional", "format", "host", "speakers", "questions", "references", "note"]
)
def test_an_optional_key_of_a_slot_with_null_is_an_absent_key(key):
    raw = small(('        title_fr: "Clôture"\n', f'        title_fr: "Clôture"\n        {key}: null\n'))
    assert parse_yaml(raw) == parse_yaml(small())


def test_the_two_forms_of_a_pair_mean_the_same():
    raw = small(('  title_fr: "Réunion"\n  title_en: "Meeting"\n', "  title: {fr: Réunion, en: Meeting}\n"))
    assert parse_yaml(raw) == parse_yaml(small())


def test_text_is_composed_and_the_blanks_around_it_go():
    decomposed = unicodedata.normalize("NFD", "Réunion")
    assert parse_yaml(small(('"Réunion"', f'"\u00a0 {decomposed} "'))) == parse_yaml(small())


def test_a_byte_order_mark_and_windows_line_ends_change_nothing():
    assert parse_yaml(b"\xef\xbb\xbf" + small().replace(b"\n", b"\r\n")) == parse_yaml(small())


def test_an_hour_that_comes_twice_is_accepted():
    raw = small(
        ("last_day: 2027-03-28", "last_day: 2027-04-28"),
        ("date: 2027-03-28", "date: 2027-10-31"),
        ("start: null", 'start: "02:30"'),
        ("end: null", 'end: "02:45"'),
    )
    assert parse_yaml(raw)["days"][1]["slots"][0]["start"] == time(2, 30)
    assert parse_yaml(raw)["days"][1]["slots"][0]["start"].fold == 0


def test_a_start_without_an_end_is_accepted():
    assert parse_yaml(small(("start: null", 'start: "18:00"')))["days"][1]["slots"][0]["end"] is None


def test_a_day_outside_the_range_and_a_day_without_slots_are_accepted():
    raw = small() + b"  - {date: 2027-05-01, slots: []}\n"
    assert parse_yaml(raw)["days"][2] == {"date": date(2027, 5, 1), "slots": []}


def test_no_venue_at_all_is_accepted():
    raw = small(("        venue: hall\n", ""), (SMALL[SMALL.index("venues:") : SMALL.index("days:")], "venues: {}\n"))
    assert parse_yaml(raw)["venues"] == {}


def test_the_texts_in_french_only_are_listed():
    expected = ["venues.hall.building", "days[0].slots[0].title", "days[1].slots[0].title"]
    assert agenda_file.missing_translations(parse_yaml(small())) == expected
    assert agenda_file.missing_translations(parse_yaml(REAL)) == []


# -- one value


HERE = "days[1].slots[0]"
ONE_LINE_FAULTS = [
    ("start: null", "start: 10:00", 26, f"{HERE}.start", 'Write the time between quotes, for example "09:30".'),
    ("start: null", "start: 09:30", 26, f"{HERE}.start", 'Write the time between quotes, for example "09:30".'),
    ("start: null", "start: 600", 26, f"{HERE}.start", 'Write the time between quotes, for example "09:30".'),
    ("start: null", 'start: "9:30"', 26, f"{HERE}.start", 'A time is expected, from "00:00" to "23:59".'),
    ("start: null", 'start: "24:00"', 26, f"{HERE}.start", 'A time is expected, from "00:00" to "23:59".'),
    ("start: null", 'start: "10:00\\n"', 26, f"{HERE}.start", 'A time is expected, from "00:00" to "23:59".'),
    ("start: null", 'start: "١٠:٠٠"', 26, f"{HERE}.start", 'A time is expected, from "00:00" to "23:59".'),
    ("end: null", 'end: "10:00"', 27, f"{HERE}.end", "There is an end without a start."),
    (
        'end: "11:00"',
        'end: "10:00"',
        17,
        "days[0].slots[0].end",
        "The end must be after the start; a slot may not go past midnight.",
    ),
    (
        'end: "11:00"',
        'end: "00:30"',
        17,
        "days[0].slots[0].end",
        "The end must be after the start; a slot may not go past midnight.",
    ),
    ("first_day: 2027-03-27", "first_day: 2027-02-29", 4, "meeting.first_day", "The day 2027-02-29 does not exist."),
    ("first_day: 2027-03-27", "first_day: 2027-13-01", 4, "meeting.first_day", "The day 2027-13-01 does not exist."),
    (
        "first_day: 2027-03-27",
        "first_day: 27/03/2027",
        4,
        "meeting.first_day",
        "A date is expected, written YYYY-MM-DD.",
    ),
    (
        "first_day: 2027-03-27",
        "first_day: 2027-03-27 10:00:00",
        4,
        "meeting.first_day",
        "A date is expected, written YYYY-MM-DD.",
    ),
    (
        "first_day: 2027-03-27",
        "first_day: [2027-03-27]",
        4,
        "meeting.first_day",
        "A date is expected, written YYYY-MM-DD.",
    ),
    ("first_day: 2027-03-27", "first_day: 1989-12-31", 4, "meeting.first_day", "The year must be from 1990 to 2100."),
    ("last_day: 2027-03-28", "last_day: 2101-01-01", 5, "meeting.last_day", "The year must be from 1990 to 2100."),
    ("last_day: 2027-03-28", "last_day: 2027-03-26", 5, "meeting.last_day", "The last day is before the first day."),
    ("last_day: 2027-03-28", "last_day: 2027-05-26", 5, "meeting.last_day", "The meeting is longer than 60 days."),
    ("last_day: 2027-03-28", "last_day: null", 5, "meeting.last_day", "This key is required."),
    (
        "timezone: Europe/Paris",
        "timezone: Europe/Lutèce",
        6,
        "meeting.timezone",
        "“Europe/Lutèce” is not the name of a time zone, such as Europe/Paris.",
    ),
    (
        "timezone: Europe/Paris",
        "timezone: ../../etc/passwd",
        6,
        "meeting.timezone",
        "“../../etc/passwd” is not the name of a time zone, such as Europe/Paris.",
    ),
    (
        "timezone: Europe/Paris",
        "timezone: Europe",
        6,
        "meeting.timezone",
        "“Europe” is not the name of a time zone, such as Europe/Paris.",
    ),
    ("channels: [email]", "channels: []", 7, "meeting.contact.channels", "This list must not be empty."),
    (
        "channels: [email]",
        "channels: [fax]",
        7,
        "meeting.contact.channels[0]",
        "“fax” is not one of: email, phone, form.",
    ),
    ("channels: [email]", "channels: email", 7, "meeting.contact.channels", "A list is expected here."),
    (
        "channels: [email]",
        "channels: [email], attached_to: slot-9",
        7,
        "meeting.contact.attached_to",
        "No slot has the identifier “slot-9”.",
    ),
    ('title_fr: "Réunion"', 'title_fr: ""', 2, "meeting.title_fr", "The French text is required."),
    ('title_fr: "Réunion"', 'title_fr: " \u00a0\u200b"', 2, "meeting.title_fr", "The French text is required."),
    ('title_fr: "Réunion"', "title_fr: null", 2, "meeting.title_fr", "The French text is required."),
    (
        'title_fr: "Réunion"',
        "title_fr: 2027",
        2,
        "meeting.title_fr",
        "Text is expected here: write the value between quotes.",
    ),
    (
        'title_fr: "Réunion"',
        "title_fr: no",
        2,
        "meeting.title_fr",
        "Text is expected here: write the value between quotes.",
    ),
    ('title_fr: "Réunion"', "title_fr: [a]", 2, "meeting.title_fr", "Text is expected here."),
    (
        'title_fr: "Réunion"',
        f'title_fr: "{"é" * 501}"',
        2,
        "meeting.title_fr",
        "This text has 501 characters; the limit is 500.",
    ),
    ('title_fr: "Réunion"', 'title_fr: "a\\nb"', 2, "meeting.title_fr", "This text must be on one line."),
    (
        'title_fr: "Réunion"',
        'title_fr: "a\\0b"',
        2,
        "meeting.title_fr",
        "The character U+0000 is not allowed in a text.",
    ),
    (
        'title_fr: "Réunion"',
        'title_fr: "a\\eb"',
        2,
        "meeting.title_fr",
        "The character U+001B is not allowed in a text.",
    ),
    (
        'title_fr: "Réunion"',
        'title_fr: "a\u202eb"',
        2,
        "meeting.title_fr",
        "The character U+202E is not allowed in a text.",
    ),
    ('title_fr: "Réunion"', 'title_fr: "a\x1bb"', 2, "", "The character U+001B is not allowed in a text."),
    ('address: "1 place de la Mairie"', 'address: " "', 11, "venues.hall.address", "This text must not be empty."),
    (
        'address: "1 place de la Mairie"',
        f'address: "{"a" * 301}"',
        11,
        "venues.hall.address",
        "This text has 301 characters; the limit is 300.",
    ),
    ("number: 1", "number: 0", 19, "days[0].slots[0].number", "The number must be from 1 to 100000."),
    ("number: 1", "number: 100001", 19, "days[0].slots[0].number", "The number must be from 1 to 100000."),
    ("number: 1", f"number: {'9' * 5000}", 19, "days[0].slots[0].number", "The number must be from 1 to 100000."),
    ("number: 1", "number: true", 19, "days[0].slots[0].number", "A whole number is expected, without quotes."),
    ("number: 1", 'number: "1"', 19, "days[0].slots[0].number", "A whole number is expected, without quotes."),
    ("number: 1", "number: 1.0", 19, "days[0].slots[0].number", "A whole number is expected, without quotes."),
    ("number: 1", "number: 010", 19, "days[0].slots[0].number", "A whole number is expected, without quotes."),
    ("number: 1", "optional: yes", 19, "days[0].slots[0].optional", "true or false is expected, without quotes."),
    ("kind: closing", "format: speech", 28, f"{HERE}.format", "“speech” is not one of: tour_de_table."),
    (
        "id: slot-2",
        "id: slot 2",
        25,
        f"{HERE}.id",
        "An identifier has only letters without accents, digits, dots, hyphens and underscores.",
    ),
    ("id: slot-2", f"id: {'a' * 81}", 25, f"{HERE}.id", "This text has 81 characters; the limit is 80."),
    ("id: slot-2", "id: slot-1", 25, f"{HERE}.id", "Another slot has the identifier “slot-1”."),
    (
        "venue: hall",
        "venue: cellar",
        21,
        "days[0].slots[0].venue",
        "The venue “cellar” is not among the venues of this file.",
    ),
    (
        "  hall:\n",
        "  great hall:\n",
        9,
        "venues.great hall",
        "An identifier has only letters without accents, digits, dots, hyphens and underscores.",
    ),
    ("date: 2027-03-28", "date: 2027-03-27", 23, "days[1].date", "The day 2027-03-27 is written twice."),
    ("date: 2027-03-28", "date: 2027-03-20", 23, "days[1].date", "The days must be in the order of the dates."),
    ("  timezone", "  titel: x\n  timezone", 6, "meeting.titel", "This key is unknown."),
    ("venues:\n", "colour: blue\nvenues:\n", 8, "colour", "This key is unknown."),
    ("  timezone", "  title_fr: x\n  timezone", 6, "meeting.title_fr", "This key is written twice."),
    (
        "  timezone",
        "  title: {fr: x}\n  timezone",
        6,
        "meeting.title",
        "This text is written twice: keep one of the two forms.",
    ),
    ("  timezone", "  place: Paris\n  timezone", 6, "meeting.place", "Keys with their values are expected here."),
    ("  timezone", "  theme_en: x\n  timezone", 6, "meeting.theme_fr", "The French text is required."),
    (
        "  timezone",
        "  organisers: [{en: x}]\n  timezone",
        6,
        "meeting.organisers[0].fr",
        "The French text is required.",
    ),
    (
        "  timezone",
        "  meeting_chair: {name: A}\n  timezone",
        6,
        "meeting.meeting_chair.function_fr",
        "The French text is required.",
    ),
    (
        "  timezone",
        "  document_status: final\n  timezone",
        6,
        "meeting.document_status",
        "“final” is not one of: draft, published, revised.",
    ),
    ("  timezone", "  <<: {a: b}\n  timezone", 6, "meeting.<<", "This key is unknown."),
    ("  timezone", "  ? [a]\n  : b\n  timezone", 6, "", "A key must be a word."),
    ('title_en: "Meeting"', 'title_en: &a "Meeting"', 3, "", "Anchors (&) are not accepted."),
    ('title_en: "Meeting"', "title_en: *a", 3, "", "Aliases (*) are not accepted: write the value again."),
    ('title_en: "Meeting"', "title_en: !!str Meeting", 3, "", "YAML tags (!) are not accepted."),
    ('title_en: "Meeting"', "title_en: !!python/object/apply:os.system [ls]", 3, "", "YAML tags (!) are not accepted."),
]


@pytest.mark.parametrize(("before", "after", "line", "where", "message"), ONE_LINE_FAULTS)
def test_a_fault_is_at_its_line(before, after, line, where, message):
    # An anchor, a tag or a repeated key may bring a second fault; this one must be there.
    assert (line, where, message) in changed((before, after))


SPREADING = ("!!python", "first_day: 1989", "last_day: 2101")


@pytest.mark.parametrize(
    ("before", "after", "line", "where", "message"),
    [
        case
        for case in ONE_LINE_FAULTS
        if not any(start in case[1] for start in SPREADING)
        and "number: 1" not in case[:1]
        and "kind: closing" not in case[:1]
    ],
)
def test_a_fault_brings_no_other(before, after, line, where, message):
    expected = [(line, where, message)]
    extra = [fault for fault in changed((before, after)) if fault not in expected]
    # The venue that loses its key is still asked for by its slot.
    assert [where for _, where, _ in extra] == (["days[0].slots[0].venue"] if "great hall" in after else [])


def test_an_hour_that_does_not_exist_is_a_fault_at_its_line():
    message = "02:30 does not exist on that day: the clocks of Europe/Paris go forward over it."
    assert changed(("start: null", 'start: "02:30"')) == [(26, "days[1].slots[0].start", message)]


def test_the_same_hour_exists_in_another_zone():
    raw = small(("start: null", 'start: "02:30"'), ("Europe/Paris", "Africa/Tunis"))
    assert parse_yaml(raw)["days"][1]["slots"][0]["start"] == time(2, 30)


def test_a_number_is_unique_for_one_kind():
    closing = ("kind: closing", "kind: session\n        number: 1")
    expected = [(29, "days[1].slots[0].number", "Another slot of this kind has the number 1.")]
    assert changed(closing) == expected
    assert (
        parse_yaml(small(("kind: closing", "kind: workshop\n        number: 1")))["days"][1]["slots"][0]["number"] == 1
    )


@pytest.mark.parametrize("key", ["start", "end"])
def test_start_and_end_are_required_keys(key):
    where = f"days[1].slots[0].{key}"
    assert changed((f"        {key}: null\n", "")) == [(25, where, "This key is required.")]


URL = "An absolute http or https address is expected, without user name or password."


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://a.fr/x",
        "//a.fr/x",
        "/x",
        "https://",
        "https:///x",
        "http://u:p@a.fr/",
        "https://u@a.fr",
        "https://a.fr:x/",
        "https://[::1",
        "https://a.fr/b c",
        "https://a.fr\\\\@b.fr",
        "a.fr",
    ],
)
def test_an_address_that_is_not_of_the_web_is_a_fault(url):
    line = f'        references: [{{title: "A", url: "{url}"}}]\n        kind: closing'
    assert changed(("        kind: closing", line)) == [(28, "days[1].slots[0].references[0].url", URL)]


def test_a_long_address_is_a_fault():
    line = f'        references: [{{title: "A", url: "https://a.fr/{"a" * 2000}"}}]\n        kind: closing'
    expected = (28, "days[1].slots[0].references[0].url", "This text has 2013 characters; the limit is 2000.")
    assert changed(("        kind: closing", line)) == [expected]


def test_a_role_is_required_of_a_speaker():
    line = '        speakers: [{name: "A", function_fr: "B"}]\n        kind: closing'
    expected = (28, "days[1].slots[0].speakers[0].role", "This key is required.")
    assert changed(("        kind: closing", line)) == [expected]


def test_every_fault_is_told_in_the_order_of_the_lines():
    raw = small(("date: 2027-03-28", "date: 2027-02-30"), ("start: null", "start: 10:00"), ("timezone", "timezome"))
    assert [(line, where) for line, where, _ in faults(raw)] == [
        (1, "meeting.timezone"),
        (6, "meeting.timezome"),
        (23, "days[1].date"),
        (26, "days[1].slots[0].start"),
    ]


def test_a_fault_prints_its_line_its_path_and_its_message():
    with pytest.raises(FaultyFile) as caught_file:
        parse_yaml(small(("start: null", 'start: "soon"')))
    expected = 'line 26, days[1].slots[0].start: A time is expected, from "00:00" to "23:59".'
    assert str(caught_file.value.faults[0]) == expected
    assert str(caught_file.value) == expected


def test_a_thousand_faults_are_listed_then_one_says_that_there_are_more():
    found = faults(b"".join(b"k%d: 1\n" % number for number in range(5000)))
    assert len(found) == 1001
    assert (1001, "", "There are more faults than the 1000 listed here.") in found


def test_a_hostile_key_is_shown_short_and_without_its_controls():
    found = changed(("  timezone", f'  "\\e[31m{"x" * 500}": 1\n  timezone'))
    assert found == [(6, f"meeting.\ufffd[31m{'x' * 54}…", "This key is unknown.")]


# -- too much


def many(length: int) -> str:
    day = date(2027, 4, 1)
    return "".join(f"  - {{date: {day + timedelta(number)}, slots: []}}\n" for number in range(length))


def test_more_than_sixty_days_are_a_fault():
    assert len(parse_yaml(small() + many(58).encode())["days"]) == 60
    assert faults(small() + many(59).encode()) == [(13, "days", "There are 61 entries here; the limit is 60.")]


def slots(length: int) -> str:
    return "".join(f"      - {{id: s{n}, start: null, end: null, kind: other, title_fr: T}}\n" for n in range(length))


def test_more_than_five_hundred_slots_are_a_fault():
    raw = small() + slots(499).encode()
    assert faults(raw) == [(12, "days", "There are 501 slots; the limit is 500.")]
    assert faults(small() + slots(500).encode())[0][2] == "There are 501 entries here; the limit is 500."


def test_more_than_two_hundred_people_in_a_slot_are_a_fault():
    people = ", ".join(['{role: speaker, name: "A", function_fr: "B"}'] * 200)
    raw = small() + f'        host: {{name: "A", function_fr: "B"}}\n        speakers: [{people}]\n'.encode()
    assert faults(raw) == [(31, "days[1].slots[0].speakers", "There are 201 people; the limit is 200.")]


# -- the whole file


CANNOT = "The YAML cannot be read from this line on: check the indentation, quotes and colons."


@pytest.mark.parametrize(
    ("raw", "line", "message"),
    [
        (b"", 1, "The file is empty."),
        (b"\xef\xbb\xbf \n", 1, "The file is empty."),
        (b"# only a comment\n", 1, "The file is empty."),
        (b"---\n", 1, "The file is empty."),
        (b"- a\n", 1, "Keys with their values are expected here."),
        (b"hello\n", 1, "Keys with their values are expected here."),
        (b"a: 1\n---\nb: 1\n", 2, "The file must hold one YAML document only."),
        (b"a: 1\n...\n---\nb: 1\n", 3, "The file must hold one YAML document only."),
        (b"a: 1\nb: \xe9\n", 2, "The text is not in UTF-8. Save the file again with the UTF-8 encoding."),
        ("a: é".encode("utf-16"), 1, "The file is not plain text. Save it as UTF-8 text."),
        (b"PK\x03\x04\x00\x00", 1, "The file is not plain text. Save it as UTF-8 text."),
        (b"a: 1\nb: \0\n", 2, "The file is not plain text. Save it as UTF-8 text."),
        (b"a" * 1_000_001, 1, "The file is larger than 1 MB."),
        (b"a: b: c\n", 1, CANNOT),
        (b"a: 'b\n", 2, CANNOT),
        (b"a: 1\n\tb: 1\n", 2, CANNOT),
        (b"a: [\n" * 20, 7, "The file is nested too deeply from this line on."),
        (b"[" * 900_000, 1, "The file is nested too deeply from this line on."),
        (b"{a: " * 200_000, 1, "The file is nested too deeply from this line on."),
        (b"- " * 400_000, 1, "The file is nested too deeply from this line on."),
    ],
)
def test_a_file_that_cannot_be_used_is_one_fault(raw, line, message):
    assert faults(raw) == [(line, "", message)]


def test_a_bomb_of_aliases_is_refused_without_being_unfolded():
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    assert {message for _, _, message in faults(bomb.encode())} == {
        "Anchors (&) are not accepted.",
        "Aliases (*) are not accepted: write the value again.",
        "This key is unknown.",
        "This key is required.",
    }


@pytest.mark.parametrize("escape", ["\\ud800", "\\ud83d\\ude00", "\\U00110000", "\\UFFFFFFFF"])
def test_an_escape_that_is_no_character_is_a_fault_at_its_line(escape):
    assert [line for line, _, _ in changed(('"Réunion"', f'"{escape}"'))] == [2]


@pytest.mark.parametrize("pure", [True, False])
def test_both_yaml_parsers_tell_the_same(pure, monkeypatch):
    monkeypatch.setattr(agenda_yaml, "_LOADER", yaml.SafeLoader if pure else yaml.CSafeLoader)
    assert parse_yaml(REAL) == parse_yaml(dump_yaml(parse_yaml(REAL)).encode())
    raw = small(("start: null", "start: 10:00"), ("timezone", "timezome"), ('"Réunion"', "*a"))
    assert [line for line, _, _ in faults(raw)] == [1, 2, 6, 26]
    for escape in ("\\U00110000", "\\UFFFFFFFF", "\\ud800"):
        assert [line for line, _, _ in changed(('"Réunion"', f'"{escape}"'))] == [2]


@pytest.mark.parametrize(
    "raw",
    [
        small(("Réunion", "\u0316\u0301" * 240_000)),
        "".join(f"k{n}: {chr(0x0316)}\n" for n in range(90_000)).encode(),
        b"\x01\n" * 490_000,
        small() + b"  - a\n" * 150_000,
    ],
)
def test_a_full_hostile_file_is_refused(raw):
    assert faults(raw)


@pytest.mark.parametrize(
    "raw",
    [
        ",".join(f"c{n}" for n in range(120_000)).encode(),
        HEADER_LINE + b"a\n" * 450_000,
        HEADER_LINE + b"2027-01-01,a\n" * 70_000,
        HEADER_LINE + b'2027-01-01,"' + b"|" * 900_000 + b'"\n',
        table_of_people("|" * 130_000),
        table_of_people(":" * 130_000),
    ],
)
def test_a_full_hostile_table_is_refused(raw):
    assert caught(lambda: parse_csv(raw, None))


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_no_bytes_make_it_crash(raw):
    for parse in (parse_yaml, lambda raw: parse_csv(raw, None), lambda raw: parse_csv(HEADER_LINE + raw, None)):
        try:
            parse(raw)
        except FaultyFile as file:
            assert file.faults and str(file)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(SMALL)), st.text(alphabet="\"'{}[]:-&*!|>%#\n\t ?,@`~\\é\u2028\x85\x1b", max_size=4))
def test_no_slip_of_the_hand_makes_it_crash(position, typed):
    try:
        parse_yaml((SMALL[:position] + typed + SMALL[position:]).encode())
    except FaultyFile as file:
        assert file.faults


# -- CSV


MEETING = parse_yaml(small())["meeting"]


def row(**cells: str) -> dict[str, str]:
    slot = {"date": "2027-03-28", "id": "slot-1", "start": "10:00", "end": "11:00", "kind": "session", "title_fr": "Un"}
    return slot | cells


def table(*rows: dict[str, str], delimiter: str = ",", columns: list[str] = agenda_csv.COLUMNS) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def csv_faults(*rows: dict[str, str]) -> list[tuple[int, str, str]]:
    return caught(lambda: parse_csv(table(*rows), MEETING))


def slot_of(*rows: dict[str, str]) -> dict[str, Any]:
    return parse_csv(table(*rows), MEETING)["days"][0]["slots"][0]


def test_the_columns_are_those_of_the_documentation():
    documented = "".join(agenda_file.__doc__.partition("    date,id")[::2])
    names = ("date,id" + agenda_file.__doc__.partition("    date,id")[2].partition("\n\n")[0]).replace(" ", "")
    assert names.replace("\n", "").split(",") == agenda_csv.COLUMNS
    assert documented


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_delimiter_the_mark_and_the_line_ends_change_nothing(delimiter, mark, end):
    rows = [row(description_fr="Un, deux ; trois\net quatre"), row(id="slot-2")]
    raw = mark + table(*rows, delimiter=delimiter).replace(b"\n", end)
    assert parse_csv(raw, MEETING) == parse_csv(table(*rows), MEETING)


def test_the_meeting_of_the_caller_passes_through():
    assert parse_csv(table(row()), MEETING)["meeting"] is MEETING
    assert parse_csv(table(row()), None)["meeting"] is None


def test_columns_may_be_in_another_order():
    columns = sorted(agenda_csv.COLUMNS)
    assert parse_csv(table(row(), columns=columns), MEETING) == parse_csv(table(row()), MEETING)


def test_a_row_with_only_a_date_is_a_day_without_slots():
    data = parse_csv(HEADER_LINE + b"2027-03-28\n", MEETING)
    assert data["days"] == [{"date": date(2027, 3, 28), "slots": []}]


def test_people_carry_kind_name_function_and_honorific():
    slot = slot_of(row(people_fr="chair:A:Ministre \\: un:Dr.|welcome:B:Maire", people_en="|welcome:B:Mayor"))
    assert slot["chair"] == {"name": "A", "honorific": "Dr.", "function": {"fr": "Ministre : un", "en": None}}
    mayor = {"role": "welcome", "name": "B", "honorific": None, "function": {"fr": "Maire", "en": "Mayor"}}
    assert slot["speakers"] == [mayor]


def test_a_spreadsheet_may_write_true_in_capitals():
    assert slot_of(row(optional="TRUE"))["optional"] is True


def test_a_venue_is_described_on_one_row_or_on_all():
    hall = {"venue": "hall", "building_fr": "Mairie", "address": "Ici"}
    once = parse_csv(table(row(**hall), row(id="slot-2", venue="hall")), MEETING)
    assert once == parse_csv(table(row(**hall), row(id="slot-2", **hall)), MEETING)
    assert once["venues"] == {
        "hall": {
            "room": None,
            "building": {"fr": "Mairie", "en": None},
            "access": None,
            "address": "Ici",
            "as_printed": None,
        }
    }


CSV_FAULTS = [
    ({"start": "2:30", "end": ""}, "days[0].slots[0].start", 'A time is expected, from "00:00" to "23:59".'),
    (
        {"start": "02:30"},
        "days[0].slots[0].start",
        "02:30 does not exist on that day: the clocks of Europe/Paris go forward over it.",
    ),
    ({"date": "28/03/2027"}, "days[0].date", "A date is expected, written YYYY-MM-DD."),
    ({"date": ""}, "days[0].date", "This key is required."),
    ({"id": ""}, "days[0].slots[0].id", "This key is required."),
    ({"number": "-5"}, "days[0].slots[0].number", "The number must be from 1 to 100000."),
    ({"number": "one"}, "days[0].slots[0].number", "A whole number is expected, without quotes."),
    ({"venue": "hall"}, "days[0].slots[0].venue", "The venue “hall” is not among the venues of this file."),
    ({"address": "Ici"}, "venue", "A venue is described without its identifier."),
    (
        {"people_fr": "chair:A"},
        "people_fr",
        "Write each person as kind:name:function or kind:name:function:honorific; \\: stands for a colon.",
    ),
    (
        {"people_fr": "chair:A:B:C:D"},
        "people_fr",
        "Write each person as kind:name:function or kind:name:function:honorific; \\: stands for a colon.",
    ),
    (
        {"people_fr": "chair:A:B", "people_en": "chair:A"},
        "people_en",
        "Write each person as kind:name:function or kind:name:function:honorific; \\: stands for a colon.",
    ),
    ({"people_fr": "boss:A:B"}, "people_fr", "“boss” is not one of: host, chair, speaker, welcome."),
    ({"people_fr": "chair:A:B|chair:C:D"}, "people_fr", "There are two entries of the kind chair."),
    (
        {"people_fr": "chair:A:B", "people_en": "chair:Z:B"},
        "people_en",
        "The kind, name and honorific must be those of people_fr.",
    ),
    (
        {"people_fr": "chair:A:B", "people_en": "chair:A:B|chair:C:D"},
        "people_en",
        "The number of entries is 2 here and 1 in people_fr.",
    ),
    ({"people_fr": "chair:A:"}, "days[0].slots[0].chair.function_fr", "The French text is required."),
    ({"people_fr": "chair:A:B\\x"}, "people_fr", "A backslash must be followed by |, : or another backslash."),
    (
        {"questions_fr": "a|b", "questions_en": "a"},
        "questions_en",
        "The number of entries is 1 here and 2 in questions_fr.",
    ),
    ({"questions_en": "a"}, "questions_en", "The number of entries is 1 here and 0 in questions_fr."),
    ({"questions_fr": "a||b"}, "days[0].slots[0].questions[1].fr", "The French text is required."),
    ({"references": "a", "reference_urls": "ftp://a.fr"}, "days[0].slots[0].references[0].url", URL),
    ({"title_fr": "a\rb"}, "days[0].slots[0].title_fr", "The character U+000D is not allowed in a text."),
    ({"title_fr": "a\x1bb"}, "days[0].slots[0].title_fr", "The character U+001B is not allowed in a text."),
]


@pytest.mark.parametrize(("cells", "where", "message"), CSV_FAULTS)
def test_a_fault_of_a_cell_is_at_the_line_of_its_row(cells, where, message):
    empty = {"date": "2027-03-27", "description_fr": "Sur\ntrois\nlignes", "id": "a", "kind": "other", "title_fr": "T"}
    where = where.replace("days[0]", "days[1]")
    assert csv_faults(empty, row(**cells)) == [(5, where, message)]


def test_rows_that_describe_one_venue_otherwise_are_a_fault():
    hall = {"venue": "hall", "building_fr": "Mairie", "address": "Ici"}
    expected = (3, "venue", "The venue “hall” is described otherwise on line 2.")
    assert csv_faults(row(**hall), row(id="slot-2", **hall | {"address": "Là"})) == [expected]


def test_days_that_are_interrupted_are_a_fault():
    rows = [row(), row(date="2027-03-29", id="slot-2"), row(id="slot-3")]
    assert csv_faults(*rows) == [(4, "days[2].date", "The day 2027-03-28 is written twice.")]


def test_a_slot_that_the_contact_stands_beside_may_not_go():
    meeting = MEETING | {"contact": {"channels": ["email"], "attached_to": "slot-9"}}
    expected = [(1, "meeting.contact.attached_to", "No slot has the identifier “slot-9”.")]
    assert caught(lambda: parse_csv(table(row()), meeting)) == expected


def test_unknown_missing_and_repeated_columns_are_faults():
    header = ",".join(["colour", "date", *agenda_csv.COLUMNS[:-1]])
    assert caught(lambda: parse_csv(header.encode(), None)) == [
        (1, "colour", "This column is unknown."),
        (1, "date", "This column is there twice."),
        (1, "note_en", "This column is missing."),
    ]


def test_a_row_longer_than_the_header_is_a_fault():
    raw = table(row()).rstrip(b"\n") + b",,too much\n"
    assert caught(lambda: parse_csv(raw, None)) == [(2, "", "This row has more cells than the header.")]


@pytest.mark.parametrize("broken", [b'2027-03-28,"a\n', b'2027-03-28,"a"b\n', b"2027-03-28,a\rb\n", b"a" * 200_000])
def test_a_row_that_cannot_be_read_is_a_fault(broken):
    message = "This row cannot be read: check its quotes; a cell has at most 131072 characters."
    found = caught(lambda: parse_csv(HEADER_LINE + b"2027-03-27\n" + broken, None))
    assert found == [(3, "", message)]


def test_a_csv_without_rows_is_a_fault():
    assert caught(lambda: parse_csv(HEADER_LINE, None)) == [(1, "days", "This list must not be empty.")]


@pytest.mark.parametrize("title", ["=1+1", "+33", "-x", "@SUM", "'=1", "''+1", "＝1", "'quoted'"])
def test_no_cell_runs_as_a_formula_and_the_text_comes_back(title):
    data = parse_csv(table(row()), MEETING)
    data["days"][0]["slots"][0]["title"]["fr"] = title
    written = dump_csv(data)
    cells = next(csv.DictReader(io.StringIO(written)))
    assert not cells["title_fr"].startswith(("=", "+", "-", "@", "＝"))
    assert parse_csv(written.encode(), MEETING) == data


# -- there and back


@pytest.mark.parametrize("raw", [REAL, small()])
def test_what_is_written_reads_back_equal(raw):
    data = parse_yaml(raw)
    assert parse_yaml(dump_yaml(data).encode()) == data
    assert dump_yaml(parse_yaml(dump_yaml(data).encode())) == dump_yaml(data)
    assert parse_csv(dump_csv(data).encode(), data["meeting"]) == data


def test_the_yaml_written_is_meant_to_be_read():
    text = dump_yaml(parse_yaml(small(('title_fr: "Clôture"', 'title_fr: "Clôture 🎉"'))))
    assert '        start: "10:00"\n        end: "11:00"\n        kind: session\n' in text
    assert "  first_day: 2027-03-27\n" in text
    assert "Clôture 🎉" in text
    assert "null" not in text.replace("start: null", "").replace("end: null", "")
    assert "&" not in text


@pytest.mark.parametrize("name", ["a.yaml", "a.YML"])
def test_the_extension_chooses_yaml(name):
    assert agenda_file.read(small(), name) == parse_yaml(small())


def test_the_extension_chooses_csv():
    assert agenda_file.read(table(row()), "a.csv", MEETING) == parse_csv(table(row()), MEETING)


@pytest.mark.parametrize("name", ["a.xlsx", "yaml", "", "a.csv.zip"])
def test_another_extension_is_a_fault(name):
    expected = [(1, "", "The name of the file must end in .yaml, .yml or .csv.")]
    assert caught(lambda: agenda_file.read(small(), name)) == expected


_CHARS = st.characters(
    codec="utf-8",
    exclude_categories=("Cc", "Cs", "Zl", "Zp"),
    exclude_characters=("\ufeff\ufffe\uffff" + "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))),
)
_TRICKY = st.sampled_from(
    ["|", "\\", ":", "'", '"', "=", "- ", "# ", "a", "é", "~", "null", "1", "\u00a0", "%", "{", ",", ";", "🎉"]
)


def texts(most: int, lines: bool = False) -> Any:
    def usable(text: str) -> bool:
        return 0 < len(text) <= most and bool(text.strip("\u200b\u2060 "))

    pieces = st.one_of(_CHARS, _TRICKY, st.just("\n")) if lines else st.one_of(_CHARS, _TRICKY)
    text = st.lists(pieces, min_size=1, max_size=15).map("".join)
    return (
        st.builds(
            "{}{}".format, st.sampled_from(["x", "=x", "'=x", "-", "é", "'", "|", "\\", "[", "10:00", "no"]), text
        )
        .map(lambda text: unicodedata.normalize("NFC", text).strip())
        .filter(usable)
    )


def pairs(most: int = 300, lines: bool = False) -> Any:
    return st.fixed_dictionaries({"fr": texts(most, lines), "en": st.none() | texts(most, lines)})


def maybe(strategy: Any) -> Any:
    return st.none() | strategy


PERSON = {"name": texts(300), "honorific": maybe(texts(300)), "function": pairs()}
TIMES = st.lists(
    st.times().map(lambda one: one.replace(second=0, microsecond=0)), min_size=2, max_size=2, unique=True
).map(sorted)


@st.composite
def a_slot(draw: Any, identity: str, venues: list[str]) -> dict[str, Any]:
    start, end = draw(TIMES)
    start, end = draw(st.sampled_from([(start, end), (start, None), (None, None)]))
    return {
        "id": identity,
        "start": start,
        "end": end,
        "kind": draw(st.sampled_from(["session", "workshop", "break", "other"])),
        "number": None,
        "title": draw(pairs(500)),
        "description": draw(maybe(pairs(5000, True))),
        "venue": draw(st.sampled_from([None, *venues])),
        "optional": draw(st.booleans()),
        "format": draw(st.sampled_from([None, "tour_de_table"])),
        "speaking_time_minutes": draw(maybe(st.integers(1, 100_000))),
        "host": draw(maybe(st.fixed_dictionaries(PERSON))),
        "chair": draw(maybe(st.fixed_dictionaries(PERSON))),
        "speakers": draw(
            st.lists(st.fixed_dictionaries({"role": st.sampled_from(["speaker", "welcome"])} | PERSON), max_size=2)
        ),
        "questions": draw(st.lists(pairs(5000, True), max_size=2)),
        "references": draw(
            st.lists(
                st.fixed_dictionaries({"title": texts(500), "url": st.sampled_from([None, "https://a.fr/b|c?d=e:f"])}),
                max_size=2,
            )
        ),
        "note": draw(maybe(pairs(5000, True))),
    }


@st.composite
def agendas(draw: Any) -> dict[str, Any]:
    keys = draw(st.lists(st.from_regex(r"[A-Za-z0-9._-]{1,8}", fullmatch=True), unique=True, max_size=3))
    venue = st.fixed_dictionaries(
        {
            "room": maybe(pairs()),
            "building": pairs(),
            "access": maybe(pairs()),
            "address": texts(300),
            "as_printed": maybe(texts(300)),
        }
    )
    days = sorted(draw(st.lists(st.dates(date(1990, 1, 1), date(2100, 12, 31)), unique=True, min_size=1, max_size=3)))
    return {
        "meeting": {
            "title": draw(pairs(500)),
            "theme": draw(maybe(pairs(500))),
            "series_number": draw(maybe(st.integers(1, 100_000))),
            "date_label": draw(maybe(pairs())),
            "first_day": days[0],
            "last_day": days[0],
            "timezone": "UTC",
            "place": draw(maybe(pairs())),
            "organisers": draw(st.lists(pairs(), max_size=2)),
            "document_status": draw(st.sampled_from(["draft", "published", "revised"])),
            "meeting_chair": draw(maybe(st.fixed_dictionaries(PERSON | {"scope": maybe(pairs())}))),
            "contact": draw(maybe(st.just({"channels": ["email", "form"], "attached_to": None}))),
        },
        "venues": {key: draw(venue) for key in keys},
        "days": [
            {"date": day, "slots": [draw(a_slot(f"s-{day}-{n}", keys)) for n in range(draw(st.integers(0, 2)))]}
            for day in days
        ],
    }


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(agendas())
def test_any_agenda_comes_back_equal_from_both_forms(data):
    assert parse_yaml(dump_yaml(data).encode()) == data
    assert parse_csv(dump_csv(data).encode(), data["meeting"]) == data
