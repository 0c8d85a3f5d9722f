"""Templates as text: what they say, what they call, who uses them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, meta, nodes

from app.settings import ROOT

FOLDER = ROOT / "app" / "templates"
HOLE = "\ue000"
SAID = {"title", "alt", "placeholder", "aria-label", "content"}
TRANSLATORS = {"_", "gettext", "ngettext"}
environment = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)


def names() -> list[str]:
    return sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())


def source(name: str) -> str:
    return (FOLDER / name).read_text()


@cache
def tree(name: str) -> nodes.Template:
    return environment.parse(source(name))


@cache
def called_by(name: str) -> set[str]:
    """The templates that this one extends, includes or imports."""
    return {found for found in meta.find_referenced_templates(tree(name)) if found}


@cache
def named_in_code() -> set[str]:
    """Templates whose name stands in the programme: rendered, or queued as a mail."""
    every, found = set(names()), set()
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= every & {node.value, f"email/{node.value}/subject.txt", f"email/{node.value}/body.txt"}
    return found


def bare(name: str) -> str:
    """The HTML of a template, with a hole where an expression or a statement stands."""
    html = "".join(
        value if kind == "data" else HOLE if kind in {"variable_begin", "block_begin"} else ""
        for _line, kind, value in environment.lex(source(name))
    )
    return re.sub(f"<(/?){HOLE}", r"<\1any", html)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if value and name in SAID and not _is_machine(tag, name, value)]

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def _is_machine(tag: str, name: str, value: str) -> bool:
    """`content` of a meta that no reader sees."""
    return name == "content" and (value.startswith("{") or "width=" in value or value == "noindex")


def untranslated(name: str) -> Iterator[str]:
    """Words written in a template outside gettext, and capitalised texts handed to a macro without it."""
    html = bare(name)
    if name.endswith(".html"):
        parser = _Words()
        parser.feed(html)
        words = parser.found
    else:
        words = re.sub(r"<[^>]*>", " ", html).splitlines()
    for text in words:
        for part in text.split(HOLE):
            if re.search(r"[^\W\d_]", part):
                yield " ".join(part.split())
    yield from _loose_constants(tree(name))


def _loose_constants(node: nodes.Node, *, translated: bool = False) -> Iterator[str]:
    for child in node.iter_child_nodes():
        inside = translated or (
            isinstance(child, nodes.Call) and isinstance(child.node, nodes.Name) and child.node.name in TRANSLATORS
        )
        text = child.value if isinstance(child, nodes.Const) and not inside else None
        if isinstance(text, str) and re.match(r"[A-ZÀ-Ý][a-zà-ÿ]", text):
            yield text
        yield from _loose_constants(child, translated=inside)


def root_id(name: str) -> str | None:
    """The id of the first element of a fragment."""
    match = re.search(
        r"<[a-z0-9]+\b[^>]*?\bid=\"([^\"]*)\"", re.sub(r"\{#.*?#\}|\{%.*?%\}", "", source(name), flags=re.DOTALL)
    )
    return match.group(1) if match else None


def python_files() -> list[Path]:
    return sorted((ROOT / "app").rglob("*.py"))
