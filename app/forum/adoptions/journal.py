"""What the acts of corrections and adoptions, and their details, are called."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "minutes_answer.given": _l("Answer given to a written procedure on minutes"),
    "minutes_correction.accepted": _l("Correction to minutes accepted"),
    "minutes_correction.proposed": _l("Correction to minutes proposed"),
    "minutes_correction.refused": _l("Correction to minutes refused"),
    "minutes_correction.withdrawn": _l("Correction to minutes withdrawn"),
    "minutes_procedure.adopted": _l("Minutes adopted by written procedure"),
    "minutes_procedure.opened": _l("Written procedure on minutes opened"),
    "minutes_procedure.opposed": _l("Written procedure on minutes ended without adoption"),
    "minutes_procedure.withdrawn": _l("Written procedure on minutes stopped"),
}
NOUNS = {
    "minutes_answer": (_l("Answer to a written procedure"), _l("Answers to written procedures")),
    "minutes_correction": (_l("Correction to minutes"), _l("Corrections to minutes")),
    "minutes_procedure": (_l("Written procedure on minutes"), _l("Written procedures on minutes")),
}
FIELDS = {
    "applied": _l("What was written instead"),
    "deadline": _l("Last day to answer"),
    "lang": _l("Language"),
    "objections": _l("Objections"),
    "opened": _l("Opened on"),
    "place": _l("Number of the paragraph"),
    "procedure": _l("Number of the written procedure"),
    "proposed": _l("Text proposed"),
    "quoted": _l("Text quoted"),
    "replaced": _l("Written by the portal in place of the paragraph"),
    "replaced=True": _l("yes"),
    "replaced=False": _l("no"),
    "section": _l("Number of the section"),
    "silent": _l("Silence is consent"),
    "silent=True": _l("yes"),
    "silent=False": _l("no"),
}
