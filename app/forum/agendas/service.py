"""Writes of a working copy: begin, save a part, days, file, discard, publish. The order of slots: `ordering`.

Every function expects the copy to be held (`queries.copy(…, lock=True)`): those who write at once do so in turn.
"""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from app.core import audit, clock, registry, text
from app.core.access import authorize
from app.core.errors import NotFound, Refused
from app.core.extensions import db
from app.core.i18n import older_english, set_pair
from app.forum.agendas import policy, queries, working
from app.forum.agendas.models import WorkingCopy, WorkingPart
from app.forum.agendas.states import PartKind
from app.forum.meetings import agenda_merge, phases
from app.forum.meetings import queries as meetings_queries
from app.forum.meetings import service as meetings
from app.forum.meetings.agenda_value import LIMITS
from app.forum.meetings.models import AgendaRevision, Meeting
from app.forum.meetings.states import AgendaStatus, MeetingMode, MeetingPhase
from app.forum.members.models import Body

Data = dict[str, Any]
STEP = 1000

audit.declare("agenda.begun", "copied_from")
audit.declare("agenda.saved", "kind", "part")
audit.declare("agenda.added", "kind", "part")
audit.declare("agenda.removed", "kind", "part")
audit.declare("agenda.file_taken", "slots")
audit.declare("agenda.discarded", "parts")


class Conflict(Exception):
    """Someone else changed, or removed, the part since it was read. `mine`: what the actor wanted to store."""

    def __init__(self, part: WorkingPart, mine: Data) -> None:
        super().__init__(part.id)
        self.part, self.mine = part, mine


def create(actor: Any, values: Data, *, body: Body | None, mode: MeetingMode, like: Meeting | None) -> Meeting:
    """A draft meeting with its working copy, empty or with the agenda of `like`. `values`: of `reading.new`.

    Without a number, a meeting of a body takes the next one of its series.
    """
    authorize(policy.can_edit(actor))
    number = values["series_number"] or (queries.next_numbers().get(body.id, 1) if body else None)
    meeting = meetings.create(
        actor,
        title=(values["title"]["fr"], values["title"]["en"]),
        first_day=values["first_day"],
        last_day=values["last_day"],
        body=body,
        series_number=number,
        mode=mode,
    )
    begin(actor, meeting, like=like)
    return meeting


def begin(actor: Any, meeting: Meeting, *, like: Meeting | None = None) -> WorkingCopy:
    """The working copy of a meeting, made of its stored agenda, or of the agenda of `like` moved to its first day."""
    authorize(policy.can_edit(actor, meeting))
    head, venues, days = working.of_meeting(meeting)
    if like is not None:
        head, venues, days = _like(head, like, meeting)
    copy = WorkingCopy(
        meeting=meeting,
        started_by_id=actor.id,
        copied_from=like,
        base=working.base_of(meeting),
        days=[day for day, _slots in days],
    )
    db.session.add(copy)
    db.session.flush()
    _fill(copy, head, venues, days, _older(like or meeting))
    copy.head.outdated = _direct(PartKind.HEAD, meeting.outdated)
    cover_range(copy)
    audit.record(actor, "agenda.begun", meeting, copied_from=like.id if like else None)
    if not meeting.agenda_is_public:
        apply(meeting, copy)
    return copy


def _like(head: Data, like: Meeting, meeting: Meeting) -> tuple[Data, Data, list[tuple[str, list[Data]]]]:
    """The head keeps its own title, dates and number; venues, days and slots are those of the other meeting."""
    theirs, venues, days = working.of_meeting(like)
    shift = meeting.first_day - like.first_day
    kept = ("title", "series_number", "first_day", "last_day", "body", "mode", "date_label", "theme", "introduction")
    moved = [((date.fromisoformat(day) + shift).isoformat(), slots) for day, slots in days]
    return {**theirs, **{name: head[name] for name in kept}}, venues, moved


def _older(meeting: Meeting) -> dict[tuple[PartKind, str], Data]:
    """The English of each venue and slot that is older than its French."""
    found = {(PartKind.VENUE, venue.key): venue.outdated for venue in meeting.venues}
    found |= {(PartKind.SLOT, slot.key): slot.outdated for day in meeting.days for slot in day.slots}
    return {name: _direct(name[0], outdated) for name, outdated in found.items()}


def _fill(
    copy: WorkingCopy,
    head: Data,
    venues: Data,
    days: list[tuple[str, list[Data]]],
    older: dict[tuple[PartKind, str], Data],
) -> None:
    made = [WorkingPart(kind=PartKind.HEAD, key="", data=head)]
    for number, (key, venue) in enumerate(venues.items(), 1):
        made.append(WorkingPart(kind=PartKind.VENUE, key=key, position=number * STEP, data=venue))
    for day, slots in days:
        for number, slot in enumerate(slots, 1):
            key, data = slot["id"], {name: value for name, value in slot.items() if name != "id"}
            at = {"day": date.fromisoformat(day), "position": number * STEP}
            made.append(WorkingPart(kind=PartKind.SLOT, key=key, data=data, **at))
    for part in made:
        part.outdated = older.get((part.kind, part.key), {})
    copy.parts = made
    db.session.flush()


def _direct(kind: PartKind, outdated: Any) -> Data:
    """Of what is outdated, the pairs of the part itself: those of its lists are found again when it is published."""
    known = outdated if isinstance(outdated, dict) else dict.fromkeys(outdated or ())
    return {name: source for name, source in known.items() if name in working.PAIRS[kind]}


def save(actor: Any, part: WorkingPart, data: Data, seen: str | None) -> bool:
    """Store a part; returns whether it changed.

    Raises `Conflict` when it is no longer what the actor saw, `Refused` for another day of an announced meeting.
    """
    authorize(policy.can_edit(actor, part.copy.meeting))
    if part.removed_at is not None or working.changed_since(part.kind, part.data, seen):
        raise Conflict(part, data)
    if working.plain(data) == part.data:
        return False
    if part.kind == PartKind.HEAD:
        _check_day(part.copy.meeting, data)
    _write(actor, part, data)
    audit.record(actor, "agenda.saved", part.copy.meeting, kind=part.kind.value, part=part.id)
    mirror(actor, part.copy)
    return True


def _check_day(meeting: Meeting, head: Data) -> None:
    """The day of a meeting that is announced moves by an act of its own, which says why and tells who was convened."""
    settled = meeting.body_id is not None and meeting.phase in (MeetingPhase.ANNOUNCED, MeetingPhase.CONVENED)
    if settled and str(working.plain(head["first_day"])) != meeting.first_day.isoformat():
        raise Refused(
            "first_day",
            _(
                "This meeting is announced: its day changes with “Put on another day”, on its page “Preparation”, "
                "which keeps the story of the meeting and tells those who were convened."
            ),
        )


def _write(actor: Any, part: WorkingPart, data: Data) -> None:
    outdated = part.outdated
    for name in working.PAIRS[part.kind]:
        outdated = older_english(outdated, name, part.data[name], data[name])
    part.data, part.outdated, part.updated_by_id = working.plain(data), outdated, actor.id
    if part.kind == PartKind.HEAD:
        cover_range(part.copy)


def cover_range(copy: WorkingCopy) -> None:
    """Each announced day has its place; a day outside the range stays while it holds a slot (A.20 #27)."""
    held = {slot.day.isoformat() for slot in copy.slots if slot.day}
    copy.days = sorted(_announced(copy) | held)


def _announced(copy: WorkingCopy) -> set[str]:
    first, last = (date.fromisoformat(copy.head.data[name]) for name in ("first_day", "last_day"))
    return {(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)}


def put_back(actor: Any, part: WorkingPart, data: Data) -> None:
    """A part that was removed comes back where it was, with what was being written."""
    authorize(policy.can_edit(actor, part.copy.meeting))
    part.removed_at = None
    if part.day and part.day.isoformat() not in part.copy.days:
        part.copy.days = sorted([*part.copy.days, part.day.isoformat()])
    _write(actor, part, data)
    audit.record(actor, "agenda.added", part.copy.meeting, kind=part.kind.value, part=part.id)
    mirror(actor, part.copy)


def add_venue(actor: Any, copy: WorkingCopy, data: Data) -> WorkingPart:
    authorize(policy.can_edit(actor, copy.meeting))
    if len(copy.venues) >= LIMITS["venues"]:
        raise Refused("building_fr", _("There are %(most)s venues already: the most an agenda can hold.", most=200))
    last = max((venue.position for venue in copy.venues), default=0)
    made = new_part(actor, copy, PartKind.VENUE, "venue", data, position=last + STEP)
    mirror(actor, copy)
    return made


def new_part(
    actor: Any,
    copy: WorkingCopy,
    kind: PartKind,
    stem: str,
    data: Data,
    *,
    position: int,
    day: date | None = None,
    key: str | None = None,
) -> WorkingPart:
    """A part with a key of its own, which it keeps for life: the address of its place on the page."""
    taken = {part.key for part in copy.parts if part.kind == kind}
    number = next(n for n in range(1, len(taken) + 2) if f"{stem}-{n}" not in taken)
    part = WorkingPart(
        copy=copy, kind=kind, key=key or f"{stem}-{number}", day=day, position=position, data=working.plain(data),
        outdated={}, updated_by_id=actor.id,
    )  # fmt: skip
    db.session.add(part)
    db.session.flush()
    audit.record(actor, "agenda.added", copy.meeting, kind=kind.value, part=part.id)
    return part


def remove(actor: Any, part: WorkingPart, seen: str) -> None:
    """Take a slot or a venue out. Raises `Conflict` when it is no longer what the actor saw, `NotFound` for a head."""
    copy = part.copy
    authorize(policy.can_edit(actor, copy.meeting))
    if part.kind == PartKind.HEAD:
        raise NotFound
    if part.removed_at is not None or working.changed_since(part.kind, part.data, seen):
        raise Conflict(part, part.data)
    part.removed_at, part.updated_by_id = clock.now(), actor.id
    _forget(copy, part)
    audit.record(actor, "agenda.removed", copy.meeting, kind=part.kind.value, part=part.id)
    mirror(actor, copy)


def _forget(copy: WorkingCopy, part: WorkingPart) -> None:
    """What referred to a removed part refers to nothing."""
    contact = copy.head.data["contact"]
    if part.kind == PartKind.SLOT and contact and contact["attached_to"] == part.key:
        copy.head.data = {**copy.head.data, "contact": {**contact, "attached_to": None}}
    for slot in copy.slots if part.kind == PartKind.VENUE else ():
        if slot.data["venue"] == part.key:
            slot.data = {**slot.data, "venue": None}


def add_day(actor: Any, copy: WorkingCopy, day: date) -> None:
    authorize(policy.can_edit(actor, copy.meeting))
    if len(copy.days) >= LIMITS["days"]:
        raise Refused("day", _("There are %(most)s days already: the most an agenda can hold.", most=LIMITS["days"]))
    copy.days = sorted({*copy.days, day.isoformat()})
    mirror(actor, copy)


def remove_day(actor: Any, copy: WorkingCopy, day: date) -> None:
    """Raises `Refused` when the day still holds a slot, or is one of those that the meeting announces."""
    authorize(policy.can_edit(actor, copy.meeting))
    if copy.slots_of(day.isoformat()):
        raise Refused("day", _("This day still holds slots: move or remove them first."))
    if day.isoformat() in _announced(copy):
        raise Refused("day", _("This day is announced: change the first or the last day of the meeting instead."))
    copy.days = [one for one in copy.days if one != day.isoformat()]
    mirror(actor, copy)


def follow_day(copy: WorkingCopy, by: timedelta) -> None:
    """The meeting was put on another day (`meetings.phases`): the days of its working copy go with it."""
    for part in copy.parts:
        part.day = part.day + by if part.day is not None else None
    head = copy.head.data
    days = {name: (date.fromisoformat(head[name]) + by).isoformat() for name in ("first_day", "last_day")}
    copy.head.data = {**head, **days, "date_label": None}
    copy.days = [(date.fromisoformat(day) + by).isoformat() for day in copy.days]
    copy.base = working.base_of(copy.meeting)


def hold_file(actor: Any, copy: WorkingCopy, data: Data) -> None:
    """Keep a checked file aside until the actor says yes; the one before it is let go."""
    authorize(policy.can_edit(actor, copy.meeting))
    copy.pending = working.plain(data)


def take_file(actor: Any, copy: WorkingCopy, data: Data) -> None:
    """Give the copy the agenda of a file (normalised data): parts keep their rows by their identifiers.

    Raises `Refused` for another day of an announced meeting.
    """
    authorize(policy.can_edit(actor, copy.meeting))
    _check_day(copy.meeting, data["meeting"])
    known = {(part.kind, part.key): part for part in copy.parts}
    kept = {(PartKind.HEAD, "")}
    wanted = working.plain(data)
    head = {name: value for name, value in wanted["meeting"].items() if name != "document_status"}
    _write(actor, copy.head, {**copy.head.data, **head})
    for number, (key, venue) in enumerate(wanted["venues"].items(), 1):
        kept.add((PartKind.VENUE, key))
        _place(actor, copy, known, (PartKind.VENUE, key), venue, number * STEP, None)
    for day in wanted["days"]:
        for number, slot in enumerate(day["slots"], 1):
            kept.add((PartKind.SLOT, slot["id"]))
            held = {name: value for name, value in slot.items() if name != "id"}
            at = number * STEP, date.fromisoformat(day["date"])
            _place(actor, copy, known, (PartKind.SLOT, slot["id"]), held, *at)
    for name, part in known.items():
        if name not in kept and part.removed_at is None:
            part.removed_at = clock.now()
    copy.days, copy.pending = sorted(_announced(copy) | {day["date"] for day in wanted["days"]}), None
    slots = sum(len(day["slots"]) for day in wanted["days"])
    audit.record(actor, "agenda.file_taken", copy.meeting, slots=slots)
    mirror(actor, copy)


def _place(
    actor: Any,
    copy: WorkingCopy,
    known: dict[tuple[PartKind, str], WorkingPart],
    name: tuple[PartKind, str],
    data: Data,
    position: int,
    day: date | None,
) -> None:
    part = known.get(name)
    if part is None:
        part = WorkingPart(copy=copy, kind=name[0], key=name[1], data=data, outdated={}, updated_by_id=actor.id)
    elif part.data != data:
        _write(actor, part, data)
    part.removed_at, part.position, part.day = None, position, day


def discard(actor: Any, copy: WorkingCopy) -> None:
    """Forget the working copy; the public agenda stays. Raises `Refused` for a draft, which is nothing else."""
    authorize(policy.can_edit(actor, copy.meeting))
    if not copy.meeting.agenda_is_public:
        raise Refused("meeting", _("This agenda has never been published: its working copy is all there is of it."))
    audit.record(actor, "agenda.discarded", copy.meeting, parts=len(copy.parts))
    db.session.delete(copy)


def publish(
    actor: Any, copy: WorkingCopy, meeting: Meeting, *, reason: tuple[str | None, str | None] = (None, None)
) -> None:
    """Make the working copy public and end it: the first time a publication, later a revision that calendars see.

    `meeting`: the copy's, with its whole agenda. Raises `Refused` when nothing changed, when the agenda has no day,
    when a past agenda is corrected without a reason, or when it must be agreed first.
    """
    authorize(policy.can_edit(actor, meeting))
    if not copy.days:
        raise Refused("days", _("This agenda has no day: add one before you publish it."))
    _check_day(meeting, copy.head.data)
    if policy.needs_reason(meeting, clock.today()) and not reason[0]:
        raise Refused("reason_fr", _("Say why this past agenda is corrected: readers see it."))
    passages = _passages(copy, meeting)
    barrier = _first_barrier(passages)
    if barrier is not None:
        raise Refused("agreement", barrier.message)
    was_public = meeting.agenda_is_public
    changed = apply(meeting, copy)
    if was_public and not changed:
        raise Refused("reason_fr", _("Nothing differs from the public agenda: there is nothing to publish."))
    if was_public:
        meetings.revise(actor, meeting)
        _explain(actor, meeting, reason)
    else:
        meetings.publish(actor, meeting)
    for passage in passages:
        passage.published(actor, meeting)
    db.session.delete(copy)


def barrier_to(copy: WorkingCopy, meeting: Meeting) -> registry.Barrier | None:
    """What a room above wants to see settled before this very text is public, None when nothing stands in the way."""
    return _first_barrier(_passages(copy, meeting))


def _passages(copy: WorkingCopy, meeting: Meeting) -> list[registry.Passage]:
    bodies = frozenset(one for one in (meeting.body_id, copy.head.data["body"]) if one is not None)
    digest = working.shown_digest(copy)
    return [gate(meeting, bodies, digest) for gate in registry.current().publication_gates]


def _first_barrier(passages: list[registry.Passage]) -> registry.Barrier | None:
    return next((one.barrier for one in passages if one.barrier is not None), None)


def _explain(actor: Any, meeting: Meeting, reason: tuple[str | None, str | None]) -> None:
    if reason[0]:
        row = AgendaRevision(
            meeting_id=meeting.id, sequence=meeting.sequence, at=clock.now(), actor_id=actor.id, outdated={}
        )
        set_pair(row, "reason", *reason)
        db.session.add(row)


def mirror(actor: Any, copy: WorkingCopy) -> None:
    """A draft is what its working copy says: whoever reads it elsewhere finds the same."""
    if not copy.meeting.agenda_is_public:
        db.session.flush()
        meeting = meetings_queries.get(copy.meeting_id, actor)
        before, former = _announced_facts(meeting), meeting.first_day
        apply(meeting, copy)
        if meeting.is_announced and _announced_facts(meeting) != before:
            phases.follow_facts(actor, meeting, former_day=former)


def _announced_facts(meeting: Meeting) -> list[Any]:
    """What the public reads of a meeting, on its page and in calendars, while its agenda is a draft."""
    head, venues, _days = working.of_meeting(meeting)
    kept = {"introduction"} if meeting.is_followed else {"introduction", "theme"}
    return [{name: value for name, value in head.items() if name not in kept}, venues if len(venues) == 1 else None]


def apply(meeting: Meeting, copy: WorkingCopy) -> bool:
    """Give the stored meeting what the copy holds; returns whether anything changed."""
    before = working.base_of(meeting)
    head = copy.head.data
    data = working.agenda(copy)
    data["meeting"]["document_status"] = AgendaStatus(meeting.status).value
    agenda_merge.merge(meeting, data)
    meeting.body_id, meeting.mode, meeting.languages = head["body"], MeetingMode(head["mode"]), head["languages"]
    introduction = head["introduction"] or agenda_merge.EMPTY
    if (introduction["fr"], introduction["en"]) != (meeting.introduction_fr, meeting.introduction_en):
        set_pair(meeting, "introduction", introduction["fr"], introduction["en"])
        meeting.introduction_html_fr = text.to_html(introduction["fr"])
        meeting.introduction_html_en = text.to_html(introduction["en"])
    _tell_older(meeting, copy)
    db.session.flush()
    return working.base_of(meeting) != before


def _tell_older(meeting: Meeting, copy: WorkingCopy) -> None:
    """Which English is older was followed save by save: better known than from the two ends."""
    rows = {slot.key: slot for day in meeting.days for slot in day.slots}
    pairs: list[tuple[Any, WorkingPart]] = [(meeting, copy.head), *((rows[part.key], part) for part in copy.slots)]
    pairs += [(row, part) for row in meeting.venues for part in copy.venues if row.key == part.key]
    for row, part in pairs:
        lists = {n: s for n, s in dict(row.outdated or {}).items() if n not in working.PAIRS[part.kind]}
        if dict(row.outdated or {}) != (wanted := {**lists, **part.outdated}):
            row.outdated = wanted
