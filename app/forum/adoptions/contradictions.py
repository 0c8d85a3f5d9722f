"""Decisions and actions that still say what an accepted correction changed: adopted, the minutes would say both."""

from typing import Any

from flask_babel import gettext as _

from app.core import text
from app.core.passages import changed, said
from app.forum.adoptions import queries
from app.forum.adoptions.models import Correction
from app.forum.minutes import content
from app.forum.minutes.models import Minutes


def messages(minutes: Minutes) -> list[str]:
    """What still says otherwise than the corrected text, in words."""
    found: dict[str, str] = {}
    corrections = queries.applied(minutes)
    blocks = content.set_apart(minutes) if corrections else {}
    for one in corrections:
        for block in blocks.get(one.section.key, []):
            words = _still(one, block)
            if words is not None:
                found[block["number"]] = words
    return [
        str(_("%(number)s still says “%(words)s”, which an accepted correction changed: change it too.",
              number=number, words=words))
        for number, words in found.items()
    ]  # fmt: skip


def _still(one: Correction, block: dict[str, Any]) -> str | None:
    before, after = (text.plain(text.to_html(source)) for source in (one.quoted, one.applied))
    return said(block["text"][one.lang], changed(before, after))
