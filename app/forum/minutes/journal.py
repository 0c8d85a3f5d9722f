"""What the acts on minutes, and their details, are called."""

from flask_babel import lazy_gettext as _l

from app.forum.minutes.states import AdoptionWay, WithholdingGround

WORDS = {
    "minutes.approved": _l("Minutes adopted by the body"),
    "minutes.begun": _l("Minutes begun"),
    "minutes.circulated": _l("Minutes circulated to those who were there"),
    "minutes.described": _l("Head of the minutes changed"),
    "minutes.draft": _l("Minutes made a draft again"),
    "minutes.section_added": _l("Section added to minutes"),
    "minutes.section_removed": _l("Section removed from minutes"),
    "minutes.section_renamed": _l("Title of a section of minutes changed"),
    "minutes.vote_recorded": _l("Open vote recorded in minutes"),
    "minutes.vote_removed": _l("Open vote removed from minutes"),
    "minutes.withheld": _l("Public text of a section of minutes changed"),
    "minutes.written": _l("Section of minutes written"),
}
NOUNS = {
    "minutes": (_l("Minutes of a meeting"), _l("Minutes of meetings")),
    "minutes_draft": (_l("Unsaved text of minutes"), _l("Unsaved texts of minutes")),
    "minutes_save": (_l("Save of a section of minutes"), _l("Saves of sections of minutes")),
    "minutes_section": (_l("Section of minutes"), _l("Sections of minutes")),
    "minutes_text": (_l("Text of a section of minutes"), _l("Texts of sections of minutes")),
    "minutes_vote": (_l("Open vote on a resolution"), _l("Open votes on resolutions")),
}
FIELDS = {
    "fields": _l("What was changed"),
    "ground": _l("Ground for keeping it back"),
    **{f"ground={one.value}": one.label for one in WithholdingGround},
    "on": _l("Adopted on this day"),
    "people": _l("Number of people"),
    "section": _l("Number of the section"),
    "sections": _l("Number of sections"),
    "until": _l("Last day of corrections"),
    "way": _l("Way of adoption"),
    **{f"way={one.value}": one.label for one in AdoptionWay},
}
