"""Reads of requests and erasures."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from app.core import four_eyes, paging
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.four_eyes import PendingAct
from app.forum.administration.policy import can_read_act
from app.forum.personal_data.models import DataRequest, Erasure
from app.forum.personal_data.states import ERASE, DataRequestStatus

PAGE_SIZE, WAITING, LAST = 20, 20, 10


def page(status: DataRequestStatus, number: int) -> paging.Page:
    """Requests to be answered, what is due first; or those answered, the latest first."""
    condition = DataRequest.status == status
    order = DataRequest.due_on.asc() if status == DataRequestStatus.RECEIVED else DataRequest.due_on.desc()
    total = db.session.scalar(select(func.count()).select_from(DataRequest).where(condition)) or 0
    statement = select(DataRequest).where(condition).order_by(order, DataRequest.id)
    rows = db.session.scalars(statement.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE))
    return paging.checked(paging.Page(rows.all(), number, PAGE_SIZE, total))


def waiting() -> Sequence[DataRequest]:
    """The first twenty to be answered."""
    return db.session.scalars(
        select(DataRequest)
        .where(DataRequest.status == DataRequestStatus.RECEIVED)
        .order_by(DataRequest.due_on, DataRequest.id)
        .limit(WAITING)
    ).all()


def get(request_id: int) -> DataRequest:
    """Raises `NotFound`."""
    found = db.session.get(DataRequest, request_id)
    if found is None:
        raise NotFound
    return found


def by_reference(reference: str) -> DataRequest:
    """Raises `NotFound`."""
    found = db.session.scalar(select(DataRequest).where(DataRequest.reference == reference))
    if found is None:
        raise NotFound
    return found


def waiting_erasures(viewer: Any) -> list[PendingAct]:
    """The erasures that wait for a second person and that the viewer may read."""
    return [one for one in four_eyes.waiting() if one.word == ERASE and can_read_act(viewer, one)]


def last_erasures() -> Sequence[Erasure]:
    return db.session.scalars(select(Erasure).order_by(Erasure.erased_at.desc(), Erasure.id.desc()).limit(LAST)).all()


def erasure(erasure_id: int) -> Erasure:
    """Raises `NotFound`."""
    found = db.session.get(Erasure, erasure_id)
    if found is None:
        raise NotFound
    return found
