"""The whole of the minutes as plain data: what a draft shows, what is adopted, and what an edition seals (D.11).

One shape for all three, so that what is checked before publication is what the public reads:
{meeting, chair, secretary, attendance, summary, plain, recording, sections: [...]}, and in a section
{key, title, quorum, fr, en, english, ground, votes, set_apart}.
In it, `fr` and `en` are its paragraphs, [{p, html}]; `p` is the permanent number that an edition gives.
"""

import hashlib
import json
from typing import Any

from app.core import registry
from app.forum.minutes import skeleton
from app.forum.minutes.models import Minutes, Section, SectionText, Vote
from app.forum.minutes.states import TrackState

Data = dict[str, Any]
KEYS = ("meeting", "chair", "secretary", "attendance", "summary", "plain", "recording", "sections")


def of(minutes: Minutes, *, public: bool = False, apart: dict[str, list[Data]] | None = None) -> Data:
    """`public`: where something may not be published, the text that the public reads instead, with its ground.

    `apart`: what `set_apart` gives, if it was read already.
    """
    attendance = skeleton.attendance(minutes.meeting)
    blocks = apart if apart is not None else set_apart(minutes)
    items = attendance.pop("items") if attendance else {}
    return {
        "meeting": skeleton.head(minutes.meeting),
        "chair": minutes.chair,
        "secretary": minutes.secretary,
        "attendance": attendance,
        "summary": {"fr": minutes.summary_html_fr, "en": minutes.summary_html_en},
        "plain": {"fr": minutes.plain_html_fr, "en": minutes.plain_html_en},
        "recording": minutes.recording_url,
        "sections": [
            _section(one, items.get(one.key), blocks.get(one.key, []), public=public) for one in minutes.sections
        ],
    }


def set_apart(minutes: Minutes) -> dict[str, list[Data]]:
    """What other rooms cut out of the text, by the key of its section.

    `adopted`, `ground`: where the public reads another wording than the one adopted, that one, and the legal reason.
    """
    found: dict[str, list[Data]] = {}
    for give in registry.current().minutes_blocks:
        for key, blocks in give(minutes).items():
            found.setdefault(key, []).extend(blocks)
    return found


def _section(section: Section, quorum: Data | None, blocks: list[Data], *, public: bool) -> Data:
    fr, en = section.text("fr"), section.text("en")
    return {
        "key": section.key,
        "title": {"fr": section.title_fr, "en": section.title_en},
        "quorum": quorum,
        "fr": _paragraphs(fr, public=public),
        "en": _paragraphs(en, public=public),
        "english": _english(section).value,
        "ground": next((one.ground for one in (fr, en) if one is not None and one.ground), None) if public else None,
        "votes": [vote(one) for one in section.votes],
        "set_apart": [worded(one, public=public) for one in blocks],
    }


def worded(block: Data, *, public: bool) -> Data:
    """A block of another room: its wording for the public with the ground, or the adopted one where there are two."""
    bare = {name: value for name, value in block.items() if name not in ("adopted", "ground")}
    if block.get("adopted") is None:
        return bare
    return {**bare, "ground": block["ground"]} if public else {**bare, "text": block["adopted"]}


def _english(section: Section) -> TrackState:
    """English that nobody has read again is a draft, whatever became of its French."""
    found, state = section.text("en"), section.state("en")
    return TrackState.DRAFT if state == TrackState.OUTDATED and found and not found.is_reviewed else state


def _paragraphs(text: SectionText | None, *, public: bool) -> list[Data]:
    return [{"p": None, "html": html} for html in shown(text, public=public)] if text is not None else []


def shown(text: SectionText, *, public: bool) -> list[str]:
    """The HTML of each block: of the text itself, or of what the public reads instead."""
    return text.public_blocks if public and text.source and text.public_blocks is not None else text.blocks


def vote(row: Vote) -> Data:
    outcome = row.outcome
    return {
        "question": {"fr": row.question_fr, "en": row.question_en},
        "in_favour": row.in_favour,
        "against": row.against,
        "abstaining": row.abstaining,
        "silent": row.silent,
        "members": row.members,
        "base": row.base.value,
        "needed": outcome.needed,
        "out_of": outcome.out_of,
        "adopted": outcome.is_adopted,
        "casting": outcome.by_casting_vote,
    }


def digest(content: Data) -> str:
    """SHA-256 of the canonical JSON: keys sorted, no blank, UTF-8."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def adopted_digest(minutes: Minutes, whole: Data | None = None) -> str:
    """Of the French as it stands: what a body is asked to adopt. `whole`: the same data, if they were read already."""
    known = whole if whole is not None else of(minutes)
    return digest(french({name: known[name] for name in KEYS}))


def french(content: Data) -> Data:
    """What a body adopts: everything but the English."""
    sections = [
        {name: _french(value) for name, value in one.items() if name not in ("en", "english")}
        for one in content["sections"]
    ]
    return {**{name: _french(value) for name, value in content.items()}, "sections": sections}


def _french(value: Any) -> Any:
    """Without the English of each {fr, en} in it."""
    if isinstance(value, dict):
        kept = {name for name in value if name != "en"} if set(value) == {"fr", "en"} else set(value)
        return {name: _french(value[name]) for name in sorted(kept)}
    return [_french(one) for one in value] if isinstance(value, list) else value
