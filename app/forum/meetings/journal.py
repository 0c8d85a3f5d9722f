"""What the acts on meetings and their documents, and their details, are called."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "attachment.added": _l("Document attached to a meeting"),
    "attachment.moved": _l("Document of a meeting moved"),
    "attachment.removed": _l("Document detached from a meeting"),
    "meeting.agenda_replaced": _l("Agenda replaced"),
    "meeting.announced": _l("Meeting announced"),
    "meeting.cancelled": _l("Meeting cancelled"),
    "meeting.convened": _l("Meeting convened"),
    "meeting.created": _l("Meeting created"),
    "meeting.held": _l("Meeting held"),
    "meeting.moved": _l("Meeting put on another day"),
    "meeting.postponed": _l("Meeting postponed"),
    "meeting.practical_details": _l("Hours or connection of a meeting changed"),
    "meeting.published": _l("Agenda published"),
    "meeting.revised": _l("Agenda revised"),
}
NOUNS = {
    "agenda_person": (_l("Person named in an agenda"), _l("People named in agendas")),
    "agenda_revision": (_l("Reason for a revision"), _l("Reasons for revisions")),
    "attachment": (_l("Document of a meeting"), _l("Documents of meetings")),
    "meeting": (_l("Meeting"), _l("Meetings")),
    "meeting_step": (_l("Step of a meeting"), _l("Steps of meetings")),
    "slot": (_l("Slot"), _l("Slots")),
    "venue": (_l("Venue"), _l("Venues")),
}
FIELDS = {
    "at": _l("When"),
    "day": _l("Day"),
    "document": _l("Number of the document"),
    "former_day": _l("Former day"),
    "phase": _l("Phase"),
    "position": _l("Place in the list"),
    "reason": _l("Reason"),
    "sequence": _l("Version of the calendar entry"),
    "slot": _l("Number of the slot"),
    "slots": _l("Number of slots"),
}
