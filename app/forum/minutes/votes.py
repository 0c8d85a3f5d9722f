"""Open votes on resolutions, recorded in a section of the minutes (F.7; CRPA R. 133-11)."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core import audit, rules
from app.core.access import authorize
from app.core.errors import Refused
from app.core.extensions import db
from app.forum.counting.resolutions import Base, Side
from app.forum.meetings.models import Meeting
from app.forum.minutes import checks, policy, skeleton
from app.forum.minutes.models import Section, Vote
from app.forum.minutes.service import ensure_open
from app.forum.sheets import counts

audit.declare("minutes.vote_recorded", "section")
audit.declare("minutes.vote_removed", "section")


def record(
    actor: Any,
    section: Section,
    *,
    question: tuple[str, str | None],
    in_favour: int,
    against: int,
    abstaining: int,
    silent: int,
    members: int,
    base: Base | None = None,
    casting: str | None = None,
) -> Vote:
    """An open vote on a resolution; the same question may be put again, and both results stay (F.7).

    `base`: that of the rule on the day of the meeting unless said otherwise. Raises `Refused` for more votes than
    members, or than the closed sheet counts for the item, a casting vote without a tie or without a rule for it.
    """
    authorize(policy.can_write(actor))
    ensure_open(section.minutes, "question_fr")
    ruled, allowed = rules_of(section.minutes.meeting)
    if casting is not None and not allowed:
        raise Refused("casting", _("The rule of this body gives nobody a casting vote."))
    if in_favour + against + abstaining + silent > members:
        raise Refused("members", _("There are more votes than members who could vote: count again."))
    room = room_of(section)
    if room is not None and in_favour + against + abstaining + silent > room.counted:
        message = _(
            "There are more votes than members present or represented for this item, %(count)s by the attendance "
            "sheet: count again.",
            count=room.counted,
        )
        raise Refused("in_favour", message)
    if casting is not None and not (in_favour == against > 0):
        raise Refused("casting", _("A casting vote decides a tie only: there is none."))
    vote = Vote(
        section=section, in_favour=in_favour, against=against, abstaining=abstaining, silent=silent, members=members,
        base=base or ruled, casting=Side(casting) if casting else None,
        question_fr=question[0], question_en=question[1],
    )  # fmt: skip
    db.session.add(vote)
    db.session.flush()
    audit.record(actor, "minutes.vote_recorded", vote, section=section.id)
    return vote


def rules_of(meeting: Meeting) -> tuple[Base, bool]:
    """Of what the majority is more than half, and whether the chair's vote decides a tie, on the day of the meeting."""
    scope, day = meeting.body_id, meeting.first_day
    base = rules.value("resolution_base", scope=scope, on=day)
    return Base(base), bool(rules.value("casting_vote", scope=scope, on=day))


@dataclass(frozen=True)
class Room:
    """Who could vote on an item, as the closed sheet says: `members` without those recused, of whom `counted` were
    present or represented; `reached`: with the quorum."""

    members: int
    counted: int
    reached: bool


def room_of(section: Section) -> Room | None:
    """At the opening of the item, or of the whole meeting when no item was opened; None before the sheet is closed."""
    meeting = section.minutes.meeting
    sheet = skeleton.sheet_of(meeting)
    if sheet is None:
        return None
    facts = counts.facts(sheet, meeting)
    items = facts.by_item()
    found = next((one for one in items if one.item.slot_key == section.key), None)
    voting = sum(seat.votes for seat in facts.seats)
    if items and found is None:
        return None  # an item that was not opened has no count of its own
    quorum = found.quorum if found is not None else facts.quorum(facts.instant)
    counted = sum(group.tally.counted for group in quorum.groups.values())
    return Room(voting - (found.recused if found is not None else 0), counted, quorum.is_reached)


def remove(actor: Any, vote: Vote) -> None:
    """A vote keyed by mistake, before the minutes are adopted."""
    authorize(policy.can_write(actor))
    ensure_open(vote.section.minutes, "question_fr")
    if checks.has_blocks(vote.section, vote):
        raise Refused("question_fr", _("A decision rests on this vote: remove the decision first."))
    audit.record(actor, "minutes.vote_removed", vote, section=vote.section_id)
    vote.section.votes.remove(vote)
