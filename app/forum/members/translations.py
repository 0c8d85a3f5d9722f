"""What of the bodies waits for English."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts import policy as accounts
from app.core import translation
from app.core.access import authorize
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.registry import Translations, Untranslated
from app.forum.members.models import Body
from app.forum.members.states import BodyKind

LABELS = {"name": _l("Name"), "purpose": _l("Purpose"), "cadence": _l("How often it meets")}


def pending(limit: int) -> Iterator[Untranslated]:
    rows = db.session.scalars(select(Body).where(translation.waits(Body, *LABELS)).order_by(Body.id).limit(limit))
    for body in rows:
        for field, fr, en, before in translation.pairs(body, *LABELS):
            yield Untranslated(body.id, field, LABELS[field], body.name.text, fr, en, before, _address(body))


def _address(body: Body) -> str:
    if body.kind == BodyKind.WORKING_GROUP:
        return url_for("working_groups.show", body_id=body.id, slug=body.slug)
    return url_for("meetings.index", body=body.id)


def confirm(actor: Any, body_id: int, field: str, seen: str) -> None:
    body = db.session.get(Body, body_id)
    if body is None:
        raise NotFound
    authorize(accounts.is_secretariat(actor))
    translation.confirm(body, field, seen)


TRANSLATIONS = Translations(pending, confirm)
