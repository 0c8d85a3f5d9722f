"""What stands in the way of circulating or publishing minutes, in words; and what the writer should look at again."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from app.core import rules
from app.forum.minutes import attribution, content, queries, skeleton
from app.forum.minutes.models import Minutes, Section, Vote
from app.forum.minutes.states import MinutesStatus, TrackState


def has_blocks(section: Section, vote: Vote | None = None) -> bool:
    """Whether another room cut something out of this section, or, of a vote, rests on it."""
    blocks = content.set_apart(section.minutes).get(section.key, [])
    return any(vote is None or one.get("vote") == vote.id for one in blocks)


def blocks_of(minutes: Minutes) -> dict[str, list[dict[str, Any]]]:
    """What other rooms cut out of these minutes, by the key of its section."""
    return content.set_apart(minutes)


def before_circulation(minutes: Minutes) -> Iterator[str]:
    """Without attendance nobody knows to whom it goes; without French there is nothing to read."""
    if skeleton.sheet_of(minutes.meeting) is None:
        yield _("The attendance sheet of this meeting is not closed: close it first.")
    if not minutes.sections:
        yield _("These minutes have no section: add one.")
    for number, section in enumerate(minutes.sections, 1):
        if section.state("fr") == TrackState.MISSING:
            yield _("Section %(number)s has no French text: %(title)s", number=number, title=section.title_fr)
    yield from without_quorum(minutes)


def without_quorum(minutes: Minutes) -> Iterator[str]:
    """Decisions cut out before the sheet said that their item lacked its quorum."""
    cut = {
        key: [one["number"] for one in blocks if one["kind"] == "decision"]
        for key, blocks in content.set_apart(minutes).items()
    }
    attendance = skeleton.attendance(minutes.meeting) if any(cut.values()) else None
    for key, numbers in cut.items() if attendance is not None else ():
        counted = attendance["items"].get(key) or attendance["quorum"] if attendance is not None else None
        if counted is not None and not counted["reached"]:
            for number in numbers:
                yield lacks_quorum(number)


def lacks_quorum(number: str) -> str:
    return str(_("The quorum was not reached for the item of %(number)s: take it back.", number=number))


def differs_from_adopted(minutes: Minutes, whole: content.Data | None = None) -> bool:
    """Whether what waits for its first publication is no longer the text that was adopted: the sheet, a decision or the
    meeting was changed since. `whole`: the content of the minutes, if it was read already."""
    if minutes.status != MinutesStatus.APPROVED or minutes.adopted_digest is None:
        return False
    return minutes.adopted_digest != content.adopted_digest(minutes, whole)


def named(minutes: Minutes) -> list[attribution.Named]:
    """Those who were there, or represented, and are named in the French or the English that the public would read."""
    sections = [[html for text in one.texts for html in content.shown(text, public=True)] for one in minutes.sections]
    for one, said in zip(minutes.sections, sections, strict=True):
        said += [one.title_fr, one.title_en or "", *(vote.question_fr for vote in one.votes)]
    return attribution.named(sections, queries.names_of_those_there(minutes.meeting_id))


def may_name(minutes: Minutes) -> bool:
    """Whether the rule of the body lets its minutes name somebody who spoke in their function (A6-8)."""
    scope, day = minutes.meeting.body_id, minutes.meeting.first_day
    return bool(rules.value("minutes_attribution", scope=scope, on=day) == "function")
