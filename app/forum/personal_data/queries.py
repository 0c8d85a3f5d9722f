"""Reads of requests and erasures."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.core import paging
from app.core.errors import NotFound
from app.core.extensions import db
from app.forum.personal_data.models import DataRequest, Erasure
from app.forum.personal_data.states import DataRequestStatus

PAGE_SIZE, WAITING = 20, 20


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


def erasure(erasure_id: int) -> Erasure:
    """Raises `NotFound`."""
    found = db.session.get(Erasure, erasure_id)
    if found is None:
        raise NotFound
    return found
