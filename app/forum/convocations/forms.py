"""The forms of convocations: a reason in both languages, a day, the knowledge that it is urgent."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from app.core.forms import OnceForm, day, line

LONGEST = 500
URGENT = _l("This is urgent: send it with a notice shorter than the rule")


class _HeldForm(OnceForm):
    """`is_stale`: the meeting is no longer what its actor saw."""

    is_stale = False


class SendForm(_HeldForm):
    """`seen`: the version of the meeting, and of what was sent of it, when the page was shown."""

    seen = HiddenField()
    reason_fr = line(_l("Reason, in French"), limit=LONGEST)
    reason_en = line(_l("Reason, in English"), limit=LONGEST)

    @property
    def reason(self) -> tuple[Any, Any]:
        return self.reason_fr.data or None, self.reason_en.data or None


class UpdateForm(SendForm):
    """`urgent`: asked when the day of the meeting is another one than in the version before."""

    urgent = BooleanField(URGENT)


class CallOffForm(SendForm):
    reason_fr = line(
        _l("Reason, in French"), limit=LONGEST, required=_l("Give the reason: the public and the members read it.")
    )


class _Chosen:
    """A form with a day: `chosen` is that day, once the form is valid."""

    day: Any

    @property
    def chosen(self) -> date:
        found: date = self.day.data
        return found


class DayForm(_Chosen, SendForm):
    day = day(_l("New day"), required=_l("Enter the day of the meeting."))
    urgent = BooleanField(URGENT)


class SecondNoticeForm(_Chosen, _HeldForm):
    day = day(_l("Day of the meeting"), required=_l("Enter the day of the meeting."))
