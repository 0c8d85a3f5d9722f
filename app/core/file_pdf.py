"""The objects that a PDF keeps packed, where a script could be: found as its readers find them (S42).

A reader comes to an object by its place, wherever that is: each word `obj` is the beginning of one. A stream holds
objects when its dictionary has the key `First`, whatever it calls itself. Where the end of a dictionary, its keys or
its filters are not beyond doubt, readers disagree and the file is refused: nothing is left unread.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Any

from app.core.file_types import DAMAGED, OVERSIZE, Unsafe

UNPACKED_MOST = 20_000_000
EFFORT_MOST, MARK_COST, WORD_COST = 25_000_000, 150, 10
PIECE = 65_536
ESCAPED = re.compile(r"#([2-7][0-9A-Fa-f])")
BLANKS = re.compile(r"(?:[\0\t\n\f\r ]|%[^\r\n]*)*+")
OBJECT = re.compile(r"obj[A-Za-z0-9.+-]*+")
MARK = re.compile(
    r"%[^\r\n]*|\(|<<|>>|<[0-9A-Fa-f\0\t\n\f\r ]*+>|[\[\]<>]|(?<=[\0\t\n\f\r \])>])(?:end)?(?:obj|stream)(?![A-Za-z])"
)
PARENTHESIS = re.compile(r"(?:[^()\\]|\\.)*+([()])", re.DOTALL)
DATA = re.compile(r"[ \t]*(?:\r\n|\n|\r)")
WORD = re.compile(r"%[^\r\n]*|\(|<<|>>|<[^>]*+(?:>|\Z)|[\[\]]|/?[^\0\t\n\f\r ()<>\[\]{}/%]+|/")
CLOSES = {">>": "<<", "]": "["}
OBJECTS, FLATE = "/ObjStm", ("/FlateDecode", "/Fl")
UNREAD = ("/F", "/DecodeParms", "/DP")  # data elsewhere, or packed in a second way


def unescaped(part: str) -> str:
    """Names in clear: one may be written /J#61vaScript."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), part)


def packed_objects(plain: str, body: bytes) -> Iterator[str]:
    """Each stream of objects, unpacked. `plain` is `body`, a character for each byte; raises `Unsafe`."""
    if not _may_hold_objects(unescaped(plain)):
        return
    left = UNPACKED_MOST
    for head, begin in _streams(plain):
        if _is_packed(_entries(head)):
            data = DATA.match(plain, begin)
            if data is None:
                raise Unsafe(DAMAGED)
            unpacked = _unpacked(memoryview(body)[data.end() :], left)
            left -= len(unpacked)
            yield unpacked.decode("latin-1")


def _streams(plain: str) -> Iterator[tuple[str, int]]:
    """(dictionary, place after the word `stream`) of every stream that may hold objects."""
    effort = Effort()
    for found in OBJECT.finditer(plain):
        begin = effort.over(found.end(), _behind_blanks(plain, found.end()))
        if not plain.startswith("<<", begin):
            continue
        end = _end(plain, begin, effort)
        stream = effort.over(end, _behind_blanks(plain, end))
        head = plain[begin:end]
        if plain.startswith("stream", stream) and _may_hold_objects(unescaped(head)):
            effort.over(0, len(head) * WORD_COST)
            yield head, stream + len("stream")


class Effort:
    """What may still be read, in characters: objects that hide in one another would be read over and over."""

    def __init__(self) -> None:
        self.left = EFFORT_MOST

    def over(self, begin: int, end: int) -> int:
        self.left -= end - begin + MARK_COST
        if self.left < 0:
            raise Unsafe(OVERSIZE)
        return end


def _may_hold_objects(names: str) -> bool:
    return "/First" in names or OBJECTS in names


def _behind_blanks(plain: str, at: int) -> int:
    found = BLANKS.match(plain, at)
    return found.end() if found else at


def _end(plain: str, begin: int, effort: Effort) -> int:
    """Where the dictionary that begins there ends."""
    at, opened = begin, []
    while found := MARK.search(plain, at):
        mark, at = found[0], effort.over(at, found.end())
        if mark == "(":
            at = _end_of_string(plain, at, effort)
        elif mark in ("<<", "["):
            opened.append(mark)
        elif mark in CLOSES:
            if opened.pop() != CLOSES[mark]:
                break
            if not opened:
                return at
        elif mark in (">", "<") or mark[0] in "eos":
            break  # a word that ends an object, in the middle of it
    raise Unsafe(DAMAGED)


def _end_of_string(plain: str, begin: int, effort: Effort) -> int:
    at, depth = begin, 1
    while found := PARENTHESIS.match(plain, at):
        at = effort.over(at, found.end())
        depth += 1 if found[1] == "(" else -1
        if depth == 0:
            return at
    raise Unsafe(DAMAGED)


def _entries(head: str) -> list[Any]:
    """Keys and values of a dictionary in turn, names in clear; what is nested is a list, a string is "()"."""
    at, stack = 0, [[]]  # type: tuple[int, list[list[Any]]]
    while found := WORD.search(head, at):
        word, at = found[0], found.end()
        if word == "(":
            word, at = "()", _end_of_string(head, at, Effort())
        if word in ("<<", "["):
            stack.append([])
        elif word in CLOSES:
            done = stack.pop()
            stack[-1].append(done)
        elif word == "R":
            stack[-1][-2:] = ["R"]
        elif not word.startswith("%"):
            stack[-1].append(unescaped(word))
    entries: list[Any] = stack[0][0]
    return entries


def _is_packed(entries: list[Any]) -> bool:
    """Whether a stream's dictionary says that it holds objects, and packed ones. Raises `Unsafe` in case of doubt."""
    keys, values = entries[::2], entries[1::2]
    if "/First" not in entries and OBJECTS not in entries:
        return False
    said = dict(zip(map(str, keys), values, strict=False))
    if len(keys) != len(values) or len(said) != len(keys) or not all(str(key).startswith("/") for key in keys):
        raise Unsafe(DAMAGED)
    if any(said.get(key, "null") != "null" for key in UNREAD):
        raise Unsafe(DAMAGED)
    filters = said.get("/Filter", "null")
    if filters in ("null", []):
        return False  # already read with the rest
    if filters not in FLATE and not (isinstance(filters, list) and len(filters) == 1 and filters[0] in FLATE):
        raise Unsafe(DAMAGED)
    return True


def _unpacked(packed: memoryview, most: int) -> bytes:
    """Piece by piece, for what follows the stream is long and would be copied each time."""
    reader, unpacked, at, piece = zlib.decompressobj(), bytearray(), 0, b""
    while not reader.eof and (piece or at < len(packed)):
        if not piece:
            piece, at = bytes(packed[at : at + PIECE]), at + PIECE
        try:
            unpacked += reader.decompress(piece, most - len(unpacked))
        except zlib.error as fault:
            raise Unsafe(DAMAGED) from fault
        piece = reader.unconsumed_tail
        if len(unpacked) >= most:
            raise Unsafe(OVERSIZE)
    return bytes(unpacked)
