"""Text in: Markdown to safe HTML, sanitised once on save. The only file that imports bleach (S29-S32).

Also what both engines must see alike: folding for search and sorting, slugs, and the refusal of control characters.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = frozenset(
    [
        "p",
        "br",
        "strong",
        "em",
        "u",
        "s",
        "ul",
        "ol",
        "li",
        "h2",
        "h3",
        "h4",
        "blockquote",
        "a",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "hr",
        "code",
        "pre",
        "sub",
        "sup",
    ]
)
ATTRIBUTES = {
    "a": ["href"],
    "th": ["scope", "colspan", "rowspan"],
    "td": ["colspan", "rowspan"],
}
SCHEMES = frozenset({"https", "http", "mailto"})
MAX_SOURCE = 20_000  # ten pages: the worst source is rendered within a second (S32)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u180b-\u180e\u200b-\u200f\u2060-\u2064\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
TAG = re.compile(r"<[^<>]*>")
MARKUP = re.compile(r"(<[^<>]*>)")
SPACED = re.compile(" [;:!?»]|« ")
BEFORE_NARROW = re.compile(" ([;!?])")
BEFORE_WIDE = re.compile(" (»|:(?=[ <]|$))")
AFTER_OPENING = re.compile("« ")
BLANKS = re.compile(r"[ \t\r\n]+")  # no-break spaces stay: « plan : » must not lose its colon at a line's end


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    reader.enable(["table", "strikethrough"])
    reader.add_render_rule("image", _image_in_words)
    reader.add_render_rule("heading_open", _lowered_heading)
    reader.add_render_rule("heading_close", _lowered_heading)
    return reader


def _image_in_words(_renderer: Any, tokens: Any, index: int, _options: Any, _env: Any) -> str:
    """No text of the portal shows an image: what it says and where it was stay as words, and nothing is lost unseen."""
    token = tokens[index]
    return escape(f"{token.content} ({token.attrGet('src')})")


def _lowered_heading(_renderer: Any, tokens: Any, index: int, _options: Any, env: Any) -> str:
    """A page has one h1, its own: a text's first level becomes h2, and none goes below h4."""
    level = min(4, int(tokens[index].tag[1]) + env.get("below", 1))
    closing = "" if tokens[index].nesting == 1 else "/"
    return f"<{closing}h{level}>"


@lru_cache(maxsize=1)
def _cleaner() -> Any:
    import bleach
    from bleach.sanitizer import Cleaner

    assert bleach.__version__.startswith("6.")
    return Cleaner(tags=TAGS, attributes=_attribute, protocols=SCHEMES, strip=True, strip_comments=True)


def _attribute(tag: str, name: str, value: str) -> bool:
    """`//host` would leave the site without showing a scheme: refused with every name off the list."""
    if name not in ATTRIBUTES.get(tag, ()):
        return False
    return not (name == "href" and value.strip().startswith(("//", "\\", "/\\")))


def sanitise(html: str) -> str:
    """Safe HTML by an explicit allow-list; idempotent. Links lose their referrer and their weight."""
    cleaned = _cleaner().clean(html)
    return cleaned.replace("<a href=", '<a rel="noopener noreferrer nofollow" href=')


def to_html(source: str | None, lang: str | None = None) -> str | None:
    """Markdown (tables and strikethrough, no HTML) to the HTML that is stored beside it, typeset in `lang`."""
    if not source or not source.strip():
        return None
    html = sanitise(_markdown().render(source[:MAX_SOURCE]))
    return typeset(html) if lang == "fr" else html


@dataclass(frozen=True)
class Block:
    """One block of a Markdown text, such as a paragraph, a list or a table: the lines that it was written in, and its
    safe HTML."""

    source: str
    html: str


def blocks(source: str | None, *, below: int = 1, lang: str | None = None) -> list[Block]:
    """A Markdown text as `to_html` gives it, block by block. Reference definitions, which show nothing, are left out.

    Each block is safe and balanced by itself: whoever gives each its own address puts them into elements of its own.
    `below`: the level of the heading that the text stands under, 1 for a page's own; `lang`: typeset in it.
    """
    kept = (source or "")[:MAX_SOURCE]
    reader, known = _markdown(), {"below": below}
    tokens, lines = reader.parse(kept, known), kept.split("\n")
    found: list[Block] = []
    first = 0
    for place, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            starts, ends = tokens[first].map or (0, 0)
            html = sanitise(reader.renderer.render(tokens[first : place + 1], reader.options, known)).strip()
            html = typeset(html) if lang == "fr" else html
            if html:
                found.append(Block("\n".join(lines[starts:ends]).strip("\n"), html))
            first = place + 1
    return found


def typeset(html: str) -> str:
    """Safe HTML in French with the blanks that French sets before « ; : ! ? » and inside « », which nobody can type on
    most keyboards. Code, addresses and attributes are left as they are."""
    if not SPACED.search(html):
        return html
    parts, skipped = MARKUP.split(html), 0
    for place, one in enumerate(parts):
        if one.startswith("<"):
            skipped += {"<code>": 1, "<pre>": 1, "</code>": -1, "</pre>": -1}.get(one, 0)
        elif not skipped:
            one = BEFORE_NARROW.sub("\u202f\\1", BEFORE_WIDE.sub("\u00a0\\1", one))
            parts[place] = AFTER_OPENING.sub("«\u00a0", one)
    return "".join(parts)


def shown(html: str | None) -> Markup:
    """Stored HTML, already sanitised on save, given to a template."""
    return Markup(html or "")


def plain(html: str | None) -> str:
    """The words of a stored HTML text, for the search index and extracts."""
    return BLANKS.sub(" ", unescape(TAG.sub(" ", html or ""))).strip()


def fault(value: str) -> str | None:
    """'control' or 'bidi' when a text holds characters that no field accepts (H01, H02, H03, H07)."""
    if CONTROL.search(value):
        return "control"
    return "bidi" if BIDI.search(value) else None


def tidy(value: str | None) -> str | None:
    """NFC, Unix line ends, no surrounding blank; a text made only of invisible characters is empty (H06, H08, H14)."""
    if value is None:
        return None
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return text if INVISIBLE.sub("", text).strip() else ""


def fold(value: str) -> str:
    """Lower case, no accents, ligatures opened: how both engines compare French (R16)."""
    text = unicodedata.normalize("NFKD", value.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in text if not unicodedata.combining(c))


@lru_cache(maxsize=8192)
def slug(value: str) -> str:
    """Readable end of an address, ASCII, at most 80 characters, cut between words."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(value)).strip("-")
    return words if len(words) <= 80 else words[:80].rsplit("-", 1)[0]
