"""The CSV form of an agenda file: text to nodes, and data to text. `agenda_file` documents the columns."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from flask_babel import lazy_gettext as _l

from app.forum.meetings.agenda_cell import BadCell, Entry, guarded, join, split, unguarded
from app.forum.meetings.agenda_node import Faults, Mapping, Node, Scalar, Sequence, shown
from app.forum.meetings.agenda_schema import SLOT, VENUE
from app.forum.meetings.agenda_value import LIMITS, visible

COLUMNS = [
    "date",
    "id",
    "start",
    "end",
    "kind",
    "number",
    "title_fr",
    "title_en",
    "description_fr",
    "description_en",
    "venue",
    "room_fr",
    "room_en",
    "building_fr",
    "building_en",
    "access_fr",
    "access_en",
    "address",
    "as_printed",
    "optional",
    "format",
    "speaking_time_minutes",
    "people_fr",
    "people_en",
    "questions_fr",
    "questions_en",
    "references",
    "reference_urls",
    "note_fr",
    "note_en",
]
VENUE_COLUMNS = COLUMNS[COLUMNS.index("room_fr") : COLUMNS.index("optional")]
_LISTS = COLUMNS[COLUMNS.index("people_fr") : COLUMNS.index("note_fr")]
_SINGLE = [name for name in COLUMNS if name not in ("date", *VENUE_COLUMNS, *_LISTS)]
_TAGS = {"date": "timestamp", "number": "int", "speaking_time_minutes": "int", "optional": "bool"}
_SPEAKERS = ("speaker", "welcome")
_ROLES = ("host", "chair", *_SPEAKERS)


@dataclass(frozen=True)
class Row:
    """The cells of a row that are not blank, by column. `line` is where the row begins."""

    line: int
    cells: dict[str, str]

    def node(self, name: str) -> tuple[Scalar, Node]:
        text = self.cells.get(name)
        if text is None:
            return self.key(name), Scalar(self.line, "", "null", quoted=False)
        # Spreadsheets write TRUE for true.
        text = text.lower() if name == "optional" else text
        return self.key(name), Scalar(self.line, text, _TAGS.get(name, "str"), quoted=name not in _TAGS)

    def key(self, name: str) -> Scalar:
        return Scalar(self.line, name)

    def has(self, names: list[str]) -> bool:
        return any(name in self.cells for name in names)


def read_nodes(text: str, faults: Faults) -> Node | None:
    """The days and venues of `text`, or None if its columns are not those of the format (a fault says why)."""
    rows = _read_rows(text, faults)
    if rows is None:
        return None
    return Mapping(1, [(Scalar(1, "venues"), _venues(rows, faults)), (Scalar(1, "days"), _days(rows, faults))])


def _read_rows(text: str, faults: Faults) -> list[Row] | None:
    rows = _lines_and_cells(text, faults)
    line, header = next(rows, (1, []))
    names = [name.strip() for name in header]
    counts = Counter(names)
    for name in counts:
        if name not in COLUMNS:
            faults.add(line, shown(name), _l("This column is unknown."))
        elif counts[name] > 1:
            faults.add(line, name, _l("This column is there twice."))
    missing = [name for name in COLUMNS if name not in names]
    for name in missing:
        faults.add(line, name, _l("This column is missing."))
    read = [_row(line, names, cells, faults) for line, cells in islice(rows, LIMITS["rows"])]
    if (too_many := next(rows, None)) is not None:
        faults.add(too_many[0], "", _l("This file has more than %(most)s rows.", most=LIMITS["rows"]))
        return None
    return None if missing else [row for row in read if row.cells]


def _lines_and_cells(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    header, _, _ = text.partition("\n")
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        most = csv.field_size_limit()
        message = _l("This row cannot be read: check its quotes; a cell has at most %(most)s characters.", most=most)
        faults.add(line, "", message)


def _row(line: int, names: list[str], cells: list[str], faults: Faults) -> Row:
    texts = [visible(unguarded(cell.strip())) for cell in cells]
    if any(texts[len(names) :]):
        faults.add(line, "", _l("This row has more cells than the header."))
    return Row(line, {name: text for name, text in zip(names, texts, strict=False) if text})


def _days(rows: list[Row], faults: Faults) -> Sequence:
    dated = [row for row in rows if not _is_venue_only(row)]
    groups = [list(group) for _, group in groupby(dated, key=lambda row: row.cells.get("date"))]
    return Sequence(1, [_day(group, faults) for group in groups])


def _is_venue_only(row: Row) -> bool:
    """A row that only describes a venue no slot uses."""
    return "venue" in row.cells and not row.has([name for name in COLUMNS if name not in ("venue", *VENUE_COLUMNS)])


def _day(rows: list[Row], faults: Faults) -> Mapping:
    slots = [_slot(row, faults) for row in rows if list(row.cells) != ["date"]]
    line = rows[0].line
    return Mapping(line, [rows[0].node("date"), (rows[0].key("slots"), Sequence(line, slots))])


def _slot(row: Row, faults: Faults) -> Node:
    single = [row.node(name) for name in _SINGLE if name in row.cells or name in ("start", "end")]
    lists = [*_people(row, faults), _questions(row, faults), _references(row, faults)]
    return Mapping(row.line, [*single, *lists])


def _parallel(row: Row, name: str, beside: str, faults: Faults, *, fields: bool = False) -> list[tuple[Entry, Entry]]:
    """The entries of two cells, side by side; an empty second cell stands for empty entries."""
    first, second = _entries(row, name, faults, fields=fields), _entries(row, beside, faults, fields=fields)
    if not row.has([beside]):
        second = [[""]] * len(first)
    if len(first) != len(second):
        message = _l(
            "The number of entries is %(length)s here and %(other)s in %(column)s.",
            length=len(second),
            other=len(first),
            column=name,
        )
        faults.add(row.line, beside, message)
        return []
    return list(zip(first, second, strict=True))


def _entries(row: Row, name: str, faults: Faults, *, fields: bool) -> list[Entry]:
    try:
        return split(row.cells[name], fields=fields) if name in row.cells else []
    except BadCell:
        faults.add(row.line, name, _l("A backslash must be followed by |, : or another backslash."))
        return []


def _record(row: Row, texts: dict[str, str]) -> Mapping:
    return Mapping(row.line, [(row.key(key), Scalar(row.line, text)) for key, text in texts.items() if visible(text)])


def _questions(row: Row, faults: Faults) -> tuple[Scalar, Node]:
    pairs = _parallel(row, "questions_fr", "questions_en", faults)
    records: list[Node] = [_record(row, {"fr": french[0], "en": english[0]}) for french, english in pairs]
    return row.key("questions"), Sequence(row.line, records)


def _references(row: Row, faults: Faults) -> tuple[Scalar, Node]:
    pairs = _parallel(row, "references", "reference_urls", faults)
    records: list[Node] = [_record(row, {"title": title[0], "url": url[0]}) for title, url in pairs]
    return row.key("references"), Sequence(row.line, records)


def _people(row: Row, faults: Faults) -> list[tuple[Scalar, Node]]:
    speakers: list[Node] = []
    people: list[tuple[Scalar, Node]] = [(row.key("speakers"), Sequence(row.line, speakers))]
    for french, english in _parallel(row, "people_fr", "people_en", faults, fields=True):
        if not _is_person(row, french, english, faults):
            continue
        if french[0] in _SPEAKERS:
            speakers.append(_person(row, french, english, role=french[0]))
        elif french[0] in [key.text for key, _ in people]:
            faults.add(row.line, "people_fr", _l("There are two entries of the kind %(kind)s.", kind=french[0]))
        else:
            people.append((row.key(french[0]), _person(row, french, english)))
    return people


def _is_person(row: Row, french: Entry, english: Entry, faults: Faults) -> bool:
    shape = _l("Write each person as kind:name:function or kind:name:function:honorific; \\: stands for a colon.")
    if len(french) not in (3, 4):
        faults.add(row.line, "people_fr", shape)
    elif french[0] not in _ROLES:
        message = _l("“%(value)s” is not one of: %(values)s.", value=shown(french[0]), values=", ".join(_ROLES))
        faults.add(row.line, "people_fr", message)
    elif english != [""] and len(english) not in (3, 4):
        faults.add(row.line, "people_en", shape)
    elif english != [""] and [*english[:2], *english[3:]] not in (french[:2], [*french[:2], *french[3:]]):
        faults.add(row.line, "people_en", _l("The kind, name and honorific must be those of people_fr."))
    else:
        return True
    return False


def _person(row: Row, french: Entry, english: Entry, role: str = "") -> Mapping:
    function_en = english[2] if english != [""] else ""
    texts = {"role": role, "name": french[1], "function_fr": french[2], "function_en": function_en}
    return _record(row, texts | {"honorific": "".join(french[3:])})


def _venues(rows: list[Row], faults: Faults) -> Mapping:
    described: dict[str, Row] = {}
    for row in rows:
        key = row.cells.get("venue")
        if not row.has(VENUE_COLUMNS):
            continue
        if key is None:
            faults.add(row.line, "venue", _l("A venue is described without its identifier."))
        elif _description(described.setdefault(key, row)) != _description(row):
            message = _l(
                "The venue “%(venue)s” is described otherwise on line %(line)s.",
                venue=shown(key),
                line=described[key].line,
            )
            faults.add(row.line, "venue", message)
    entries: list[tuple[Scalar, Node]] = [
        (Scalar(row.line, key), _record(row, _description(row))) for key, row in described.items()
    ]
    return Mapping(1, entries)


def _description(row: Row) -> dict[str, str]:
    return {name: row.cells[name] for name in VENUE_COLUMNS if name in row.cells}


def write(data: Any) -> str:
    """The CSV text of normalised `data`: comma, LF, one row for each slot, then the venues that no slot uses."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for cells in _written(data):
        writer.writerow({name: guarded(str(cell)) for name, cell in cells.items() if cell is not None})
    return text.getvalue()


def _written(data: Any) -> Iterator[dict[str, object]]:
    used = set()
    for day in data["days"]:
        day_cells: dict[str, object] = {"date": day["date"].isoformat()}
        if not day["slots"]:
            yield day_cells
        for slot in day["slots"]:
            used.add(slot["venue"])
            yield day_cells | _slot_cells(slot) | _venue_cells(slot["venue"], data["venues"])
    for key in data["venues"]:
        if key not in used:
            yield _venue_cells(key, data["venues"])


def _venue_cells(key: str | None, venues: Any) -> dict[str, object]:
    return {} if key is None else {"venue": key} | VENUE.plain(venues[key])


def _slot_cells(slot: Any) -> dict[str, object]:
    plain = SLOT.plain(slot)
    cells = {name: plain[name] for name in _SINGLE if name in plain}
    if slot["optional"]:
        cells["optional"] = "true"
    return cells | _people_cells(slot) | _list_cells(slot)


def _list_cells(slot: Any) -> dict[str, object]:
    questions, references = slot["questions"], slot["references"]
    lists = {
        "questions_fr": [[question["fr"]] for question in questions],
        "questions_en": [[question["en"] or ""] for question in questions],
        "references": [[reference["title"]] for reference in references],
        "reference_urls": [[reference["url"] or ""] for reference in references],
    }
    return {name: join(entries, fields=False) for name, entries in lists.items()}


def _people_cells(slot: Any) -> dict[str, object]:
    people = [(role, slot[role]) for role in ("host", "chair") if slot[role]]
    people += [(speaker["role"], speaker) for speaker in slot["speakers"]]
    return {
        f"people_{lang}": join([_person_entry(role, person, lang) for role, person in people], fields=True)
        for lang in ("fr", "en")
    }


def _person_entry(role: str, person: Any, lang: str) -> Entry:
    function = person["function"][lang]
    if function is None:
        return [""]
    return [role, person["name"], function, *([person["honorific"]] if person["honorific"] else [])]
