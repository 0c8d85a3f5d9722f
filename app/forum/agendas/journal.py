"""What the acts on the working copy of an agenda, and their details, are called."""

from flask_babel import lazy_gettext as _l

from app.forum.agendas.states import PartKind

WORDS = {
    "agenda.added": _l("Venue or slot added to an agenda"),
    "agenda.begun": _l("Agenda taken up"),
    "agenda.discarded": _l("Working copy of an agenda discarded"),
    "agenda.file_taken": _l("Agenda taken from a file"),
    "agenda.moved": _l("Slot moved"),
    "agenda.removed": _l("Venue or slot removed from an agenda"),
    "agenda.renumbered": _l("Slots renumbered"),
    "agenda.saved": _l("Part of an agenda saved"),
}
NOUNS = {
    "working_copy": (_l("Working copy"), _l("Working copies")),
    "working_part": (_l("Part of a working copy"), _l("Parts of working copies")),
}
KINDS = {PartKind.HEAD: _l("Meeting"), PartKind.VENUE: _l("Venue"), PartKind.SLOT: _l("Slot")}
FIELDS = {
    "begun": _l("Begun"),
    "changed": _l("Changed"),
    "copied_from": _l("Number of the meeting it was taken from"),
    "day": _l("Day"),
    "meeting": _l("Number of the meeting"),
    "part": _l("Number of the part"),
    "parts": _l("Number of parts"),
    "place": _l("Place in the day"),
    "slots": _l("Number of slots"),
    **{f"kind={kind.value}": label for kind, label in KINDS.items()},
}
