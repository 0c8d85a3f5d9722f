"""Office documents are zip archives: judged by their directory, only a few small parts are unpacked (S42, S43)."""

import re
import stat
import struct
from collections.abc import Iterable
from typing import IO
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from flask_babel import lazy_gettext as _l

from app.core.file_types import DAMAGED, OPENDOCUMENT, OVERSIZE, FileType, Unsafe

END_OF_ARCHIVE = b"PK\x05\x06"
END_SIZE, MAX_COMMENT = 22, 65_535
MAX_ENTRIES, MAX_DIRECTORY = 2_000, 400_000
MAX_UNPACKED, MAX_RATIO, FREE = 150_000_000, 100, 5_000_000
MAX_PART, MAX_PARTS = 500_000, 300
OUTSIDE = re.compile(r"^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)|[\\\x00]")
NESTED = re.compile(
    r"\.(?:zip|jar|gz|7z|rar|tar|exe|dll|com|bat|cmd|js|vbs|ps1|sh|hta|html?|docx?|docm|xlsx?|xlsm|od[tsp]|pdf|rtf|mht|mhtml)$",
    re.I,
)
MACROS = ("vbaproject", "vbadata", "activex/", "macrosheets/", "dialogsheets/", "basic/", "scripts/", "customui/")
OBJECTS = ("embeddings/", "oleobject", "externallinks/", "connections.xml", "querytables/")
MAIN_PARTS = {"docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
              "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml")}  # fmt: skip
EXTERNAL = "External"
HYPERLINK = "/hyperlink"


WITH_MACROS = _l("This document holds macros. Save it without them, or as a PDF.")
WITH_OBJECTS = _l(
    "This document holds another file or depends on one elsewhere. Save it as a PDF, or without that part."
)


def office(kind: FileType, file: IO[bytes], size: int) -> None:
    """An OpenDocument or OpenXML file of the announced kind. Raises `Unsafe`."""
    _check_end(file, size)
    try:
        with ZipFile(file) as archive:
            entries = archive.infolist()
            _check_directory(entries)
            _check_names(entries)
            if kind.media_type.startswith(OPENDOCUMENT):
                _check_opendocument(kind, archive, entries)
            else:
                _check_openxml(kind, archive)
    except Unsafe:
        raise
    except Exception as fault:  # whatever the zip and XML libraries stumble on, the file is not sound
        raise Unsafe(DAMAGED) from fault


def _check_end(file: IO[bytes], size: int) -> None:
    """Before the library reads a directory, that it is small, whole, and that nothing stands around the archive."""
    file.seek(0)
    beginning = file.read(1024)
    file.seek(max(0, size - END_SIZE - MAX_COMMENT))
    ending = file.read()
    at = ending.rfind(END_OF_ARCHIVE)
    if not beginning.startswith(b"PK\x03\x04") or at < 0 or len(ending) - at != END_SIZE:
        raise Unsafe(DAMAGED)
    _disk, _first, here, entries, length, offset, _comment = struct.unpack("<HHHHIIH", ending[at + 4 : at + END_SIZE])
    if here != entries or offset + length + END_SIZE != size or b"%PDF-" in beginning:
        raise Unsafe(DAMAGED)
    if entries > MAX_ENTRIES or length > MAX_DIRECTORY:
        raise Unsafe(OVERSIZE)
    file.seek(0)


def _check_directory(entries: list[ZipInfo]) -> None:
    """Sizes as the directory says; parts that overlap would unpack the same bytes many times."""
    unpacked, packed, reached = 0, 0, 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.flag_bits & 1:
            raise Unsafe(_l("This document is locked by a password. Save it without one."))
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or entry.header_offset < reached:
            raise Unsafe(DAMAGED)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Unsafe(DAMAGED)
        reached = entry.header_offset + 30 + entry.compress_size
        unpacked, packed = unpacked + entry.file_size, packed + entry.compress_size
        if unpacked > MAX_UNPACKED:
            raise Unsafe(OVERSIZE)
    if unpacked > FREE + packed * MAX_RATIO:
        raise Unsafe(OVERSIZE)


def _check_names(entries: Iterable[ZipInfo]) -> None:
    known = set()
    for entry in entries:
        name = entry.filename.lower()
        if OUTSIDE.search(entry.orig_filename) or name in known:
            raise Unsafe(DAMAGED)
        if any(mark in name for mark in MACROS):
            raise Unsafe(WITH_MACROS)
        if NESTED.search(name) or any(mark in name for mark in OBJECTS):
            raise Unsafe(WITH_OBJECTS)
        known.add(name)


def _part(archive: ZipFile, name: str) -> bytes:
    """A small part, whatever size the directory gives it."""
    with archive.open(name) as content:
        found = content.read(MAX_PART + 1)
    if len(found) > MAX_PART:
        raise Unsafe(OVERSIZE)
    return found


def _tree(archive: ZipFile, name: str) -> ElementTree.Element:
    """Parsed, so that no way of writing hides a word; a document type could hold entities and is refused."""
    content = _part(archive, name)
    if b"<!" in content.replace(b"<!--", b"").replace(b"<![CDATA[", b"") or b"\0" in content:
        raise Unsafe(DAMAGED)
    return ElementTree.fromstring(content)


def _check_opendocument(kind: FileType, archive: ZipFile, entries: list[ZipInfo]) -> None:
    first = entries[0] if entries else None
    if first is None or first.filename != "mimetype" or first.compress_type != ZIP_STORED:
        raise Unsafe(DAMAGED)
    if _part(archive, "mimetype").decode("ascii", "replace").strip() != kind.media_type:
        raise Unsafe(DAMAGED)
    archive.getinfo("content.xml")
    for element in _tree(archive, "META-INF/manifest.xml").iter():
        tag, words = element.tag.rpartition("}")[2], " ".join(element.attrib.values()).lower()
        if tag == "encryption-data":
            raise Unsafe(_l("This document is locked by a password. Save it without one."))
        if "oleobject" in words:
            raise Unsafe(WITH_OBJECTS)


def _check_openxml(kind: FileType, archive: ZipFile) -> None:
    part, content_type = MAIN_PARTS[kind.extension]
    archive.getinfo(part)
    types = {element.get("ContentType", "") for element in _tree(archive, "[Content_Types].xml").iter()}
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in types):
        raise Unsafe(WITH_MACROS)
    if not any(one.endswith(content_type) for one in types):
        raise Unsafe(DAMAGED)
    relations = [entry.filename for entry in archive.infolist() if entry.filename.lower().endswith(".rels")]
    if len(relations) > MAX_PARTS:
        raise Unsafe(OVERSIZE)
    for name in relations:
        for element in _tree(archive, name).iter():
            outside = element.get("TargetMode", "").strip().lower() == EXTERNAL.lower()
            if outside and not element.get("Type", "").endswith(HYPERLINK):
                raise Unsafe(WITH_OBJECTS)
