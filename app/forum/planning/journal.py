"""What the acts of planning, and their details, are called."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "date_poll.answered": _l("Poll on a date answered"),
    "date_poll.decided": _l("Date of a poll chosen"),
    "date_poll.opened": _l("Poll on a date opened"),
    "date_poll.reminded": _l("Reminder of a poll sent"),
    "date_poll.withdrawn": _l("Poll on a date withdrawn"),
    "meeting.standing_lines": _l("Lines that come back copied to an agenda"),
    "meeting_template.created": _l("Template of meetings created"),
    "meeting_template.saved": _l("Template of meetings saved"),
    "meeting_template.used": _l("Meetings created ahead"),
}
NOUNS = {
    "date_poll": (_l("Poll on a date"), _l("Polls on dates")),
    "meeting_template": (_l("Template of meetings"), _l("Templates of meetings")),
    "poll_answer": (_l("Answer to a poll"), _l("Answers to polls")),
    "poll_option": (_l("Date offered"), _l("Dates offered")),
}
FIELDS = {
    "answer": _l("Answer"),
    "closes_on": _l("Last day of answers"),
    "lines": _l("Number of lines"),
    "mandate": _l("Number of the mandate"),
    "meetings": _l("Number of meetings"),
    "option": _l("Number of the date"),
    "options": _l("Number of dates"),
    "poll": _l("Number of the poll"),
    "recipients": _l("Number of recipients"),
    "year": _l("Year"),
}
