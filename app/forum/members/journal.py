"""What the acts on bodies, people, mandates and needs are called, and their details."""

from flask_babel import lazy_gettext as _l

from app.forum.members.states import BodyKind, EndReason, SeatKind
from app.forum.organisations.states import College

WORDS = {
    "body.created": _l("Body created"),
    "mandate.corrected": _l("Mandate corrected"),
    "mandate.ended": _l("Mandate ended"),
    "mandate.extended": _l("Mandate extended"),
    "mandate.opened": _l("Mandate opened"),
    "mandate.removed": _l("Mandate of a substitute removed, no day of it being left"),
    "need.changed": _l("Need for members changed"),
    "need.closed": _l("Need for members closed"),
    "need.opened": _l("Need for members stated"),
    "person.changed": _l("Person of the register changed"),
    "person.created": _l("Person added to the register"),
    "person.linked": _l("Person linked to an account"),
    "person.unlinked": _l("Person unlinked from an account"),
    "register.names_faded": _l("Names removed from the register, one year after the mandate"),
}
NOUNS = {
    "body": (_l("Body"), _l("Bodies")),
    "mandate": (_l("Mandate"), _l("Mandates")),
    "need": (_l("Need for members"), _l("Needs for members")),
    "person": (_l("Person of the register"), _l("People of the register")),
}
CHANGED = {
    "contact_email": _l("private address"),
    "end_reason": _l("reason for the end"),
    "ends_on": _l("last day of the term"),
    "function_en": _l("function in English"),
    "function_fr": _l("function in French"),
    "need": _l("need"),
    "organisation": _l("organisation"),
    "origin": _l("origin"),
    "profile_en": _l("profile in English"),
    "profile_fr": _l("profile in French"),
    "reason_en": _l("reason in English"),
    "reason_fr": _l("reason in French"),
    "reference": _l("reference"),
    "seat_number": _l("number of the seat"),
    "sits_until": _l("last day in office"),
    "starts_on": _l("first day"),
    "theme_en": _l("theme in English"),
    "theme_fr": _l("theme in French"),
}
FIELDS = {
    "body": _l("Body"),
    "closed_on": _l("Closed on"),
    "college": _l("College"),
    "contact_email": _l("Private address"),
    "ends_on": _l("Last day"),
    "fields": _l("What changed"),
    "function_en": _l("Function in English"),
    "function_fr": _l("Function in French"),
    "mandates": _l("Mandates left without a name"),
    "opened": _l("Opened"),
    "organisation": _l("Organisation"),
    "people": _l("People who left the register"),
    "person": _l("Number of the person"),
    "reason": _l("Reason"),
    "replaces": _l("Mandate that it replaces"),
    "seat": _l("Seat"),
    "sits_until": _l("Last day in office"),
    "starts_on": _l("First day"),
    "theme": _l("Theme"),
    "titular": _l("Mandate of the full member"),
    "user": _l("Number of the account"),
    **{f"fields={name}": label for name, label in CHANGED.items()},
    **{f"kind={kind.value}": kind.label for kind in BodyKind},
    **{f"seat={seat.value}": seat.label for seat in SeatKind},
    **{f"reason={reason.value}": reason.label for reason in EndReason},
    **{f"college={college.value}": college.label for college in College},
}
