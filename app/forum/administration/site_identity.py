"""The site's identity (D.6, D.7): who publishes, directs, hosts and answers. Empty until somebody fills it in."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core import rules
from app.core.rule_kinds import Choice, Day, Kind, Line, Mail, Pair
from app.core.rules import Rule

GROUP = "identity"
EMPTY = {"fr": "", "en": None}
LAW = _l("Act of 21 June 2004 on confidence in the digital economy, article 1-1")
PRIVACY = _l("General Data Protection Regulation, articles 13 and 37")
ACCESS = _l("Decree of 24 July 2019 on the accessibility of public websites")
SERVICE = _l("Service given to readers")
STATUS = {
    "non": _l("Accessibility: not compliant"),
    "partially": _l("Accessibility: partially compliant"),
    "fully": _l("Accessibility: fully compliant"),
}
PARTS: dict[str, tuple[Any, Kind, Any, Any]] = {
    "publisher_name": (_l("Publisher"), Pair(), LAW, _l("The legal person that publishes the site.")),
    "publisher_address": (_l("Publisher's address"), Line(), LAW, _l("Street, postcode and town.")),
    "publisher_contact": (_l("Publisher's telephone or e-mail"), Line(), LAW, _l("At least one of them is required.")),
    "publication_director": (
        _l("Publishing director"), Pair(), LAW, _l("Name and function, as they must be published by law."),
    ),
    "host_name": (_l("Site host"), Line(), LAW, _l("The company or institution that runs the servers.")),
    "host_address": (_l("Site host's address"), Line(), LAW, _l("Street, postcode and town.")),
    "host_phone": (_l("Site host's telephone"), Line(40), LAW, _l("With its country code.")),
    "contact_email": (
        _l("Contact address of the team"), Mail(), SERVICE,
        _l("Messages from the contact form go there; the address is published."),
    ),
    "controller": (
        _l("Data controller"), Pair(), PRIVACY, _l("Who decides why and how personal data are handled."),
    ),
    "dpo_contact": (
        _l("Data protection officer (DPO)"), Line(), PRIVACY,
        _l("An address or a number at which the officer answers."),
    ),
    "security_contact": (
        _l("Address for security reports"), Mail(), SERVICE, _l("Where a weakness of the site can be reported."),
    ),
    "accessibility_statement_date": (
        _l("Date of the accessibility statement"), Day(), ACCESS, _l("The day on which the statement was drawn up."),
    ),
}  # fmt: skip
AUDITED: dict[str, tuple[Any, Kind, Any, Any]] = {
    "accessibility_status": (
        _l("Accessibility status"), Choice(STATUS), ACCESS,
        _l("Printed at the foot of every page. Without an audit, the law asks for “not compliant”."),
    ),
    "accessibility_results": (
        _l("Results of the accessibility audit"), Pair(2000, lines=True), ACCESS,
        _l("Who audited the site, when, and the rate of compliance. Printed once the status says that there was one."),
    ),
    "accessibility_failures": (
        _l("What is not accessible"), Pair(4000, lines=True), ACCESS,
        _l("The non-compliances that the audit found, one on each line."),
    ),
    "accessibility_sample": (
        _l("Pages checked by the audit"), Pair(2000, lines=True), ACCESS, _l("One page on each line."),
    ),
}  # fmt: skip
IDENTITY = {name: label for name, (label, *_rest) in PARTS.items()}
"""What the legal pages need at once: start-up names what is missing. The results of an audit come with the audit."""


def declare() -> None:
    for name, (label, kind, source, help) in {**PARTS, **AUDITED}.items():
        rules.declare(Rule(f"identity.{name}", GROUP, label, _default(kind), source, kind, help))


def _default(kind: Kind) -> Any:
    if isinstance(kind, Choice):
        return "non"
    return EMPTY if isinstance(kind, Pair) else ""


def missing() -> list[str]:
    """The names of what nobody has filled in yet."""
    return [name for name, (_label, kind, *_rest) in PARTS.items() if kind.is_empty(rules.value(f"identity.{name}"))]
