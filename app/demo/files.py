"""Small real files, written by hand: enough for a reader to open, nothing that weighs on the repository."""

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from markupsafe import escape

TEXT = "application/vnd.oasis.opendocument.text"
NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"'
)


def pdf(lines: list[str], pages: int = 1) -> bytes:
    """A PDF of `pages` pages: the first line as a title, the others below; Windows Latin 1, like its fonts."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>", font]
    for number in range(pages):
        content = _page(lines, number)
        objects += [
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
                f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
            ),
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    body, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    ending = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{ending}".encode("ascii")


def _page(lines: list[str], number: int) -> str:
    def shown(line: str) -> str:
        codes = line.encode("cp1252", "replace")
        return "(" + "".join(chr(c) if 31 < c < 127 and c not in b"()\\" else f"\\{c:03o}" for c in codes) + ") Tj"

    rows = "".join(f" 0 -22 Td {shown(line)}" for line in [*lines[1:], "", f"{number + 1}"])
    return f"BT /F1 18 Tf 60 760 Td {shown(lines[0][:58])} /F1 12 Tf 0 -12 Td{rows} ET"


def odt(lines: list[str]) -> bytes:
    """An OpenDocument text."""
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    parts = {
        "content.xml": f"<office:document-content {NAMESPACES}><office:body><office:text>{paragraphs}"
        "</office:text></office:body></office:document-content>",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{manifest}" manifest:version="1.3">'
        f"{entry.format('/', TEXT)}{entry.format('content.xml', 'text/xml')}</manifest:manifest>",
    }
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("mimetype", TEXT, ZIP_STORED)
        for name, words in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + words, ZIP_DEFLATED)
    return file.getvalue()


def png(bars: list[int]) -> bytes:
    """A chart of plain bars."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (120 + 90 * len(bars), 360), "#ffffff")
    pen, top = ImageDraw.Draw(picture), max(bars)
    for place, value in enumerate(bars):
        left = 60 + 90 * place
        pen.rectangle((left, 320 - 260 * value // top, left + 60, 320), fill="#24388a" if place % 2 else "#d8452e")
    pen.line((40, 320, picture.width - 40, 320), fill="#161a2b", width=3)
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def written(one: dict[str, Any]) -> bytes:
    """The contents of one entry of `papers.yaml`."""
    lines = [one.get("heading") or one["title_fr"], *one.get("lines", [])]
    match one["file"].rpartition(".")[2]:
        case "pdf":
            return pdf(lines, one.get("pages", 1))
        case "odt":
            return odt(lines)
        case "png":
            return png(one["bars"])
        case _:
            return ("\n".join(one["lines"]) + "\n").encode()
