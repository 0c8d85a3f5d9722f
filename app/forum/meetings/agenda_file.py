"""The file of a meeting's agenda: read strictly, with every fault at its line, and written so that it reads back equal.

The YAML form is the one described at the head of `app/demo/oecd-agenda-2023.yaml`. The CSV form carries the days, the
slots and the venues, never the meeting. It is UTF-8, with comma, semicolon or tab, one row for each slot, and these
columns, all of them, in any order:

    date,id,start,end,kind,number,title_fr,title_en,description_fr,description_en,venue,room_fr,room_en,building_fr,
    building_en,access_fr,access_en,address,as_printed,optional,format,speaking_time_minutes,people_fr,people_en,
    questions_fr,questions_en,references,reference_urls,note_fr,note_en

- An empty cell means none. Rows of one day follow each other; a day without slots is a row with only its date.
- `venue` is the identifier; the eight next columns describe it, alike on each row that does describe it. A row with
  only these nine describes a venue that no slot uses.
- People are kind:name:function or kind:name:function:honorific, with | between people; kind is host, chair, speaker or
  welcome.
- `people_en`, `questions_en` and `reference_urls` are parallel to the cell on their left: as many entries, which may be
  empty; an empty cell means that all are.
- In those six columns a backslash before | : or \\ keeps it as text.
- A cell that a spreadsheet would run (= + - @) has an apostrophe in front, taken away when it is read.

Normalised data, the same from both forms: {"meeting": …, "venues": {key: …}, "days": [{"date": …, "slots": […]}]} with
the keys of the format, all present. A pair is {"fr": text, "en": text or None} under its name without _fr and _en, or
None; dates are `datetime.date`, hours `datetime.time` in local time of the meeting's zone; an absent key is None, [],
False or "draft". Text is NFC, without blanks around it. An hour that comes twice, when the clocks go back, means the
first one.
"""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from flask_babel import lazy_gettext as _l

from app.forum.meetings import agenda_csv, agenda_rule, agenda_yaml
from app.forum.meetings.agenda_node import Fault, Faults, FaultyFile, decode
from app.forum.meetings.agenda_schema import AGENDA, PROGRAMME
from app.forum.meetings.agenda_value import LIMITS

__all__ = [
    "LIMITS",
    "Fault",
    "FaultyFile",
    "dump_csv",
    "dump_yaml",
    "missing_translations",
    "parse_csv",
    "parse_yaml",
    "read",
]

Agenda = dict[str, Any]


def read(raw: bytes, filename: str, meeting: dict[str, Any] | None = None) -> Agenda:
    """Parse by the extension of `filename`; `meeting` serves the CSV form only. Raises `FaultyFile`."""
    extension = PurePath(filename).suffix.lower()
    if extension in (".yaml", ".yml"):
        return parse_yaml(raw)
    if extension == ".csv":
        return parse_csv(raw, meeting)
    raise FaultyFile([Fault(1, "", _l("The name of the file must end in .yaml, .yml or .csv."))])


def parse_yaml(raw: bytes) -> Agenda:
    """The normalised agenda of a YAML file. Raises `FaultyFile` with every fault."""
    faults = Faults()
    node = agenda_yaml.read_nodes(decode(raw), faults)
    data: Any = None if node is None else AGENDA.read(node, "", faults)
    if isinstance(data, dict):
        zone = data["meeting"]["timezone"] if isinstance(data["meeting"], dict) else None
        agenda_rule.check_meeting(data["meeting"], data["days"], faults)
        agenda_rule.check(data, zone if isinstance(zone, str) else None, faults)
    faults.raise_if_any()
    return dict(data)


def parse_csv(raw: bytes, meeting: dict[str, Any] | None) -> Agenda:
    """The normalised agenda of a CSV file, with the normalised `meeting` of the caller passed through as it is.

    Without a meeting, and so without a time zone, no hour is compared with the clocks. The slot beside which the
    meeting's contact is printed must be in the file. Raises `FaultyFile` with every fault.
    """
    faults = Faults()
    node = agenda_csv.read_nodes(decode(raw), faults)
    data: Any = None if node is None else PROGRAMME.read(node, "", faults)
    if isinstance(data, dict):
        if meeting is not None:
            agenda_rule.check_meeting(meeting, data["days"], faults)
        agenda_rule.check(data, meeting["timezone"] if meeting else None, faults)
    faults.raise_if_any()
    return {"meeting": meeting, **data}


def dump_yaml(data: Agenda) -> str:
    """The YAML file of a normalised agenda, meeting included: `parse_yaml` reads it back equal."""
    return agenda_yaml.write(AGENDA.plain(data))


def dump_csv(data: Agenda) -> str:
    """The CSV file of the days and venues of a normalised agenda: `parse_csv` reads them back equal."""
    return agenda_csv.write(data)


def missing_translations(data: Agenda) -> list[str]:
    """The paths of the texts of a normalised agenda that are in French only, in the order of the file."""
    return list(_untranslated(data, ""))


def _untranslated(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, dict) and value.keys() == {"fr", "en"}:
        yield from [] if value["en"] else [where]
    elif isinstance(value, dict):
        for key, held in value.items():
            yield from _untranslated(held, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _untranslated(item, f"{where}[{index}]")
