"""What the acts on convocations, and their details, are called."""

from flask_babel import lazy_gettext as _l

from app.forum.convocations.states import ConvocationKind

WORDS = {
    "convocation.sent": _l("Notice of meeting sent"),
    "convocation.sent_again": _l("Failed messages of a notice sent again"),
}
NOUNS = {
    "convocation": (_l("Notice of meeting"), _l("Notices of meeting")),
    "convocation_recipient": (_l("Message of a notice of meeting"), _l("Messages of notices of meeting")),
}
FIELDS = {
    "meeting": _l("Number of the meeting"),
    "messages": _l("Number of messages"),
    "number": _l("Number"),
    "people": _l("Number of people"),
    "sent": _l("Sent"),
    "told": _l("What was asked"),
    "told=cancel": _l("not to attend"),
    "told=request": _l("to attend"),
    **{f"kind={kind.value}": kind.label for kind in ConvocationKind},
}
