"""What both forms of an agenda file are read into before it is checked: nodes that know their line, and faults.

No database, no Flask: `flask_babel` gives the lazy messages only.
"""

from dataclasses import dataclass, field

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MAX_BYTES = 1_000_000
MAX_FAULTS = 1000  # listed; a hostile file could hold half a million
SHOWN = 60  # characters of a person's own text repeated in a message or in a path


@dataclass(frozen=True)
class Fault:
    """One thing to correct. `line` counts from 1; `where` is a path such as days[1].slots[0].start, or ""."""

    line: int
    where: str
    message: LazyString

    def __str__(self) -> str:
        if not self.where:
            return str(_l("line %(line)s: %(message)s", line=self.line, message=self.message))
        return str(_l("line %(line)s, %(where)s: %(message)s", line=self.line, where=self.where, message=self.message))


class FaultyFile(Exception):
    """The file cannot be used. `faults` holds every fault found, in the order of the lines, at least one."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


@dataclass(frozen=True)
class Scalar:
    """A single value. `tag` is what it would be without quotes: str, int, bool, null, or another short YAML tag."""

    line: int
    text: str
    tag: str = "str"
    quoted: bool = True


@dataclass(frozen=True)
class Sequence:
    line: int
    items: list["Node"]


@dataclass(frozen=True)
class Mapping:
    """`entries` keeps the repeated keys, so that the repetition can be reported."""

    line: int
    entries: list[tuple[Scalar, "Node"]]


@dataclass(frozen=True)
class Refused:
    """A value whose fault is already reported."""

    line: int


Node = Scalar | Sequence | Mapping | Refused


@dataclass
class Faults:
    """Collects the faults of one file and remembers on which line each path was read."""

    found: list[Fault] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def read(self, where: str, line: int) -> None:
        self.lines.setdefault(where, line)

    def add(self, line: int, where: str, message: LazyString) -> None:
        if len(self.found) < MAX_FAULTS:
            self.found.append(Fault(line, where, message))
        elif len(self.found) == MAX_FAULTS:
            more = _l("There are more faults than the %(most)s listed here.", most=MAX_FAULTS)
            self.found.append(Fault(line, "", more))

    def at(self, where: str, message: LazyString) -> None:
        """Add a fault on the line where `where` was read, or else the nearest thing that holds it."""
        holder = where
        while holder and holder not in self.lines:
            holder = holder.rpartition(".")[0]
        self.add(self.lines.get(holder, 1), where, message)

    def raise_if_any(self) -> None:
        if self.found:
            raise FaultyFile(self.found)


def shown(text: str) -> str:
    """A person's own text made safe to repeat on a terminal: short, and without invisible or control characters."""
    visible = "".join(char if char.isprintable() or char in "\u00a0\u202f" else "\ufffd" for char in text[: SHOWN + 1])
    return visible if len(visible) <= SHOWN else visible[: SHOWN - 1] + "…"


def decode(raw: bytes) -> str:
    """The text of a file, without its byte order mark and with LF line ends. Raises `FaultyFile`."""
    line, message = _unreadable(raw)
    if message is not None:
        raise FaultyFile([Fault(line, "", message)])
    return raw.decode("utf-8-sig").replace("\r\n", "\n")


def _unreadable(raw: bytes) -> tuple[int, LazyString | None]:
    if len(raw) > MAX_BYTES:
        return 1, _l("The file is larger than 1 MB.")
    if b"\0" in raw:
        return _line(raw, raw.index(b"\0")), _l("The file is not plain text. Save it as UTF-8 text.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _line(raw, error.start), _l("The text is not in UTF-8. Save the file again with the UTF-8 encoding.")
    return 1, None if text.strip() else _l("The file is empty.")


def _line(raw: bytes, offset: int) -> int:
    return raw.count(b"\n", 0, offset) + 1
