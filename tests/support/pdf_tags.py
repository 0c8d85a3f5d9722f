"""What a reader with assistive technology finds in a PDF, read by pikepdf: language, title, structure, stray content.

found = pdf_tags.read(data)
assert (found.lang, found.title, found.shows_title) == ("fr", "Convocation", True)
assert found.outline == pdf_tags.outline_of(html)
assert found.stray == []
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from lxml import html as htmls

OUTLINED = {
    **{f"h{n}": f"H{n}" for n in range(1, 7)}, "ul": "L", "ol": "L", "li": "LI", "dl": "L", "dt": "LI", "dd": "LI",
    "table": "Table", "tr": "TR",
    "th": "TH", "td": "TD", "caption": "Caption", "p": "P", "blockquote": "BlockQuote",
}  # fmt: skip
SHOWN = ("Tj", "TJ", "'", '"')
PAINTED = ("f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh", "EI")
BLANK = re.compile(r"\s+")


@dataclass
class Tagged:
    """`outline`: one line for each heading, paragraph, list, item, table, row and cell, indented by its depth, with
    its own text (without that of the lines below it, nor blanks). `stray`: what is drawn and neither tagged nor an
    artifact. `artifacts`: the text of the margins, page by page."""

    lang: str
    title: str
    shows_title: bool
    pages: int
    outline: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    artifacts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    languages: dict[str, str] = field(default_factory=dict)
    heads: dict[str, list[str]] = field(default_factory=dict)
    """The text of each data cell, with those of the header cells that it names."""
    is_universal: bool = False
    """It says that it follows PDF/UA-1."""
    fonts_embedded: bool = True


def read(data: bytes) -> Tagged:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode() if "/Metadata" in pdf.Root else ""
        found = Tagged(
            lang=str(pdf.Root.get("/Lang", "")),
            title=str(pdf.docinfo.get("/Title", "")),
            shows_title=bool(pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
            pages=len(pdf.pages),
            is_universal='part="1"' in metadata and "pdfuaid" in metadata,
        )
        texts: dict[tuple[int, int], str] = {}
        for page in pdf.pages:
            _read_page(page, texts, found)
        _Reader(found, texts, pdf.Root.StructTreeRoot).walk()
        return found


def _read_page(page: Any, texts: dict[tuple[int, int], str], found: Tagged) -> None:
    fonts = {name: _letters(font, found) for name, font in page.Resources.Font.items()}
    marks: list[int | str | None] = []
    font, margin, number = "", "", page.objgen[0]
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            properties = operands[1] if name == "BDC" else {}
            marks.append("artifact" if str(operands[0]) == "/Artifact" else properties.get("/MCID"))
        elif name == "EMC":
            marks.pop()
        elif name == "Tf":
            font = str(operands[0])
        elif name in SHOWN:
            text = _shown(operands[-1], fonts[font])
            owner = next((one for one in reversed(marks) if one is not None), None)
            if owner == "artifact":
                margin += text
            elif owner is None:
                found.stray.append(text)
            else:
                texts[number, int(owner)] = texts.get((number, int(owner)), "") + text
        elif name in PAINTED and not marks:
            found.stray.append(name)
    found.artifacts.append(margin.replace("\xa0", " "))


def _letters(font: Any, found: Tagged) -> dict[int, str]:
    """Glyph to text, as the font says for whoever copies or hears it."""
    inner = font.DescendantFonts[0].FontDescriptor
    found.fonts_embedded &= any(name in inner for name in ("/FontFile", "/FontFile2", "/FontFile3"))
    lines = re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", font.ToUnicode.read_bytes().decode("latin-1"))
    return {int(glyph, 16): bytes.fromhex(text).decode("utf-16-be") for glyph, text in lines if len(glyph) == 4}


def _shown(operand: Any, letters: dict[int, str]) -> str:
    runs = operand if isinstance(operand, pikepdf.Array) else [operand]
    raw = b"".join(bytes(run) for run in runs if isinstance(run, pikepdf.String))
    return "".join(letters.get(int.from_bytes(raw[at : at + 2]), "") for at in range(0, len(raw), 2))


class _Reader:
    """The tree in its order. A marked text that the tree does not name is stray."""

    def __init__(self, found: Tagged, texts: dict[tuple[int, int], str], root: Any) -> None:
        self.found, self.texts, self.root = found, texts, root
        self.read: set[tuple[int, int]] = set()
        self.cells: dict[str, str] = {}
        self.named: list[tuple[str, list[str]]] = []

    def walk(self) -> None:
        for kid in self.root.K:
            self._walk(kid, 0, [])
        self.found.stray += [text for place, text in self.texts.items() if place not in self.read and text.strip()]
        self.found.heads = {cell: [self.cells[name] for name in names] for cell, names in self.named}

    def _walk(self, element: Any, depth: int, own: list[str]) -> None:
        """`own` gathers the text of the nearest line above."""
        tag = str(element.S)[1:]
        if tag == "Lbl":
            own = []
        line = len(self.found.outline)
        if tag in OUTLINED.values():
            self.found.outline.append("")
            own, depth = [], depth + 1
        before = len(own)
        for kid in element.get("/K", []):
            if isinstance(kid, int):
                place = (element.Pg.objgen[0], kid)
                assert place not in self.read, "the same text is in two elements"
                self.read.add(place)
                own.append(self.texts.get(place, ""))
            elif "/S" in kid:
                assert kid.P.objgen == element.objgen
                self._walk(kid, depth, own)
        text = BLANK.sub("", "".join(own[before:]))
        if tag in OUTLINED.values():
            self.found.outline[line] = f"{'  ' * (depth - 1)}{tag} {text}".rstrip()
        self._note(element, tag, text)

    def _note(self, element: Any, tag: str, text: str) -> None:
        if tag == "Link":
            self.found.links.append(text)
        if "/Lang" in element:
            self.found.languages[text] = str(element.Lang)
        if "/ID" in element:
            self.cells[str(element.ID)] = text
        if tag == "TD":
            self.named.append((text, [str(one) for one in element.A.get("/Headers", [])]))


# -- the same from the page ------------------------------------------------------------------------------------------


def outline_of(html: str) -> list[str]:
    """What `Tagged.outline` must be for this page."""
    return list(_lines(htmls.fromstring(html).find("body"), 0))


def _lines(element: Any, depth: int) -> Iterator[str]:
    for child in element.iterchildren("*"):
        tag = OUTLINED.get(child.tag)
        if tag is not None:
            yield f"{'  ' * depth}{tag} {BLANK.sub('', _own_text(child))}".rstrip()
        yield from _lines(child, depth + (tag is not None))


def _own_text(element: Any) -> str:
    inner = (("" if child.tag in OUTLINED else _own_text(child)) + (child.tail or "") for child in element)
    return (element.text or "") + "".join(inner)
