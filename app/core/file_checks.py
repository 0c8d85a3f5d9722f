"""Is a file what its name says, and nothing more? No image is decoded, no archive unpacked (S39, S42, S43).

Each check is given the file, open for reading, and its size in bytes, at most `files.MAX_SIZE`; it returns the number
of pages when that is cheap to know, and raises `Unsafe` with a message for the person who chose the file.
"""

import re
from collections.abc import Callable
from typing import IO, Any

from flask_babel import lazy_gettext as _l

from app.core import file_pdf, text
from app.core.file_archives import END_OF_ARCHIVE, office
from app.core.file_types import DAMAGED, FileType, Unsafe

MAX_PIXELS = 40_000_000
TAIL = 66_000  # the end of an archive stands within the last 65 557 bytes
MARKUP = ("<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?xml", "<iframe")
ACTIVE = (
    "/JavaScript", "/Launch", "/Rendition", "/RichMedia", "/EmbeddedFile", "/FileAttachment", "/GoToE", "/XFA",
    "/ImportData", "/SubmitForm",
)  # fmt: skip
# A file specification with its file: the file itself may say no type. Three letters come by chance in packed data, so
# that the value is read too: a dictionary or the number of one. No comment is read through: it may hold the key again.
FILE_WITHIN = re.compile(r"/EF(?:[\0\t\n\f\r ]*+(?:<<|%)|[\0\t\n\f\r ]++[+-]?\d)")
PAGE = re.compile(r"/Type\s{0,20}/Page(?![A-Za-z])")

TWO_IN_ONE = _l("This file hides a second one. Open it, save it again and choose the new file.")


def check(kind: FileType, file: IO[bytes], size: int) -> int | None:
    """Raises `Unsafe`; returns the number of pages, None when it is not known."""
    file.seek(0)
    return CHECKS[kind.extension](kind, file, size)


def _refuse_second_archive(ending: bytes) -> None:
    if END_OF_ARCHIVE in ending[-TAIL:]:
        raise Unsafe(TWO_IN_ONE)


# -- PDF -------------------------------------------------------------------------------------------------------------


def _pdf(_kind: FileType, file: IO[bytes], _size: int) -> int | None:
    body = file.read()
    end = body.rfind(b"%%EOF")
    if not body.startswith(b"%PDF-") or end < 0:
        raise Unsafe(DAMAGED)
    plain = body.decode("latin-1")
    beginning = plain[:1024].lower()
    if body[end + 5 :].strip(b"\0 \t\r\n") or any(mark in beginning for mark in MARKUP[:5]):
        raise Unsafe(TWO_IN_ONE)
    _refuse_second_archive(body)
    pages = 0
    for part in (plain, *file_pdf.packed_objects(plain, body)):
        _refuse_active(part)
        pages += len(PAGE.findall(part))
    return pages or None


def _refuse_active(part: str) -> None:
    names = file_pdf.unescaped(part)
    if "/Encrypt" in names:
        raise Unsafe(_l("This PDF is locked by a password or by restrictions. Save it without them."))
    if any(name in names for name in ACTIVE) or FILE_WITHIN.search(names):
        raise Unsafe(
            _l("This PDF holds a script, an action or another file. Print it to a new PDF, and choose that one.")
        )


# -- images: the header only ------------------------------------------------------------------------------------------


def _image(name: str, first: bytes, last: bytes) -> Callable[[FileType, IO[bytes], int], None]:
    def check_image(_kind: FileType, file: IO[bytes], size: int) -> None:
        beginning = file.read(len(first))
        file.seek(max(0, size - TAIL))
        ending = file.read()
        if beginning != first:
            raise Unsafe(DAMAGED)
        if not ending.endswith(last):
            raise Unsafe(TWO_IN_ONE if last in ending else DAMAGED)
        _refuse_second_archive(ending)
        file.seek(0)
        width, height = _dimensions(name, file)
        if width * height > MAX_PIXELS:
            raise Unsafe(_l("This image has more than 40 million pixels. Reduce it, then choose it again."))

    return check_image


def _dimensions(name: str, file: IO[bytes]) -> tuple[int, int]:
    """Width and height as the header has them: the library decodes nothing until it is asked to."""
    from PIL import Image, ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # where another library set it, a packed text without end would be taken
    try:
        with Image.open(file, formats=[name]) as picture:
            return picture.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return MAX_PIXELS, MAX_PIXELS
    except Exception as fault:  # whatever the library stumbles on, the file is not a sound image
        raise Unsafe(DAMAGED) from fault


# -- text -------------------------------------------------------------------------------------------------------------


def _text(_kind: FileType, file: IO[bytes], _size: int) -> None:
    body = file.read()
    try:
        words = body.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Unsafe(_l("This text is not in UTF-8. Save it again with the UTF-8 encoding.")) from fault
    if text.CONTROL.search(words):
        raise Unsafe(DAMAGED)
    if words.lstrip()[:20].lower().startswith(("%pdf-", *MARKUP)):
        raise Unsafe(DAMAGED)
    _refuse_second_archive(body)


CHECKS: dict[str, Callable[[FileType, IO[bytes], int], Any]] = {
    "pdf": _pdf,
    "png": _image("PNG", b"\x89PNG\r\n\x1a\n", b"\0\0\0\0IEND\xaeB`\x82"),
    "jpg": _image("JPEG", b"\xff\xd8\xff", b"\xff\xd9"),
    "txt": _text,
    "csv": _text,
    **dict.fromkeys(("odt", "ods", "docx", "xlsx"), office),
}
