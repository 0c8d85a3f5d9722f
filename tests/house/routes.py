"""Every route of the portal, as an address that can be asked for on the populated forum."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app.core.extensions import db
from app.core.i18n import LANGUAGES
from app.forum.members import queries as members
from app.forum.pages.models import ContactMessage
from tests.house import population

EDITING = (
    "overview", "begin", "discard", "show_preview", "publish", "edit", "add_slot", "add_venue", "remove", "split",
    "move", "renumber", "days", "load", "store", "export_yaml", "export_csv",
)  # fmt: skip
"""The screens of a working copy: of a draft, of a revision in progress, of a meeting that does not exist."""


@dataclass(frozen=True)
class Address:
    """`row`: the route's line in access.yaml. `lang`: None for an address outside the two languages."""

    row: str
    rule: Rule
    path: str
    lang: str | None

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    @property
    def methods(self) -> set[str]:
        return set(self.rule.methods or ())


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def _things() -> dict[str, dict[str, dict[str, Any]]]:
    """What the routes with arguments are asked for: for each endpoint, the cases to try and their arguments."""
    public, draft = population.public_meeting(), population.draft()
    group = members.working_groups()[0]
    meetings = {
        "": {"meeting_id": public.id, "slug": public.slug},
        "draft": {"meeting_id": draft.id, "slug": draft.slug},
        "unknown": {"meeting_id": 999_999, "slug": "rien"},
    }
    editing = population.editing()
    draft_copy, revision = ({"meeting_id": copy.meeting_id, "part_id": copy.slots[0].id} for copy in editing)
    unknown = {"meeting_id": 999_999, "part_id": 999_999}
    copies = {"": draft_copy, "revision": revision, "unknown": unknown}
    reference = db.session.scalars(select(ContactMessage.reference)).first()
    return {
        "meetings.show": meetings,
        "meetings.agenda": meetings,
        "meetings.entry": meetings,
        **{f"agendas.{name}": copies for name in EDITING},
        "working_groups.show": {
            "": {"body_id": group.id, "slug": group.slug},
            "unknown": {"body_id": 999_999, "slug": "rien"},
        },
        "pages.contact_sent": {"": {"reference": reference}, "unknown": {"reference": "M-22222222"}},
    }


def addresses(app: Flask) -> list[Address]:
    """Each route, in each language, for each case. A route with arguments that nobody described raises KeyError."""
    things = _things()
    db.session.rollback()  # an open transaction would make the requests wait
    return [address for rule in rules(app) for address in _of(rule, things)]


def _of(rule: Rule, things: dict[str, dict[str, dict[str, Any]]]) -> Iterator[Address]:
    named = set(rule.arguments) - {"lang"} - set(rule.defaults or ())
    cases = things[str(rule.endpoint)] if named else {"": {}}
    for case, values in cases.items():
        for lang in LANGUAGES if "lang" in rule.arguments else (None,):
            given = {**{name: values[name] for name in named}, **(rule.defaults or {})}
            built = rule.build({**given, **({"lang": lang} if lang else {})})
            assert built is not None, rule.rule
            yield Address(f"{rule.rule} {case}".strip(), rule, built[1], lang)


def pages(app: Flask) -> list[Address]:
    """The addresses that give a page to anyone who may read it."""
    return [one for one in addresses(app) if one.lang and "GET" in one.methods and " " not in one.row]
