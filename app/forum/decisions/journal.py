"""What the acts on decisions and actions, and their details, are called."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "action.changed": _l("Action of the minutes changed"),
    "action.cut_out": _l("Action cut out of minutes"),
    "action.done": _l("Action carried out"),
    "action.dropped": _l("Action given up"),
    "action.given_back": _l("Adopted wording of an action given back to the public"),
    "action.noted": _l("Follow-up of an action written"),
    "action.open": _l("Action taken up again"),
    "action.published": _l("Action published with its minutes"),
    "action.translated": _l("English of an action written"),
    "action.withdrawn": _l("Action taken back before publication"),
    "action.withheld": _l("Wording of an action written for the public"),
    "decision.changed": _l("Decision of the minutes changed"),
    "decision.cut_out": _l("Decision cut out of minutes"),
    "decision.deadline_moved": _l("Deadline of a decision moved"),
    "decision.done": _l("Decision carried out"),
    "decision.dropped": _l("Decision given up"),
    "decision.given_back": _l("Adopted wording of a decision given back to the public"),
    "decision.in_progress": _l("Decision being carried out"),
    "decision.published": _l("Decision published with its minutes"),
    "decision.replaced": _l("Decision replaced by another one"),
    "decision.translated": _l("English of a decision written"),
    "decision.withdrawn": _l("Decision taken back before publication"),
    "decision.withheld": _l("Wording of a decision written for the public"),
    "decision_update.added": _l("Follow-up of a decision written"),
    "decision_update.translated": _l("English of a follow-up written"),
}
NOUNS = {
    "action": (_l("Action of minutes"), _l("Actions of minutes")),
    "decision": (_l("Decision of minutes"), _l("Decisions of minutes")),
    "decision_numbering": (_l("Count of numbers"), _l("Counts of numbers")),
    "decision_subject": (_l("Thing that a decision concerns"), _l("Things that decisions concern")),
    "decision_update": (_l("Follow-up of a decision"), _l("Follow-ups of decisions")),
}
FIELDS = {
    "decision": _l("Number of the decision"),
    "decided_on": _l("Decided on"),
    "former": _l("Former deadline"),
    "newer": _l("Number of the decision that stands instead"),
    "on": _l("Day"),
}
