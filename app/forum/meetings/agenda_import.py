"""`import-agenda` and `export-agenda`: a file checked whole, then stored whole or not at all."""

from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.accounts.policy import OPERATOR
from app.core import registry
from app.core.errors import NotFound, Refused
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.meetings import agenda_data, agenda_file, queries, service
from app.forum.meetings.models import Meeting

NEW = "new"


@dataclass
class Report:
    """What an import did, or would do."""

    meeting_id: int | None
    days: int = 0
    slots: int = 0
    changed: bool = False
    dry_run: bool = False
    faults: list[Any] = field(default_factory=list)
    untranslated: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "meeting": self.meeting_id,
            "days": self.days,
            "slots": self.slots,
            "changed": self.changed,
            "dry_run": self.dry_run,
            "untranslated": self.untranslated,
            "faults": [{"line": f.line, "where": f.where, "message": str(f.message)} for f in self.faults],
        }

    def summary(self) -> str:
        counts = {"days": self.days, "slots": self.slots, "id": self.meeting_id or NEW}
        if self.dry_run:
            return _("No fault: %(days)d days and %(slots)d slots would be stored. Nothing was written.", **counts)
        if not self.changed:
            return _("Meeting %(id)s: nothing changed.", **counts)
        return _("Meeting %(id)s: %(days)d days and %(slots)d slots stored.", **counts)


def find(reference: str) -> Meeting:
    """A meeting by its id, or by the last part of its address. Raises `Refused` when there is none."""
    try:
        number = queries.number_of(reference.partition("-")[0], 1, 2147483647)
        return queries.get(number or 0, OPERATOR)
    except NotFound as absent:
        raise Refused("meeting", _("No meeting has the number %(number)s.", number=reference)) from absent


def run(reference: str, raw: bytes, filename: str, *, dry_run: bool = False) -> Report:
    """Import; faults are in the report and then nothing was stored. Raises `Refused`."""
    meeting = None if reference == NEW else find(reference)
    known = agenda_data.of(meeting)["meeting"] if meeting else None
    try:
        data = agenda_file.read(raw, filename, known)
    except agenda_file.FaultyFile as fault:
        db.session.rollback()
        return Report(meeting.id if meeting else None, dry_run=dry_run, faults=list(fault.faults))
    report = Report(
        meeting.id if meeting else None,
        len(data["days"]),
        sum(len(d["slots"]) for d in data["days"]),
        dry_run=dry_run,
        untranslated=agenda_file.missing_translations(data),
    )
    try:
        with writing(public=not dry_run):
            report.meeting_id, report.changed = _store(meeting, data)
            if dry_run:
                raise _OnlyLooking
    except _OnlyLooking:
        report.meeting_id = meeting.id if meeting else None
    return report


class _OnlyLooking(Exception):
    """A dry run does everything, so that it meets every refusal, then undoes it."""


def _store(meeting: Meeting | None, data: dict[str, Any]) -> tuple[int, bool]:
    if meeting is None:
        if data["meeting"] is None:
            raise Refused(
                "meeting", _("A CSV file holds an agenda without its meeting: name the meeting that it is for.")
            )
        head = data["meeting"]
        meeting = service.create(
            OPERATOR,
            title=(head["title"]["fr"], head["title"]["en"]),
            first_day=head["first_day"],
            last_day=head["last_day"],
        )
    was_public = meeting.agenda_is_public
    changed = service.replace_agenda(OPERATOR, meeting, data)
    if meeting.agenda_is_public and (changed or not was_public):
        _pass_gates(meeting)
    return meeting.id, changed


def _pass_gates(meeting: Meeting) -> None:
    """A text that comes from a file was agreed by nobody: where the rule asks for that, the portal publishes it."""
    bodies = frozenset() if meeting.body_id is None else frozenset({meeting.body_id})
    passages = [gate(meeting, bodies, "") for gate in registry.current().publication_gates]
    for passage in passages:
        if passage.barrier is not None:
            raise Refused("document_status", passage.barrier.message)
    for passage in passages:
        passage.published(OPERATOR, meeting)


def export(reference: str, form: str = "yaml") -> str:
    data = agenda_data.of(find(reference))
    return agenda_file.dump_csv(data) if form == "csv" else agenda_file.dump_yaml(data)
