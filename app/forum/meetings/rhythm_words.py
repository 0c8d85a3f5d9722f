"""What the public reads of a rhythm: the obligation and where the body stands, in whole sentences."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.i18n import day
from app.forum.meetings.rhythm import Reading, State

TONES = {State.KEPT: "green", State.LATE: "coral", State.RUNNING: "blue", State.NOT_DUE: "neutral"}
PLENARIES, GROUPS, BETWEEN = "plenaries_per_year", "working_group_months", "months_between_meetings"


def obligation(rule: str, value: int) -> str:
    if rule == PLENARIES:
        return ngettext("%(num)d plenary session each year", "%(num)d plenary sessions each year", value)
    if rule == GROUPS:
        return ngettext("A meeting every month", "A meeting every %(num)d months at least", value)
    return ngettext(
        "Government and civil society meet every month",
        "Government and civil society meet every %(num)d months at least",
        value,
    )


def tag(reading: Reading, *, past: bool = False) -> str:
    """The state in one or two words."""
    if past:
        words = {State.KEPT: _("kept"), State.LATE: _("not kept"), State.NOT_DUE: _("not due yet")}
        return words.get(reading.state, _("in progress"))
    return {
        State.KEPT: _("kept"), State.LATE: _("late"), State.NOT_DUE: _("not due yet"), State.RUNNING: _("in progress"),
    }[reading.state]  # fmt: skip


def sentence(reading: Reading, *, past: bool = False) -> str:
    """Why it stands so, and what comes next; the words of `tag` go before it."""
    if past:
        return _past(reading)
    parts = [_yearly(reading) if reading.is_yearly else _rolling(reading), _next(reading)]
    return " ".join(part for part in parts if part)


def _yearly(reading: Reading) -> str:
    values = {"held": len(reading.held), "wanted": reading.wanted}
    if reading.state == State.NOT_DUE:
        return _("This year is the body’s first: %(held)s of %(wanted)s held.", **values)
    return _("%(held)s of %(wanted)s held this year.", **values)


def _rolling(reading: Reading) -> str:
    if reading.late_since is not None:
        return _("Since %(day)s.", day=day(reading.late_since))
    if reading.state == State.NOT_DUE:
        return _("The first meeting is expected by %(day)s.", day=day(reading.due))
    return _(
        "The last meeting was held on %(held)s. The next one is expected by %(day)s.",
        held=day(reading.held[-1].day), day=day(reading.due),
    )  # fmt: skip


def _next(reading: Reading) -> str:
    if reading.next is None:
        if reading.is_yearly:
            return "" if reading.state == State.KEPT else _("No other session is announced this year.")
        return _("No meeting is announced.")
    if reading.next > reading.due and reading.late_since is None:
        return _("The next one is announced for %(day)s, which is too late.", day=day(reading.next))
    return _("The next one is announced for %(day)s.", day=day(reading.next))


def _past(reading: Reading) -> str:
    if reading.is_yearly:
        return _("%(held)s of %(wanted)s held.", held=len(reading.held), wanted=reading.wanted)
    count = ngettext("%(num)d meeting held.", "%(num)d meetings held.", len(reading.held))
    if reading.late_since is None:
        return count
    return count + " " + _("The interval was too long from %(day)s.", day=day(reading.late_since))
