"""Writes of bodies."""

from typing import Any

from app.accounts import policy as accounts
from app.core import audit, search, text
from app.core.access import authorize
from app.core.extensions import db
from app.core.i18n import set_pair
from app.forum.members.models import Body
from app.forum.members.states import BodyKind

audit.declare("body.created", "kind")


def create_body(
    actor: Any,
    kind: BodyKind,
    *,
    name: tuple[str, str | None],
    purpose: tuple[str, str | None],
    cadence: tuple[str | None, str | None] = (None, None),
) -> Body:
    """A new body; each pair is French then English."""
    authorize(accounts.is_secretariat(actor))
    body = Body(kind=kind, outdated=[])
    set_pair(body, "name", *name)
    set_pair(body, "purpose", *purpose)
    set_pair(body, "cadence", *cadence)
    body.purpose_html_fr, body.purpose_html_en = text.to_html(purpose[0]), text.to_html(purpose[1])
    db.session.add(body)
    db.session.flush()
    audit.record(actor, "body.created", body, kind=kind.value)
    if kind == BodyKind.WORKING_GROUP:
        index(body)
    return body


def index(body: Body) -> None:
    search.index(
        "body",
        body.id,
        kind="working_group",
        endpoint="working_groups.show",
        arguments={"body_id": body.id, "slug": body.slug},
        title=(body.name_fr, body.name_en),
        body=(text.plain(body.purpose_html_fr), text.plain(body.purpose_html_en)),
    )
