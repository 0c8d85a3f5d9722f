"""What the acts on answers, proxies and reminders, and their details, are called."""

from flask_babel import lazy_gettext as _l

from app.forum.attendance.states import Choice, ProxyEnd

WORDS = {
    "attendance_answer.given": _l("Answer to a meeting"),
    "attendance_answer.withdrawn": _l("Answer to a meeting withdrawn"),
    "meeting.answers_reminded": _l("Reminder to those who have not answered"),
    "proxy.ended": _l("Proxy ended"),
    "proxy.given": _l("Proxy given"),
}
NOUNS = {
    "answer_reminder": (_l("Reminder to answer"), _l("Reminders to answer")),
    "attendance_answer": (_l("Answer to a meeting"), _l("Answers to meetings")),
    "proxy": (_l("Proxy"), _l("Proxies")),
}
FIELDS = {
    "choice": _l("Answer"),
    "count": _l("How many"),
    "holder": _l("Number of the holder’s mandate"),
    "mandate": _l("Number of the mandate"),
    "on_behalf": _l("Written down by the secretariat"),
    "principal": _l("Number of the mandate represented"),
    **{f"choice={one.value}": one.label for one in Choice},
    **{f"reason={one.value}": one.label for one in ProxyEnd},
    "on_behalf=True": _l("yes"),
    "on_behalf=False": _l("no"),
}
