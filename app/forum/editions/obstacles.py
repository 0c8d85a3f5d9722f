"""What stands in the way of publishing minutes, in words, each with the page where it is settled (D.11)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.forum.editions import passages, queries, sealed
from app.forum.editions.states import NamesGround
from app.forum.minutes import checks
from app.forum.minutes.attribution import Named
from app.forum.minutes.models import Minutes
from app.forum.minutes.states import MinutesStatus

Data = dict[str, Any]


@dataclass(frozen=True)
class Obstacle:
    """`endpoint`: where it is settled, with what its address takes beside the meeting; None: on the page itself.

    `field`: of the form that publishes, where the secretariat settles it. `is_of_meeting`: false for a page whose
    address names no meeting.
    """

    message: str
    endpoint: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    field: str = "seen"
    is_of_meeting: bool = True


def of(
    minutes: Minutes, public: Data, full: Data | None, names: list[Named], ground: NamesGround | None
) -> Iterator[Obstacle]:
    """`public`: what would be published; `full`: the adopted text when that is more; `names`: who is named in it;
    `ground`: on which the secretariat names them."""
    if minutes.status in (MinutesStatus.DRAFT, MinutesStatus.CIRCULATED) or minutes.adopted_on is None:
        yield Obstacle(_("The body has not adopted these minutes yet."))
    elif public["attendance"] is not None and checks.differs_from_adopted(minutes, full or public):
        message = _(
            "This is no longer the text that was adopted: the attendance, a decision or the meeting was changed since. "
            "Put it back as it was, or make the minutes a draft again and have them adopted anew."
        )
        yield Obstacle(message, "minutes.overview")
    if public["attendance"] is None:
        yield Obstacle(_("The attendance sheet is not closed: close it first."), "sheets.show")
    yield from _french(minutes, public)
    waiting = queries.waiting_corrections(minutes.id)
    if waiting:
        yield Obstacle(
            ngettext(
                "%(num)d proposed correction waits for an answer: answer it first.",
                "%(num)d proposed corrections wait for an answer: answer them first.",
                waiting,
            )
        )
    if not minutes.is_public:
        yield from _quorum(public)
    yield from _withheld(minutes)
    yield from _said_elsewhere(public, full)
    yield from _english(minutes, public)
    yield from _names(minutes, names, ground)


def _french(minutes: Minutes, public: Data) -> Iterator[Obstacle]:
    if not public["sections"]:
        yield Obstacle(_("These minutes have no section."))
    for number, (section, row) in enumerate(zip(public["sections"], minutes.sections, strict=True), 1):
        french = row.text("fr")
        if french is None or not french.source:
            message = _("Section %(number)s has no French: %(title)s", number=number, title=section["title"]["fr"])
            yield Obstacle(message)
        elif not section["fr"]:
            message = _("Section %(number)s has nothing left for the public: write what is kept back.", number=number)
            yield Obstacle(message, "editions.withhold", {"section_id": row.id, "text": "fr"})


def _withheld(minutes: Minutes) -> Iterator[Obstacle]:
    """A public text is made from the text that stands, and in each language that is published."""
    for number, section in enumerate(minutes.sections, 1):
        written = [one for one in section.texts if one.source]
        for text in written:
            here = {"section_id": section.id, "text": text.lang}
            if text.public_blocks is None:
                if any(one.public_blocks is not None for one in written) and (text.lang == "fr" or text.is_reviewed):
                    message = _("Section %(number)s keeps something back in one language only.", number=number)
                    yield Obstacle(message, "editions.withhold", here)
            elif text.public_from != text.source:
                message = _("The public text of section %(number)s was made from an older text.", number=number)
                yield Obstacle(message, "editions.withhold", here)


def _quorum(public: Data) -> Iterator[Obstacle]:
    """A decision cut out before the sheet said that its item lacked its quorum."""
    for section in public["sections"]:
        counted = section["quorum"] or (public["attendance"] or {}).get("quorum")
        if counted is not None and not counted["reached"]:
            for one in section["set_apart"]:
                if one["kind"] == "decision":
                    yield Obstacle(checks.lacks_quorum(one["number"]), one["endpoint"], one["arguments"],
                                   is_of_meeting=False)  # fmt: skip


def _said_elsewhere(public: Data, full: Data | None) -> Iterator[Obstacle]:
    """A decision or an action has its own page, and a wording for the public of its own."""
    for block, words in passages.set_apart_saying(public, full) if full is not None else ():
        message = _("%(number)s says “%(words)s”, which a section keeps from the public: write what the public reads.",
                    number=block["number"], words=words)  # fmt: skip
        yield Obstacle(message, block["endpoint"], block["arguments"], is_of_meeting=False)


def _english(minutes: Minutes, public: Data) -> Iterator[Obstacle]:
    if sealed.english_is_complete(public) and not minutes.outdated:
        return
    if minutes.english_due is None:
        yield Obstacle(_("The English is not complete: give the day by which it will be there."), field="english_due")
    elif minutes.english_due < clock.today():
        yield Obstacle(
            _("The day given for the English has passed, and it is not complete: give another day."),
            field="english_due",
        )


def _names(minutes: Minutes, names: list[Named], ground: NamesGround | None) -> Iterator[Obstacle]:
    if not names:
        return
    if not checks.may_name(minutes):
        yield Obstacle(
            ngettext(
                "%(num)d person is named in the text, and the rule of this body attributes no remark to anybody: write "
                "it without the name.",
                "%(num)d people are named in the text, and the rule of this body attributes no remark to anybody: "
                "write it without the names.",
                len({one.name for one in names}),
            )
        )
    elif ground is None:
        yield Obstacle(_("Somebody is named in the text: say on what ground."), field="names_ground")
