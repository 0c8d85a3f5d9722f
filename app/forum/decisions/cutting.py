"""What the page of the minutes sets apart: the decisions and actions of each section, as plain data.

Only what is sealed with the minutes stands here: neither a status, nor a deadline that was moved, nor a name that may
change, so that the same minutes give the same text at any time.
"""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import escape

from app.core import i18n
from app.forum.decisions import queries
from app.forum.decisions.models import Action, Decision
from app.forum.minutes.models import Minutes, Vote

Data = dict[str, Any]


def blocks(minutes: Minutes) -> dict[str, list[Data]]:
    """By the key of a section, in the order of the numbers, decisions first."""
    found: dict[str, list[Data]] = {}
    for decision in queries.of_minutes(Decision, minutes.id):
        found.setdefault(decision.section.key, []).append({**_decision(decision), **_kept_back(decision)})
    for action in queries.of_minutes(Action, minutes.id):
        found.setdefault(action.section.key, []).append({**_action(action), **_kept_back(action)})
    return found


def _kept_back(row: Decision | Action) -> Data:
    """The adopted wording and the ground, where the public reads another one."""
    if row.adopted is None or row.ground is None:
        return {}
    return {"adopted": _text(row, row.adopted), "ground": row.ground.value}


def _text(row: Decision | Action, said: Data) -> Data:
    """The HTML of both languages: of an action, its title is its text."""
    if isinstance(row, Decision):
        return {lang: said[f"text_html_{lang}"] for lang in i18n.LANGUAGES}
    return {lang: _paragraph(said[f"title_{lang}"]) for lang in i18n.LANGUAGES}


def both(write: Any) -> dict[str, str]:
    """What `write` says in each language."""
    found = {}
    for lang in i18n.LANGUAGES:
        with i18n.in_language(lang):
            found[lang] = str(write())
    return found


def _decision(row: Decision) -> Data:
    return {
        "kind": "decision",
        "number": row.number,
        "label": both(lambda: row.kind.label),
        "basis": both(lambda: basis(row)),
        "text": {"fr": row.text_html_fr, "en": row.text_html_en},
        "endpoint": "decisions.show",
        "arguments": {"number": row.number},
        "vote": row.vote_id,
    }


def basis(row: Decision) -> str:
    """On what it rests, with the count of a vote."""
    return counted(row.vote) if row.vote is not None else _("consensus")


def counted(vote: Vote) -> str:
    return ngettext(
        "vote: %(in_favour)s for, %(against)s against, %(num)d abstention",
        "vote: %(in_favour)s for, %(against)s against, %(num)d abstentions",
        vote.abstaining, in_favour=vote.in_favour, against=vote.against,
    )  # fmt: skip


def _action(row: Action) -> Data:
    return {
        "kind": "action",
        "number": row.number,
        "label": both(lambda: _("Action to take")),
        "basis": both(lambda: _agreed(row)),
        "text": {lang: _paragraph(getattr(row, f"title_{lang}")) for lang in i18n.LANGUAGES},
        "endpoint": "decisions.show_action",
        "arguments": {"number": row.number},
        "vote": None,
    }


def _agreed(row: Action) -> str:
    day = i18n.day(row.agreed_deadline) if row.agreed_deadline is not None else None
    return _("by %(day)s", day=day) if day else _("without a deadline")


def _paragraph(words: str | None) -> str | None:
    return f"<p>{escape(words)}</p>" if words else None
