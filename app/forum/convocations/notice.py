"""The notice period: days between the convocation and the meeting, and what the body's rules ask for (A.20)."""

from dataclasses import dataclass
from datetime import date

from app.core import clock, rules
from app.forum.meetings.models import Meeting


@dataclass(frozen=True)
class Notice:
    """`given`, `required`, `floor`: days of the Paris calendar, whatever the clocks do in between."""

    given: int
    required: int
    floor: int

    @property
    def is_short(self) -> bool:
        """A reason of urgency is needed."""
        return self.given < self.required

    @property
    def is_below_floor(self) -> bool:
        """Under the shortest notice, even when urgent: still possible, said in stronger words."""
        return self.given < self.floor


def of(meeting: Meeting, day: date | None = None) -> Notice:
    """The notice that a convocation sent today gives, for the meeting's first day or for another one."""
    given = ((day or meeting.first_day) - clock.today()).days
    scope = meeting.body_id
    return Notice(given, rules.value("notice_days", scope=scope), rules.value("notice_floor_days", scope=scope))
