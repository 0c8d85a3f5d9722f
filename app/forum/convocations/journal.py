"""What the acts on convocations, and their details, are called."""

from flask_babel import lazy_gettext as _l

from app.forum.convocations.states import ConvocationKind

WORDS = {
    "convocation.sent": _l("Convocation sent"),
    "convocation.sent_again": _l("Failed messages of a convocation sent again"),
}
NOUNS = {
    "convocation": (_l("Convocation"), _l("Convocations")),
    "convocation_recipient": (_l("Message of a convocation"), _l("Messages of convocations")),
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
