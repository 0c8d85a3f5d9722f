"""The CSV form of the register: one row for each mandate. Pure: bytes to rows with their lines, and faults.

Separator: comma, semicolon or tab, whichever makes the known columns appear. Text: UTF-8 with or without mark, UTF-16
with its mark, else Windows-1252, which the report says. Headers in French, in English or as column names.
"""

import codecs
import csv
import io
from dataclasses import dataclass

from flask_babel import gettext as _

from app.core import i18n, names, tables, text

MAX_BYTES, MAX_ROWS, MAX_CELL = 300_000, 1_000, 2_000
HEADERS = {
    "person": ("nom", "personne", "name", "nom de la personne"),
    "function_fr": ("fonction", "fonction en français", "function in French"),
    "function_en": ("fonction en anglais", "function", "function in English"),
    "contact_email": ("courriel", "adresse électronique", "e-mail", "email"),
    "organisation": ("organisme", "organisation", "nom de l’organisation", "name of the organisation"),
    "organisation_en": ("organisation en anglais", "organisation in English"),
    "acronym": ("sigle", "acronyme"),
    "college": ("collège",),
    "siren": (),
    "rna": (),
    "website": ("site", "site web", "web site"),
    "body": ("instance",),
    "seat": ("siège",),
    "seat_number": ("numéro de siège", "number of the seat"),
    "substitute_of": ("suppléance de", "suppléant de", "suppléante de"),
    "starts_on": ("début", "début du mandat", "first day", "start"),
    "ends_on": ("fin du mandat", "last day of the term", "term end"),
    "sits_until": ("dernier jour en fonction", "last day in office"),
    "end_reason": ("motif de fin", "reason"),
    "origin": ("origine",),
    "need": ("besoin",),
    "reference": ("acte", "référence", "act"),
}
COLUMNS = tuple(HEADERS)
NO_NAME = "—"  # under « substitute of »: somebody whose name has left the register
NEEDED = ("person", "body", "seat", "starts_on")
_KNOWN = {
    names.key(one): column for column, others in HEADERS.items() for one in (column, column.replace("_", " "), *others)
}


@dataclass(frozen=True)
class Fault:
    """`line` from 1, the header's; 0 for the file as a whole. `column`: the header as the file writes it."""

    line: int
    message: str
    column: str = ""

    def __str__(self) -> str:
        if not self.line:
            return self.message
        where = _("line %(line)s", line=self.line) + (f", {self.column}" if self.column else "")
        return _("%(where)s: %(message)s", where=where, message=self.message)


@dataclass(frozen=True)
class Row:
    """One mandate: the line it starts on and its cells by column, tidied, empty ones left out."""

    line: int
    cells: dict[str, str]


@dataclass
class Sheet:
    rows: list[Row]
    faults: list[Fault]
    content: str = ""
    nameless: int = 0
    """Rows left aside: an export holds the mandates whose name has faded."""
    is_guessed: bool = False


def read(data: bytes) -> Sheet:
    """Every row and every fault of a file; never raises for what a file holds."""
    if len(data) > MAX_BYTES:
        return _refused(_("The file is larger than %(size)s kB: split it.", size=i18n.number(MAX_BYTES // 1000)))
    content, is_guessed = _decoded(data)
    if "\x00" in content:
        return _refused(_("This is not a CSV file."))
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    if content.count("\n") > 20 * MAX_ROWS:
        return _too_long()
    sheet = _sheet(content, _separator(content))
    sheet.content, sheet.is_guessed = content, is_guessed
    return sheet


def _refused(message: str) -> Sheet:
    return Sheet([], [Fault(0, message)])


def _too_long() -> Sheet:
    return _refused(_("The file has more than %(most)s rows: split it.", most=i18n.number(MAX_ROWS)))


def _decoded(data: bytes) -> tuple[str, bool]:
    """The text, and whether its encoding had to be guessed."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace"), False
    try:
        return data.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), True


def _separator(content: str) -> str:
    head = content.partition("\n")[0]
    return max(";,\t", key=lambda one: sum(names.key(cell.strip('"')) in _KNOWN for cell in head.split(one)))


def _sheet(content: str, separator: str) -> Sheet:
    reader = csv.reader(io.StringIO(content), delimiter=separator, strict=True)
    rows: list[Row] = []
    nameless = 0
    try:
        head = next(reader, [])
        columns, faults = _columns(head)
        if faults:
            return Sheet([], faults)
        after = reader.line_num
        for cells in reader:
            line, after = after + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                row = _row(line, cells, head, columns, faults)
                nameless += "person" not in row.cells
                rows += [row] if "person" in row.cells else []
            if len(rows) + nameless > MAX_ROWS:
                return _too_long()
    except csv.Error:
        return Sheet([], [Fault(reader.line_num, _("A quotation mark is missing or out of place."))])
    if not rows and not nameless and not faults:
        faults.append(Fault(0, _("The file has no row under its header.")))
    return Sheet(rows, faults, nameless=nameless)


def _columns(head: list[str]) -> tuple[list[str], list[Fault]]:
    """The column of each header, empty for an empty one; unknown, repeated and missing ones are faults."""
    found, faults = [], []
    for written in head:
        column = _KNOWN.get(names.key(written), "")
        if written.strip() and not column:
            faults.append(Fault(1, _("This column is not known."), written.strip()[:60]))
        if column and column in found:
            faults.append(Fault(1, _("This column comes twice."), written.strip()[:60]))
        found.append(column)
    missing = [column for column in NEEDED if column not in found]
    faults += [Fault(1, _("The column “%(name)s” is missing.", name=column)) for column in missing]
    return found, faults


def _row(line: int, cells: list[str], head: list[str], columns: list[str], faults: list[Fault]) -> Row:
    kept: dict[str, str] = {}
    for number, cell in enumerate(cells):
        if number >= len(columns) or not columns[number]:
            if cell.strip():
                faults.append(Fault(line, _("A value stands outside the columns.")))
            continue
        value = (text.tidy(tables.unguarded(cell)) or "").strip()
        if message := _cell_fault(value):
            faults.append(Fault(line, message, head[number].strip()))
        elif value:
            kept[columns[number]] = value
    for column in NEEDED[1:]:  # a row without a name is left aside
        if column not in kept and not any(fault.line == line for fault in faults):
            faults.append(Fault(line, _("This value is missing."), head[columns.index(column)].strip()))
    return Row(line, kept)


def _cell_fault(value: str) -> str | None:
    if len(value) > MAX_CELL:
        return _("Use %(limit)s characters or fewer.", limit=i18n.number(MAX_CELL))
    if text.fault(value) or "\n" in value or "\ufffd" in value:
        return _("This value holds characters that cannot be stored.")
    if tables.is_formula(value):
        return _("This value begins like a formula: a spreadsheet would compute it.")
    return None
