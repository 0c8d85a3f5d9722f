"""What the acts of the agreement, and their details, are called."""

from flask_babel import lazy_gettext as _l

from app.forum.members.states import Consent

WORDS = {
    "agenda_version.agreed": _l("Version of an agenda agreed"),
    "agenda_version.approved": _l("Version of an agenda approved by the secretariat"),
    "agenda_version.published": _l("Agreed version of an agenda published"),
    "agenda_version.shared": _l("Version of an agenda shared"),
    "agenda_version.void": _l("Version of an agenda void, the agenda being edited"),
    "agenda_version.withdrawn": _l("Version of an agenda withdrawn"),
    "item_request.accepted": _l("Request for an item accepted"),
    "item_request.asked": _l("Item asked for"),
    "item_request.refused": _l("Request for an item refused"),
    "item_request.withdrawn": _l("Request for an item withdrawn"),
    "version_answer.given": _l("Answer given to a version of an agenda"),
}
NOUNS = {
    "agenda_version": (_l("Version of an agenda"), _l("Versions of agendas")),
    "item_request": (_l("Request for an item"), _l("Requests for items")),
    "version_answer": (_l("Answer to a version of an agenda"), _l("Answers to versions of agendas")),
}
FIELDS = {
    "answer": _l("Answer"),
    f"answer={Consent.APPROVE.value}": _l("approves"),
    f"answer={Consent.OBJECT.value}": _l("objects"),
    "approvals": _l("Approvals"),
    "approved": _l("Approved"),
    "asked": _l("Asked on"),
    "by_silence": _l("Agreed by silence"),
    "by_silence=True": _l("yes"),
    "by_silence=False": _l("no"),
    "digest": _l("Digest of the text"),
    "mandate": _l("Number of the mandate"),
    "minutes": _l("Minutes"),
    "needed": _l("Approvals needed"),
    "number": _l("Number"),
    "shared": _l("Shared on"),
    "version": _l("Number of the version"),
}
