"""Whether the votes of a meeting wait for a quorum: the one place that says so to the sheet."""

from app.core import rules
from app.forum.meetings.models import Meeting


def needs_no_quorum(meeting: Meeting) -> bool:
    """A second notice with the same agenda makes votes valid with any number, where the rule says so (F.6)."""
    return meeting.second_notice_of_id is not None and bool(
        rules.value("second_notice_without_quorum", scope=meeting.body_id, on=meeting.first_day)
    )
