"""What an edition seals of minutes, beside their content: how they were adopted, the ground of names, the documents.

Also what a new edition is against the former one: an erratum, a translation, or another public text.
"""

from typing import Any

from app.forum.documents import policy as documents
from app.forum.documents.policy import Reader
from app.forum.editions import passages
from app.forum.editions.states import EditionKind, NamesGround
from app.forum.meetings import attachment_queries
from app.forum.meetings.models import Meeting
from app.forum.minutes import attribution, content
from app.forum.minutes.attribution import Named
from app.forum.minutes.models import Minutes, SectionText
from app.forum.minutes.states import TrackState

Data = dict[str, Any]
ANYONE = Reader()
AROUND = ("names_ground", "english_due", "documents")
"""What is not the adopted text: each may differ without an erratum."""


def contents(minutes: Minutes) -> tuple[Data, Data | None]:
    """What the public will read, and the whole adopted text when that is more; paragraphs have no number yet."""
    blocks = content.set_apart(minutes)
    read = chosen({**content.of(minutes, public=True, apart=blocks), **_around(minutes)}, minutes, None)
    is_withheld = any(one["ground"] or any("ground" in each for each in one["set_apart"]) for one in read["sections"])
    if not is_withheld:
        return _published(read), None
    public, full = _published(read), _published(_whole(read, minutes, blocks))
    return passages.cleared(public, full), full


def _whole(public: Data, minutes: Minutes, blocks: dict[str, list[Data]]) -> Data:
    """The same with the text that was adopted; the attendance is not counted a second time."""
    sections = []
    for section, row in zip(public["sections"], minutes.sections, strict=True):
        texts = {lang: _blocks(row.text(lang)) for lang in ("fr", "en")}
        apart = [content.worded(one, public=False) for one in blocks.get(row.key, [])]
        sections.append({**section, **texts, "set_apart": apart, "ground": None})
    return {**public, "sections": sections}


def _blocks(text: SectionText | None) -> list[Data]:
    return [{"p": None, "html": html} for html in text.blocks] if text is not None else []


def named(public: Data) -> list[Named]:
    """Those who were there and are named in what the public would read, in either language."""
    people = public["attendance"] or {"present": [], "represented": []}
    names = [one["name"] for key in ("present", "represented") for one in people[key] if one["name"]]
    return attribution.named([_said(section) for section in public["sections"]], names) + attribution.named(
        [[value or "" for pair in (public["summary"], public["plain"]) for value in pair.values()]], names
    )


def _said(section: Data) -> list[str]:
    """Everything that a section says: its title, its paragraphs, its votes, what is set apart."""
    pairs = [section["title"], *(vote["question"] for vote in section["votes"]), *(
        one["text"] for one in section["set_apart"]
    )]  # fmt: skip
    blocks = [one["html"] for lang in ("fr", "en") for one in section[lang]]
    return [*blocks, *(value or "" for pair in pairs if pair for value in pair.values())]


def _published(whole: Data) -> Data:
    """English that nobody has reviewed is not published: the reader gets the French, and is told."""
    return {**whole, "sections": [_reviewed(one) for one in whole["sections"]]}


def _reviewed(section: Data) -> Data:
    if section["english"] != TrackState.DRAFT.value:
        return section
    return {**section, "en": [], "english": TrackState.MISSING.value}


def chosen(whole: Data, minutes: Minutes, names_ground: NamesGround | None) -> Data:
    """The same with what the secretariat chooses at the moment of publication."""
    due = minutes.english_due.isoformat() if minutes.english_due else None
    return {**whole, "english_due": due, "names_ground": names_ground.value if names_ground else None}


def _around(minutes: Minutes) -> Data:
    return {"adoption": _adoption(minutes), "documents": papers(minutes.meeting)}


def _adoption(minutes: Minutes) -> Data | None:
    if minutes.adopted_on is None or minutes.adopted_way is None:
        return None
    body, at = minutes.meeting.body, minutes.adopted_at
    return {
        "way": minutes.adopted_way.value,
        "on": minutes.adopted_on.isoformat(),
        "body": {"fr": body.name_fr, "en": body.name_en} if body is not None else None,
        "at": _place(at) if at is not None else None,
    }


def _place(meeting: Meeting) -> Data:
    return {
        "title": {"fr": meeting.title_fr, "en": meeting.title_en},
        "endpoint": "meetings.show",
        "arguments": {"meeting_id": meeting.id, "slug": meeting.slug},
    }


def papers(meeting: Meeting) -> list[Data]:
    """The documents of the meeting that everyone reads."""
    return [
        {"id": one.document.id, "title": {"fr": one.document.title_fr, "en": one.document.title_en}}
        for one in attachment_queries.of_meeting(meeting)
        if not one.document.is_held and documents.can_download(ANYONE, one.document)
    ]


def english_is_complete(whole: Data) -> bool:
    """Whether a reader of English reads everything in English, none of it older than the French."""
    heads = [whole["summary"], whole["plain"]]
    return all(one["english"] == TrackState.REVIEWED.value for one in whole["sections"]) and all(
        one["en"] or not one["fr"] for one in heads
    )


def kind_of(public: Data, full: Data | None, last_public: Data, last_full: Data | None) -> EditionKind | None:
    """What a new edition would be, None when readers would find nothing else in it.

    The French that was adopted tells an erratum; then what the public reads of it; then the English.
    """
    new, old = full or public, last_full or last_public
    if adopted(new) != adopted(old):
        return EditionKind.ERRATUM
    if _french(public) != _french(last_public):
        return EditionKind.REDACTION
    if _bare(new, AROUND) != _bare(old, AROUND) or public["english_due"] != last_public["english_due"]:
        return EditionKind.TRANSLATION
    return EditionKind.REDACTION if _bare(public) != _bare(last_public) else None


def adopted(whole: Data) -> Data:
    """The French of the minutes, without anything around it: what a body adopts, and only an erratum changes."""
    return _bare(whole, ("en", "english", *AROUND))


def _french(whole: Data) -> Any:
    return _bare(whole, ("en", "english", "english_due"))


def _bare(value: Any, without: tuple[str, ...] = ()) -> Any:
    """The same without the numbers of paragraphs and the keys that do not count."""
    if isinstance(value, dict):
        return {key: _bare(one, without) for key, one in value.items() if key != "p" and key not in without}
    return [_bare(one, without) for one in value] if isinstance(value, list) else value


def reveals(older: Data, later: Data, later_full: Data) -> bool:
    """Whether an older public text says something that a later one keeps from the public, which is so for ever."""
    known = {one["key"]: one for one in older["sections"]}
    whole = {one["key"]: one for one in later_full.get("sections", ())}
    return any(
        _section_reveals(known[one["key"]], one, whole[one["key"]])
        for one in later["sections"]
        if one["key"] in known and one["key"] in whole
    )


def _section_reveals(older: Data, later: Data, whole: Data) -> bool:
    if later["ground"] and (
        not older["ground"] or any(_html(older, lang) - _html(later, lang) for lang in ("fr", "en"))
    ):
        return True  # it may say more than the later one, in other words
    return any(_html(older, lang) & (_html(whole, lang) - _html(later, lang)) for lang in ("fr", "en"))


def _html(section: Data, lang: str) -> set[str]:
    return {one["html"] for one in section[lang]}
