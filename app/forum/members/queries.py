"""Reads of bodies."""

from collections.abc import Sequence

from sqlalchemy import case, select

from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.members.models import Body
from app.forum.members.states import BodyKind

ORDER = case({kind.value: rank for rank, kind in enumerate(BodyKind)}, value=Body.kind)


def bodies() -> Sequence[Body]:
    """Every body: plenary, committee, then groups in the order they were made. A handful of rows."""
    return db.session.scalars(select(Body).order_by(ORDER, Body.id).limit(100)).all()


def working_groups() -> Sequence[Body]:
    return [body for body in bodies() if body.kind == BodyKind.WORKING_GROUP]


def working_group(body_id: int) -> Body:
    """Raises `NotFound` for an unknown id or another kind of body."""
    body = db.session.get(Body, body_id)
    if body is None or body.kind != BodyKind.WORKING_GROUP:
        raise NotFound
    return body
