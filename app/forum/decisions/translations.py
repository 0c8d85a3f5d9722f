"""What of the decisions, of their history and of the actions waits for English."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core import translation
from app.core.access import authorize
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.registry import Translations, Untranslated
from app.forum.decisions import policy
from app.forum.decisions.models import Action, Decision, DecisionUpdate

LABELS: dict[Any, dict[str, Any]] = {
    Decision: {"title": _l("Title"), "text": _l("Wording"), "responsible": _l("Function that answers for it")},
    DecisionUpdate: {"text": _l("Word on what became of it")},
    Action: {"title": _l("Title"), "responsible": _l("Function that answers for it"), "note": _l("What became of it")},
}


def pending(model: Any, limit: int) -> Iterator[Untranslated]:
    """The latest first: they are the ones that are read. What was withdrawn is left as it is."""
    labels = LABELS[model]
    wanted = select(model).where(translation.waits(model, *labels)).order_by(model.id.desc()).limit(limit)
    if model is DecisionUpdate:
        wanted = wanted.options(joinedload(DecisionUpdate.decision))
    else:
        wanted = wanted.where(model.status != "withdrawn")
    for row in db.session.scalars(wanted):
        for field, fr, en, before in translation.pairs(row, *labels):
            owner = row.decision if isinstance(row, DecisionUpdate) else row
            where = f"{owner.number}\u00a0– {owner.title.text}"
            yield Untranslated(row.id, field, labels[field], where, fr, en, before, _address(row))


def _address(row: Any) -> str:
    if isinstance(row, DecisionUpdate):
        return url_for("decisions.translate_update", number=row.decision.number, update_id=row.id)
    return url_for(row.screen("edit"), number=row.number)


def confirm(model: Any, actor: Any, row_id: int, field: str, seen: str) -> None:
    row = db.session.get(model, row_id)
    if row is None:
        raise NotFound
    authorize(policy.can_write(actor))
    translation.confirm(row, field, seen)


TRANSLATIONS = {model.__tablename__: Translations(partial(pending, model), partial(confirm, model)) for model in LABELS}
