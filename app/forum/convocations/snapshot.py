"""All that a convocation prints, as plain data: what a letter is written from, and what two versions are compared by.

No Flask, no database. The agenda has the shape of a working copy, without what is not printed: descriptions, notes for
the secretariat, questions. The address of a remote meeting is never part of it.
"""

from collections.abc import Iterable
from typing import Any

from app.forum.agendas import working
from app.forum.documents.models import Document
from app.forum.meetings import agenda_view
from app.forum.meetings.models import Meeting

Data = dict[str, Any]
HEAD_LEFT_OUT: Data = {"introduction": None, "contact": None, "organisers": [], "languages": []}
SLOT_LEFT_OUT: Data = {
    "description": None, "note": None, "questions": [], "references": [], "format": None,
    "speaking_time_minutes": None,
}  # fmt: skip
UNCOMPARED = ("signed_by",)


def of(meeting: Meeting, annexes: Iterable[Document], *, signed_by: str, second_notice: Data | None = None) -> Data:
    """`annexes`: the documents that the body may read, in order. Hours: local to the meeting, first and last."""
    head, venues, days = working.of_meeting(meeting)
    span = agenda_view.span(meeting)
    body = meeting.body
    return {
        "head": {**head, **HEAD_LEFT_OUT},
        "venues": venues,
        "days": [[day, [{**slot, **SLOT_LEFT_OUT} for slot in slots]] for day, slots in days],
        "starts": f"{span[0]:%Y-%m-%dT%H:%M}" if span else None,
        "ends": f"{span[1]:%Y-%m-%dT%H:%M}" if span and span[1] != span[0] else None,
        "body": {"fr": body.name_fr, "en": body.name_en} if body else None,
        "has_remote": bool(meeting.remote_link),
        "annexes": annexes_of(annexes),
        "signed_by": signed_by,
        "second_notice": second_notice,
    }


def annexes_of(documents: Iterable[Document]) -> list[Data]:
    return [_annex(number, document) for number, document in enumerate(documents, 1)]


def _annex(number: int, document: Document) -> Data:
    return {
        "number": number,
        "document": document.id,
        "edition": document.edition,
        "title": {"fr": document.title_fr, "en": document.title_en},
    }


def digest(content: Data) -> str:
    """Of what a reader would see change."""
    return working.digest({name: value for name, value in content.items() if name not in UNCOMPARED})


def items(days: Iterable[Any]) -> list[Any]:
    """The items of an agenda in their order, whatever their days and hours: kind, number, French title."""
    return [[slot["kind"], slot["number"], slot["title"]["fr"]] for _day, slots in days for slot in slots]
