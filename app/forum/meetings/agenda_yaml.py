"""The YAML form of an agenda file: text to nodes, and plain data to text.

Events are read one by one rather than composed: only they show tags and anchors as written, and nothing is built from
them, so that an alias bomb or a tag that names a Python object is a fault like another.
"""

import re
from typing import Any

import yaml
from flask_babel import lazy_gettext as _l

from app.forum.meetings.agenda_node import Faults, Mapping, Node, Refused, Scalar, Sequence
from app.forum.meetings.agenda_value import Quoted, is_null

MAX_DEPTH = 12  # the format needs nine

# The libyaml parser reads a full file in a second; the one in Python needs twenty.
_LOADER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_RESOLVER: Any = yaml.resolver.Resolver()
# What YAML does not admit anywhere, and the odd line ends, which would shift the numbers of the lines.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class _TooDeep(Exception):
    pass


def read_nodes(text: str, faults: Faults) -> Node | None:
    """The only document of `text`, or None if it cannot be read to its end (a fault says why)."""
    for line, content in enumerate(text.split("\n"), 1):
        if found := _UNREADABLE.search(content):
            faults.add(line, "", _l("The character U+%(code)s is not allowed in a text.", code=f"{ord(found[0]):04X}"))
    return _Reader(_UNREADABLE.sub("\ufffd", text), faults).document()


class _Reader:
    def __init__(self, text: str, faults: Faults) -> None:
        self._events: Any = yaml.parse(text, Loader=_LOADER)
        self._faults = faults
        self._line = 1
        self._depth = 0

    def document(self) -> Node | None:
        try:
            return self._document()
        except _TooDeep:
            self._fault(_l("The file is nested too deeply from this line on."))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._line = self._line if mark is None else mark.line + 1
            self._fault(_l("The YAML cannot be read from this line on: check the indentation, quotes and colons."))
        except (yaml.YAMLError, ValueError, OverflowError):  # an escape or a directive with an impossible number
            self._fault(_l("The YAML cannot be read from this line on: check the indentation, quotes and colons."))
        return None

    def _fault(self, message: Any) -> None:
        self._faults.add(self._line, "", message)

    def _next(self) -> Any:
        event = next(self._events)
        self._line = event.start_mark.line + 1
        return event

    def _document(self) -> Node | None:
        documents: list[Node] = []
        while not isinstance(event := self._next(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent) and documents:
                self._fault(_l("The file must hold one YAML document only."))
                return None
            if isinstance(event, yaml.NodeEvent):
                documents.append(self._node(event))
        if documents and not is_null(documents[0]):
            return documents[0]
        self._faults.add(1, "", _l("The file is empty."))
        return None

    def _node(self, event: Any) -> Node:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            self._fault(_l("Aliases (*) are not accepted: write the value again."))
            return Refused(line)
        if event.anchor is not None:
            self._fault(_l("Anchors (&) are not accepted."))
        if event.tag is not None:
            self._fault(_l("YAML tags (!) are not accepted."))
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event, line)
        return self._collection(event, line)

    def _collection(self, event: Any, line: int) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooDeep
        node: Node = self._sequence(line) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(line)
        self._depth -= 1
        return node

    def _sequence(self, line: int) -> Sequence:
        items = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event))
        return Sequence(line, items)

    def _mapping(self, line: int) -> Mapping:
        entries = []
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key, value = self._node(event), self._node(self._next())
            if isinstance(key, Scalar):
                entries.append((key, value))
            elif not isinstance(key, Refused):
                self._faults.add(key.line, "", _l("A key must be a word."))
        return Mapping(line, entries)


def _scalar(event: Any, line: int) -> Scalar:
    quoted = bool(event.style)  # one parser says None for plain text, the other an empty string
    tag = "str" if quoted else _RESOLVER.resolve(yaml.ScalarNode, event.value, (True, False)).rpartition(":")[2]
    return Scalar(line, event.value, tag, quoted)


class _Dumper(yaml.SafeDumper):
    """Block style, lists set in, text between quotes or, on several lines, as a block."""

    def ignore_aliases(self, data: Any) -> bool:
        return True  # the same date in two places is written twice, not as an anchor, which would be refused

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_quoted(dumper: _Dumper, text: Quoted) -> yaml.ScalarNode:
    beyond = bool(text) and max(text) > "\uffff"  # PyYAML would write these as escapes between double quotes
    style = "|" if "\n" in text else None if beyond else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style)


_Dumper.add_representer(Quoted, _represent_quoted)


def write(plain: object) -> str:
    """Plain data (with `Quoted` text) as YAML, one text to a line however long it is."""
    return yaml.dump(plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000)
