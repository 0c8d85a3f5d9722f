"""What the acts of the administration, their details and what an export holds of them are called."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core import rules
from app.core.four_eyes import ActStatus
from app.core.registry import Registry

WORDS = {
    "pending_act.asked": _l("Act that needs two people requested"),
    "pending_act.confirmed": _l("Act that needs two people confirmed"),
    "pending_act.expired": _l("Act that needs two people expired"),
    "pending_act.refused": _l("Act that needs two people refused"),
    "pending_act.withdrawn": _l("Act that needs two people withdrawn"),
    "rules.set": _l("Rule or identity of the site set"),
    "rules.withdrawn": _l("Rule to come withdrawn"),
}
NOUNS = {
    "pending_act": (_l("Act that needs two people"), _l("Acts that need two people")),
    "rule_value": (_l("Rule"), _l("Rules")),
}
FIELDS = {
    "act": _l("Act"),
    "answer": _l("Answer"),
    "asked": _l("Asked for"),
    "concerns": _l("Number of the account concerned"),
    "from": _l("From"),
    "key": _l("Rule"),
    "reason": _l("Reason"),
    "scope": _l("Body"),
    "status": _l("Status"),
    "valid_from": _l("In force from"),
    "word": _l("Act"),
    "role=asked_by": _l("asked for it"),
    "role=author": _l("author"),
    "role=concerned": _l("concerned by it"),
    "role=settled_by": _l("answered it"),
    "role=withdrawn_by": _l("withdrew it"),
    "scope=": _l("every body"),
    **{f"status={status.value}": status.label for status in ActStatus},
}


def codes(registry: Registry) -> dict[str, Any]:
    """The names of the rules and of the acts, once every room has declared its own."""
    acts = {f"{name}={act.word}": act.label for act in registry.acts.values() for name in ("act", "word")}
    return acts | {f"key={rule.key}": rule.label for rule in rules.RULES.values()}
