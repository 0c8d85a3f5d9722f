"""How a decision or an action stands with its deadline, in days and in words. Days are days of Paris."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock


@dataclass(frozen=True)
class Delay:
    """`late`: days past the deadline, at this moment or when it was done; negative: days that are left, or were."""

    late: int | None
    took: int | None
    is_pending: bool

    @property
    def is_late(self) -> bool:
        return self.is_pending and self.late is not None and self.late > 0

    def __str__(self) -> str:
        return self._pending() if self.is_pending else self._done()

    def _pending(self) -> str:
        if self.late is None:
            return _("no deadline")
        if self.late == 0:
            return _("the deadline is today")
        if self.late > 0:
            return ngettext("%(num)d day late", "%(num)d days late", self.late)
        return ngettext("%(num)d day before its deadline", "%(num)d days before its deadline", -self.late)

    def _done(self) -> str:
        if self.took is None:
            return ""
        words = ngettext("done in %(num)d day", "done in %(num)d days", self.took) if self.took else _("done at once")
        if self.late is None or self.late <= 0:
            return words
        return ngettext(
            "%(words)s, %(num)d day after its deadline", "%(words)s, %(num)d days after its deadline", self.late,
            words=words,
        )  # fmt: skip


def of(one: Any, today: date | None = None) -> Delay:
    """Of a decision or an action, on a day."""
    end = (today or clock.today()) if one.is_pending else one.done_on
    late = (end - one.deadline).days if one.deadline is not None and end is not None else None
    return Delay(late, one.took if one.status == "done" else None, one.is_pending)
