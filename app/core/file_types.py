"""The kinds of files that the portal takes, and the names they keep. Nothing here reads a file."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core import text

MAX_NAME = 150
FORBIDDEN = re.compile(r'[<>:"|?*]')
BLANKS = re.compile(r"\s+")
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
OPENDOCUMENT = "application/vnd.oasis.opendocument."
OPENXML = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class FileType:
    """`media_type` is what the file is served as, whatever its sender called it. `label`: for the reader."""

    extension: str
    media_type: str
    label: Any


class Unsafe(Exception):
    """The file cannot be taken; the message says why and what to do, to the person who chose it."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message))
        self.message = message


DAMAGED = _l("This file is not what its name says, or it is damaged. Open it, save it again and choose it anew.")
OVERSIZE = _l("This file unpacks to far more than it should. Save it again, or send it in several parts.")

TYPES = {
    one.extension: one
    for one in (
        FileType("pdf", "application/pdf", "PDF"),
        FileType("odt", OPENDOCUMENT + "text", "ODT"),
        FileType("ods", OPENDOCUMENT + "spreadsheet", "ODS"),
        FileType("docx", OPENXML + "wordprocessingml.document", "Word (DOCX)"),
        FileType("xlsx", OPENXML + "spreadsheetml.sheet", "Excel (XLSX)"),
        FileType("png", "image/png", _l("PNG image")),
        FileType("jpg", "image/jpeg", _l("JPEG image")),
        FileType("txt", "text/plain", _l("plain text")),
        FileType("csv", "text/csv", "CSV"),
    )
}
OTHER_SPELLINGS = {"jpeg": "jpg"}
LABELS = {one.media_type: one.label for one in TYPES.values()}
ACCEPTED = ",".join(f".{extension}" for extension in (*TYPES, *OTHER_SPELLINGS))


def of_name(name: str) -> FileType | None:
    """The type that a name announces by its last extension; None when it is not taken."""
    extension = name.rpartition(".")[2].lower()
    return TYPES.get(OTHER_SPELLINGS.get(extension, extension))


def clean_name(name: str | None) -> str:
    """A name that every system can keep: no folder, control or direction character, 150 characters at most (S44).

    What a person sees is the end that counts: without the direction characters, « fdp.exe » shows its true extension.
    """
    kept = unicodedata.normalize("NFC", (name or "").replace("\\", "/").rpartition("/")[2])
    for unwanted in (text.CONTROL, text.BIDI, text.INVISIBLE):
        kept = unwanted.sub("", kept)
    stem, dot, extension = BLANKS.sub(" ", FORBIDDEN.sub("-", kept)).strip().rstrip(" .").rpartition(".")
    if not dot:
        stem, extension = extension, ""
    stem, extension = stem.strip(" .") or "document", extension.strip()[:20]
    if stem.lower() in RESERVED:
        stem += "-"
    return stem[: MAX_NAME - len(dot + extension)] + dot + extension
