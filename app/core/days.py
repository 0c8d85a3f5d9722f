"""A day that somebody writes: 2027-03-12, or 12/03/2027 as in French. Nothing is guessed."""

import re
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import StopValidation, ValidationError

from app.core import text

ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
FRENCH = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)


def read(written: str) -> date | None:
    """The day written, between 1990 and 2100; None for anything else (H24)."""
    written = written.strip()
    if match := ISO.fullmatch(written):
        year, month, day = map(int, match.groups())
    elif match := FRENCH.fullmatch(written):
        day, month, year = map(int, match.groups())
    else:
        return None
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None


class DayField(StringField):
    """A day typed or chosen; `data` stays as typed, `day` is the date or None. Optional unless `required` is given."""

    def __init__(self, label: Any = None, *, required: Any = None, **options: Any) -> None:
        super().__init__(label, filters=[text.tidy], **options)
        self.missing = required
        if required:
            self.flags.required = True

    data: str | None

    @property
    def day(self) -> date | None:
        return read(self.data) if self.data else None

    @property
    def chosen(self) -> date:
        """The day of a required field that passed its checks."""
        day = self.day
        assert day is not None
        return day

    def _value(self) -> str:
        return self.data or ""

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            if self.missing:
                raise StopValidation(self.missing)
        elif text.fault(self.data) or read(self.data) is None:
            self.data = text.BIDI.sub("", text.CONTROL.sub("", self.data))[:40]
            raise ValidationError(_l("Write a day such as 2027-03-12 or 12/03/2027, between 1990 and 2100."))
