"""What WeasyPrint's tags leave to be done, mended before the file is written (PDF 1.7, 14.8; PDF/UA-1).

It tags page by page: what goes on over a page is two elements there, one here. It tags the margins as text that nobody
reaches: they become artifacts. Nested lists go into the item they belong to; cells say what they head; a passage in the
other language says so. WeasyPrint is pinned to its major number: `_build_box_tree`, which this listens to, is its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pydyf
from weasyprint.pdf import tags as theirs

WHOLE = ("/Link", "/Figure", "/Form")  # they hold their content themselves, on their own page
REPEATED = ("/THead", "/TFoot")  # printed again on each page of a table
SCOPES = {"row": "/Row", "rowgroup": "/Row", "col": "/Column", "colgroup": "/Column"}


@dataclass
class Origin:
    """Where a structure element comes from: the HTML element, the pseudo-element of it, the page."""

    source: Any
    part: str
    page: int


@dataclass
class Tree:
    """The structure of one file while it is mended."""

    pdf: Any
    made: dict[int, Origin]
    heads: dict[bytes, bytes] = field(default_factory=dict)

    def at(self, reference: Any) -> Any:
        return self.pdf.objects[int(bytes(reference).split()[0])] if isinstance(reference, bytes) else None

    def kids(self, element: Any) -> list[Any]:
        """The structure elements directly in one."""
        found = (self.at(kid) for kid in element.get("K", ()))
        return [one for one in found if one is not None and "S" in one]

    def below(self, element: Any) -> Iterator[Any]:
        """Itself and all it holds, in reading order."""
        waiting = [element]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += reversed(self.kids(one))


@contextmanager
def remembering() -> Iterator[dict[int, Origin]]:
    """While this lasts, where each structure element comes from is kept, by its number in the file."""
    made: dict[int, Origin] = {}
    build = theirs._build_box_tree

    def listening(box: Any, parent: Any, pdf: Any, page_number: int, *rest: Any) -> Iterator[Any]:
        for element in build(box, parent, pdf, page_number, *rest):
            source = getattr(getattr(box, "_box", box), "element", None)
            if source is not None and element.number not in made:
                made[element.number] = Origin(source, box.element_tag, page_number)
                _say(element, source)
            yield element

    theirs._build_box_tree = listening
    try:
        yield made
    finally:
        theirs._build_box_tree = build


def _say(element: Any, source: Any) -> None:
    if source.get("lang") and source.tag != "html":
        element["Lang"] = pydyf.String(source.get("lang"))
    if element["S"] == "/TH":
        element["A"]["Scope"] = SCOPES.get(source.get("scope", ""), "/Column")


def mend(pdf: Any, made: dict[int, Origin]) -> None:
    tree = Tree(pdf, made)
    root = tree.at(pdf.catalog["StructTreeRoot"])
    (document,) = tree.kids(root)
    _join(tree, document)
    for element in list(tree.below(document)):
        if element["S"] == "/L":
            _nest(tree, element)
    _index_heads(tree, root, document)
    _release(tree, root, document)


def _join(tree: Tree, element: Any) -> None:
    """What a page break cut in two is one again; the head of a table, printed again, is left out."""
    kept: list[Any] = []
    for kid in element["K"]:
        twin = _twin(tree, kept, kid)
        if twin is None:
            kept.append(kid)
        elif twin["S"] in REPEATED:
            _same_heads(tree, twin, tree.at(kid))
        else:
            _give(tree, tree.at(kid)["K"], twin)
            tree.made[twin.number].page = tree.made[tree.at(kid).number].page
    element["K"] = pydyf.Array(kept)
    for child in tree.kids(element):
        _join(tree, child)


def _twin(tree: Tree, kept: list[Any], kid: Any) -> Any:
    child = tree.at(kid)
    if child is None or child.get("S") in (None, *WHOLE) or child.number not in tree.made:
        return None
    if child["S"] in REPEATED and any(one["S"] == "/Link" for one in tree.below(child)):
        return None  # a link must stay within reach
    origin = tree.made[child.number]
    for other in (tree.at(one) for one in reversed(kept)):
        if other is None or other.get("S") != child["S"] or other.number not in tree.made:
            continue
        theirs_ = tree.made[other.number]
        if theirs_.source is origin.source and theirs_.part == origin.part and theirs_.page < origin.page:
            return other
    return None


def _give(tree: Tree, references: Any, to: Any) -> None:
    for reference in references:
        child = tree.at(reference)
        if child is not None and "S" in child:
            child["P"] = to.reference
        to["K"].append(reference)


def _same_heads(tree: Tree, first: Any, again: Any) -> None:
    """The cells of the other pages name the first head's cells."""
    for one, other in zip(tree.below(first), tree.below(again), strict=False):
        if "ID" in one and "ID" in other:
            tree.heads[other["ID"].data] = one["ID"]


def _nest(tree: Tree, element: Any) -> None:
    """A list inside an item is in that item's body, as in the page."""
    kept: list[Any] = []
    for reference in element["K"]:
        child, last = tree.at(reference), tree.at(kept[-1]) if kept else None
        if child["S"] != "/L" or last is None or last["S"] != "/LI":
            kept.append(reference)
            continue
        bodies = [one for one in tree.kids(last) if one["S"] == "/LBody"]
        _give(tree, [reference], bodies[-1] if bodies else _body(tree, last))
    element["K"] = pydyf.Array(kept)


def _body(tree: Tree, item: Any) -> Any:
    body = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(), "Pg": item["Pg"], "P": item.reference}
    )
    tree.pdf.add_object(body)
    item["K"].append(body.reference)
    return body


def _index_heads(tree: Tree, root: Any, document: Any) -> None:
    """The cells that are named, where a reader looks names up (the specification asks for it, 14.7.2)."""
    named: list[tuple[bytes, Any]] = []
    for element in tree.below(document):
        if "ID" in element:
            named.append((element["ID"].data, element))
        headers = element.get("A", {}).get("Headers")
        if headers is not None:
            element["A"]["Headers"] = pydyf.Array(dict.fromkeys(tree.heads.get(one.data, one) for one in headers))
    if named:
        names = pydyf.Array()
        for _key, element in sorted(named, key=lambda one: str(one[1]["ID"].string)):
            names += [element["ID"], element.reference]
        root["IDTree"] = pydyf.Dictionary({"Names": names})


def _release(tree: Tree, root: Any, document: Any) -> None:
    """What is drawn and belongs to no element that a reader reaches is an artifact: margins, repeated heads."""
    reached = {one.number for one in tree.below(document)}
    numbers = iter(tree.at(root["ParentTree"])["Nums"])
    pages = [tree.at(reference) for reference in tree.pdf.page_references]
    lost: set[int] = set()
    for page, owners in zip(numbers, numbers, strict=True):
        if not isinstance(owners, pydyf.Array):  # an annotation
            continue
        loose = {mcid for mcid, owner in enumerate(owners) if tree.at(owner).number not in reached}
        lost |= {tree.at(owners[mcid]).number for mcid in loose}
        owners[:] = ["null" if mcid in loose else owner for mcid, owner in enumerate(owners)]
        _unmark(tree.at(pages[page]["Contents"]).stream, loose)
    for number in lost | {number for number in tree.made if number not in reached}:
        tree.pdf.objects[number].clear()


def _unmark(operations: list[Any], loose: set[int]) -> None:
    for place, operation in enumerate(operations):
        if isinstance(operation, pydyf.Dictionary) and operation.get("MCID") in loose:
            operations[place - 1] = "/Artifact"
            operations[place] = pydyf.Dictionary({"Type": "/Pagination"})
