"""The site's identity (D.7) and the Forum's rules (A.20), with their defaults; an empty one is named at start-up."""

import logging
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import SQLAlchemyError

from app.core import rules
from app.core.extensions import db
from app.core.rules import Rule

logger = logging.getLogger("forum.identity")
IDENTITY = {
    "publisher_name": _l("Publisher"),
    "publisher_address": _l("Publisher's address"),
    "publisher_contact": _l("Publisher's telephone or e-mail"),
    "publication_director": _l("Publishing director"),
    "host_name": _l("Site host"),
    "host_address": _l("Site host's address"),
    "host_phone": _l("Site host's telephone"),
    "contact_email": _l("Contact address of the team"),
    "controller": _l("Data controller"),
    "dpo_contact": _l("Data protection officer (DPO)"),
    "security_contact": _l("Address for security reports"),
    "accessibility_statement_date": _l("Date of the accessibility statement"),
}
PLAN = _l("National Action Plan 2024-2026, commitment 3")
REGISTER = _l("National Action Plan 2024-2026, co-creation chapter")
CUSTOM = _l("Usual practice of State advisory committees (French code CRPA, articles R. 133-3 and following)")
DEFAULT = _l("Default value, until the plenary decides")


class Identity:
    """The identity in force, read by name; None for what nobody has filled in yet."""

    def __getattr__(self, name: str) -> Any:
        return rules.value(f"identity.{name}") or None


def warn() -> None:
    """At start-up: what a reader would miss on the legal pages. The database may not answer yet: that is said too."""
    try:
        absent = missing()
    except SQLAlchemyError:
        logger.warning("the site's identity cannot be read: the database does not answer")
    else:
        if absent:
            logger.warning("identity to complete (flask set-rule identity.KEY VALUE): %s", ", ".join(absent))
    finally:
        db.session.remove()
        db.engine.dispose()  # called before the workers are forked


def missing() -> list[str]:
    return [key for key in IDENTITY if not rules.value(f"identity.{key}")]


def _bodies(value: list[str]) -> str:
    names = {"cese": _("CESE"), "mrd": _("Ministry for Democratic Renewal"), "ditp": _("DITP")}
    return ", ".join(names.get(one, one) for one in value)


def _days(value: int) -> str:
    return _("%(n)d days", n=value)


def _months(value: int) -> str:
    return _("%(n)d months", n=value)


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _seats(value: dict[str, int]) -> str:
    return _(
        "%(government)d for government, %(civil_society)d for civil society",
        government=value["government"],
        civil_society=value["civil_society"],
    )


def _choice(**words: Any) -> Any:
    return lambda value: words.get(value, value)


def declare() -> None:
    rules.declare(*(Rule(f"identity.{key}", "identity", label, "", "D.7") for key, label in IDENTITY.items()))
    rules.declare(Rule("identity.accessibility_status", "identity", _l("Accessibility status"), "non", "D.6"))
    rules.declare(
        Rule(
            "secretariat_bodies",
            "secretariat",
            _l("The secretariat is provided by"),
            ["cese", "mrd"],
            PLAN,
            _bodies,
            list,
        ),
        Rule("operating_body", "secretariat", _l("Day-to-day secretariat"), "cese", DEFAULT, lambda v: _bodies([v])),
        Rule("convening_body", "secretariat", _l("Meetings are convened by"), "cese", DEFAULT, lambda v: _bodies([v])),
        Rule("plenaries_per_year", "meetings", _l("Plenary sessions each year"), 2, PLAN, str, int),
        Rule("working_group_months", "meetings", _l("A working group meets every"), 3, PLAN, _months, int),
        Rule("notice_days", "meetings", _l("Notice before a meeting"), 15, DEFAULT, _days, int),
        Rule(
            "agenda_requires_committee_agreement",
            "meetings",
            _l("The agenda is agreed by the management committee before the secretariat approves it"),
            True,
            PLAN,
            _yes,
            bool,
        ),
        Rule(
            "quorum",
            "meetings",
            _l("Quorum"),
            "half",
            CUSTOM,
            _choice(half=_l("at least half of the members, present or represented")),
        ),
        Rule("max_proxies_per_holder", "meetings", _l("Proxies that one member may hold"), 1, CUSTOM, str, int),
        Rule(
            "cochair_mode_government",
            "elections",
            _l("Government co-chair"),
            "elected",
            DEFAULT,
            _choice(elected=_l("elected"), designated=_l("designated")),
        ),
        Rule(
            "electorate",
            "elections",
            _l("Who elects the co-chairs and the committee"),
            "plenary",
            DEFAULT,
            _choice(plenary=_l("the whole plenary"), college=_l("each college")),
        ),
        Rule(
            "committee_seats",
            "elections",
            _l("Elected seats of the management committee"),
            {"government": 2, "civil_society": 2},
            DEFAULT,
            _seats,
            dict,
        ),
        Rule("term_months", "elections", _l("Term of office"), 24, PLAN, _months, int),
        Rule(
            "selection_decided_by",
            "members",
            _l("Applications from civil society are decided by"),
            "committee",
            DEFAULT,
            _choice(
                committee=_l("the management committee, on the secretariat's report"), secretariat=_l("the secretariat")
            ),
        ),
        Rule(
            "revival_months",
            "register",
            _l("Time during which a proposal not included can still be taken up"),
            12,
            REGISTER,
            _months,
            int,
        ),
        Rule(
            "workshop_balance_tolerance",
            "register",
            _l("Workshops with equal numbers from government and civil society: margin allowed (percentage points)"),
            10,
            DEFAULT,
            str,
            int,
        ),
    )


GROUPS = {
    "secretariat": _l("Secretariat"),
    "members": _l("Members"),
    "meetings": _l("Meetings"),
    "elections": _l("Elections and terms of office"),
    "register": _l("Co-creation and What We Heard"),
}
