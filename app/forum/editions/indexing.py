"""What the search finds of public minutes: the minutes by their title and summary, each paragraph by its words."""

from collections.abc import Sequence
from typing import Any

from app.core import search, text
from app.core.search import Part
from app.forum.editions.models import Paragraph
from app.forum.meetings.models import Meeting
from app.forum.minutes.models import Minutes

KIND = "minutes"


def whole(minutes: Minutes, content: dict[str, Any]) -> None:
    """`content`: of the newest edition, for what is being written of the next one is nobody else's."""
    meeting = minutes.meeting
    search.index(
        "minutes",
        minutes.id,
        kind=KIND,
        endpoint="editions.show",
        arguments={"meeting_id": meeting.id, "slug": meeting.slug},
        title=(meeting.title_fr, meeting.title_en),
        body=(_head(content, "fr"), _head(content, "en")),
        happened_on=meeting.first_day,
    )


def _head(content: dict[str, Any], lang: str) -> str:
    parts = [text.plain(content[name][lang]) for name in ("summary", "plain")]
    return " · ".join(part for part in parts if part)


def paragraphs(meeting: Meeting, rows: Sequence[Paragraph]) -> None:
    """The search lands on the paragraph itself; those that no longer stand are forgotten."""
    shown = [row for row in rows if row.text_fr or row.text_en]
    search.forget_many("minutes_paragraph", [row.id for row in rows if not (row.text_fr or row.text_en)])
    search.index_many("minutes_paragraph", [_part(meeting, row) for row in shown])


def _part(meeting: Meeting, row: Paragraph) -> Part:
    end = f", §\u00a0{row.number}"
    return Part(
        subject_id=row.id,
        kind=KIND,
        endpoint="editions.show",
        arguments={"meeting_id": meeting.id, "slug": meeting.slug, "_anchor": f"p-{row.number}"},
        title=(meeting.title_fr + end, meeting.title_en + end if meeting.title_en else None),
        body=(row.text_fr or "", row.text_en),
        happened_on=meeting.first_day,
    )
