"""What the minutes take over from the agenda and from the attendance sheet, as plain data (D.3; CRPA R. 133-13).

Those who came are named with their quality; those who were represented, with who represented them. Of those who did
not come, nobody is named: the organisations that had excused themselves are, and the others counted.
"""

from collections.abc import Sequence
from typing import Any

from app.core import i18n
from app.forum.counting.quorum import Quorum
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate
from app.forum.organisations.models import Organisation
from app.forum.sheets import counts, queries, reading
from app.forum.sheets.models import AttendanceLine, AttendanceSheet

Data = dict[str, Any]


def sheet_of(meeting: Meeting) -> AttendanceSheet | None:
    """The sheet of a meeting once it is closed: before that it is no record."""
    sheet = queries.sheet_of(meeting.id)
    return None if sheet is None or sheet.is_open else sheet


def head(meeting: Meeting) -> Data:
    """What the heading of the minutes says of the meeting."""
    with_dates = {}
    for lang in i18n.LANGUAGES:
        with i18n.in_language(lang):
            with_dates[lang] = meeting.dates
    return {
        "title": _pair(meeting, "title"),
        "body": _pair(meeting.body, "name") if meeting.body is not None else None,
        "number": meeting.series_number,
        "first_day": meeting.first_day.isoformat(),
        "last_day": meeting.last_day.isoformat(),
        "dates": with_dates,
        "place": _pair(meeting, "place"),
        "mode": meeting.mode.value,
        "languages": list(meeting.languages or ()),
    }


def _pair(thing: Any, name: str) -> Data:
    return {"fr": getattr(thing, f"{name}_fr"), "en": getattr(thing, f"{name}_en")}


def attendance(meeting: Meeting) -> Data | None:
    """Who was there and with what quorum; None before the sheet is closed. In a dozen statements whatever its size."""
    sheet = sheet_of(meeting)
    if sheet is None:
        return None
    facts, lines = counts.facts(sheet, meeting), queries.lines(sheet)
    outcomes = facts.outcomes_by_seat()
    return {
        "present": [one for line in lines for one in _present(line)],
        "represented": [
            {**_who(line.mandate), "by": facts.holders.get(line.mandate_id)}
            for line in lines
            if outcomes.get(line.mandate_id) == "represented"
        ],
        "excused": [
            _home(line.mandate.organisation) for line in lines if outcomes.get(line.mandate_id) == "excused"
        ],
        "absent": sum(one == "absent" for one in outcomes.values()),
        "guests": sheet.guests,
        "members": sum(seat.votes for seat in facts.seats),
        "no_quorum": facts.no_quorum,
        "quorum": _numbers(facts.quorum(facts.instant)) if not facts.by_item() else None,
        "items": {
            one.item.slot_key: {**_numbers(one.quorum), "recused": one.recused} for one in facts.by_item()
        },
    }  # fmt: skip


def _present(line: AttendanceLine) -> list[Data]:
    """Whoever sat in the seat, each once: the full member, a substitute, or both in turn."""
    came = list(dict.fromkeys(stay.attended_by_id for stay in line.stays))
    remote = all(stay.mode.value == "remote" for stay in line.stays)
    found = []
    for number in came:
        mandate = _sitting(line.mandate, number)
        if mandate is not None:
            found.append({**_who(mandate), "votes": line.votes, "remote": remote, "substitute": number is not None})
    return found


def _sitting(titular: Mandate, number: int | None) -> Mandate | None:
    if number is None:
        return titular
    return next((one for one in titular.alternates if one.id == number), None)


def _who(mandate: Mandate) -> Data:
    return {
        "name": reading.name_of(mandate) if mandate.person is not None else None,
        "organisation": _home(mandate.organisation),
        "college": mandate.college.value,
    }


def _home(organisation: Organisation | None) -> Data | None:
    return _pair(organisation, "name") if organisation is not None else None


def _numbers(quorum: Quorum) -> Data:
    """Of a quorum counted by college, the sum of both and whether each side has its own."""
    groups: Sequence[Any] = list(quorum.groups.values())
    return {
        "counted": sum(group.tally.counted for group in groups),
        "required": sum(group.required for group in groups),
        "members": sum(group.tally.members for group in groups),
        "reached": quorum.is_reached,
    }
